import type { CloudObject, Network } from '../../model/fabric.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import type { AnyCidr } from '../../sets/cidr.ts'
import type { Lowered } from '../aws/lowered.ts'
import { cloudObject, type Item } from './item.ts'
import { named, prop, rangesOf, word, wordsUnder } from './property.ts'
import { modelId, parentOf } from './resource-id.ts'

/**
 * What the provider answers at itself, groups and routes of subnets may take away, so that it stands there.
 * Source: Azure REST API Reference, VirtualNetwork.
 */
export const lowerVnet = (item: Item): Lowered<Network> => {
  const written = wordsUnder(prop(item.body, 'addressSpace'), 'addressPrefixes')
  const { ranges, faults } = rangesOf(written)
  return {
    id: item.id,
    item,
    value: {
      ...cloudObject(item),
      ranges,
      ownServices: bothFamilies.empty,
      mainTable: null,
      internetDoubts: [],
    },
    faults: [...faults, ...(written.length === 0 ? ['its address space was not read'] : [])],
  }
}

/** What a subnet’s own document says. The names are ids, whether what they stand for was read or not. */
export interface SubnetFact extends CloudObject {
  readonly network: string
  readonly ranges: readonly AnyCidr[]
  readonly rangesAreKnown: boolean
  readonly group: string | null
  readonly table: string | null
  readonly nat: string | null
  /** Whether machines without a way out of their own are lent an address. */
  readonly lends: boolean
  readonly serviceEndpoints: readonly ServiceEndpoint[]
  /** Whether groups, and routes, count for private endpoints in it. */
  readonly filtersEndpoints: boolean
  readonly routesEndpoints: boolean
  /** Something stands in it: of a gateway’s subnet, that there is one. */
  readonly isUsed: boolean
}

export interface ServiceEndpoint {
  /** `Microsoft.Storage` */
  readonly service: string
  readonly locations: readonly string[]
}

/**
 * Without a word on `defaultOutboundAccess` a subnet has it: what makes new networks without it says `false`.
 * Source: Azure REST API Reference, Subnet; Default outbound access in Azure, “FAQs: Default behavior change to private subnets”.
 */
export const lowerSubnetFact = (item: Item): Lowered<SubnetFact> => {
  const { body } = item
  const around = parentOf(item.resource)
  const { ranges, faults } = rangesOf([...new Set(wordsUnder(body, 'addressPrefix', 'addressPrefixes'))])
  const policies = word(body, 'privateEndpointNetworkPolicies')?.toLowerCase() ?? 'disabled'
  const isBare = ranges.length === 0 && faults.length === 0
  const unread = ['networkSecurityGroup', 'routeTable', 'natGateway'].filter(
    key => prop(body, key) !== undefined && named(body, key) === null,
  )
  return {
    id: item.id,
    item,
    value:
      around === null
        ? null
        : {
            ...cloudObject(item),
            network: modelId(around),
            ranges,
            rangesAreKnown: faults.length === 0 && !isBare,
            group: referenceIn(item, 'networkSecurityGroup', 'nsg'),
            table: referenceIn(item, 'routeTable', 'route-table'),
            nat: referenceIn(item, 'natGateway', 'nat-gateway'),
            lends:
              prop(body, 'defaultOutboundAccess') !== false && !ISOLATED.includes(item.resource.names.at(-1) ?? ''),
            serviceEndpoints: endpointsIn(item),
            filtersEndpoints: ['enabled', 'networksecuritygroupenabled'].includes(policies),
            routesEndpoints: ['enabled', 'routetableenabled'].includes(policies),
            isUsed: wordsUnder(body, 'ipConfigurations').length > 0,
          },
    faults: [
      ...faults,
      ...(isBare ? ['its ranges were not read'] : []),
      ...unread.map(key => `its \`${key}\` cannot be read`),
    ],
  }
}

/** Where the provider’s own gateways stand, no machine is lent an address. */
const ISOLATED = ['azurefirewallsubnet', 'azurefirewallmanagementsubnet', 'gatewaysubnet', 'routeserversubnet']

/** A name that nothing has where something is named that cannot be read. */
const referenceIn = ({ body }: Item, key: string, noun: string): string | null =>
  prop(body, key) === undefined ? null : (named(body, key) ?? `azure:${noun}/unread`)

const endpointsIn = ({ body }: Item): readonly ServiceEndpoint[] =>
  wordsUnder(body, 'serviceEndpoints').flatMap(one => {
    const service = word(one, 'service')
    if (service === null) return []
    const locations = wordsUnder(one, 'locations').flatMap(place =>
      typeof place === 'string' ? [place.toLowerCase().replaceAll(' ', '')] : [],
    )
    return [{ service, locations }]
  })

/** Of which documents differ: its table, its group and its way out may be either. */
export const doubtfulSubnet = (kept: SubnetFact): SubnetFact => ({
  ...kept,
  group: 'azure:nsg/unread',
  table: 'azure:route-table/unread',
})
