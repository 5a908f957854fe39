import type { Endpoint } from '../../model/fabric.ts'
import type { AnyAddress } from '../../sets/cidr.ts'
import type { Lowered } from '../aws/lowered.ts'
import type { Collected } from './collect.ts'
import { cloudObject, type Item } from './item.ts'
import type { SubnetFact } from './networks.ts'
import type { NicFact } from './nic-facts.ts'
import { addressIn, idOf, named, prop, word, wordsUnder } from './property.ts'
import { modelId, readResourceId, withinType } from './resource-id.ts'

/** Source: Azure REST API Reference, PrivateEndpoint. */
export const lowerPrivateEndpoint = (item: Item): Lowered<Endpoint> => {
  const subnet = readResourceId(word(item.body, 'subnet', 'id') ?? '')
  const network = subnet === null ? null : withinType(subnet, 'microsoft.network/virtualnetworks')
  const connections = wordsUnder(item.body, 'privateLinkServiceConnections', 'manualPrivateLinkServiceConnections')
  const [group] = connections.flatMap(one => wordsUnder(one, 'groupIds'))
  const [service] = connections.flatMap(one => word(one, 'privateLinkServiceId') ?? [])
  return {
    id: item.id,
    item,
    value:
      network === null
        ? null
        : {
            ...cloudObject(item),
            network: modelId(network),
            service: typeof group === 'string' ? group : (readResourceId(service ?? '')?.type ?? 'private link'),
            by: 'interface',
            policy: null,
          },
    faults: network === null ? ['it does not say which subnet it is in'] : [],
  }
}

/** Interfaces that an endpoint names as its own, whatever they say themselves. */
export const endpointsOfNics = (collected: Collected): ReadonlyMap<string, string> =>
  new Map(
    collected.in('microsoft.network/privateendpoints').flatMap(item =>
      wordsUnder(item.body, 'networkInterfaces').flatMap(one => {
        const nic = idOf(prop(one, 'id'))
        return nic === null ? [] : [[nic, item.id] as const]
      }),
    ),
  )

export interface EndpointAddress {
  readonly address: AnyAddress
  readonly network: string
}

/**
 * Each address is a route of its own in its network and in those beside it, unless the subnet has routes count for endpoints, too.
 * Where the interface was not read, the endpoint tells what names are to be resolved to.
 * Source: Azure Private Link, “Manage network policies for private endpoints”; “Virtual network traffic routing”.
 */
export const endpointAddresses = (
  collected: Collected,
  nics: readonly NicFact[],
  subnets: ReadonlyMap<string, SubnetFact>,
): readonly EndpointAddress[] => [
  ...collected.in('microsoft.network/privateendpoints').flatMap(item => {
    const subnet = subnets.get(named(item.body, 'subnet') ?? '')
    if (subnet === undefined || subnet.routesEndpoints || collected.get(item.id) !== item) return []
    const own = nics.filter(({ of }) => of === item.id).flatMap(({ addresses }) => addresses)
    const told = wordsUnder(item.body, 'customDnsConfigs').flatMap(one =>
      wordsUnder(one, 'ipAddresses').flatMap(address => addressIn({ address }, 'address') ?? []),
    )
    return (own.length > 0 ? own : told).map(address => ({ address, network: subnet.network }))
  }),
  // Of one that was not read its interface tells.
  ...nics.flatMap(({ privateEndpoint, subnet: id, addresses }) => {
    const subnet = subnets.get(id)
    if (privateEndpoint === null || collected.get(privateEndpoint) !== undefined) return []
    if (subnet === undefined || subnet.routesEndpoints) return []
    return addresses.map(address => ({ address, network: subnet.network }))
  }),
]
