import type { Block } from '../ip.ts'
import { at, list, text } from '../json.ts'
import type { Json } from '../types.ts'
import { blocksOf, blocksOfVnet, idOf, nameOf, ofType, type Resource, refOf, type World } from './documents.ts'
import type { Broken } from './types.ts'

/** One half of a peering, as its network tells it. */
export interface Peer {
  readonly network: string
  /** null: the other network was not read. */
  readonly vnet: Resource | null
  readonly blocks: readonly Block[]
  /** False: what it does without access is in no document. */
  readonly hasAccess: boolean
  /** Of its own half: it takes what others pass on. */
  readonly takesForwarded: boolean
}

const halvesOf = (vnet: Resource): readonly Json[] => list(at(vnet, 'virtualNetworkPeerings'))
const isUp = (half: Json | undefined): boolean => at(half, 'peeringState') === 'Connected'

/**
 * Networks beside one. Source: Azure Virtual Network, "Virtual network peering": each network has a half, and both are `Connected`
 * where it works; "Create, change, or delete a peering", Allow virtual network access: with it `VirtualNetwork` holds the peer, too.
 */
export const peersOf = (world: World, vnet: Resource, broken: Broken): readonly Peer[] =>
  halvesOf(vnet).flatMap(half => {
    const network = refOf(half, 'remoteVirtualNetwork')
    if (network === null || (!isUp(half) && !broken.has('a peering must be up'))) return []
    const other = world.byId.get(network) ?? null
    const back = other === null ? undefined : halfToward(other, idOf(vnet))
    if (other !== null && !isUp(back) && !broken.has('a peering must be up')) return []
    const told = list(at(half, 'remoteAddressSpace', 'addressPrefixes'))
    return [
      {
        network,
        vnet: other,
        blocks: other === null ? blocksOf(told) : blocksOfVnet(other),
        hasAccess: [half, back].every(one => at(one, 'allowVirtualNetworkAccess') !== false),
        takesForwarded: at(half, 'allowForwardedTraffic') === true,
      },
    ]
  })

const halfToward = (vnet: Resource, other: string): Json | undefined =>
  halvesOf(vnet).find(half => refOf(half, 'remoteVirtualNetwork') === other)

/** A gateway that a network leaves by. null: there may be one that was not read. */
export interface Gateway {
  readonly id: string
  /** Prefixes behind it. */
  readonly behind: readonly Block[]
  /** False: there may be more. */
  readonly isWhole: boolean
}

/**
 * Its own one, or that of a peer where both halves agree. Source: "Configure VPN gateway transit for virtual network peering".
 * A gateway stands in `GatewaySubnet`, which tells who has addresses there.
 */
export const gatewayOf = (world: World, vnet: Resource, broken: Broken): Gateway | null | 'unread' => {
  const own = gatewayIn(world, vnet)
  if (own !== null) return own
  for (const peer of peersOf(world, vnet, broken)) {
    const half = halvesOf(vnet).find(one => refOf(one, 'remoteVirtualNetwork') === peer.network)
    if (at(half, 'useRemoteGateways') !== true) continue
    if (peer.vnet === null) return gatewayAt(world, peer.network) ?? 'unread'
    const allows = at(halfToward(peer.vnet, idOf(vnet)), 'allowGatewayTransit') === true
    if (allows) return gatewayIn(world, peer.vnet)
  }
  if (broken.has('gateways of peers by consent'))
    return (
      peersOf(world, vnet, broken).flatMap(({ vnet: other }) =>
        other === null ? [] : (gatewayIn(world, other) ?? []),
      )[0] ?? null
    )
  return null
}

const gatewayIn = (world: World, vnet: Resource): Gateway | null | 'unread' => {
  const place = list(at(vnet, 'subnets')).find(one => nameOf(idOf(one)) === 'gatewaysubnet')
  if (place === undefined || list(at(place, 'ipConfigurations')).length === 0) return null
  return gatewayAt(world, idOf(vnet)) ?? 'unread'
}

const gatewayAt = (world: World, network: string): Gateway | null => {
  const gateway = ofType(world, 'virtualnetworkgateways').find(one =>
    list(at(one, 'ipConfigurations')).some(config => refOf(config, 'subnet')?.startsWith(`${network}/subnets/`)),
  )
  return gateway === undefined ? null : { id: idOf(gateway), ...behindOf(world, gateway) }
}

/** Of a site by its ranges, of BGP by what was learned. Source: VPN Gateway, "About BGP"; REST API, LocalNetworkGateway. */
const behindOf = (world: World, gateway: Resource): Pick<Gateway, 'behind' | 'isWhole'> => {
  const tunnels = ofType(world, 'connections').filter(one => refOf(one, 'virtualNetworkGateway1') === idOf(gateway))
  const sites = tunnels.map(one => world.byId.get(refOf(one, 'localNetworkGateway2') ?? ''))
  const ranges = sites.flatMap(site =>
    site === undefined ? [] : blocksOf(list(at(site, 'localNetworkAddressSpace', 'addressPrefixes'))),
  )
  const learned = world.learned.get(idOf(gateway))
  const prefixes = (learned ?? []).filter(one => text(at(one, 'origin')) !== 'Network').map(one => at(one, 'network'))
  const isTold = at(gateway, 'enableBgp') === false || learned !== undefined
  // A gateway without a tunnel has no use: those were not read.
  return {
    behind: [...ranges, ...blocksOf(prefixes)],
    isWhole: isTold && tunnels.length > 0 && !sites.includes(undefined),
  }
}
