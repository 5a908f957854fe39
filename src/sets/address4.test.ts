import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { printAddress4, readAddress4 } from './address4.ts'

const check = (text: string, expected: number | RegExp): void => {
  const read = readAddress4(text)
  if (read.kind === 'read') assert.equal(read.value, expected, text)
  else if (typeof expected === 'number') assert.fail(`${text}: ${read.why}`)
  else assert.match(read.why, expected)
}

test('four decimal numbers', () => {
  check('0.0.0.0', 0)
  check('10.0.0.1', 0x0a000001)
  check('127.0.0.1', 0x7f000001)
  check('192.0.2.235', 0xc00002eb)
  check('255.255.255.255', 0xffffffff)
})

test('text that readers read differently is refused, with the reason', () => {
  check('010.0.0.1', /leading zero, which some readers take as octal/)
  check('10.0.0.00', /leading zero/)
  check('10.1', /2 of four numbers/)
  check('10.0.1', /3 of four numbers/)
  check('167772161', /one number/)
  check('0x0a000001', /one number/)
  check('0x7f.0.0.1', /hexadecimal/)
  check('256.0.0.1', /above 255/)
  check('10.0.0.1.5', /more than four/)
  check(' 10.0.0.1', /white space/)
  check('10.0.0.1\n', /white space/)
  check('', /empty/)
  for (const text of [
    '10.0.0.',
    '.10.0.0.1',
    '10..0.1',
    '10.0.0.1a',
    '+1.0.0.0',
    '-1.0.0.0',
    '1e1.0.0.0',
    '١.0.0.0',
    'localhost',
    '10,0,0,1',
  ])
    check(text, /not an address/)
})

test('long input is cut in the message', () => {
  const read = readAddress4('9'.repeat(10_000))
  assert.ok(read.kind === 'refused' && read.why.length < 300)
})

test('printed text reads back', () => {
  fc.assert(fc.property(fc.nat(0xffffffff), value => check(printAddress4(value), value)))
})
