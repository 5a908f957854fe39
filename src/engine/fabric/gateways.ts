import type { Gateway, NetworkInterface } from '../../model/fabric.ts'
import type { Exit, Unknown } from '../../model/reach.ts'
import { addressesOf as setsOf } from '../../sets/address-set.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import { type AnyAddress, type Family, printAddress, readCidr } from '../../sets/cidr.ts'
import type { Region, RegionAlgebra } from '../../sets/region.ts'
import type { TrafficId } from '../../sets/traffic-table.ts'
import { NOTHING_GIVEN, zonesOf } from '../../sets/zones.ts'
import { type Arrival, sendersOf } from './arrival.ts'
import type { Crossing } from './crossing.ts'
import { inFamily } from './filters.ts'
import { type FabricReason, notRead, type Places } from './places.ts'
import { isOpen, leaves, over, type Place, stops, type Way } from './ways.ts'

const zones = zonesOf(NOTHING_GIVEN)

type Go<F extends Family> = (place: Place, region: Region<F>) => readonly Way<F>[]

interface Around<F extends Family> {
  readonly places: Places
  readonly algebra: RegionAlgebra<F, TrafficId>
  readonly crossing: Crossing<F>
  readonly arrival: Arrival<F>
  readonly routed: Go<F>
}

/** What a gateway does with packets that a route brings to it. */
export const gatewaysIn = <F extends Family>({ places, algebra, crossing, arrival, routed }: Around<F>) => {
  const { family } = algebra
  const translatable = setsOf(family).ofCidrs(family === 6 ? [NAT64 as never] : [])

  /** What may keep a network and its subnet from the internet, whatever their routes say. */
  const internetDoubts = ({ subnet }: Place): readonly Unknown[] =>
    [...subnet.internetDoubts, ...(places.networks.get(subnet.network)?.internetDoubts ?? [])].map(
      ({ why, settledBy }) => ({ stage: 'fabric', why, settledBy }),
    )

  const unroutable = inFamily(bothFamilies.union(zones.private, zones['link-local']), family)

  /** Beyond it is the internet, where nobody has a private address. */
  const toInternet = (place: Place, region: Region<F>, gateway: Gateway): readonly Way<F>[] => {
    const lost = algebra.within(region, unroutable)
    const rest = algebra.subtract(region, lost)
    return [
      ...(algebra.isEmpty(lost) ? [] : stops(place, lost, said(gateway, 'leads to the internet, where nobody has it'))),
      ...(algebra.isEmpty(rest) ? [] : outward(place, rest, gateway)),
    ]
  }

  /** IPv4 leaves with a public address or not at all, IPv6 with its own. */
  const outward = (place: Place, region: Region<F>, gateway: Gateway): readonly Way<F>[] => {
    const { through, sender } = place
    const doubts = internetDoubts(place)
    if (through !== null)
      return through.reachesInternet
        ? leaves(place, region, exitThrough(through), doubts)
        : stops(place, region, said(through, 'translates toward private places only'))
    const exit = (sourceAddresses: readonly string[]): Exit => ({
      kind: 'internet-gateway',
      id: gateway.id,
      sourceAddresses,
    })
    if (sender === null) return leaves(place, region, exit([]), [family === 4 ? PUBLIC_OPEN : OWN_OPEN, ...doubts])
    const own = family === 4 ? printed(sender.publicAddresses.map(one => one.seenAs)) : ownV6(sender)
    const says =
      family === 4 ? 'has no public IPv4 address, and an internet gateway takes no other' : 'has no IPv6 address'
    return own.length > 0 ? leaves(place, region, exit(own), doubts) : stops(place, region, said(sender, says))
  }

  /** It stands in a subnet, whose filters and routes count for what it sends on. */
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
    if (place.through !== null)
      return stops(
        place,
        region,
        said(gateway, 'has it from a gateway that translates: the way goes in a circle, or twice'),
      )
    if (gateway.subnet === null) return leaves(place, region, exitThrough(gateway))
    const subnet = places.subnets.get(gateway.subnet)
    if (subnet === undefined) return isOpen(place, region, notRead('the subnet', gateway.subnet))
    const entered = subnet.id === place.subnet.id ? [] : subnet.filters
    return arrival.into(
      over(place, { hop: 'subnet', id: subnet.id }),
      region,
      crossing.takenIn(entered, sendersOf(place)),
      said(subnet, 'its filters let none of it in'),
      (next, passed) =>
        // NAT to IPv4: from here on it is the address inside that is routed, which stands outside of this family.
        family === 6
          ? leaves({ ...next, through: gateway }, passed, exitThrough(gateway))
          : routed({ ...next, subnet, sender: null, through: gateway }, passed),
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
      case 'egress-only': {
        const sourceAddresses = place.sender === null ? [] : ownV6(place.sender)
        return family === 6
          ? leaves(place, region, { kind: 'egress-only-gateway', id, sourceAddresses }, internetDoubts(place))
          : stops(place, region, said(gateway, 'takes IPv6 alone'))
      }
      case 'nat':
        return translated(place, region, gateway)
      case 'on-premises':
      case 'private-endpoint':
        return leaves(place, region, { kind: gateway.kind, id, sourceAddresses: [] })
      case 'hub':
      case 'other':
        return isOpen(place, region, NOT_FOLLOWED)
    }
  }
}

const said = (of: FabricReason['of'] & object, says: string): FabricReason => ({ of, at: of.at, says })

const exitThrough = ({ id, publicAddresses }: Gateway): Exit => ({
  kind: 'nat',
  id,
  sourceAddresses: printed(publicAddresses),
})

const printed = (addresses: readonly AnyAddress[]): readonly string[] => addresses.map(printAddress)

const ownV6 = ({ addresses }: NetworkInterface): readonly string[] =>
  printed(addresses.filter(({ family }) => family === 6))

/** Source: RFC 6052, 2.1. */
const WELL_KNOWN = readCidr('64:ff9b::/96')
if (WELL_KNOWN.kind === 'refused') throw new Error(WELL_KNOWN.why)
const NAT64 = WELL_KNOWN.value

const PUBLIC_OPEN = {
  stage: 'fabric',
  why: 'an internet gateway takes IPv4 from public addresses alone, and which of the subnet’s interfaces has one is not asked',
  settledBy: 'a question about one interface or machine',
}

const OWN_OPEN = {
  stage: 'fabric',
  why: 'whether the interface has an IPv6 address is not asked',
  settledBy: 'a question about one interface or machine',
}

const NOT_FOLLOWED = {
  stage: 'fabric',
  why: 'ways through a hub or a service of the provider are not followed yet',
  settledBy: 'a version that follows them',
}
