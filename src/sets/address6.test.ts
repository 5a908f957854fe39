import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { printAddress6, readAddress6 } from './address6.ts'

const check = (text: string, expected: string | RegExp): void => {
  const read = readAddress6(text)
  if (read.kind === 'read') assert.equal(printAddress6(read.value), expected, text)
  else if (typeof expected === 'string') assert.fail(`${text}: ${read.why}`)
  else assert.match(read.why, expected)
}

// Source: RFC 4291, section 2.2.
test('the forms of RFC 4291', () => {
  check('ABCD:EF01:2345:6789:ABCD:EF01:2345:6789', 'abcd:ef01:2345:6789:abcd:ef01:2345:6789')
  check('2001:DB8:0:0:8:800:200C:417A', '2001:db8::8:800:200c:417a')
  check('FF01:0:0:0:0:0:0:101', 'ff01::101')
  check('0:0:0:0:0:0:0:1', '::1')
  check('0:0:0:0:0:0:0:0', '::')
  check('::', '::')
  check('0:0:0:0:0:0:13.1.68.3', '::d01:4403')
  check('::13.1.68.3', '::d01:4403')
  check('64:ff9b::192.0.2.33', '64:ff9b::c000:221')
  check('1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0')
  check('::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8')
  check('1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304')
})

// Source: RFC 5952, sections 1, 2 and 4.
test('the one form of RFC 5952', () => {
  for (const text of [
    '2001:db8:0:0:1:0:0:1',
    '2001:0db8:0:0:1:0:0:1',
    '2001:db8::1:0:0:1',
    '2001:db8::0:1:0:0:1',
    '2001:0db8::1:0:0:1',
    '2001:db8:0:0:1::1',
    '2001:db8:0000:0:1::1',
    '2001:DB8:0:0:1::1',
  ])
    check(text, '2001:db8::1:0:0:1')
  check('2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1')
  check('2001:0:0:1:0:0:0:1', '2001:0:0:1::1')
  check('2001:db8:0:0:1:0:0:0', '2001:db8:0:0:1::')
  check('2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001', '2001:db8:aaaa:bbbb:cccc:dddd:eeee:1')
})

test('text that readers read differently, or not at all, is refused', () => {
  check('::ffff:10.0.0.1', /IPv4-mapped/)
  check('::FFFF:0a00:0001', /IPv4-mapped/)
  check('0:0:0:0:0:ffff:a00:1', /IPv4-mapped/)
  check('fe80::1%eth0', /zone id/)
  check('[::1]', /brackets/)
  check('1::2::3', /more than one place/)
  check(':::', /more than one place/)
  check('64:ff9b::010.0.0.1', /IPv4 tail/)
  check('64:ff9b::10.1', /IPv4 tail/)
  check('1:2:3:4:5:6:7:1.2.3.4', /IPv4 tail/)
  check('::1.2.3.4.5', /IPv4 tail/)
  check(' ::1', /white space/)
  for (const text of [
    '',
    ':',
    '1',
    '1:',
    ':1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '::1:2:3:4:5:6:7:8',
    '12345::',
    'g::',
    '1:2:3:4:5:6:7:',
    '::1:',
    '::/0',
    '1.2.3.4',
    '::a.1.2.3',
  ])
    check(text, /not an IPv6 address|IPv4 tail/)
})

test('printed text reads back, with runs of zeros anywhere', () => {
  const group = fc.oneof(fc.constant(0), fc.nat(0xffff))
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), groups => {
      const words = [0, 2, 4, 6].map(i => (groups[i] ?? 0) * 0x10000 + (groups[i + 1] ?? 0))
      const text = printAddress6(words)
      const read = readAddress6(text)
      if (read.kind === 'read') assert.deepEqual([...read.value], words)
      else assert.match(text, /^::ffff:\d+\.\d+\.\d+\.\d+$/)
      // Independent: the platform's own URL parser prints RFC 5952 but for mapped addresses.
      if (read.kind === 'read')
        assert.equal(new URL(`http://[${groups.map(g => g.toString(16)).join(':')}]/`).hostname, `[${text}]`)
    }),
  )
})
