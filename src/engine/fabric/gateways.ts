import type { Gateway } from '../../model/fabric.ts'
import { addressesOf as setsOf } from '../../sets/address-set.ts'
import { type Family, readCidr } from '../../sets/cidr.ts'
import type { Region } from '../../sets/region.ts'
import type { Around } from './around.ts'
import { addressesOf } from './crossing.ts'
import { hubsIn } from './hubs.ts'
import { exitThrough, outwardIn } from './outward.ts'
import { notRead, said } from './places.ts'
import { isForeign, isOpen, leaves, over, type Place, stops, type Way } from './ways.ts'

/** What a gateway does with packets that a route brings to it. */
export const gatewaysIn = <F extends Family>(around: Around<F>) => {
  const { places, algebra, crossing, arrival, routed } = around
  const { family } = algebra
  const { toInternet, egressOnly } = outwardIn(around)
  const { enter } = hubsIn(around)
  const translatable = setsOf(family).ofCidrs(family === 6 ? [NAT64 as never] : [])

  /** It stands in a subnet, whose filters and routes count for what it sends on, with its own address. */
  const translated = (place: Place, region: Region<F>, gateway: Gateway): readonly Way<F>[] => {
    const foreign = family === 4 ? algebra.empty : algebra.subtract(region, algebra.within(region, translatable))
    if (!algebra.isEmpty(foreign)) {
      const rest = algebra.subtract(region, foreign)
      const says = 'translates to IPv4 alone'
      return [
        ...stops(place, foreign, said(gateway, says)),
        ...(algebra.isEmpty(rest) ? [] : translated(place, rest, gateway)),
      ]
    }
    if (gateway.subnet === null) return leaves(place, region, exitThrough(gateway))
    const subnet = places.subnets.get(gateway.subnet)
    if (subnet === undefined) return isOpen(place, region, notRead('the subnet', gateway.subnet))
    const entered = subnet.id === place.subnet.id ? [] : subnet.filters
    const inside = { subnet, sender: null, through: gateway, home: subnet.network }
    return arrival.into(
      over(place, { hop: 'subnet', id: subnet.id }),
      region,
      crossing.takenIn(entered, place.seen),
      said(subnet, 'its filters let none of it in'),
      (next, passed) =>
        // NAT to IPv4: from here on it is the address inside that is routed, which stands outside of this family.
        family === 6
          ? leaves({ ...next, through: gateway }, passed, exitThrough(gateway))
          : routed({ ...next, ...inside, seen: addressesOf(gateway.privateAddresses) }, passed),
    )
  }

  return (from: Place, region: Region<F>, id: string): readonly Way<F>[] => {
    const gateway = places.gateways.get(id)
    const place = over(from, { hop: 'gateway', id })
    if (gateway === undefined) return isOpen(place, region, notRead('the gateway', id))
    if (!gateway.isUp) return stops(place, region, said(gateway, 'is not up'))
    if (gateway.network === null && gateway.kind !== 'hub' && gateway.kind !== 'other')
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
        return isForeign(place)
          ? stops(place, region, said(gateway, 'takes what its own network sends, and nothing that passes through it'))
          : leaves(place, region, { kind: gateway.kind, id, sourceAddresses: [] })
      case 'hub':
        return enter(place, region, gateway)
      case 'other':
        return isOpen(place, region, NOT_FOLLOWED)
    }
  }
}

/** Source: RFC 6052, 2.1. */
const WELL_KNOWN = readCidr('64:ff9b::/96')
if (WELL_KNOWN.kind === 'refused') throw new Error(WELL_KNOWN.why)
const NAT64 = WELL_KNOWN.value

const NOT_FOLLOWED = {
  stage: 'fabric',
  why: 'ways through a service of the provider are not followed yet',
  settledBy: 'a version that follows them',
}
