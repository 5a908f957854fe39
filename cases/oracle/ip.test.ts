import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inBlock, inBlockText, readAddress, readBlock } from './ip.ts'

const holds = (block: string, address: string): boolean => {
  const [a, b] = [readAddress(address), readBlock(block)]
  assert.ok(a !== null && b !== null)
  return inBlock(a, b)
}

test('addresses are numbers', () => {
  assert.deepEqual(readAddress('10.0.0.1'), { family: 4, bits: 0x0a000001n })
  assert.deepEqual(readAddress('::1'), { family: 6, bits: 1n })
  assert.deepEqual(readAddress('2001:DB8::'), { family: 6, bits: 0x20010db8n << 96n })
  assert.deepEqual(readAddress('64:ff9b::192.0.2.1'), { family: 6, bits: (0x64ff9bn << 96n) + 0xc0000201n })
  assert.deepEqual(readAddress('1:2:3:4:5:6:7:8')?.bits, 0x00010002000300040005000600070008n)
})

test('a block ends where its prefix says, in both families', () => {
  assert.equal(holds('192.0.2.64/26', '192.0.2.64'), true)
  assert.equal(holds('192.0.2.64/26', '192.0.2.127'), true)
  assert.equal(holds('192.0.2.64/26', '192.0.2.63'), false)
  assert.equal(holds('192.0.2.64/26', '192.0.2.128'), false)
  assert.equal(holds('2001:db8:0:1::/64', '2001:db8:0:1:ffff:ffff:ffff:ffff'), true)
  assert.equal(holds('2001:db8:0:1::/64', '2001:db8:0:2::'), false)
})

test('host bits do not count', () => assert.equal(holds('192.0.2.77/24', '192.0.2.1'), true))

test('0.0.0.0/0 says nothing about IPv6', () => {
  assert.equal(holds('0.0.0.0/0', '255.255.255.255'), true)
  assert.equal(holds('0.0.0.0/0', '::1'), false)
  assert.equal(holds('::/0', '10.0.0.1'), false)
})

test('text that parsers read differently is not read', () => {
  for (const text of ['010.0.0.1', '10.1', '167772161', '::ffff:10.0.0.1', '::ffff:a00:1', 'fe80::1%eth0', '1::2::3'])
    assert.equal(readAddress(text), null, text)
  for (const text of ['10.0.0.0', '10.0.0.0/33', '10.0.0.0/08', '10.0.0.0/8/8', '::/129', '::ffff:0:0/96'])
    assert.equal(readBlock(text), null, text)
  assert.equal(inBlockText(readAddress('10.0.0.1'), '010.0.0.0/8'), 'unknown')
})
