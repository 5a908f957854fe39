import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { addressesOf } from './address-set.ts'
import { printRanges } from './address-text.ts'
import type { Address, Cidr, Family } from './cidr.ts'
import { portRange } from './port-set.ts'
import { TCP, UDP } from './protocol.ts'
import { type Box, type Region, regions } from './region.ts'
import { assertLaws } from './testing/laws.ts'
import { portTraffic, type Traffic, traffics } from './traffic.ts'
import { type TrafficId, trafficTable } from './traffic-table.ts'

const table = trafficTable()
const port = (protocol: typeof TCP | typeof UDP, first: number, last = first): TrafficId => {
  const read = portRange(first, last)
  if (read.kind === 'refused') throw new Error(read.why)
  return table.idOf(portTraffic(protocol, read.value))
}
const ALPHABET = [port(TCP, 80), port(TCP, 443), port(TCP, 1, 100), port(UDP, 53), table.full, table.empty]

/** Sixteen addresses: 10.0.0.0 to .15, and the last sixteen of IPv6. */
const universes = [
  { name: 'IPv4', family: 4, prefix: 28, words: (n: number) => [0x0a000000 + n] },
  { name: 'IPv6', family: 6, prefix: 124, words: (n: number) => [0xffffffff, 0xffffffff, 0xffffffff, 0xfffffff0 + n] },
] as const

for (const { name, family, prefix, words } of universes) {
  const sets = addressesOf<Family>(family)
  const algebra = regions<Family, TrafficId>(family, table)
  const points = Array.from({ length: 16 }, (_, n): Address<Family> => ({ family, words: words(n) }))
  const block = fc.record({ at: fc.nat(15), bits: fc.nat(4) }).map(
    ({ at, bits }): Cidr<Family> => ({
      family,
      words: words((at >>> (4 - bits)) << (4 - bits)),
      prefix: prefix + bits,
    }),
  )
  const box = fc
    .record({ blocks: fc.array(block, { maxLength: 3 }), id: fc.constantFrom(...ALPHABET) })
    .map(({ blocks, id }): Box<Family, TrafficId> => ({ addresses: sets.ofCidrs(blocks), id }))
  const boxes = fc.array(box, { maxLength: 8 })
  const region = boxes.map(algebra.ofBoxes)
  const at = (r: Region<Family>, point: Address<Family>): Traffic => table.trafficOf(algebra.idAt(r, point))

  describe(`regions of ${name}`, () => {
    test('laws', () => {
      fc.assert(fc.property(region, region, region, (a, b, c) => assertLaws(algebra, a, b, c)))
    })
    test('one sweep over boxes, address by address, and as a chain of unions', () => {
      fc.assert(
        fc.property(boxes, list => {
          const made = algebra.ofBoxes(list)
          for (const point of points) {
            const expected = list
              .filter(({ addresses }) => sets.contains(addresses, point))
              .map(({ id }) => table.trafficOf(id))
              .reduce(traffics.union, traffics.empty)
            assert.deepEqual(at(made, point), expected)
          }
          const chain = list.reduce((sum, one) => algebra.union(sum, algebra.ofBoxes([one])), algebra.empty)
          assert.deepEqual(made, chain)
          assert.deepEqual(algebra.ofBoxes(list.toReversed()), made)
        }),
      )
    })
    test('operations, address by address', () => {
      fc.assert(
        fc.property(region, region, (a, b) => {
          for (const point of points) {
            assert.deepEqual(at(algebra.union(a, b), point), traffics.union(at(a, point), at(b, point)))
            assert.deepEqual(at(algebra.intersect(a, b), point), traffics.intersect(at(a, point), at(b, point)))
            assert.deepEqual(at(algebra.subtract(a, b), point), traffics.subtract(at(a, point), at(b, point)))
          }
          const each = points.every(point => traffics.isSubset(at(a, point), at(b, point)))
          assert.equal(algebra.isSubset(a, b), each)
        }),
      )
    })
    test('its boxes are disjoint, one an id, and together the region', () => {
      fc.assert(
        fc.property(region, box, (a, mask) => {
          const list = algebra.boxesOf(a)
          assert.deepEqual(algebra.ofBoxes(list), a)
          assert.equal(new Set(list.map(({ id }) => id)).size, list.length)
          for (const [i, one] of list.entries())
            for (const other of list.slice(i + 1))
              assert.ok(sets.isEmpty(sets.intersect(one.addresses, other.addresses)))
          assert.deepEqual(sets.unionOfMany(list.map(({ addresses }) => addresses)), algebra.addressesOf(a))
          const masked = algebra.within(a, mask.addresses)
          assert.deepEqual(
            masked,
            algebra.intersect(a, algebra.ofBoxes([{ addresses: mask.addresses, id: table.full }])),
          )
        }),
      )
    })
    test('nothing, and everything', () => {
      assert.ok(algebra.isEmpty(algebra.ofBoxes([])))
      const all = algebra.ofBoxes([{ addresses: sets.full, id: table.full }])
      assert.deepEqual(algebra.boxesOf(all), [{ addresses: sets.full, id: table.full }])
      assert.ok(algebra.isEmpty(algebra.subtract(all, all)))
    })
  })
}

test('two rules that overlap, by hand', () => {
  const sets = addressesOf(4)
  const algebra = regions<4, TrafficId>(4, table)
  const cidr = (a: number, prefix: number): Cidr<4> => ({ family: 4, words: [a * 2 ** 24], prefix })
  const made = algebra.ofBoxes([
    { addresses: sets.ofCidrs([cidr(0, 0)], [cidr(10, 8)]), id: port(TCP, 443) },
    { addresses: sets.ofCidrs([cidr(8, 8)]), id: port(UDP, 53) },
  ])
  assert.deepEqual(
    algebra.boxesOf(made).map(({ addresses, id }) => [printRanges(addresses), id]),
    [
      [['0.0.0.0-7.255.255.255', '9.0.0.0-9.255.255.255', '11.0.0.0-255.255.255.255'], port(TCP, 443)],
      [['8.0.0.0-8.255.255.255'], table.union(port(TCP, 443), port(UDP, 53))],
    ],
  )
})
