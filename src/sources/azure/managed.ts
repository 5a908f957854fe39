import type { CloudObject, ManagedWorkload } from '../../model/fabric.ts'
import { addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import type { Lowered } from '../aws/lowered.ts'
import { RFC_1918 } from './blocks.ts'
import type { Collected } from './collect.ts'
import { cloudObject, type Item } from './item.ts'
import type { NicFact } from './nic-facts.ts'
import { idOf, named, prop, word } from './property.ts'

/** What runs without machines of its own, with the subnet that it sends into; null: none. */
export interface Managed {
  readonly lowered: Lowered<ManagedWorkload>
  readonly subnet: string | null
}

/**
 * Into the network goes what is for private addresses, or everything. What a subnet’s service endpoints are for goes there, too.
 * Source: App Service, “Integrate your app with an Azure virtual network”, Application routing; Azure REST API Reference, Site,
 * OutboundVnetRouting.
 */
export const lowerSite = (item: Item): Managed => {
  const { body } = item
  const subnet = idOf(prop(body, 'virtualNetworkSubnetId'))
  const routing = prop(body, 'outboundVnetRouting')
  const flags = [
    prop(routing, 'allTraffic'),
    prop(routing, 'applicationTraffic'),
    prop(body, 'vnetRouteAllEnabled'),
    prop(prop(body, 'siteConfig'), 'vnetRouteAllEnabled'),
  ]
  const isTold = flags.some(flag => typeof flag === 'boolean')
  const inEnvironment = named(body, 'hostingEnvironmentProfile') !== null
  const isFunction = (word(body, 'kind') ?? '').toLowerCase().includes('functionapp')
  const why = inEnvironment
    ? 'it runs in an App Service Environment, whose network is not evaluated'
    : subnet !== null && !isTold
      ? 'whether all of what it sends goes into its network was not read'
      : null
  return {
    subnet,
    lowered: {
      id: item.id,
      item,
      value: {
        ...cloudObject(item),
        kind: isFunction ? 'function' : 'app',
        pinned:
          subnet === null ? bothFamilies.empty : flags.includes(true) ? bothFamilies.full : addressesOfCidrs(RFC_1918),
        doubts: why === null ? [] : [{ level: 'unknown', why, settledBy: 'the output of `az webapp show`' }],
      },
      faults: why === null ? [] : [why],
    },
  }
}

/**
 * All of what it sends leaves by the subnet of its environment, where that has one.
 * Source: Azure Container Apps, “Networking in Azure Container Apps environment”.
 */
export const lowerContainerApp = (item: Item, collected: Collected): Managed => {
  const reference = idOf(prop(item.body, 'managedEnvironmentId')) ?? idOf(prop(item.body, 'environmentId'))
  const environment = collected.get(reference ?? '')
  const subnet = idOf(prop(prop(environment?.body, 'vnetConfiguration'), 'infrastructureSubnetId'))
  const why = environment === undefined ? 'the environment that it runs in was not read' : null
  return {
    subnet,
    lowered: {
      id: item.id,
      item,
      value: {
        ...cloudObject(item),
        kind: 'container',
        pinned: subnet === null ? bothFamilies.empty : bothFamilies.full,
        doubts: why === null ? [] : [{ level: 'unknown', why, settledBy: 'the output of `az containerapp env list`' }],
      },
      faults: why === null ? [] : [why],
    },
  }
}

/** It sends by addresses of the subnet that nobody is told. */
export const nicOf = ({ lowered, subnet }: Managed): readonly NicFact[] =>
  subnet === null
    ? []
    : [
        {
          ...aboutOf(lowered),
          id: `azure:nic/${lowered.id.replace(/^azure:[^/]+\//, '')}/integration`,
          name: 'integration',
          subnet,
          of: lowered.id,
          addresses: [],
          untold: [4],
          publicAddresses: [],
          hidesPublic: false,
          group: null,
          forwards: false,
          applications: [],
          pools: [],
          privateEndpoint: null,
        },
      ]

const aboutOf = ({ item, id }: Managed['lowered']): CloudObject => ({
  id,
  name: null,
  account: null,
  region: null,
  origin: item.origin,
  at: item.at,
})
