import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Verdict } from '../../model/reach.ts'
import { addresses4 } from '../../sets/address-set.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import { regions } from '../../sets/region.ts'
import { type TrafficId, trafficTable } from '../../sets/traffic-table.ts'
import { oneOf } from './one-of.ts'
import type { Way } from './ways.ts'

const table = trafficTable()
const algebra = regions<4, TrafficId>(4, table)
const WHY = { stage: 'fabric', why: 'by chance', settledBy: 'a probe' }

/** The address 0.0.0.n. */
const at = (n: number) =>
  algebra.ofBoxes([{ addresses: addresses4.ofCidrs([{ family: 4, words: [n], prefix: 32 }] as never), id: table.full }])

type End = `${'allowed' | 'unknown'} ${'nat a' | 'nat b' | 'on-premises c'}` | 'denied blackhole'
const ENDS: readonly End[] = [
  'allowed nat a',
  'allowed nat b',
  'allowed on-premises c',
  'unknown nat a',
  'denied blackhole',
]

const wayOf = (n: number, end: End): Way<4> => {
  const [verdict, kind, id = null] = end.split(' ') as [Verdict, Way<4>['exit']['kind'], string?]
  return {
    region: at(n),
    verdict,
    exit: { kind, id, sourceAddresses: [] },
    hops: [{ hop: 'gateway', id: 'hub' }],
    grounds: [],
    unknowns: [],
    edges: [],
    seen: bothFamilies.empty,
    home: 'n',
  }
}

const told = ({ verdict, exit }: Way<4>): string => `${verdict} ${exit.kind} ${exit.id ?? ''}`.trim()

const check = (ends: readonly End[], expected: string): void => {
  const [way, ...more] = oneOf(
    algebra,
    ends.map(end => [wayOf(1, end)]),
    WHY,
  )
  assert.equal(more.length, 0)
  assert.equal(way === undefined ? '' : told(way), expected, ends.join(', '))
}

test('ways that end the same are one answer, others leave it open with what their exits have in common', () => {
  check(['allowed nat a'], 'allowed nat a')
  check(['allowed nat a', 'allowed nat a'], 'allowed nat a')
  check(['allowed nat a', 'allowed nat b'], 'unknown nat')
  check(['allowed nat a', 'allowed on-premises c'], 'unknown unknown')
  check(['denied blackhole', 'denied blackhole'], 'denied blackhole')
  check(['denied blackhole', 'allowed nat a'], 'unknown nat a')
  check(['allowed nat a', 'unknown nat a'], 'unknown nat a')
})

test('each address by itself, as somebody would who looks at all of its ways', () => {
  const ends = fc.array(fc.array(fc.constantFrom(...ENDS), { minLength: 4, maxLength: 4 }), {
    minLength: 1,
    maxLength: 3,
  })
  fc.assert(
    fc.property(ends, all => {
      const ways = oneOf(
        algebra,
        all.map(some => some.map((end, n) => wayOf(n, end))),
        WHY,
      )
      for (const n of [0, 1, 2, 3]) {
        const here = ways.filter(({ region }) => !algebra.isEmpty(algebra.intersect(region, at(n))))
        assert.equal(here.length, 1)
        const own = new Set(all.map(some => some[n]))
        const [only] = own
        if (own.size === 1) assert.equal(here.map(told).join(), only)
        else assert.equal(here[0]?.verdict, 'unknown')
      }
    }),
  )
})
