import { joined, lost, open, over, type Step, through } from '../fabric/traveller.ts'
import type { From, NetPacket, PacketWay } from '../fabric/types.ts'
import { type Address, type Block, readAddress } from '../ip.ts'
import { at, list } from '../json.ts'
import type { Tri } from '../types.ts'
import { appliance } from './appliances.ts'
import {
  addressesOf,
  type Bodies,
  blocksOfSubnet,
  blocksOfVnet,
  idOf,
  isIn,
  liesIn,
  nameOf,
  nicsAt,
  oneAddress,
  type Resource,
  subnetIdOf,
  vnetIdOf,
  type World,
  worldOf,
} from './documents.ts'
import { toInternet } from './edge.ts'
import { groupOf, groupPasses, hostPasses, isHost, nicsNear } from './filters.ts'
import { gatewayOf, peersOf } from './networks.ts'
import { endpointOf, policiesOf, routed, type Target } from './routes.ts'
import type { Traveller } from './traveller.ts'
import type { Broken } from './types.ts'

const NONE: Broken = new Set()

/**
 * Follows one packet, hop by hop, as the platform documents it: services of the host; groups of the interface and of its subnet; the
 * route; what that leads to; groups at the other end. Where something was not read, every end that fits is kept.
 * `broken` leaves rules out, to see that a comparison notices.
 */
export const packetWay = (bodies: Bodies, from: From, packet: NetPacket, broken: Broken = NONE): PacketWay =>
  wayIn(worldOf(bodies), from, packet, broken)

export const wayIn = (world: World, from: From, packet: NetPacket, broken: Broken = NONE): PacketWay =>
  joined(begin(world, from, packet, broken))

const begin = (world: World, from: From, packet: NetPacket, broken: Broken): readonly Step[] => {
  const to = readAddress(packet.destination)
  const sender = world.all.find(one => nameOf(idOf(one)) === from.id)
  if (to === null || sender === undefined) return open(from.id, [])
  const nic = from.kind === 'interface' ? sender : null
  const subnet = nic === null ? sender : world.byId.get(subnetIdOf(nic))
  if (subnet === undefined) return open(from.id, [])
  const vnet = vnetIdOf(subnet)
  const groups = [nic, subnet].flatMap(one => groupOf(one ?? undefined) ?? [])
  const own: readonly Block[] = (nic === null ? blocksOfSubnet(subnet) : addressesOf(nic).map(oneAddress)).filter(
    one => one.family === to.family,
  )
  if (own.length === 0 && !broken.has('who has no address sends nothing')) return lost([])
  const blocks = own.length === 0 ? [{ family: to.family, bits: 0n, length: to.family === 4 ? 32 : 128 } as const] : own
  return blocks.flatMap(block => {
    const ends = [
      { block, nics: nic === null ? null : [nic] },
      { block: oneAddress(to), nics: nicsNear(world, vnet, to) },
    ] as const
    if (isHost(packet.destination) && !broken.has('the host is kept from nobody')) {
      const passes = groups.map(id => hostPasses(world, id, subnet, ends[0], packet, broken))
      return throughAll(passes, () => over('provider-managed', nameOf(vnet), [], []))
    }
    const isInside = isIn(to, blocksOfSubnet(subnet)) && broken.has('groups count inside a subnet')
    const counted = isInside ? [] : broken.has('both groups have to let it pass') ? groups.slice(0, 1) : groups
    const passes = counted.map(id => groupPasses(world, id, subnet, 'Outbound', ends[0], ends[1], packet, broken))
    return throughAll(passes, () =>
      leave({ world, packet, to, subnet, block, nic, vnet, through: null, hops: [], broken }),
    )
  })
}

const throughAll = (passes: readonly Tri[], next: () => readonly Step[]): readonly Step[] =>
  passes.reduceRight<() => readonly Step[]>((then, one) => () => through(one, [], then), next)()

/** Out of a subnet, by its routes, also where the other end is in it. */
export const leave = (traveller: Traveller): readonly Step[] => {
  const { world, to, subnet, broken } = traveller
  const isInside = isIn(to, blocksOfSubnet(subnet)) && broken.has('routes inside a subnet count')
  const targets = isInside ? [{ kind: 'local' } as const] : routed(world, subnet, to, broken)
  return targets.flatMap(target => follow(traveller, target))
}

const follow = (traveller: Traveller, target: Target): readonly Step[] => {
  const own = vnetIdOf(traveller.subnet)
  switch (target.kind) {
    case 'open':
      return open(null, [])
    case 'drop':
      return lost([])
    case 'local':
      return arrive(traveller, own, false)
    case 'internet':
      return toInternet(traveller)
    case 'service':
      return over('private-endpoint', target.service, [], [])
    case 'gateway':
      return toGateway(traveller, target.id)
    case 'endpoint':
      return arrive(traveller, target.network, target.network !== own)
    case 'peer':
      return arrive(traveller, target.network, true)
    case 'appliance':
      return appliance(traveller, target.address, { leave, arrive })
  }
}

/**
 * A gateway takes what other networks send where both halves of the peering agree, however it came there.
 * Source: "Create, change, or delete a virtual network peering", Use remote gateways.
 */
const toGateway = (traveller: Traveller, id: string): readonly Step[] => {
  const { world, subnet, vnet, through: by, broken } = traveller
  const from = world.byId.get(vnet)
  const isForeign =
    by === null && vnet !== vnetIdOf(subnet) && from !== undefined && !broken.has('who passes a firewall is foreign')
  const its = isForeign ? gatewayOf(world, from, broken) : null
  if (its === 'unread') return open(nameOf(id), [])
  return isForeign && its?.id !== id ? lost([]) : over('on-premises', nameOf(id), seenInside(traveller), [])
}

/** A firewall that put its own address on a packet is seen by that. */
const seenInside = ({ through: by }: Traveller): readonly string[] => by?.privateAddresses ?? []

/** Into a network, over a peering or not: the groups of the subnet there, and of the interface, if one is known. */
export const arrive = (traveller: Traveller, vnetId: string, isOver: boolean): readonly Step[] => {
  const { world, to, packet, block, nic, broken, subnet: from } = traveller
  const here = world.byId.get(vnetIdOf(from))
  const peer =
    isOver && here !== undefined ? peersOf(world, here, broken).find(({ network }) => network === vnetId) : undefined
  if (isOver && (peer === undefined || !peer.hasAccess)) return open(vnetId, [])
  const vnet = world.byId.get(vnetId)
  if (vnet === undefined || !isIn(to, blocksOfVnet(vnet))) return open(vnetId, [])
  if (isOver && here !== undefined && !broken.has('who passes a firewall is foreign')) {
    // What did not begin in the network that it comes from, and what an unread firewall made of it, has to be let in.
    const isForeign = !blocksOfVnet(here).some(one => liesIn(block, one) === 'yes')
    const back = list(at(vnet, 'virtualNetworkPeerings')).find(
      half => at(half, 'remoteVirtualNetwork', 'id')?.toString().toLowerCase() === idOf(here),
    )
    if (isForeign && at(back, 'allowForwardedTraffic') !== true) return lost([])
  }
  const there = list(at(vnet, 'subnets'))
    .map(one => world.byId.get(idOf(one)))
    .find(one => one !== undefined && isIn(to, blocksOfSubnet(one)))
  if (there === undefined) return open(null, [])
  const nics = nicsAt(world, vnetId, to)
  const endpoint = nics.map(one => endpointOf(world, one)).find(one => one !== null) ?? null
  const source = {
    block,
    nics:
      nic === null || traveller.through !== null
        ? traveller.through === null
          ? null
          : []
        : vnetId === traveller.vnet
          ? [nic]
          : nicsNear(world, vnetId, blockStart(block)),
  }
  const own = { block: oneAddress(to), nics: nics.length === 0 ? null : nics }
  const isFiltered = endpoint === null || hasPolicies(world, nics, broken)
  const groups = isFiltered ? [there, ...nics].flatMap(one => groupOf(one) ?? []) : []
  const passes = broken.has('groups at the other end')
    ? []
    : groups.map(id => groupPasses(world, id, there, 'Inbound', own, source, packet, broken))
  return throughAll(passes, () =>
    endpoint === null
      ? over('peer-network', nameOf(vnetId), seenInside(traveller), [])
      : over('private-endpoint', nameOf(endpoint), [], []),
  )
}

const blockStart = ({ family, bits }: Block): Address => ({ family, bits })

/** Source: Azure Private Link, "Manage network policies for private endpoints": by default no group counts there. */
const hasPolicies = (world: World, nics: readonly Resource[], broken: Broken): boolean =>
  broken.has('groups of private endpoints by policy') ||
  nics.some(nic => ['enabled', 'networksecuritygroupenabled'].includes(policiesOf(world, nic)))
