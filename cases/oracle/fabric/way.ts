import { type Address, readAddress } from '../ip.ts'
import { at, text } from '../json.ts'
import type { Tri } from '../types.ts'
import {
  addressesOf,
  allOf,
  type Bodies,
  blocksOfSubnet,
  blocksOfVpc,
  groupsOf,
  interfacesAt,
  isIn,
  isState,
  named,
  oneAddress,
} from './documents.ts'
import { groupsPass, listPasses, type Seen } from './filters.ts'
import { passGateway } from './gateways.ts'
import { routed, tableOf } from './routes.ts'
import { isKept, isService } from './services.ts'
import { joined, lost, open, over, type Step, seenInside, type Traveller, through } from './traveller.ts'
import type { Broken, From, NetPacket, PacketWay } from './types.ts'

const NONE: Broken = new Set()

/**
 * Follows one packet, hop by hop, as the platform documents it: provider services; groups and access list on the way out;
 * the route; what that leads to. Where something was not read, every end that fits is kept.
 * `broken` leaves rules out, to see that a comparison notices.
 */
export const packetWay = (bodies: Bodies, from: From, packet: NetPacket, broken: Broken = NONE): PacketWay =>
  joined(begin(bodies, from, packet, broken))

const begin = (bodies: Bodies, from: From, packet: NetPacket, broken: Broken): readonly Step[] => {
  const to = readAddress(packet.destination)
  if (to === null) return open('the destination cannot be read', [])
  const sender =
    from.kind === 'interface'
      ? named(bodies, 'NetworkInterfaces', 'NetworkInterfaceId', from.id)
      : named(bodies, 'Subnets', 'SubnetId', from.id)
  const subnet =
    sender === undefined ? undefined : named(bodies, 'Subnets', 'SubnetId', text(at(sender, 'SubnetId')) ?? '')
  if (sender === undefined || subnet === undefined) return open(from.id, [])
  const vpcId = text(at(subnet, 'VpcId')) ?? ''
  const vpc = named(bodies, 'Vpcs', 'VpcId', vpcId)
  const isFiltered = broken.has('resolver and metadata are kept from nobody')
  const isTold = vpc !== undefined || !broken.has('metadata needs no document')
  if (isService(vpc, to) && !isFiltered && isTold) return over('provider-managed', vpcId, [], [from.id])
  const sendsAnyway = to.family === 6 && broken.has('who has no IPv6 address sends none')
  if (from.kind === 'subnet') {
    const blocks = blocksOfSubnet(subnet).filter(block => block.family === to.family)
    // Nobody in it has an address of that family.
    if (blocks.length === 0 && !sendsAnyway) return lost([from.id])
    return (blocks.length === 0 ? [NOWHERE] : blocks).flatMap(block =>
      leave(bodies, { packet, to, subnet, vpc: vpcId, block, groups: null, sender: { kind: 'any' }, hops: [], broken }),
    )
  }
  const own = addressesOf(sender).filter(address => address.family === to.family)
  // What has no address of that family sends nothing of it.
  if (own.length === 0 && !sendsAnyway) return lost([from.id])
  const groups = groupsOf(sender)
  const other: Seen = { block: oneAddress(to), groups: groupsNear(bodies, vpcId, to, broken) }
  const passes = groupsPass(bodies, groups, 'IpPermissionsEgress', packet, other, broken)
  return (own.length === 0 ? [NOWHERE] : own).flatMap(address =>
    through(passes, [from.id], () =>
      leave(bodies, {
        packet,
        to,
        subnet,
        vpc: vpcId,
        block: oneAddress(address),
        groups: own.length === 0 ? [] : groups,
        sender: { kind: 'interface', id: from.id, address, interface: sender },
        hops: [from.id],
        broken,
      }),
    ),
  )
}

/**
 * The groups of whoever has an address in a network or in one that it is peered with, whose blocks are others; null: there is
 * room for an interface that was not read.
 */
const groupsNear = (bodies: Bodies, vpc: string, to: Address, broken: Broken): readonly string[] | null => {
  const peers = allOf(bodies, 'VpcPeeringConnections')
    .filter(one => isState(at(one, 'Status', 'Code'), 'active'))
    .map(one => [at(one, 'RequesterVpcInfo') ?? null, at(one, 'AccepterVpcInfo') ?? null])
    .filter(ends => ends.some(end => at(end, 'VpcId') === vpc))
    .flat()
  const near = [...new Set([vpc, ...peers.map(end => text(at(end, 'VpcId')) ?? '')])]
  const all = allOf(bodies, 'Vpcs')
  const byAddress = broken.has('a member is an interface and no address')
  const places = byAddress ? all.map(one => text(at(one, 'VpcId')) ?? '') : near
  const there = places.flatMap(id => interfacesAt(bodies, id, to))
  // Of a network that was not read its peering tells the blocks.
  const told = [...near.map(id => named(bodies, 'Vpcs', 'VpcId', id)), ...peers].flatMap(one => one ?? [])
  const hasRoom = broken.has('an interface that was not read may be anywhere in its network')
    ? all.some(one => isIn(to, blocksOfVpc(one))) &&
      !all.some(one => interfacesAt(bodies, text(at(one, 'VpcId')) ?? '', to).length > 0)
    : told.some(one => isIn(to, blocksOfVpc(one)))
  return there.length === 0 && hasRoom ? null : there.flatMap(groupsOf)
}

/** Out of a subnet: what is in it is there without routes or lists. */
export const leave = (bodies: Bodies, traveller: Traveller): readonly Step[] => {
  const { subnet, to, packet, hops, broken } = traveller
  if (isKept(to) && !broken.has('blocks of the provider are not routed')) return lost(hops)
  const isInside = isIn(to, blocksOfSubnet(subnet))
  const isRouted = !isInside || broken.has('what stays in a subnet is not routed')
  const isListed = !isInside || broken.has('a subnet’s list is not for what stays inside')
  const id = text(at(subnet, 'SubnetId')) ?? ''
  const passes: Tri = isListed ? listPasses(bodies, id, true, packet, oneAddress(to), broken) : 'yes'
  return through(passes, hops, () => {
    if (!isRouted) return arrive(bodies, traveller, traveller.vpc)
    const table = tableOf(bodies, subnet, broken)
    const past = table === undefined ? hops : [...hops, text(at(table, 'RouteTableId')) ?? '']
    return routed(bodies, table, to, broken).flatMap(target => {
      if (target === null) return open(null, past)
      if (target.kind === 'nowhere') return lost(past)
      if (target.kind === 'local') return arrive(bodies, { ...traveller, hops: past }, traveller.vpc)
      return passGateway(bodies, { ...traveller, hops: [...past, target.id] }, target.id, { arrive, leave })
    })
  })
}

/** Into the subnet of a network that has the address: its list, then the groups of the interface there, if one is known. */
export const arrive = (bodies: Bodies, traveller: Traveller, vpc: string): readonly Step[] => {
  const { to, packet, block, hops, broken } = traveller
  const groups = groupsSeen(bodies, traveller)
  const there = allOf(bodies, 'Subnets').find(one => at(one, 'VpcId') === vpc && isIn(to, blocksOfSubnet(one)))
  if (there === undefined) return open(null, hops)
  const id = text(at(there, 'SubnetId')) ?? ''
  const isOther = id !== at(traveller.subnet, 'SubnetId')
  const isListed = isOther && !broken.has('a list at both edges')
  const passes: Tri = isListed ? listPasses(bodies, id, false, packet, block, broken) : 'yes'
  return through(passes, hops, () => {
    const end = () => over('peer-network', vpc, seenInside(traveller), [...hops, id])
    const filtered = interfacesAt(bodies, vpc, to).map(groupsOf)
    if (broken.has('filters at the other end')) return end()
    return filtered.reduce<() => readonly Step[]>(
      (next, those) => () =>
        through(groupsPass(bodies, those, 'IpPermissions', packet, { block, groups }, broken), hops, next),
      end,
    )()
  })
}

/** Of the interface itself: another of its address, elsewhere, is another. */
const groupsSeen = (bodies: Bodies, { sender, groups, broken }: Traveller): readonly string[] | null =>
  sender.kind === 'interface' && broken.has('a member is an interface and no address')
    ? allOf(bodies, 'NetworkInterfaces')
        .filter(one => addressesOf(one).some(own => isIn(own, [oneAddress(sender.address)])))
        .flatMap(groupsOf)
    : groups

/** Where nobody is: a sender without an address. */
const NOWHERE = { family: 6, bits: -1n, length: 128 } as const
