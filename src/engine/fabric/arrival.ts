import type { Fabric, NetworkInterface, Subnet } from '../../model/fabric.ts'
import type { Exit } from '../../model/reach.ts'
import type { Addresses } from '../../sets/addresses.ts'
import type { Family } from '../../sets/cidr.ts'
import type { Region, RegionAlgebra } from '../../sets/region.ts'
import type { TrafficId } from '../../sets/traffic-table.ts'
import type { Outcome } from '../fold.ts'
import type { Crossing } from './crossing.ts'
import { type Edge, edgesIn, type Held } from './edges.ts'
import { inFamily } from './filters.ts'
import { addressesOf } from './members.ts'
import { type FabricReason, notRead, type Places, rangesHeld, said } from './places.ts'
import { isForeign, isOpen, leaves, over, type Place, past, seenInside, stops, type Way } from './ways.ts'

/** What becomes of packets that arrive in a network: the edge of a subnet, and the filters of the interface that has the address. */
export interface Arrival<F extends Family> {
  /** What stays in the subnet where it is: from interface to interface. */
  readonly inSubnet: (place: Place, region: Region<F>) => readonly Way<F>[]
  readonly inNetwork: (place: Place, region: Region<F>, network: string) => readonly Way<F>[]
  readonly overPeering: (place: Place, region: Region<F>, peering: string) => readonly Way<F>[]
  /** Into a subnet, past its edge; `next` takes what passes. */
  readonly into: (
    place: Place,
    region: Region<F>,
    outcome: Outcome<TrafficId>,
    reason: FabricReason,
    next: (place: Place, region: Region<F>) => readonly Way<F>[],
  ) => readonly Way<F>[]
}

export const arrivalIn = <F extends Family>(
  fabric: Fabric,
  places: Places,
  algebra: RegionAlgebra<F, TrafficId>,
  { takenIn }: Crossing<F>,
): Arrival<F> => {
  const within = (region: Region<F>, addresses: Addresses): Region<F> =>
    algebra.within(region, inFamily(addresses, algebra.family))
  const everywhere = (region: Region<F>, id: TrafficId): Region<F> =>
    algebra.intersect(region, algebra.ofBoxes([{ addresses: algebra.addressesOf(region), id }]))

  const { inOne, edgesOf, outsideOf } = edgesIn(fabric, places)
  /** The subnet that all of a region is in; null: it is in several. */
  const onlyOne = ({ subnets }: Edge, region: Region<F>): Subnet | null => {
    let found: Subnet | null = null
    for (const subnet of subnets) {
      if (algebra.isEmpty(within(region, rangesHeld(subnet.ranges)))) continue
      if (found !== null) return null
      found = subnet
    }
    return found
  }

  const into: Arrival<F>['into'] = (place, region, { must, may }, reason, next) => {
    const sure = everywhere(region, must)
    const open = algebra.subtract(everywhere(region, may), sure)
    const closed = algebra.subtract(algebra.subtract(region, sure), open)
    return [
      ...(algebra.isEmpty(sure) ? [] : next(place, sure)),
      ...(algebra.isEmpty(open) ? [] : next({ ...place, unknowns: [...place.unknowns, ARRIVAL_OPEN] }, open)),
      ...(algebra.isEmpty(closed) ? [] : stops(place, closed, reason)),
    ]
  }

  const atInterfaces = (
    place: Place,
    region: Region<F>,
    { all, nobodys }: Held,
    memberFilters: readonly string[],
    exit: Exit,
  ): readonly Way<F>[] => {
    const held = all.map((one): readonly [NetworkInterface, Region<F>] => [
      one,
      within(region, addressesOf(one.addresses)),
    ])
    const rest = all.length === 0 ? region : within(region, nobodys)
    return [
      ...held.flatMap(([one, own]) =>
        algebra.isEmpty(own)
          ? []
          : into(
              over(inSubnetOf(place, one), { hop: 'interface', id: one.id }),
              own,
              takenIn(one.filters, place, addressesOf(one.addresses)),
              { of: places.filters.get(one.filters[0] ?? '') ?? one, at: one.at, says: 'lets none of it in' },
              (next, passed) => leaves(next, passed, exitAt(one, exit)),
            ),
      ),
      ...(algebra.isEmpty(rest)
        ? []
        : memberFilters.length === 0
          ? leaves(place, rest, exit)
          : into(place, rest, takenIn(memberFilters, place, null), closedTo(memberFilters), (next, passed) =>
              leaves(next, passed, exit),
            )),
    ]
  }
  const closedTo = (memberFilters: readonly string[]): FabricReason => {
    const of = places.filters.get(memberFilters[0] ?? '') ?? null
    return { of, at: of?.at ?? [], says: 'lets none of it in' }
  }
  /** What belongs to an endpoint stands for the service behind it. */
  const exitAt = ({ of }: NetworkInterface, exit: Exit): Exit =>
    of !== null && places.endpoints.has(of) ? { kind: 'private-endpoint', id: of, sourceAddresses: [] } : exit

  const inNetwork: Arrival<F>['inNetwork'] = (place, region, network) => {
    const exit = exitInside(place, network)
    const rest = within(region, outsideOf(network))
    return [
      ...edgesOf(network).flatMap(edge => {
        const own = within(region, edge.ranges)
        if (algebra.isEmpty(own)) return []
        const only = onlyOne(edge, own)
        const entered = past(place, edge.filters, 'out')
        const at = only === null ? entered : over(entered, { hop: 'subnet', id: only.id })
        const reason = said(only ?? (edge.subnets[0] as Subnet), 'its filters let none of it in')
        return into(at, own, takenIn(edge.filters, place, null), reason, (next, passed) =>
          atInterfaces(next, passed, edge, edge.memberFilters, exit),
        )
      }),
      ...(algebra.isEmpty(rest) ? [] : isOpen(place, rest, notRead('the subnet for a part of', network))),
    ]
  }

  /** Only to what the other network has itself: nothing passes through it to a third. */
  const overPeering: Arrival<F>['overPeering'] = (place, region, id) => {
    const peering = places.peerings.get(id)
    const next = over(place, { hop: 'peering', id })
    const passes = 'joins two networks alone: nothing passes through one of them from a third'
    if (peering === undefined) return isOpen(next, region, notRead('the peering', id))
    if (!peering.isUp) return stops(next, region, { of: peering, at: peering.at, says: 'is not active' })
    const other = peering.networks.find(network => network !== place.subnet.network) ?? ''
    if (isForeign(place) && !peering.takesForwarded.includes(other)) return stops(next, region, said(peering, passes))
    const network = places.networks.get(other)
    if (network === undefined) return isOpen(next, region, notRead('the network', other))
    const own = within(region, rangesHeld(network.ranges))
    const beyond = algebra.subtract(region, own)
    const says = 'leads to the other network alone: nothing passes through it to a third'
    return [
      ...(algebra.isEmpty(own) ? [] : inNetwork(over(next, { hop: 'network', id: other }), own, other)),
      ...(algebra.isEmpty(beyond) ? [] : stops(next, beyond, { of: peering, at: peering.at, says })),
    ]
  }
  const inSubnet: Arrival<F>['inSubnet'] = (place, region) =>
    atInterfaces(
      place,
      region,
      inOne(place.subnet),
      place.subnet.memberFilters,
      exitInside(place, place.subnet.network),
    )

  return { inSubnet, inNetwork, overPeering, into }
}

/** The subnet of an interface, where it was not told before. */
const inSubnetOf = (place: Place, { subnet }: NetworkInterface): Place =>
  place.hops.at(-1)?.id === subnet ? place : over(place, { hop: 'subnet', id: subnet })

/** Whom the other end sees, where that is not the sender. */
const exitInside = (place: Place, network: string): Exit => ({
  kind: 'peer-network',
  id: network,
  sourceAddresses: seenInside(place),
})

const ARRIVAL_OPEN = {
  stage: 'fabric',
  why: 'a filter at the other end was not read, or is about something that was not',
  settledBy: 'the documents of the filters, lists and groups there',
}
