import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { MeshGap, MeshGrant, MeshReason, MeshView } from '../model/mesh.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import { portRange } from '../sets/port-set.ts'
import { TCP, UDP } from '../sets/protocol.ts'
import { regions } from '../sets/region.ts'
import { blocksOf } from '../sets/testing/blocks.ts'
import { portTraffic, type Traffic, unionOfTraffics } from '../sets/traffic.ts'
import { trafficTable } from '../sets/traffic-table.ts'
import { NOTHING_GIVEN, zonesOf } from '../sets/zones.ts'
import { cooperativeRegions, cutByMesh, type FamilySpaces, meshWordOn } from './cooperative.ts'
import type { Entry } from './entries.ts'
import { meshView } from './testing/mesh-view.ts'

const table = trafficTable()
const spaces: FamilySpaces = { v4: { regions: regions(4, table) }, v6: { regions: regions(6, table) } }
const zones = zonesOf(NOTHING_GIVEN)

const ports = (first: number, last = first): Traffic => {
  const read = portRange(first, last)
  assert.ok(read.kind === 'read')
  return portTraffic(TCP, read.value)
}
const BECAUSE: MeshReason = { of: null, at: [], says: 'x' }
const DOUBT = { level: 'unknown', why: 'x', settledBy: 'y' } as const
const gap = (addresses: Addresses, traffic: Traffic, certain: boolean): MeshGap => ({
  addresses,
  traffic,
  doubt: certain ? null : DOUBT,
  because: BECAUSE,
})
const grant = (addresses: Addresses, traffic: Traffic, holds: MeshGrant['holds']): MeshGrant => ({
  addresses,
  traffic,
  holds,
  names: null,
  because: BECAUSE,
})
const wordAt = (one: MeshView, address: string, traffic: Traffic) =>
  meshWordOn(spaces, cooperativeRegions(spaces, table, one), {
    addresses: blocksOf(address),
    traffic: table.idOf(traffic),
  })

for (const [any, inside, outside] of [
  ['0.0.0.0/0', '192.0.2.0/24', '198.51.100.1/32'],
  ['::/0', '2001:db8::/64', '2001:db9::1/128'],
] as const) {
  const point = inside.replace(/0\/24$/, '1/32').replace(/::\/64$/, '::1/128')
  test(`${inside}: refused, but for gaps and grants`, () => {
    assert.equal(wordAt(meshView({}), point, ports(80)), 'refused')
    assert.equal(wordAt(meshView({ otherwise: 'passed' }), point, ports(80)), 'passed')
    assert.equal(wordAt(meshView({ otherwise: 'unknown' }), point, ports(80)), 'open')
    for (const [part, expected] of [
      [{ gaps: [gap(blocksOf(inside), ports(1, 100), true)] }, 'passed'],
      [{ gaps: [gap(blocksOf(inside), ports(1, 100), false)] }, 'open'],
      [{ grants: [grant(blocksOf(inside), ports(80), 'certainly')] }, 'passed'],
      [{ grants: [grant(blocksOf(inside), ports(80), 'if-named')] }, 'passed'],
      [{ grants: [grant(blocksOf(any), ports(80), 'resolved')] }, 'open'],
      [{ grants: [grant(blocksOf(inside), ports(80), 'by-version')] }, 'open'],
    ] as const) {
      assert.equal(wordAt(meshView(part), point, ports(80)), expected)
      assert.equal(wordAt(meshView(part), point, ports(443)), 'refused')
    }
    assert.equal(wordAt(meshView({ gaps: [gap(blocksOf(inside), ports(80), true)] }), outside, ports(80)), 'refused')
  })
}

test('TCP alone is captured', () => {
  const read = portRange(53)
  assert.ok(read.kind === 'read')
  assert.equal(wordAt(meshView({}), '192.0.2.1/32', portTraffic(UDP, read.value)), 'passed')
})

const BLOCKS = ['192.0.2.0/31', '192.0.2.2/31', '192.0.2.0/30', '2001:db8::/127', '2001:db8::/126']
const POINTS = ['192.0.2.0/32', '192.0.2.1/32', '192.0.2.2/32', '192.0.2.3/32', '2001:db8::/128', '2001:db8::3/128']
const box = fc.record({
  addresses: fc.constantFrom(...BLOCKS).map(text => blocksOf(text)),
  first: fc.integer({ min: 1, max: 4 }),
  size: fc.integer({ min: 0, max: 2 }),
})
const gaps = fc.array(fc.tuple(box, fc.boolean()), { maxLength: 3 })
const HOLDS = ['certainly', 'if-named', 'resolved', 'by-version'] as const
const grants = fc.array(fc.tuple(box, fc.constantFrom(...HOLDS)), { maxLength: 3 })

/** Two ways to the same answer: sets, and one packet at a time from the definition. */
test('each packet by itself', () => {
  fc.assert(
    fc.property(gaps, grants, fc.constantFrom('refused', 'unknown', 'passed' as const), (some, others, otherwise) => {
      const own = meshView({
        otherwise: otherwise as MeshView['otherwise'],
        gaps: some.map(([{ addresses, first, size }, certain]) => gap(addresses, ports(first, first + size), certain)),
        grants: others.map(([{ addresses, first, size }, holds]) =>
          grant(addresses, ports(first, first + size), holds as MeshGrant['holds']),
        ),
      })
      for (const point of POINTS) {
        for (let port = 1; port <= 6; port++) {
          const holds = ({ addresses, first, size }: { addresses: Addresses; first: number; size: number }) =>
            bothFamilies.isSubset(blocksOf(point), addresses) && port >= first && port <= first + size
          const passes =
            otherwise === 'passed' ||
            some.some(([one, certain]) => certain && holds(one)) ||
            others.some(([one, how]) => (how === 'certainly' || how === 'if-named') && holds(one))
          const mayPass = passes || some.some(([one]) => holds(one)) || others.some(([one]) => holds(one))
          const expected = passes ? 'passed' : mayPass || otherwise === 'unknown' ? 'open' : 'refused'
          assert.equal(wordAt(own, point, ports(port)), expected, `${point} ${port}`)
        }
      }
    }),
    { numRuns: 100 },
  )
})

test('a cut keeps every packet, and puts equal traffic together', () => {
  const both = unionOfTraffics([ports(80), ports(443)])
  const entry = (addresses: Addresses, traffic: Traffic): Entry => ({
    to: { kind: 'addresses', zone: 'reserved', addresses },
    traffic: table.idOf(traffic),
    verdict: 'allowed',
    enforcement: 'enforced',
  })
  const own = meshView({ gaps: [gap(bothFamilies.full, ports(443), true)] })
  const denied: Entry = { ...entry(blocksOf('192.0.2.8/32'), both), verdict: 'denied' }
  const cut = cutByMesh(spaces, zones, cooperativeRegions(spaces, table, own), [
    entry(blocksOf('192.0.2.0/31'), both),
    entry(blocksOf('192.0.2.2/31'), ports(443)),
    denied,
  ])
  const told = cut.map(({ entry: { to, traffic, verdict, enforcement } }) => [
    to.kind === 'addresses' ? to.addresses : null,
    traffic,
    verdict,
    enforcement,
  ])
  assert.deepEqual(told, [
    [blocksOf('192.0.2.8/32'), table.idOf(both), 'denied', 'enforced'],
    [blocksOf('192.0.2.0/31'), table.idOf(ports(80)), 'allowed', 'cooperative'],
    [blocksOf('192.0.2.0/30'), table.idOf(ports(443)), 'allowed', 'enforced'],
  ])
})
