import type { Network, NetworkInterface } from '../../model/fabric.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import type { AnyAddress, AnyCidr } from '../../sets/cidr.ts'
import type { Members } from './filters.ts'
import type { GroupFilters } from './group-filters.ts'
import type { BalancerFact } from './load-balancers.ts'
import type { SubnetFact } from './networks.ts'
import type { NicFact } from './nic-facts.ts'
import { balancersOf } from './outward.ts'

/**
 * The group of the interface and that of its subnet both have to let a packet pass. A private endpoint has neither unless its subnet
 * says so. Source: “How network security groups filter network traffic”; Azure Private Link, “Manage network policies for private endpoints”.
 */
export const interfaceOf = (
  nic: NicFact,
  subnet: SubnetFact | undefined,
  filters: GroupFilters,
  balancers: readonly BalancerFact[],
): NetworkInterface => {
  const isFree = nic.privateEndpoint !== null && subnet?.filtersEndpoints !== true
  const groups = isFree ? [] : [nic.group, subnet?.group ?? null].flatMap(group => group ?? [])
  return {
    id: nic.id,
    name: nic.name,
    account: nic.account,
    region: nic.region,
    origin: nic.origin,
    at: nic.at,
    subnet: nic.subnet,
    of: nic.of,
    addresses: nic.addresses,
    untold: nic.untold,
    publicAddresses: nic.publicAddresses,
    filters: [...new Set(groups.map(group => filters.idFor(group, nic.subnet)))],
    forwards: nic.forwards,
    table: null,
    balancers: balancersOf(nic, balancers),
  }
}

/** Who is in application security groups, by what interfaces say. */
export const applicationsIn = (nics: readonly NicFact[]): ((id: string) => Members | null) => {
  const byGroup = new Map<string, NicFact[]>()
  for (const nic of nics) for (const group of nic.applications) byGroup.set(group, [...(byGroup.get(group) ?? []), nic])
  return id => {
    const members = byGroup.get(id)
    if (members === undefined) return null
    return {
      addresses: addressesOfCidrs(members.flatMap(({ addresses }) => addresses.map(wholeOf))),
      isOpen: members.some(({ untold }) => untold.length > 0),
    }
  }
}

/**
 * Addresses of networks that no interface has there, as far as any was read. Where two networks have the same one, each of them has to
 * have somebody there.
 */
export const roomIn = (
  networks: readonly Network[],
  nics: readonly NicFact[],
  networkOf: (subnet: string) => string | null,
): Addresses => {
  const byNetwork = Map.groupBy(nics, ({ subnet }) => networkOf(subnet))
  return networks
    .map(({ id, ranges }) => {
      const held = (byNetwork.get(id) ?? []).flatMap(({ addresses }) => addresses.map(wholeOf))
      return bothFamilies.subtract(addressesOfCidrs(ranges), addressesOfCidrs(held))
    })
    .reduce(bothFamilies.union, bothFamilies.empty)
}

const wholeOf = (address: AnyAddress): AnyCidr =>
  address.family === 4 ? { ...address, prefix: 32 } : { ...address, prefix: 128 }
