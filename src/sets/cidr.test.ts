import assert from 'node:assert/strict'
import { test } from 'node:test'
import { printCidr, readCidr } from './cidr.ts'

const check = (text: string, expected: string | RegExp, note: RegExp | null = null): void => {
  const read = readCidr(text)
  if (read.kind === 'refused') {
    if (typeof expected === 'string') assert.fail(`${text}: ${read.why}`)
    assert.match(read.why, expected)
    return
  }
  assert.equal(printCidr(read.value), expected)
  assert.equal(read.notes.length, note === null ? 0 : 1)
  if (note !== null) assert.match(read.notes[0] ?? '', note)
}

test('blocks of both families', () => {
  check('0.0.0.0/0', '0.0.0.0/0')
  check('10.1.2.3/32', '10.1.2.3/32')
  check('::/0', '::/0')
  check('2001:DB8:0:0::/32', '2001:db8::/32')
  check('fd00:ec2::254/128', 'fd00:ec2::254/128')
})

test('host bits are cleared, with a note that says so', () => {
  check('10.1.2.3/8', '10.0.0.0/8', /`10\.1\.2\.3\/8` has host bits: read as `10\.0\.0\.0\/8`/)
  check('10.0.0.1/0', '0.0.0.0/0', /host bits/)
  check('192.168.1.129/25', '192.168.1.128/25', /host bits/)
  check('2001:db8::1/33', '2001:db8::/33', /read as `2001:db8::\/33`/)
  check('2001:db8:ffff:ffff:ffff::/65', '2001:db8:ffff:ffff:8000::/65', /host bits/)
})

test('what no reader or not every reader takes is refused', () => {
  check('10.0.0.1', /no prefix length: write `10\.0\.0\.1\/32`/)
  check('::1', /write `::1\/128`/)
  for (const text of [
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.0/255.0.0.0',
    '::/129',
    '::/ 0',
    '10.0.0.0/+8',
    '10.0.0.0/1e1',
  ])
    check(text, /no prefix length that all readers take/)
  check('010.0.0.0/8', /leading zero/)
  check('10.1/16', /2 of four/)
  check('::ffff:10.0.0.0/104', /IPv4-mapped/)
  check('fe80::%eth0/64', /zone id/)
})
