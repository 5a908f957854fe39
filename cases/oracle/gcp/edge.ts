import { isOnInternet } from '../fabric/services.ts'
import { lost, over, type Step } from '../fabric/traveller.ts'
import type { NetPacket } from '../fabric/types.ts'
import { type Address, inBlock, readBlock } from '../ip.ts'
import { at, list, text } from '../json.ts'
import { ICMP, type Json, TCP, UDP } from '../types.ts'
import { blocksOf, byLink, type Documents, isIn, ofKind, pathOf, regionOf, textsOf } from './documents.ts'
import type { Broken } from './types.ts'

/** Who is at the edge of the network. null in `outside`: an address of its own; `undefined`: nobody knows whether it has one. */
export interface AtEdge {
  readonly subnet: Json
  readonly from: Address
  readonly outside: string | null | undefined
  readonly to: Address
  readonly packet: NetPacket
  readonly broken: Broken
}

/** Names of Google’s own services. Source: VPC documentation, "Configure Private Google Access", Summary of options. */
const SERVICES = ['199.36.153.4/30', '199.36.153.8/30', '2600:2d00:2:1000::/64', '2600:2d00:2:2000::/64']
export const isGoogle = (to: Address): boolean => isIn(to, blocksOf(SERVICES))

/**
 * By a route to the default internet gateway: with an external address, else by NAT, else not. Services of Google without one, where
 * the subnet has private access. Source: VPC documentation, "Routes", default internet gateway; Cloud NAT documentation, "Public NAT".
 */
export const leaveNetwork = (documents: Documents, who: AtEdge): readonly Step[] => {
  const { subnet, outside, to, packet, broken } = who
  const mayBe = outside === undefined ? [null, 'any'] : [outside]
  const isPrivate = at(subnet, 'privateIpGoogleAccess') === true || broken.has('private access needs its flag')
  if (isGoogle(to) && isPrivate) return over('private-endpoint', '', [], [])
  if (!isOnInternet(to, NONE) && !broken.has('nobody on the internet has private addresses')) return lost([])
  return mayBe.flatMap(seen => {
    if (to.family === 6) {
      if (seen === 'any') return over('internet-gateway', '', [], [])
      return seen === null && !broken.has('inner IPv6 leaves not')
        ? lost([])
        : over('internet-gateway', '', seen === null ? [] : [seen], [])
    }
    const nats = natsFor(documents, who)
    const first = broken.has('an external address before NAT') && nats.length > 0 ? null : seen
    if (first !== null) return over('internet-gateway', '', first === 'any' ? [] : [first], [])
    if (nats.length === 0) return lost([])
    if (![TCP, UDP, ICMP].includes(packet.protocol) && !broken.has('NAT takes TCP, UDP and ICMP')) return lost([])
    return nats.flatMap(({ nat, router }) => {
      const addresses = natAddresses(documents, nat, router, broken)
      return over('nat', text(at(nat, 'name')) ?? '', addresses, [])
    })
  })
}

const NONE = new Set<never>()

/** Source: Compute Engine API, routers: nats[].sourceSubnetworkIpRangesToNat, subnetworks[]. */
const natsFor = (
  documents: Documents,
  { subnet, from, broken }: AtEdge,
): readonly { readonly nat: Json; readonly router: Json }[] => {
  const path = pathOf(at(subnet, 'selfLink'))
  return ofKind(documents, 'compute#router')
    .filter(one => pathOf(at(one, 'network')) === pathOf(at(subnet, 'network')))
    .filter(one => broken.has('NAT for its own region') || regionOf(pathOf(at(one, 'selfLink'))) === regionOf(path))
    .flatMap(router => list(at(router, 'nats')).map(nat => ({ nat, router })))
    .filter(({ nat }) => at(nat, 'type') !== 'PRIVATE' || broken.has('private NAT leads to no internet'))
    .filter(({ nat }) => broken.has('NAT for its ranges alone') || isCovered(nat, subnet, path, from))
}

const isCovered = (nat: Json, subnet: Json, path: string, from: Address): boolean => {
  const isPrimary = within(at(subnet, 'ipCidrRange'), from)
  switch (at(nat, 'sourceSubnetworkIpRangesToNat')) {
    case 'ALL_SUBNETWORKS_ALL_IP_RANGES':
      return true
    case 'ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES':
      return isPrimary
    default: {
      const named = list(at(nat, 'subnetworks')).find(one => pathOf(at(one, 'name')) === path)
      const which = textsOf(at(named, 'sourceIpRangesToNat'))
      const secondary = list(at(subnet, 'secondaryIpRanges')).find(one => within(at(one, 'ipCidrRange'), from))
      return (
        which.includes('ALL_IP_RANGES') ||
        (which.includes('PRIMARY_IP_RANGE') && isPrimary) ||
        (which.includes('LIST_OF_SECONDARY_IP_RANGES') &&
          textsOf(at(named, 'secondaryIpRangeNames')).includes(text(at(secondary, 'rangeName')) ?? '?'))
      )
    }
  }
}

const within = (value: Json | undefined, address: Address): boolean => {
  const block = readBlock(text(value) ?? '')
  return block !== null && inBlock(address, block)
}

/** Those that are given, or those that Google picked; a drained one takes no new flows. */
const natAddresses = (documents: Documents, nat: Json, router: Json, broken: Broken): readonly string[] => {
  const drained = broken.has('a drained address is not used') ? textsOf(at(nat, 'drainNatIps')) : []
  const given = [...textsOf(at(nat, 'natIps')), ...drained]
  const path = pathOf(at(router, 'selfLink'))
  const wrapped = documents.find(one => at(one, 'status') !== undefined && pathOf(at(one, 'router')) === path)
  const status = list(at(wrapped, 'status', 'result', 'natStatus')).find(one => at(one, 'name') === at(nat, 'name'))
  return given.length > 0
    ? given.flatMap(link => text(at(byLink(documents, 'compute#address', pathOf(link)), 'address')) ?? [])
    : textsOf(at(status, 'autoAllocatedNatIps'))
}
