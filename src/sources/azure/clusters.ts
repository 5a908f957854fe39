import type { CloudObject } from '../../model/fabric.ts'
import type { Lowered } from '../aws/lowered.ts'
import type { Item } from './item.ts'
import type { SubnetFact } from './networks.ts'
import { idOf, prop, word, wordsUnder } from './property.ts'

/**
 * A cluster is no object of the network: its nodes are machines, and its word on how they leave is held against their subnets.
 * Source: AKS, “Customize cluster egress with outbound types in AKS”; Azure REST API Reference, ContainerServiceNetworkProfile.
 */
export const lowerCluster = (item: Item, subnets: ReadonlyMap<string, SubnetFact>): Lowered<CloudObject> => {
  const profile = prop(item.body, 'networkProfile')
  const type = word(profile, 'outboundType') ?? 'loadBalancer'
  const named = wordsUnder(item.body, 'agentPoolProfiles').flatMap(pool => idOf(prop(pool, 'vnetSubnetID')) ?? [])
  const read = [...new Set(named)].sort().flatMap(id => subnets.get(id) ?? [])
  const without = (key: 'table' | 'nat'): readonly string[] => read.filter(one => one[key] === null).map(({ id }) => id)
  return { id: item.id, item, value: null, faults: faultsOf(type, without) }
}

const faultsOf = (type: string, without: (key: 'table' | 'nat') => readonly string[]): readonly string[] => {
  const say = (ids: readonly string[], what: string): readonly string[] =>
    ids.map(id => `its outbound type is \`${type}\`, and \`${id}\` has no ${what}`)
  switch (type.toLowerCase()) {
    case 'loadbalancer':
    case 'managednatgateway':
    case 'managednatgatewayv2':
      return []
    case 'userassignednatgateway':
      return say(without('nat'), 'NAT gateway')
    case 'userdefinedrouting':
      return say(without('table'), 'route table')
    case 'none':
    case 'block':
      return [`its outbound type is \`${type}\`: what subnets and groups say counts, and nothing else is evaluated`]
    default:
      return [`its outbound type \`${type}\` is not known`]
  }
}
