import { type Address, readAddress } from '../ip.ts'
import { at, list, text } from '../json.ts'
import { ICMP, ICMPV6, type Json, TCP, UDP } from '../types.ts'
import { allOf, type Bodies, blocksOfVpc, isIn, isState, named, oneAddress } from './documents.ts'
import { listPasses } from './filters.ts'
import { embedded, isOnInternet } from './services.ts'
import { lost, open, over, type Step, seenInside, type Traveller, through } from './traveller.ts'
import type { Broken, NetPacket } from './types.ts'

/** Where a packet goes on; given, so that these files stand in one line. */
export interface Onward {
  readonly arrive: (bodies: Bodies, traveller: Traveller, vpc: string) => readonly Step[]
  readonly leave: (bodies: Bodies, traveller: Traveller) => readonly Step[]
}

/** What the target of a route does with the packet. The platform’s ids tell kinds: `nat-…` may stand in `GatewayId`. */
export const passGateway = (bodies: Bodies, traveller: Traveller, id: string, onward: Onward): readonly Step[] => {
  switch (id.split('-')[0]) {
    case 'igw':
      return passInternet(bodies, traveller, id)
    case 'eigw':
      return passEgressOnly(bodies, traveller, id)
    case 'nat':
      return passNat(bodies, traveller, id, onward)
    case 'vgw':
      return passVpn(bodies, traveller, id)
    case 'vpce':
      return passEndpoint(bodies, traveller, id)
    case 'pcx':
      return passPeering(bodies, traveller, id, onward)
    default:
      return open(id, traveller.hops)
  }
}

const isAttached = (gateway: Json, key: string, vpc: string): boolean =>
  list(at(gateway, key)).some(one => at(one, 'VpcId') === vpc && isState(at(one, 'State'), 'available', 'attached'))

/**
 * IPv4 by a public address that stands for the sender’s, one to one; IPv6 as it is; nothing that nobody on the internet has.
 * Source: Amazon VPC User Guide, "Enable internet access using internet gateways", IP addresses and NAT; "NAT gateways":
 * what comes from a private one is dropped.
 */
const passInternet = (bodies: Bodies, traveller: Traveller, id: string): readonly Step[] => {
  const { to, vpc, sender, hops, broken } = traveller
  const gateway = named(bodies, 'InternetGateways', 'InternetGatewayId', id)
  if (gateway === undefined) return open(id, hops)
  if (!isAttached(gateway, 'Attachments', vpc) || !isOnInternet(to, broken)) return lost(hops)
  switch (sender.kind) {
    case 'any':
      return to.family === 6
        ? over('internet-gateway', id, [], hops)
        : [...lost(hops), ...over('internet-gateway', id, [], hops)]
    case 'nat':
      return sender.publicAddress === null ? lost(hops) : over('nat', sender.id, [sender.publicAddress], hops)
    case 'interface': {
      if (to.family === 6) {
        const own = written(sender.interface, sender.address)
        return own.length === 0 ? lost(hops) : over('internet-gateway', id, own, hops)
      }
      const seenAs = publicOf(bodies, sender.interface, sender.address)
      if (seenAs === null && !broken.has('a public address for an internet gateway')) return lost(hops)
      return over('internet-gateway', id, seenAs === null ? [] : [seenAs], hops)
    }
  }
}

const isSame = (value: Json | undefined, address: Address): boolean => {
  const read = readAddress(text(value) ?? '')
  return read !== null && isIn(read, [oneAddress(address)])
}

/** The text of an IPv6 address as its interface has it. */
const written = (one: Json, address: Address): readonly string[] =>
  list(at(one, 'Ipv6Addresses'))
    .map(entry => at(entry, 'Ipv6Address'))
    .filter(value => isSame(value, address))
    .flatMap(value => text(value) ?? [])

/** Told by the interface, or by the elastic address. Source: EC2 API, NetworkInterfaceAssociation, Address. */
const publicOf = (bodies: Bodies, one: Json, address: Address): string | null => {
  const own = list(at(one, 'PrivateIpAddresses')).find(entry => isSame(at(entry, 'PrivateIpAddress'), address))
  const elastic = allOf(bodies, 'Addresses').find(
    entry =>
      at(entry, 'NetworkInterfaceId') === at(one, 'NetworkInterfaceId') &&
      isSame(at(entry, 'PrivateIpAddress'), address),
  )
  return text(at(own, 'Association', 'PublicIp')) ?? text(at(elastic, 'PublicIp')) ?? null
}

/** Source: Amazon VPC User Guide, "Enable outbound IPv6 traffic using an egress-only internet gateway". */
const passEgressOnly = (bodies: Bodies, traveller: Traveller, id: string): readonly Step[] => {
  const { to, vpc, sender, hops, broken } = traveller
  const gateway = named(bodies, 'EgressOnlyInternetGateways', 'EgressOnlyInternetGatewayId', id)
  if (gateway === undefined) return open(id, hops)
  const isWorld = isOnInternet(to, broken) || broken.has('an egress-only gateway leads to the internet alone')
  if (!isAttached(gateway, 'Attachments', vpc) || to.family !== 6 || !isWorld) return lost(hops)
  const seen = sender.kind === 'interface' ? written(sender.interface, sender.address) : []
  return over('egress-only-gateway', id, seen, hops)
}

/**
 * TCP, UDP and ICMP; the lists of its own subnet, both ways, and its own table. IPv6 only to 64:ff9b::/96, as IPv4 from then
 * on. A NAT gateway has no groups. Source: Amazon VPC User Guide, "NAT gateway basics", "DNS64 and NAT64".
 */
const passNat = (bodies: Bodies, traveller: Traveller, id: string, onward: Onward): readonly Step[] => {
  const { packet, to, vpc, sender, hops, broken } = traveller
  const nat = named(bodies, 'NatGateways', 'NatGatewayId', id)
  if (nat === undefined) return open(id, hops)
  const passed = sender.kind === 'nat' ? [...sender.passed, sender.id] : []
  const four = to.family === 4 ? to : embedded(to)
  const changed = four === null ? null : translated(packet, to, four, broken)
  if (sender.kind === 'nat' && broken.has('a second NAT gateway is a way')) return lost(hops)
  if (!isState(at(nat, 'State'), 'available') || at(nat, 'VpcId') !== vpc || passed.includes(id)) return lost(hops)
  if (four === null || changed === null) return lost(hops)
  const subnetId = text(at(nat, 'SubnetId'))
  const subnet = subnetId === undefined ? undefined : named(bodies, 'Subnets', 'SubnetId', subnetId)
  if (subnetId === undefined || subnet === undefined) return open(id, hops)
  const isOther = subnetId !== at(traveller.subnet, 'SubnetId') && !broken.has('a NAT gateway has its own lists')
  const passes = isOther ? listPasses(bodies, subnetId, false, packet, traveller.block, broken) : 'yes'
  const isPublic = at(nat, 'ConnectivityType') !== 'private'
  return through(passes, hops, () =>
    list(at(nat, 'NatGatewayAddresses')).flatMap(entry => {
      const privateAddress = text(at(entry, 'PrivateIp')) ?? ''
      const own = readAddress(privateAddress)
      const publicAddress = text(at(entry, 'PublicIp')) ?? null
      if (own === null) return open(id, hops)
      const itself = {
        kind: 'nat',
        id,
        privateAddress,
        publicAddress: isPublic ? publicAddress : null,
        passed,
      } as const
      const after = {
        ...traveller,
        packet: changed,
        to: four,
        subnet,
        block: oneAddress(own),
        groups: [],
        sender: itself,
      }
      const isOver = to.family === 6 && broken.has('what is translated goes on as IPv4')
      if (isOver || broken.has('a NAT gateway has its own way out'))
        return over('nat', id, publicAddress === null ? [] : [publicAddress], hops)
      return onward.leave(bodies, after)
    }),
  )
}

/** null: it takes no such packet. Echo of one family is echo of the other. Source: RFC 7915, section 5.2. */
const translated = (packet: NetPacket, to: Address, four: Address, broken: Broken): NetPacket | null => {
  const destination = [24n, 16n, 8n, 0n].map(shift => String((four.bits >> shift) & 255n)).join('.')
  const { protocol, type } = packet
  if (protocol === TCP || protocol === UDP || broken.has('a NAT gateway takes TCP, UDP and ICMP'))
    return { ...packet, destination }
  if (to.family === 4) return protocol === ICMP ? { ...packet, destination } : null
  if (protocol !== ICMPV6 || (type !== 128 && type !== 129)) return null
  return { ...packet, destination, protocol: ICMP, type: type === 128 ? 8 : 0 }
}

/** What lies behind it is on-premises. Source: AWS Site-to-Site VPN User Guide, "How AWS Site-to-Site VPN works". */
const passVpn = (bodies: Bodies, traveller: Traveller, id: string): readonly Step[] => {
  const { vpc, hops } = traveller
  const gateway = named(bodies, 'VpnGateways', 'VpnGatewayId', id)
  if (gateway === undefined) return open(id, hops)
  const isUp = isState(at(gateway, 'State'), 'available') && isAttached(gateway, 'VpcAttachments', vpc)
  return isUp ? over('on-premises', id, seenInside(traveller), hops) : lost(hops)
}

/** Source: AWS PrivateLink Guide, "Gateway endpoints". What stands behind a Gateway Load Balancer decides by itself. */
const passEndpoint = (bodies: Bodies, { vpc, hops }: Traveller, id: string): readonly Step[] => {
  const endpoint = named(bodies, 'VpcEndpoints', 'VpcEndpointId', id)
  if (endpoint === undefined || at(endpoint, 'VpcEndpointType') !== 'Gateway') return open(id, hops)
  const isUp = isState(at(endpoint, 'State'), 'available', 'Available') && at(endpoint, 'VpcId') === vpc
  return isUp ? over('private-endpoint', id, [], hops) : lost(hops)
}

/**
 * To the blocks of the other side, and no further: a packet for anything beyond is dropped.
 * Source: Amazon VPC Peering Guide, "VPC peering basics", limitations.
 */
const passPeering = (bodies: Bodies, traveller: Traveller, id: string, onward: Onward): readonly Step[] => {
  const { to, vpc, hops, broken } = traveller
  const peering = named(bodies, 'VpcPeeringConnections', 'VpcPeeringConnectionId', id)
  if (peering === undefined) return open(id, hops)
  const ends = ['RequesterVpcInfo', 'AccepterVpcInfo'].map(key => text(at(peering, key, 'VpcId')) ?? '')
  const isUp = isState(at(peering, 'Status', 'Code'), 'active') || broken.has('a peering must be up')
  const other = ends.find(one => one !== vpc)
  if (!isUp || !ends.includes(vpc) || other === undefined) return lost(hops)
  const network = named(bodies, 'Vpcs', 'VpcId', other)
  if (network === undefined)
    return broken.has('a peer that was not read is open') ? over('peer-network', other, [], hops) : open(other, hops)
  if (!isIn(to, blocksOfVpc(network)))
    return broken.has('a peering leads to the other side only') ? over('peer-network', other, [], hops) : lost(hops)
  return onward.arrive(bodies, traveller, other)
}
