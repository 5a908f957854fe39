import type { Gateway } from '../../model/fabric.ts'
import { field, type Json, list } from '../../model/json.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import type { AnyAddress } from '../../sets/cidr.ts'
import { ICMP, ICMPV6, TCP, UDP } from '../../sets/protocol.ts'
import { protocolTraffic, unionOfTraffics } from '../../sets/traffic.ts'
import { addressIn, cloudObject, type Item, idIn, wordIn } from './item.ts'
import type { Lowered } from './lowered.ts'
import { standingOf } from './standing.ts'

/**
 * A public one reaches the internet, which is what one is that does not say; a private one translates toward other networks. A
 * regional one stands in no subnet and has a table of its own, which it leaves by.
 * Source: EC2 API Reference, NatGateway, NatGatewayAddress; VPC User Guide, “Regional NAT gateways for automatic multi-AZ expansion”.
 */
export const lowerNatGateway = (item: Item): Lowered<Gateway> => {
  const { body } = item
  const object = cloudObject('NatGateways', item)
  const network = idIn('Vpcs', body, 'VpcId')
  const subnet = idIn('Subnets', body, 'SubnetId')
  const { isUp, fault } = standingOf(wordIn(body, 'State'), ['available', 'pending', 'deleting'], ['failed', 'deleted'])
  const connectivity = wordIn(body, 'ConnectivityType') ?? 'public'
  const isRegional = wordIn(body, 'AvailabilityMode') === 'regional'
  // What was never assigned is nobody’s address.
  const held = list(field(body, 'NatGatewayAddresses')).filter(one => wordIn(one, 'Status') !== 'failed')
  const outside = addressesUnder(held, 'PublicIp')
  const inside = addressesUnder(held, 'PrivateIp')
  const value: Gateway = {
    ...object,
    kind: 'nat',
    network,
    subnet,
    publicAddresses: outside.addresses,
    privateAddresses: inside.addresses,
    takes: TAKEN,
    filter: null,
    translates: bothFamilies.full,
    reachesInternet: connectivity !== 'private',
    isUp,
    isCut: false,
  }
  // Without its subnet nobody knows the table that it leaves by: better not read than taken for a regional one.
  const isLost = network === null || (subnet === null && !isRegional)
  return {
    id: object.id,
    item,
    value: isLost ? null : value,
    faults: [
      ...(fault === null ? [] : [fault]),
      ...(isLost ? ['it does not say where it stands'] : []),
      ...(isRegional ? ['it is regional: the route table of its own is not evaluated'] : []),
      ...(connectivity === 'public' || connectivity === 'private'
        ? []
        : [`its connectivity \`${connectivity}\` is not known: taken for public`]),
      ...(list(field(body, 'AttachedAppliances')).length > 0 ? ['what its appliances refuse is not evaluated'] : []),
      ...outside.faults,
      ...inside.faults,
    ],
  }
}

/** Source: VPC User Guide, “NAT gateway basics”; for IPv6 the same of what it translates. */
const TAKEN = unionOfTraffics([TCP, UDP, ICMP, ICMPV6].map(protocolTraffic))

const addressesUnder = (
  held: readonly Json[],
  key: string,
): { readonly addresses: readonly AnyAddress[]; readonly faults: readonly string[] } => {
  const reads = held.filter(one => (field(one, key) ?? null) !== null).map(one => addressIn(one, key))
  return {
    addresses: reads.flatMap(read => (read.kind === 'read' ? [read.value] : [])),
    faults: reads.flatMap(read => (read.kind === 'refused' ? [`an address cannot be read: ${read.why}`] : [])),
  }
}
