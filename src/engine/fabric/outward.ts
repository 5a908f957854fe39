import type { CloudObject, Gateway, NetworkInterface } from '../../model/fabric.ts'
import type { Exit, Unknown } from '../../model/reach.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import type { AnyAddress, Family } from '../../sets/cidr.ts'
import { printAddress, readCidr } from '../../sets/cidr.ts'
import type { Region } from '../../sets/region.ts'
import { NOTHING_GIVEN, zonesOf } from '../../sets/zones.ts'
import type { Around, Go } from './around.ts'
import { inFamily } from './filters.ts'
import { type Places, said } from './places.ts'
import { isForeign, leaves, type Place, stops, type Way } from './ways.ts'

const zones = zonesOf(NOTHING_GIVEN)

/** Private and link-local ones, and blocks that nobody uses. Source: IANA registries of special-purpose addresses. */
const NOBODYS: Addresses = [
  zones.private,
  zones['link-local'],
  addressesOfCidrs(
    [
      '169.254.0.0/16',
      '100.64.0.0/10',
      'fc00::/7',
      '0.0.0.0/8',
      '127.0.0.0/8',
      '224.0.0.0/4',
      '240.0.0.0/4',
      '::/128',
      '::1/128',
      'ff00::/8',
    ].flatMap(text => {
      const read = readCidr(text)
      return read.kind === 'read' ? [read.value] : []
    }),
  ),
].reduce(bothFamilies.union)

type Outward<F extends Family> = (place: Place, region: Parameters<Go<F>>[1], gateway: Gateway) => ReturnType<Go<F>>

/** Ways to the internet by a gateway that takes what its own network sends. */
export const outwardIn = <F extends Family>(
  around: Around<F>,
): {
  readonly toInternet: Outward<F>
  readonly egressOnly: Outward<F>
} => {
  const { places, algebra } = around
  const { family } = algebra
  const parted = beyondIn(around)
  const beyond =
    (next: Outward<F>): Outward<F> =>
    (place, region, gateway) =>
      parted(place, region, gateway, rest => next(place, rest, gateway))

  /** IPv4 leaves with a public address or not at all, IPv6 with its own. */
  const outward: Outward<F> = (place, region, gateway) => {
    const { through, sender } = place
    if (isForeign(place)) return stops(place, region, said(gateway, FOREIGN))
    const doubts = internetDoubts(places, place)
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
    const isUntold = family === 6 && sender.untold.includes(6)
    return own.length > 0 || isUntold
      ? leaves(place, region, exit(own), doubts)
      : stops(place, region, said(sender, says))
  }

  const egressOnly: Outward<F> = (place, region, gateway) => {
    if (family === 4) return stops(place, region, said(gateway, 'takes IPv6 alone'))
    if (isForeign(place)) return stops(place, region, said(gateway, FOREIGN))
    const sourceAddresses = place.sender === null ? [] : ownV6(place.sender)
    const exit: Exit = { kind: 'egress-only-gateway', id: gateway.id, sourceAddresses }
    return leaves(place, region, exit, internetDoubts(places, place))
  }
  return { toInternet: beyond(outward), egressOnly: beyond(egressOnly) }
}

/** What may keep a network and its subnet from the internet, whatever their routes say. */
export const internetDoubts = (places: Places, { subnet }: Place): readonly Unknown[] =>
  [...subnet.internetDoubts, ...(places.networks.get(subnet.network)?.internetDoubts ?? [])].map(
    ({ why, settledBy }) => ({ stage: 'fabric', why, settledBy }),
  )

/** Beyond is the internet, where nobody has private addresses. */
export const beyondIn =
  <F extends Family>({ algebra }: Pick<Around<F>, 'algebra'>) =>
  (
    place: Place,
    region: Region<F>,
    by: CloudObject,
    next: (rest: Region<F>) => readonly Way<F>[],
  ): readonly Way<F>[] => {
    const lost = algebra.within(region, inFamily(NOBODYS, algebra.family))
    const rest = algebra.subtract(region, lost)
    const says = 'leads to the internet, where nobody has it'
    return [
      ...(algebra.isEmpty(lost) ? [] : stops(place, lost, said(by, says))),
      ...(algebra.isEmpty(rest) ? [] : next(rest)),
    ]
  }

/** What a gateway takes, as it stands. */
export const takenBy = <F extends Family>(
  { algebra, table }: Pick<Around<F>, 'algebra' | 'table'>,
  region: Region<F>,
  { takes }: Pick<Gateway, 'takes'>,
): Region<F> => {
  const id = table.idOf(takes ?? table.trafficOf(table.full))
  return algebra.intersect(region, algebra.ofBoxes([{ addresses: algebra.addressesOf(region), id }]))
}

/** The internet knows the addresses of a network behind its own gateway alone: others have to be translated before. */
export const FOREIGN = 'takes addresses of its own network alone, and these are of another'

export const exitThrough = ({ id, kind, publicAddresses }: Gateway): Exit => ({
  kind: kind === 'firewall' ? 'firewall' : 'nat',
  id,
  sourceAddresses: printed(publicAddresses),
})

/** Each once: interfaces that stand for several may have one in common. */
export const printed = (addresses: readonly AnyAddress[]): readonly string[] => [
  ...new Set(addresses.map(printAddress)),
]

const ownV6 = ({ addresses }: NetworkInterface): readonly string[] =>
  printed(addresses.filter(({ family }) => family === 6))

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
