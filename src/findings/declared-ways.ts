import type { ClusterEngine } from '../engine/cluster-engine.ts'
import { everywhere, namedReachOf, withoutNames } from '../engine/names.ts'
import type { OutsideSpace } from '../engine/outside.ts'
import type { Reached } from '../engine/relay-closure.ts'
import type { NodeGrant } from '../engine/relay-nodes.ts'
import type { ThroughRelays } from '../engine/relay-through.ts'
import { throughout } from '../engine/relay-ways.ts'
import { passing, type Stacks } from '../engine/verdict.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import type { Family } from '../sets/cidr.ts'
import { type NamePattern, printNamePattern, readNamePattern } from '../sets/name-pattern.ts'
import { type Answer, nameSets } from '../sets/name-set.ts'
import type { Region } from '../sets/region.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import type { ZoneMap } from '../sets/zones.ts'
import type { Bounds } from './declared-meeting.ts'
import type { PossibleView } from './possible-view.ts'

/** What leaves by some ways together: toward addresses, and toward names. */
export interface Ways {
  readonly v4: WaysIn<4>
  readonly v6: WaysIn<6>
  readonly names: readonly NamedTraffic[]
}

interface WaysIn<F extends Family> {
  readonly must: Region<F>
  readonly may: Region<F>
  /** Without what `may` holds only since nobody knows which address a name has. */
  readonly plain: Region<F>
}

interface NamedTraffic {
  readonly patterns: readonly string[]
  readonly must: TrafficId
  readonly may: TrafficId
  /** Of `must`, what passes whichever addresses of the internet the names have. */
  readonly certain: TrafficId
}

/**
 * Without any relay. A rule about names counts for the names that it tells if some address of the internet is open to it: which
 * ones they have, nobody knows. Where the effect of a policy is open, so are the names.
 */
export const directWays = ({ engine, zones }: PossibleView, stacks: Stacks): Ways => {
  const { spaces, table } = engine
  const named = namedReachOf(stacks, [spaces.v4, spaces.v6], zones.internet, table)
  const unnamed = named.length === 0 ? stacks : withoutNames(stacks)
  const inFamily = <F extends Family>(space: OutsideSpace<F>): WaysIn<F> => {
    const { must, may } = passing(space, stacks)
    return { must, may, plain: unnamed === stacks ? may : passing(space, unnamed).may }
  }
  return {
    v4: inFamily(spaces.v4),
    v6: inFamily(spaces.v6),
    names: named.map(({ patterns, passing: of, somewhere }) => ({
      patterns,
      must: somewhere,
      may: of.may,
      certain: of.must,
    })),
  }
}

/**
 * Through relays that a sender reaches. A relay that sends to names alone may send to any address: nobody knows which ones they
 * have.
 */
export const relayedWays = (view: PossibleView, through: ThroughRelays, reached: readonly Reached[]): Ways => {
  const { engine } = view
  const { spaces } = engine
  let ways = noWays(engine)
  for (const { grant, certain } of reached) {
    const way = through.wayOf(grant)
    const plain = through.plainWayOf(grant)
    const inFamily = <F extends Family>(
      { regions }: OutsideSpace<F>,
      own: { readonly must: Region<F>; readonly may: Region<F> },
      ofPlain: Region<F>,
    ): WaysIn<F> => {
      const named = way.names.map(({ may }) => ({ addresses: everyAddress(regions.family), id: may }))
      return {
        must: certain ? own.must : regions.empty,
        may: regions.union(own.may, regions.ofBoxes(named)),
        plain: ofPlain,
      }
    }
    ways = together(engine, ways, {
      v4: inFamily(spaces.v4, way.v4, plain.v4.may),
      v6: inFamily(spaces.v6, way.v6, plain.v6.may),
      names: [...way.names, ...inOneFamily(view, grant)].map(({ patterns, must, may }) => ({
        patterns,
        must: certain ? must : engine.table.empty,
        may,
        certain: certain ? must : engine.table.empty,
      })),
    })
  }
  return ways
}

/** To the names of a relay’s own list: one family of the internet is enough, as it is for the direct way. */
const inOneFamily = (
  { engine, zones }: PossibleView,
  { grant: { to }, sender, traffic }: NodeGrant,
): readonly Bounded[] => {
  if (to.kind !== 'names' || sender === null) return []
  const { spaces, table } = engine
  const stacks = engine.stacksOf(sender, 'egress')
  const must = table.intersect(
    traffic,
    table.union(
      everywhere(spaces.v4, stacks, zones.internet, table).must,
      everywhere(spaces.v6, stacks, zones.internet, table).must,
    ),
  )
  return [{ patterns: to.patterns.map(printNamePattern), must, may: must }]
}

type Bounded = Omit<NamedTraffic, 'certain'>

export const noWays = ({ spaces: { v4, v6 } }: ClusterEngine): Ways => ({
  v4: { must: v4.regions.empty, may: v4.regions.empty, plain: v4.regions.empty },
  v6: { must: v6.regions.empty, may: v6.regions.empty, plain: v6.regions.empty },
  names: [],
})

export const together = ({ spaces }: ClusterEngine, a: Ways, b: Ways): Ways => {
  const inFamily = <F extends Family>({ regions }: OutsideSpace<F>, x: WaysIn<F>, y: WaysIn<F>): WaysIn<F> => ({
    must: regions.union(x.must, y.must),
    may: regions.union(x.may, y.may),
    plain: regions.union(x.plain, y.plain),
  })
  return { v4: inFamily(spaces.v4, a.v4, b.v4), v6: inFamily(spaces.v6, a.v6, b.v6), names: [...a.names, ...b.names] }
}

/** Traffic to all of some addresses. */
export const regionTo = <F extends Family>(
  space: OutsideSpace<F>,
  addresses: Addresses,
  traffic: TrafficId,
): Region<F> =>
  space.regions.ofBoxes([{ addresses: (space.family === 4 ? addresses.v4 : addresses.v6) as never, id: traffic }])

/** Traffic to names of a pattern: by what tells some of them, or by the whole internet of a family. */
export const trafficToName = ({ engine, zones }: PossibleView, ways: Ways, pattern: NamePattern): Bounds<TrafficId> => {
  const { table } = engine
  const anywhere = internetBy(engine, zones, ways)
  const told = ways.names.map(one => ({ ...one, tells: sharesNames(one.patterns, pattern) }))
  const union = (answers: readonly Answer[], part: 'must' | 'may', start: TrafficId): TrafficId =>
    told
      .filter(({ tells }) => answers.includes(tells))
      .map(one => one[part])
      .reduce(table.union, start)
  const must = union(['yes'], 'must', anywhere.must)
  return { must, may: union(['yes', 'unknown'], 'may', table.union(must, anywhere.may)) }
}

/** The same, where some of the names are certainly told and certainly pass. */
export const certainToName = ({ engine, zones }: PossibleView, ways: Ways, pattern: NamePattern): TrafficId =>
  ways.names
    .filter(({ patterns }) => sharesNames(patterns, pattern) === 'yes')
    .map(({ certain }) => certain)
    .reduce(engine.table.union, internetBy(engine, zones, ways).must)

const internets = new WeakMap<Ways, Bounds<TrafficId>>()

/** Traffic to the whole internet of either family. */
const internetBy = (engine: ClusterEngine, { internet }: ZoneMap, ways: Ways): Bounds<TrafficId> => {
  const known = internets.get(ways)
  if (known !== undefined) return known
  const { table, spaces } = engine
  const either = (v4: Region<4>, v6: Region<6>): TrafficId =>
    table.union(
      throughout(engine, v4, spaces.v6.regions.empty, { ...bothFamilies.empty, v4: internet.v4 }),
      throughout(engine, spaces.v4.regions.empty, v6, { ...bothFamilies.empty, v6: internet.v6 }),
    )
  const made = { must: either(ways.v4.must, ways.v6.must), may: either(ways.v4.plain, ways.v6.plain) }
  internets.set(ways, made)
  return made
}

const algebra = nameSets()

/** Whether a rule opens some of the declared names: which of them is not asked. */
const sharesNames = (patterns: readonly string[], declared: NamePattern): Answer => {
  const known = patterns.flatMap(text => {
    const read = readNamePattern(text)
    return read.kind === 'refused' ? [] : [read.value]
  })
  const isEmpty = algebra.isEmpty(algebra.intersect(algebra.ofPatterns(known), algebra.ofPatterns([declared])))
  return isEmpty === 'unknown' ? 'unknown' : isEmpty === 'yes' ? 'no' : 'yes'
}

const everyAddress = (family: Family): never => (family === 4 ? bothFamilies.full.v4 : bothFamilies.full.v6) as never
