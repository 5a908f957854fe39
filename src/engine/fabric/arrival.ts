import type { Fabric, NetworkInterface } from '../../model/fabric.ts'
import type { Exit } from '../../model/reach.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import type { Family } from '../../sets/cidr.ts'
import type { Region, RegionAlgebra } from '../../sets/region.ts'
import type { TrafficId } from '../../sets/traffic-table.ts'
import type { Outcome } from '../fold.ts'
import type { Crossing } from './crossing.ts'
import { inFamily } from './filters.ts'
import { addressesOf } from './members.ts'
import { type FabricReason, notRead, type Places, said } from './places.ts'
import { isForeign, isOpen, leaves, over, type Place, seenInside, stops, type Way } from './ways.ts'

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
  const interfacesIn = Map.groupBy(fabric.interfaces, ({ subnet }) => subnet)
  const within = (region: Region<F>, addresses: Addresses): Region<F> =>
    algebra.within(region, inFamily(addresses, algebra.family))
  const everywhere = (region: Region<F>, id: TrafficId): Region<F> =>
    algebra.intersect(region, algebra.ofBoxes([{ addresses: algebra.addressesOf(region), id }]))

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

  const atInterfaces = (place: Place, region: Region<F>, subnet: string, exit: Exit): readonly Way<F>[] => {
    const all = interfacesIn.get(subnet) ?? []
    const held = all.map((one): readonly [NetworkInterface, Region<F>] => [
      one,
      within(region, addressesOf(one.addresses)),
    ])
    const rest = within(region, bothFamilies.complement(addressesOf(all.flatMap(({ addresses }) => addresses))))
    return [
      ...held.flatMap(([one, own]) =>
        algebra.isEmpty(own)
          ? []
          : into(
              over(place, { hop: 'interface', id: one.id }),
              own,
              takenIn(one.filters, place),
              { of: places.filters.get(one.filters[0] ?? '') ?? one, at: one.at, says: 'lets none of it in' },
              (next, passed) => leaves(next, passed, exit),
            ),
      ),
      ...(algebra.isEmpty(rest) ? [] : leaves(place, rest, exit)),
    ]
  }

  const inNetwork: Arrival<F>['inNetwork'] = (place, region, network) => {
    const exit = exitInside(place, network)
    const subnets = places.subnetsOf(network)
    const rest = within(region, bothFamilies.complement(addressesOfCidrs(subnets.flatMap(({ ranges }) => ranges))))
    return [
      ...subnets.flatMap(subnet => {
        const own = within(region, addressesOfCidrs(subnet.ranges))
        if (algebra.isEmpty(own)) return []
        if (subnet.id === place.subnet.id) return atInterfaces(place, own, subnet.id, exit)
        const reason = { of: subnet, at: subnet.at, says: 'its filters let none of it in' }
        return into(
          over(place, { hop: 'subnet', id: subnet.id }),
          own,
          takenIn(subnet.filters, place),
          reason,
          (next, passed) => atInterfaces(next, passed, subnet.id, exit),
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
    if (isForeign(place)) return stops(next, region, said(peering, passes))
    const other = peering.networks.find(network => network !== place.subnet.network) ?? ''
    const network = places.networks.get(other)
    if (network === undefined) return isOpen(next, region, notRead('the network', other))
    const own = within(region, addressesOfCidrs(network.ranges))
    const beyond = algebra.subtract(region, own)
    const says = 'leads to the other network alone: nothing passes through it to a third'
    return [
      ...(algebra.isEmpty(own) ? [] : inNetwork(over(next, { hop: 'network', id: other }), own, other)),
      ...(algebra.isEmpty(beyond) ? [] : stops(next, beyond, { of: peering, at: peering.at, says })),
    ]
  }
  const inSubnet: Arrival<F>['inSubnet'] = (place, region) =>
    atInterfaces(place, region, place.subnet.id, exitInside(place, place.subnet.network))

  return { inSubnet, inNetwork, overPeering, into }
}

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
