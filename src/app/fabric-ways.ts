import { sameGrounds } from '../engine/fabric/grounds.ts'
import { bothWays, type Replies } from '../engine/fabric/one-of.ts'
import type { Start } from '../engine/fabric/start.ts'
import { type Walker, walkerIn } from '../engine/fabric/walk.ts'
import type { Way } from '../engine/fabric/ways.ts'
import type { Fabric } from '../model/fabric.ts'
import type { Hop } from '../model/finding.ts'
import { compareText } from '../model/order.ts'
import type { Exit, Unknown } from '../model/reach.ts'
import { type AddressSet, addressesOf } from '../sets/address-set.ts'
import type { Family } from '../sets/cidr.ts'
import { regions } from '../sets/region.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import { distinct } from './reasons.ts'

/** What becomes of every packet of one family from somewhere: parts that do not overlap and are everything together. */
export type Partition<F extends Family> = readonly Way<F>[]

/** Of both families. */
export type Both = { readonly 4: Partition<4>; readonly 6: Partition<6> }

/** Partitions of one family, and how they are put together. */
export interface FabricWays<F extends Family> {
  readonly from: (start: Start) => Partition<F>
  /** Packets may begin at either place, and nobody knows at which: where the outcomes differ, it is open. */
  readonly either: (a: Partition<F>, b: Partition<F>, why: Unknown) => Partition<F>
  /** As `inside` for the addresses, as `outside` for the others. */
  readonly split: (addresses: AddressSet<F>, inside: Partition<F>, outside: Partition<F>) => Partition<F>
  /** The same outcomes from several places: with the addresses and reasons of all, and the hops that they share. */
  readonly together: (all: readonly Partition<F>[]) => Partition<F>
  /** What becomes of replies to some of the packets that took a way. */
  readonly returning: Walker<F>['returning']
  /** Equal where the same packets have the same outcome: a verdict, and the same exit. */
  readonly keyOf: (partition: Partition<F>) => string
}

export const fabricWaysIn = <F extends Family>(fabric: Fabric, family: F, table: TrafficTable): FabricWays<F> => {
  const algebra = regions<F, TrafficId>(family, table)
  const everything = algebra.ofBoxes([{ addresses: addressesOf(family).full, id: table.full }])
  const { walk, returning } = walkerIn(fabric, family, table)
  const merged = (ways: readonly Way<F>[], keyOf: (way: Way<F>) => string): Partition<F> =>
    [...Map.groupBy(ways, keyOf).values()].map(same =>
      same.length === 1
        ? (same[0] as Way<F>)
        : { ...joinedWays(same), region: same.map(({ region }) => region).reduce(algebra.union) },
    )
  const from: FabricWays<F>['from'] = start => walk(start, everything)
  const either: FabricWays<F>['either'] = (a, b, why) =>
    merged(
      a.flatMap(one =>
        b.flatMap((other): readonly Way<F>[] => {
          const region = algebra.intersect(one.region, other.region)
          if (algebra.isEmpty(region)) return []
          if (outcomeOf(one) === outcomeOf(other)) return [{ ...joinedWays([one, other]), region }]
          const both = joinedWays([one, other])
          return [{ ...both, region, verdict: 'unknown', exit: UNKNOWN, unknowns: [...both.unknowns, why] }]
        }),
      ),
      wayOf,
    )
  return {
    from,
    either,
    split: (addresses, inside, outside) => {
      const within = (ways: Partition<F>, where: AddressSet<F>): readonly Way<F>[] =>
        ways.flatMap(way => {
          const region = algebra.within(way.region, where)
          return algebra.isEmpty(region) ? [] : [{ ...way, region }]
        })
      return merged(
        [...within(inside, addresses), ...within(outside, addressesOf(family).complement(addresses))],
        wayOf,
      )
    },
    returning,
    together: all => (all.length === 1 ? (all[0] as Partition<F>) : merged(all.flat(), outcomeOf)),
    keyOf: partition =>
      merged(partition, outcomeOf)
        .map(way => JSON.stringify([outcomeOf(way), Array.from(way.region.starts), Array.from(way.region.ids)]))
        .sort(compareText)
        .join('\n'),
  }
}

const outcomeOf = ({ verdict, exit }: Pick<Way<Family>, 'verdict' | 'exit'>): string =>
  `${verdict} ${exit.kind} ${exit.id ?? ''}`

const wayOf = (way: Way<Family>): string => {
  let key = outcomeOf(way)
  for (const { id } of way.hops) key += `\n${id}`
  for (const { why } of way.unknowns) key += `\n${why}`
  return key
}

/** Of the first, with what all of them say. */
const joinedWays = <F extends Family>(ways: readonly Way<F>[]): Omit<Way<F>, 'region'> => {
  const [first, ...more] = ways as readonly [Way<F>, ...Way<F>[]]
  const isEverywhere = (hop: Hop): boolean =>
    ways.every(({ hops }) => hops.some(other => other.hop === hop.hop && other.id === hop.id))
  return {
    verdict: first.verdict,
    exit: {
      ...first.exit,
      sourceAddresses: [...new Set(ways.flatMap(({ exit }) => exit.sourceAddresses))].sort(compareText),
    },
    hops: first.hops.filter(isEverywhere),
    grounds: distinct(
      ways.flatMap(({ grounds }) => grounds),
      one => JSON.stringify(sameGrounds(one)),
    ),
    unknowns: distinct(
      ways.flatMap(({ unknowns }) => unknowns),
      unknown => JSON.stringify(unknown),
    ),
    ...more.reduce<Replies>(bothWays, first),
  }
}

const UNKNOWN: Exit = { kind: 'unknown', id: null, sourceAddresses: [] }
