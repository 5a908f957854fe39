import type { Gateway } from '../../model/fabric.ts'
import type { Family } from '../../sets/cidr.ts'
import { type Region, regions } from '../../sets/region.ts'
import type { TrafficId } from '../../sets/traffic-table.ts'
import { lazily } from '../lazily.ts'
import type { Around } from './around.ts'
import { firewallsIn } from './firewalls.ts'
import { reasonsFor } from './grounds.ts'
import { hubsIn } from './hubs.ts'
import { addressesOf } from './members.ts'
import { nat64In } from './nat64.ts'
import { exitThrough, outwardIn, takenBy } from './outward.ts'
import { notRead, said } from './places.ts'
import { isForeign, isOpen, leaves, over, type Place, past, seenInside, stops, type Way } from './ways.ts'

/** What a gateway does with packets that a route brings to it. */
export const gatewaysIn = <F extends Family>(around: Around<F>) => {
  const { places, algebra, crossing, arrival, routed } = around
  const { family } = algebra
  const { toInternet, egressOnly } = outwardIn(around)
  const firewalls = firewallsIn(around)
  const { enter } = hubsIn(around)
  const translate = lazily(() => nat64In(around.table))
  const regionsOf4 = regions<4, TrafficId>(4, around.table)

  /** It stands in a subnet, whose filters and routes count for what it sends on, with its own address. */
  const translated = (place: Place, region: Region<F>, gateway: Gateway): readonly Way<F>[] => {
    const taken = translatedBy(around, region, gateway)
    const lost = algebra.subtract(region, taken)
    return [
      ...(algebra.isEmpty(lost) ? [] : stops(place, lost, said(gateway, 'does not translate it'))),
      ...(algebra.isEmpty(taken) ? [] : inItsSubnet(place, taken, gateway)),
    ]
  }

  const inItsSubnet = (place: Place, region: Region<F>, gateway: Gateway): readonly Way<F>[] => {
    if (gateway.subnet === null)
      return family === 6 ? isOpen(place, region, NOT_FOLLOWED) : leaves(place, region, exitThrough(gateway))
    const subnet = places.subnets.get(gateway.subnet)
    if (subnet === undefined) return isOpen(place, region, notRead('the subnet', gateway.subnet))
    const entered = subnet.id === place.subnet.id ? [] : subnet.filters
    const inside = { subnet, sender: null, through: gateway, home: subnet.network }
    return arrival.into(
      past(over(place, { hop: 'subnet', id: subnet.id }), entered, 'out'),
      region,
      crossing.takenIn(entered, place, null),
      said(subnet, 'its filters let none of it in'),
      (next, passed) => {
        const at = { ...next, ...inside, seen: addressesOf(gateway.privateAddresses) }
        // As IPv4 it is another packet to the same routes.
        return family === 6 ? asIPv4({ ...at, asked: [] }, passed as never) : routed(at, passed)
      },
    )
  }

  /** From here on it is the address inside that is routed. */
  const asIPv4 = (place: Place, region: Region<6>): readonly Way<F>[] =>
    translate().flatMap(({ toIPv4, toIPv6 }) => {
      const four = toIPv4(region)
      if (regionsOf4.isEmpty(four)) return []
      const ways = around.asIPv4()({ ...place, grounds: [] }, four)
      return ways.map(way => ({
        ...way,
        region: toIPv6(way.region) as never,
        edges: place.edges,
        // Routes of the other family know nothing of these addresses.
        grounds: [...place.grounds, ...reasonsFor(way.grounds, regionsOf4.addressesOf(way.region) as never)],
      }))
    })

  return (from: Place, region: Region<F>, id: string): readonly Way<F>[] => {
    const gateway = places.gateways.get(id)
    const place = over(from, { hop: 'gateway', id })
    if (gateway === undefined) return isOpen(place, region, notRead('the gateway', id))
    if (!gateway.isUp) return stops(place, region, said(gateway, 'is not up'))
    if (gateway.network === null && !WITHOUT_NETWORK.has(gateway.kind))
      return stops(place, region, said(gateway, 'is attached to no network'))
    switch (gateway.kind) {
      case 'internet':
        return toInternet(place, region, gateway)
      case 'egress-only':
        return egressOnly(place, region, gateway)
      case 'nat':
        return translated(place, region, gateway)
      case 'on-premises':
      case 'private-endpoint':
        if (isForeign(place) && place.home !== gateway.network && gateway.serves?.must.includes(place.home) !== true)
          return gateway.serves?.may.includes(place.home) === true
            ? isOpen(place, region, notRead('the other side of the peering with', place.home))
            : stops(place, region, said(gateway, OWN_ALONE))
        return leaves(place, region, {
          kind: gateway.kind,
          id,
          sourceAddresses: gateway.kind === 'on-premises' ? seenInside(place) : [],
        })
      case 'hub':
        return enter(place, region, gateway)
      case 'firewall':
        return firewalls.standing(place, region, gateway)
      case 'balancer':
      case 'other':
        return isOpen(place, region, NOT_FOLLOWED)
    }
  }
}

/** Of IPv6 only what has an IPv4 address inside, as far as it has a form there. */
const translatedBy = <F extends Family>(around: Around<F>, region: Region<F>, gateway: Gateway): Region<F> => {
  const { algebra, table } = around
  const carried = takenBy(around, region, gateway)
  if (algebra.family === 4) return carried
  const forms = nat64In(table).map(({ toIPv4, toIPv6 }) => toIPv6(toIPv4(carried as never)))
  return forms.reduce((all, one) => algebra.union(all, one as never), algebra.empty)
}

/** Of these the network is not what counts. */
const WITHOUT_NETWORK: ReadonlySet<Gateway['kind']> = new Set(['hub', 'firewall', 'other'])

const OWN_ALONE = 'takes what its own network sends, and nothing that passes through it'

const NOT_FOLLOWED = {
  stage: 'fabric',
  why: 'ways through a service of the provider are not followed yet',
  settledBy: 'a version that follows them',
}
