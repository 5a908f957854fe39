import type { Start } from '../engine/fabric/start.ts'
import { exampleAddress, exampleOf, packetTo } from '../engine/witness.ts'
import type { Fabric } from '../model/fabric.ts'
import { compareText } from '../model/order.ts'
import type { PlanUnresolved, PlanWay } from '../model/plan.ts'
import type { Exit, Unknown } from '../model/reach.ts'
import { type AddressSet, addresses4, addresses6 } from '../sets/address-set.ts'
import { printAddresses } from '../sets/address-text.ts'
import { type Addresses, addressesOfCidrs } from '../sets/addresses.ts'
import { type Family, printAddress } from '../sets/cidr.ts'
import { regions } from '../sets/region.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import { trafficElements } from '../sets/traffic-text.ts'
import { NOTHING_GIVEN, splitByZone, ZONES, type ZoneMap, zonesOf } from '../sets/zones.ts'
import { isElsewhere, type WayChange } from './plan-ways.ts'
import { distinct } from './reasons.ts'

/** One change of one place in words, before the same of several places become one. */
interface Told {
  readonly kind: WayChange<Family>['kind']
  readonly from: string
  readonly subnet: string
  readonly way: Omit<PlanWay, 'from' | 'clusters'>
}

/** How changes are worded. */
export interface Telling {
  readonly nameOf: (start: Start) => string
  /** Clusters whose nodes stand in a subnet. */
  readonly clustersIn: (subnet: string) => readonly string[]
  /** Addresses of what decides on packets to these places. */
  readonly deciding: (
    change: Pick<WayChange<Family>, 'way' | 'other' | 'start'>,
    addresses: AddressSet<Family>,
  ) => readonly string[]
  /** Those of them at which people would look first. */
  readonly atFault: (addresses: readonly string[]) => readonly string[]
}

export interface Entries {
  readonly gained: readonly PlanWay[]
  readonly lost: readonly PlanWay[]
  readonly unresolved: readonly PlanUnresolved[]
  /** Of what leaves its network, that of which nobody can tell where it goes. */
  readonly untold: readonly PlanUnresolved[]
}

/** Changes of one family, each with the zones of where it leads. */
export const toldIn = <F extends Family>(
  changes: readonly WayChange<F>[],
  family: F,
  table: TrafficTable,
  fabric: Fabric,
  telling: Telling,
): readonly Told[] => {
  const algebra = regions<F, TrafficId>(family, table)
  const zones = zonesIn(fabric)
  const groups = Map.groupBy(changes, one =>
    JSON.stringify([
      one.kind,
      telling.nameOf(one.start),
      one.start.of.id,
      one.way.verdict,
      exitText(one.way.exit),
      isElsewhere(one) && one.other !== null ? exitText(one.other.exit) : null,
    ]),
  )
  return [...groups.values()].flatMap(same => {
    const [first] = same as [WayChange<F>, ...WayChange<F>[]]
    const { start, kind, way, other } = first
    const region = same.map(one => one.region).reduce(algebra.union)
    const because = [
      ...new Set(same.flatMap(one => telling.deciding(one, algebra.addressesOf(one.region) as AddressSet<Family>))),
    ].sort(compareText)
    const unknowns = distinct(
      same.flatMap(one => one.way.unknowns),
      unknownText,
    )
    const exit = { ...way.exit, sourceAddresses: seenAs(same.map(one => one.way.exit)) }
    const before =
      isElsewhere(first) && other !== null
        ? { ...other.exit, sourceAddresses: seenAs(same.flatMap(one => one.other?.exit ?? [])) }
        : null
    return algebra.boxesOf(region).flatMap(box => {
      const set = box.addresses as never
      const both: Addresses = family === 4 ? { v4: set, v6: addresses6.empty } : { v4: addresses4.empty, v6: set }
      const traffic = table.trafficOf(box.id)
      return splitByZone(zones(start), both).map(({ zone, addresses }): Told => {
        const [place, example] = [exampleAddress(addresses), exampleOf(traffic)]
        const source = sourceOf(start, family)
        return {
          kind,
          from: telling.nameOf(start),
          subnet: subnetOf(start),
          way: {
            to: { kind: 'addresses', zone, ranges: printAddresses(addresses) },
            traffic: trafficElements(traffic),
            verdict: way.verdict === 'allowed' ? 'allowed' : 'unknown',
            exit,
            before,
            unknowns,
            witness: place === null || example === null ? null : `${source} -> ${packetTo(place, example)}`,
            because,
          },
        }
      })
    })
  })
}

/** The same change of several places is one, with all of them. Worst zones first: the internet, then others. */
export const entriesOf = (told: readonly Told[], telling: Telling): Entries => {
  const entries = (kind: Told['kind']): readonly PlanWay[] =>
    [
      ...Map.groupBy(
        told.filter(one => one.kind === kind),
        wayText,
      ).values(),
    ]
      .map((same): PlanWay => {
        const [{ way }] = same as [Told, ...Told[]]
        return {
          from: [...new Set(same.map(one => one.from))].sort(compareText),
          clusters: [...new Set(same.flatMap(one => telling.clustersIn(one.subnet)))].sort(compareText),
          ...way,
          exit: { ...way.exit, sourceAddresses: seenAs(same.map(one => one.way.exit)) },
          before:
            way.before === null
              ? null
              : { ...way.before, sourceAddresses: seenAs(same.flatMap(one => one.way.before ?? [])) },
          unknowns: distinct(
            same.flatMap(one => one.way.unknowns),
            unknownText,
          ),
          witness: same.map(one => one.way.witness).sort()[0] ?? null,
          because: [...new Set(same.flatMap(one => one.way.because))].sort(compareText),
        }
      })
      .sort(compareWays)
  const [gained, lost] = [entries('gained'), entries('lost')]
  return {
    gained,
    lost,
    unresolved: unresolvedIn([...gained, ...entries('unclear')], telling),
    // What was met last is why nobody can tell the way out; what was open before it is told above.
    untold: unresolvedIn(
      told
        .filter(
          ({ kind, way: { exit, to } }) => kind === 'gained' && exit.kind === 'unknown' && OUTSIDE.includes(to.zone),
        )
        .map(({ way, from }) => ({ ...way, from: [from], clusters: [], unknowns: way.unknowns.slice(-1) })),
      telling,
    ),
  }
}

const OUTSIDE: readonly string[] = ['internet', 'peer-network', 'on-premises', 'private']

/** By what is not known: each with the places that it is about. */
const unresolvedIn = (ways: readonly PlanWay[], { atFault }: Telling): readonly PlanUnresolved[] => {
  const open = ways
    .filter(({ verdict }) => verdict === 'unknown')
    .flatMap(way => way.unknowns.map(unknown => ({ way, unknown })))
  return [...Map.groupBy(open, ({ unknown }) => unknownText(unknown)).values()]
    .map((same): PlanUnresolved => {
      const [{ unknown }] = same as [(typeof open)[number], ...(typeof open)[number][]]
      const because = [...new Set(same.flatMap(({ way }) => way.because))].sort(compareText)
      return {
        address: because.find(address => unknown.why.includes(`\`${address}\``)) ?? atFault(because)[0] ?? null,
        from: [...new Set(same.flatMap(({ way }) => way.from))].sort(compareText),
        ...unknown,
        witness: same.map(({ way }) => way.witness).sort()[0] ?? null,
      }
    })
    .sort((a, b) => compareText(a.address ?? '', b.address ?? '') || compareText(a.why, b.why))
}

const unknownText = ({ stage, why, settledBy }: Unknown): string => JSON.stringify([stage, why, settledBy])

const exitText = ({ kind, id }: Exit): string => `${kind} ${id ?? ''}`

const wayText = ({ way }: Told): string =>
  JSON.stringify([
    way.to,
    way.traffic,
    way.verdict,
    exitText(way.exit),
    way.before === null ? null : exitText(way.before),
  ])

const seenAs = (exits: readonly Exit[]): readonly string[] =>
  [...new Set(exits.flatMap(({ sourceAddresses }) => sourceAddresses))].sort(compareText)

const compareWays = (a: PlanWay, b: PlanWay): number =>
  weightOf(b.to.zone) - weightOf(a.to.zone) ||
  compareText(a.from[0] ?? '', b.from[0] ?? '') ||
  compareText(exitText(a.exit), exitText(b.exit)) ||
  compareText(JSON.stringify(a.to), JSON.stringify(b.to)) ||
  compareText(JSON.stringify([a.traffic, a.before, a.verdict]), JSON.stringify([b.traffic, b.before, b.verdict]))

/** Empty: it stands in none. */
const subnetOf = (start: Start): string =>
  start.kind === 'subnet' ? start.of.id : start.kind === 'interface' ? start.of.subnet : ''

/** The last of the zones is the internet. */
const weightOf = (zone: string): number => (ZONES as readonly string[]).indexOf(zone)

/** The zones of the network that packets begin in. */
const zonesIn = ({ networks, subnets, peerings }: Fabric): ((start: Start) => ZoneMap) => {
  const rangesOf = new Map(networks.map(({ id, ranges }) => [id, ranges]))
  const networkOf = new Map(subnets.map(({ id, network }) => [id, network]))
  const known = new Map<string, ZoneMap>()
  return start => {
    const id = start.kind === 'subnet' ? start.of.network : (networkOf.get(subnetOf(start)) ?? '')
    const before = known.get(id)
    if (before !== undefined) return before
    const beside = peerings.flatMap(({ networks: both }) => (both.includes(id) ? both.filter(one => one !== id) : []))
    const made = zonesOf({
      ...NOTHING_GIVEN,
      network: addressesOfCidrs(rangesOf.get(id) ?? []),
      peerNetwork: addressesOfCidrs(beside.flatMap(one => rangesOf.get(one) ?? [])),
    })
    known.set(id, made)
    return made
  }
}

const sourceOf = (start: Start, family: Family): string => {
  const own = start.kind === 'interface' ? start.of.addresses.find(one => one.family === family) : undefined
  return own === undefined ? start.of.id : printAddress(own)
}
