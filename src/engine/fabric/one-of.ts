import type { Hop } from '../../model/finding.ts'
import { compareText } from '../../model/order.ts'
import type { Exit, Unknown } from '../../model/reach.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import type { Family } from '../../sets/cidr.ts'
import type { RegionAlgebra } from '../../sets/region.ts'
import type { TrafficId } from '../../sets/traffic-table.ts'
import { sameGrounds } from './grounds.ts'
import type { Way } from './ways.ts'

/**
 * Packets take one of several ways, and nobody can tell which: each is the same packets, parted otherwise. Where all of them end
 * the same, so does the answer; where they do not, it is unknown, with what their exits have in common.
 */
export const oneOf = <F extends Family>(
  algebra: RegionAlgebra<F, TrafficId>,
  all: readonly (readonly Way<F>[])[],
  why: Unknown,
): readonly Way<F>[] => {
  const [first = [], ...more] = all
  const both = (ways: readonly Way<F>[], others: readonly Way<F>[]): readonly Way<F>[] =>
    ways.flatMap(way =>
      others.flatMap(other => {
        const region = algebra.intersect(way.region, other.region)
        return algebra.isEmpty(region) ? [] : [{ ...joined(way, other, why), region }]
      }),
    )
  return more.reduce((ways, others) => merged(algebra, both(ways, others)), first)
}

const joined = <F extends Family>(a: Way<F>, b: Way<F>, why: Unknown): Way<F> => {
  const isSame = endOf(a) === endOf(b)
  const unknowns = onceEach([...a.unknowns, ...b.unknowns, ...(isSame ? [] : [why])])
  return {
    region: a.region,
    verdict: isSame ? a.verdict : 'unknown',
    exit: isSame ? a.exit : commonExit(a.exit, b.exit),
    hops: a.hops.filter(hop => b.hops.some(other => sameHop(hop, other))),
    grounds: [...a.grounds, ...b.grounds.filter(reason => !a.grounds.includes(reason))],
    unknowns,
    ...bothWays(a, b),
  }
}

export type Replies = Pick<Way<Family>, 'edges' | 'seen' | 'home'>

/** Replies have to pass what stands on either. */
export const bothWays = (a: Replies, b: Replies): Replies => ({
  edges: a.edges === b.edges ? a.edges : [...a.edges, ...b.edges.filter(edge => !a.edges.includes(edge))],
  seen: a.seen === b.seen ? a.seen : bothFamilies.union(a.seen, b.seen),
  home: a.home,
})

const endOf = <F extends Family>({ verdict, exit }: Way<F>): string => JSON.stringify([verdict, exit])

const sameHop = (a: Hop, b: Hop): boolean => a.hop === b.hop && a.id === b.id

/** Of ways that go on and one that ends, the exit of those that go on. */
const commonExit = (a: Exit, b: Exit): Exit => {
  if (a.kind === 'blackhole') return b
  if (b.kind === 'blackhole') return a
  if (a.kind !== b.kind) return { kind: 'unknown', id: null, sourceAddresses: [] }
  return {
    kind: a.kind,
    id: a.id === b.id ? a.id : null,
    sourceAddresses: [...new Set([...a.sourceAddresses, ...b.sourceAddresses])].sort(compareText),
  }
}

const onceEach = (unknowns: readonly Unknown[]): readonly Unknown[] => [
  ...new Map(unknowns.map(one => [JSON.stringify(one), one])).values(),
]

/** Parts that say the same are one, so that several choices in a row do not make more and more of them. */
const merged = <F extends Family>(algebra: RegionAlgebra<F, TrafficId>, ways: readonly Way<F>[]): readonly Way<F>[] =>
  [...Map.groupBy(ways, way => JSON.stringify([endOf(way), way.hops, way.unknowns, way.grounds.map(sameGrounds)]))].map(
    ([, same]) => ({
      ...(same[0] as Way<F>),
      region: same.map(({ region }) => region).reduce(algebra.union),
    }),
  )
