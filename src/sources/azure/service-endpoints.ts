import type { Endpoint } from '../../model/fabric.ts'
import type { AnyCidr } from '../../sets/cidr.ts'
import type { ServiceEndpoint, SubnetFact } from './networks.ts'
import type { ServiceTags } from './service-tags.ts'

/** Tags whose blocks are those of the routes. Source: “Virtual Network service endpoints”; “Virtual network service tags”, notes. */
const TAGS: Readonly<Record<string, string>> = {
  'microsoft.storage': 'Storage',
  'microsoft.storage.global': 'Storage',
  'microsoft.sql': 'Sql',
  'microsoft.azurecosmosdb': 'AzureCosmosDB',
  'microsoft.keyvault': 'AzureKeyVault',
  'microsoft.servicebus': 'ServiceBus',
  'microsoft.eventhub': 'EventHub',
  'microsoft.azureactivedirectory': 'AzureActiveDirectory',
  'microsoft.web': 'AppService',
  'microsoft.cognitiveservices': 'CognitiveServicesManagement',
  'microsoft.containerregistry': 'AzureContainerRegistry',
}

export const endpointIdOf = ({ id }: Pick<SubnetFact, 'id'>, { service }: ServiceEndpoint): string =>
  `azure:service-endpoint/${id.slice('azure:subnet/'.length)}/${service.toLowerCase()}`

/** Of all endpoints of a subnet together, where routes are shown that do not say which they are of. */
export const servicesIdOf = ({ id }: Pick<SubnetFact, 'id'>): string =>
  `azure:service-endpoint/${id.slice('azure:subnet/'.length)}`

/** Of the regions that the endpoint is for, or of all of them; null: no document tells. */
export const blocksOfEndpoint = (
  { service, locations }: ServiceEndpoint,
  tags: ServiceTags,
): readonly AnyCidr[] | null => {
  const tag = TAGS[service.toLowerCase()]
  if (tag === undefined) return null
  const places = locations.filter(place => place !== '*')
  if (places.length === 0 || places.length < locations.length) return tags.get(tag)
  const regional = places.map(place => tags.get(`${tag}.${place}`))
  return regional.includes(null) ? tags.get(tag) : regional.flatMap(one => one ?? [])
}

/** A way to a service without a resource of its own: the subnet that has it says so. */
export const serviceEndpointsIn = (subnets: readonly SubnetFact[]): readonly Endpoint[] =>
  subnets.flatMap(subnet =>
    subnet.serviceEndpoints.map(one => ({
      id: endpointIdOf(subnet, one),
      name: one.service,
      account: subnet.account,
      region: subnet.region,
      origin: subnet.origin,
      at: subnet.at,
      network: subnet.network,
      service: one.service,
      by: 'target' as const,
      policy: null,
    })),
  )
