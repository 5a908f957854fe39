import type { Gateway } from '../../model/fabric.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import type { AnyCidr } from '../../sets/cidr.ts'
import type { Lowered } from '../aws/lowered.ts'
import type { Collected } from './collect.ts'
import { cloudObject, type Item } from './item.ts'
import { named, prop, rangesOf, word, wordsUnder } from './property.ts'
import { modelId, readResourceId, withinType } from './resource-id.ts'

/** What lies behind a gateway. */
export interface Behind {
  readonly prefixes: readonly AnyCidr[]
  /** False: it learns more than these, or nobody can tell. */
  readonly isWhole: boolean
}

/** Where tunnels and private lines end. Source: Azure REST API Reference, VirtualNetworkGateway. */
export const lowerVnetGateway = (item: Item): Lowered<Gateway> => {
  const network = networkOfGateway(item)
  return {
    id: item.id,
    item,
    value: {
      ...cloudObject(item),
      kind: 'on-premises',
      network,
      subnet: null,
      publicAddresses: [],
      privateAddresses: [],
      takes: null,
      reachesInternet: false,
      filter: null,
      translates: bothFamilies.empty,
      isUp: true,
      isCut: false,
    },
    faults: network === null ? ['it does not say which network it stands in'] : [],
  }
}

const networkOfGateway = ({ body }: Item): string | null => {
  for (const one of wordsUnder(body, 'ipConfigurations')) {
    const subnet = readResourceId(word(one, 'subnet', 'id') ?? '')
    const network = subnet === null ? null : withinType(subnet, 'microsoft.network/virtualnetworks')
    if (network !== null) return modelId(network)
  }
  return null
}

/**
 * A gateway brings what its lines tell it, and what is written for sites and clients. Only tunnels without BGP have no more than what is
 * written.
 * Source: “Virtual network traffic routing”, Optional default routes; VPN Gateway, “About BGP with VPN Gateway”; the output of
 * `az network vnet-gateway list-learned-routes`, whose `Network` is the network’s own.
 */
export const behindOf = (item: Item, collected: Collected): Behind => {
  const learned = collected.wrapped('virtualNetworkGateway', item.id)
  const told = learned
    .filter(({ body }) => word(body, 'origin')?.toLowerCase() !== 'network')
    .flatMap(({ body }) => wordsUnder(body, 'network'))
  const connections = collected
    .in('microsoft.network/connections')
    .filter(({ body }) => named(body, 'virtualNetworkGateway1') === item.id)
  const sites = connections.map(({ body }) => collected.get(named(body, 'localNetworkGateway2') ?? ''))
  const written = sites.flatMap(site =>
    site === undefined ? [] : wordsUnder(prop(site.body, 'localNetworkAddressSpace'), 'addressPrefixes'),
  )
  const clients = wordsUnder(prop(prop(item.body, 'vpnClientConfiguration'), 'vpnClientAddressPool'), 'addressPrefixes')
  const { ranges, faults } = rangesOf([...written, ...clients, ...told])
  const isVpn = word(item.body, 'gatewayType')?.toLowerCase() === 'vpn'
  const isTold = learned.length > 0 || (isVpn && prop(item.body, 'enableBgp') === false)
  // A tunnel may be for a site whose ranges are written, whatever BGP brings: without one, tunnels were not read.
  const areSitesRead = !isVpn || (connections.length > 0 && sites.every(site => site !== undefined))
  return { prefixes: ranges, isWhole: isTold && areSitesRead && faults.length === 0 }
}

/** What would tell what a gateway learns. */
export const LEARNED_READ =
  'the output of `az network vnet-gateway list-learned-routes`, wrapped with the gateway, or of `az network nic show-effective-route-table`, wrapped with the interface'
