import assert from 'node:assert/strict'
import { isIPv4, isIPv6 } from 'node:net'
import test from 'node:test'
import fc from 'fast-check'
import { parseAddress, parsePrefix } from './address.ts'

const check = (input: string, expected: string | null) => {
  const prefix = parsePrefix(input)
  assert.equal(prefix === null ? null : `${prefix.address}/${prefix.length}`, expected)
}

test('prefixes of both families come to one spelling, with host bits clear', () => {
  check('192.0.2.77/24', '192.0.2.0/24')
  check('192.0.2.77', '192.0.2.77/32')
  check('192.0.2.77/255.255.255.192', '192.0.2.64/26')
  check('0.0.0.0/0', '0.0.0.0/0')
  check('2001:0DB8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1/128')
  check('2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1/128')
  check('2001:db8::ffff/33', '2001:db8::/33')
  check('::/0', '::/0')
  check('::ffff:192.0.2.1', '::ffff:192.0.2.1/128')
  check('::', '::/128')
  check('1::', '1::/128')
})

test('what parsers read differently, or masks with holes, is no address', () => {
  for (const text of [
    '010.0.0.1',
    '10.1',
    '1.2.3.256',
    '1.2.3.4.5',
    '1.2.3.4/33',
    '10.0.0.0/255.0.255.0',
    '',
    'fe80::1%eth0',
  ])
    check(text, null)
  for (const text of [
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    '::1/129',
    '1:2:3:4:5:6:7:8:9',
    '::1.2.3',
  ])
    check(text, null)
})

test('an independent parser agrees which texts are addresses', () => {
  const part = fc.constantFrom('0', '1', 'ff', 'db8', ':', '::', '.', '10', '255', '256', '0a', '1.2.3.4')
  fc.assert(
    fc.property(fc.array(part, { maxLength: 14 }), parts => {
      const text = parts.join('')
      assert.equal(parseAddress(text) !== null, isIPv4(text) || isIPv6(text), text)
    }),
    { numRuns: 3000 },
  )
})

test('the spelling of an IPv6 address is the one that URLs use', () => {
  fc.assert(
    fc.property(fc.ipV6(), text => {
      const parsed = parseAddress(text)
      // The URL standard writes a mapped address in hexadecimal.
      if (parsed === null || parsed.text.includes('.')) return
      assert.equal(parsed.text, new URL(`http://[${text}]/`).hostname.slice(1, -1))
    }),
  )
})
