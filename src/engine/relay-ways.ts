import { addresses4, addresses6 } from '../sets/address-set.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import type { Family } from '../sets/cidr.ts'
import { type NamePattern, printNamePattern, readNamePattern } from '../sets/name-pattern.ts'
import { nameSets } from '../sets/name-set.ts'
import type { Region } from '../sets/region.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import type { ZoneMap } from '../sets/zones.ts'
import type { ClusterEngine, Row } from './cluster-engine.ts'
import { everywhere, namedReachOf } from './names.ts'
import type { OutsideSpace } from './outside.ts'
import type { NodeGrant } from './relay-nodes.ts'
import type { Passing, Stacks } from './verdict.ts'

/** What a grant sends on, whoever asks for it: never more than its sender may. */
export interface Way {
  readonly v4: Outgoing<4>
  readonly v6: Outgoing<6>
  readonly names: readonly NamedWay[]
}

/** `written`: what would pass if everything that was written were enforced. */
export type Outgoing<F extends Family> = Readonly<Record<'must' | 'may' | 'written', Region<F>>>

export interface NamedWay {
  readonly patterns: readonly string[]
  readonly must: TrafficId
  readonly may: TrafficId
  readonly written: TrafficId
}

/** `row` and `stacks` are the grant's sender's, a node's where it has none. */
export const wayOf = (
  engine: ClusterEngine,
  zones: ZoneMap,
  row: Row,
  stacks: Stacks,
  { grant: { to }, traffic }: NodeGrant,
): Way => {
  const { spaces, table } = engine
  if (to.kind === 'addresses')
    return {
      v4: limited(spaces.v4, row.v4, to.addresses.v4, traffic),
      v6: limited(spaces.v6, row.v6, to.addresses.v6, traffic),
      names: bothFamilies.equals(to.addresses, bothFamilies.full)
        ? namedWays(engine, zones, stacks, null, traffic)
        : [],
    }
  const nothing = { v4: nowhere(spaces.v4), v6: nowhere(spaces.v6) }
  if (to.kind === 'backends' || to.patterns.length === 0) return { ...nothing, names: [] }
  const ids = [
    everywhere(spaces.v4, stacks, zones.internet, table),
    everywhere(spaces.v6, stacks, zones.internet, table),
  ]
  const part = (pick: keyof Passing<unknown>): TrafficId =>
    table.intersect(traffic, ids.map(one => one[pick]).reduce(pick === 'may' ? table.union : table.intersect))
  return {
    ...nothing,
    names: [
      {
        patterns: to.patterns.map(printNamePattern).sort(),
        must: part('must'),
        may: part('may'),
        written: part('written'),
      },
      ...namedWays(engine, zones, stacks, to.patterns, traffic),
    ],
  }
}

const limited = <F extends Family>(
  { regions }: OutsideSpace<F>,
  { must, may, written }: Passing<Region<F>>,
  addresses: Addresses['v4'] | Addresses['v6'],
  traffic: TrafficId,
): Outgoing<F> => {
  const mask = regions.ofBoxes([{ addresses: addresses as never, id: traffic }])
  const cut = (region: Region<F>): Region<F> => regions.intersect(region, mask)
  const certain = cut(must)
  return {
    must: certain,
    may: may === must ? certain : cut(may),
    written: written === must ? certain : cut(written),
  }
}

const nowhere = <F extends Family>({ regions }: OutsideSpace<F>): Outgoing<F> => ({
  must: regions.empty,
  may: regions.empty,
  written: regions.empty,
})

/** What the sender's own rules about names let pass; of a proxy's list, the names that both hold. */
const namedWays = (
  { spaces, table }: ClusterEngine,
  zones: ZoneMap,
  stacks: Stacks,
  among: readonly NamePattern[] | null,
  traffic: TrafficId,
): readonly NamedWay[] =>
  namedReachOf(stacks, [spaces.v4, spaces.v6], zones.internet, table).flatMap(({ patterns, passing }) => {
    const shared = among === null ? patterns : sharedNames(patterns, among)
    const part = (id: TrafficId): TrafficId => table.intersect(id, traffic)
    return shared.length === 0
      ? []
      : [{ patterns: shared, must: part(passing.must), may: part(passing.may), written: part(passing.written) }]
  })

const algebra = nameSets()

/** The narrower of each two patterns where one holds the other. */
const sharedNames = (texts: readonly string[], others: readonly NamePattern[]): readonly string[] => {
  const found = new Set<string>()
  for (const text of texts) {
    const read = readNamePattern(text)
    if (read.kind === 'refused') continue
    const own = algebra.ofPatterns([read.value])
    for (const other of others) {
      const its = algebra.ofPatterns([other])
      if (algebra.isSubset(own, its) === 'yes') found.add(text)
      else if (algebra.isSubset(its, own) === 'yes') found.add(printNamePattern(other))
    }
  }
  return [...found].sort()
}

/** Traffic that a region lets pass to all addresses of a set. */
export const throughout = (
  { spaces, table }: ClusterEngine,
  v4: Region<4>,
  v6: Region<6>,
  addresses: Addresses,
): TrafficId => {
  const missing = [
    ...(addresses4.isEmpty(addresses.v4) ? [] : missingIn(spaces.v4, v4, addresses.v4, table.full)),
    ...(addresses6.isEmpty(addresses.v6) ? [] : missingIn(spaces.v6, v6, addresses.v6, table.full)),
  ]
  return table.subtract(table.full, missing.reduce(table.union, table.empty))
}

const missingIn = <F extends Family>(
  { regions }: OutsideSpace<F>,
  region: Region<F>,
  addresses: Parameters<typeof regions.within>[1],
  full: TrafficId,
): readonly TrafficId[] =>
  regions.boxesOf(regions.subtract(regions.ofBoxes([{ addresses, id: full }]), region)).map(({ id }) => id)
