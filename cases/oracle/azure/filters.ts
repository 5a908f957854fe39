import type { NetPacket } from '../fabric/types.ts'
import { type Address, type Block, inBlock, readAddress } from '../ip.ts'
import { at, integer, list, text } from '../json.ts'
import { every, some, tri } from '../three.ts'
import { ICMP, type Json, TCP, type Tri, UDP } from '../types.ts'
import {
  applicationsOf,
  blockOf,
  blocksOf,
  blocksOfVnet,
  idOf,
  isIn,
  liesIn,
  nicsAt,
  type Resource,
  refOf,
  vnetIdOf,
  type World,
} from './documents.ts'
import { gatewayOf, peersOf } from './networks.ts'
import { destinationsOf, tableOf } from './routes.ts'
import type { Broken } from './types.ts'

export type Direction = 'Inbound' | 'Outbound'
/** One end as a rule sees it. `networks`: where it may be; null nic: nobody knows which interface that is. */
export interface End {
  readonly block: Block
  readonly nics: readonly Resource[] | null
}

/** What it takes to read a rule: the subnet whose meaning of tags counts, and both ends. */
interface Reading {
  readonly world: World
  readonly subnet: Resource
  readonly own: End
  readonly other: End
  readonly packet: NetPacket
  readonly broken: Broken
}

/**
 * The rule with the lowest number that matches decides, the default ones last. Source: "Azure network security groups overview",
 * Security rules, Default security rules.
 */
export const groupPasses = (
  world: World,
  id: string,
  subnet: Resource,
  direction: Direction,
  own: End,
  other: End,
  packet: NetPacket,
  broken: Broken,
): Tri => {
  const group = world.byId.get(id)
  if (group === undefined) return 'unknown'
  return decided(rulesOf(group, direction, broken), rule =>
    matches(rule, direction, { world, subnet, own, other, packet, broken }),
  )
}

const rulesOf = (group: Resource, direction: Direction, broken: Broken): readonly Json[] =>
  [...list(at(group, 'securityRules')), ...list(at(group, 'defaultSecurityRules'))]
    .filter(rule => at(rule, 'direction') === direction)
    .sort(
      (a, b) =>
        ((integer(at(a, 'priority')) ?? 0) - (integer(at(b, 'priority')) ?? 0)) *
        (broken.has('rules by priority') && isOwn(a) && isOwn(b) ? -1 : 1),
    )
const isOwn = (rule: Json): boolean => (integer(at(rule, 'priority')) ?? 0) < 65_000

const decided = (rules: readonly Json[], matching: (rule: Json) => Tri, last: Tri = 'no'): Tri => {
  const [rule, ...rest] = rules
  if (rule === undefined) return last
  const match = matching(rule)
  const action = at(rule, 'access') === 'Allow' ? 'yes' : 'no'
  if (match === 'yes') return action
  const later = decided(rest, matching, last)
  return match === 'no' || later === action ? later : 'unknown'
}

const matches = (rule: Json, direction: Direction, reading: Reading): Tri => {
  const [source, target] = direction === 'Outbound' ? [reading.own, reading.other] : [reading.other, reading.own]
  const skips = (end: End): boolean => end === reading.own && reading.broken.has('this end of a rule counts')
  return every([
    isProtocol(text(at(rule, 'protocol')), reading.packet),
    isPort(valuesOf(rule, 'destinationPortRange'), reading.packet, reading.broken),
    valuesOf(rule, 'sourcePortRange').includes('*') ? 'yes' : 'unknown',
    skips(source) ? 'yes' : isEnd(rule, 'source', source, reading),
    skips(target) ? 'yes' : isEnd(rule, 'destination', target, reading),
  ])
}

/** One value, and several: both spellings stand in one rule. */
const valuesOf = (rule: Json, key: string): readonly string[] =>
  [at(rule, key), ...list(at(rule, `${key}s`)), ...list(at(rule, `${key}es`))]
    .flatMap(value => text(value) ?? [])
    .filter(value => value !== '')

/** No rule is for ICMPv6 by itself. Source: "Overview of IPv6 for Azure Virtual Network", Limitations. */
const isProtocol = (written: string | undefined, { protocol }: NetPacket): Tri => {
  switch (written?.toLowerCase()) {
    case '*':
      return 'yes'
    case 'tcp':
      return tri(protocol === TCP)
    case 'udp':
      return tri(protocol === UDP)
    case 'icmp':
      return tri(protocol === ICMP)
    case 'esp':
    case 'ah':
      return 'no'
    default:
      return 'unknown'
  }
}

export const isPort = (ranges: readonly string[], { port, protocol }: NetPacket, broken: Broken): Tri => {
  if (ranges.includes('*')) return 'yes'
  if (protocol !== TCP && protocol !== UDP) return ranges.includes('0-65535') ? 'yes' : 'unknown'
  return tri(
    ranges.some(range => {
      const [from, last = from] = range.split('-').map(Number)
      if (from === undefined || last === undefined || port === undefined) return false
      return port >= from && (broken.has('the last port of a range') && from !== last ? port < last : port <= last)
    }),
  )
}

const isEnd = (rule: Json, key: 'source' | 'destination', end: End, reading: Reading): Tri => {
  const { world, subnet, broken } = reading
  const applications = list(at(rule, `${key}ApplicationSecurityGroups`)).map(idOf)
  const network = vnetIdOf(subnet)
  return some([
    ...valuesOf(rule, `${key}AddressPrefix`).map(prefix => isPrefix(prefix, end.block, reading)),
    ...applications.map((application): Tri => {
      if (end.nics !== null) return tri(end.nics.some(nic => applicationsOf(nic).includes(application)))
      if (broken.has('applications are interfaces of one network'))
        return tri(world.all.some(one => applicationsOf(one).includes(application)))
      const [vnet] = [world.byId.get(network)]
      const isThere = vnet !== undefined && blocksOfVnet(vnet).some(block => liesIn(end.block, block) !== 'no')
      return isThere ? 'unknown' : 'no'
    }),
  ])
}

/** Source: "Virtual network service tags", Available service tags. */
const isPrefix = (prefix: string, block: Block, reading: Reading): Tri => {
  const { world, subnet, broken } = reading
  const read = blockOf(prefix)
  if (read !== null) return liesIn(block, read)
  switch (prefix.toLowerCase()) {
    case '*':
      return 'yes'
    case 'virtualnetwork':
      return isNetwork(world, subnet, block, broken)
    case 'internet':
      return broken.has('a network is not the internet') ? 'yes' : isInternet(block)
    case 'azureloadbalancer':
      return some(blocksOf(['168.63.129.16/32']).map(host => liesIn(block, host)))
    // No other packets are for the host.
    case 'azureplatformdns':
    case 'azureplatformimds':
      return 'no'
    default: {
      const blocks = world.tags?.get(prefix.toLowerCase())
      // What a service has is of the internet.
      return blocks === undefined ? every(['unknown', isInternet(block)]) : some(blocks.map(one => liesIn(block, one)))
    }
  }
}

/** Blocks that nobody on the internet has. Source: IANA registries of special-purpose addresses. */
const PRIVATE = blocksOf([
  '10.0.0.0/8',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fc00::/7',
  'fe80::/10',
  '0.0.0.0/8',
  '127.0.0.0/8',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  'ff00::/8',
])
export const isOnInternet = (to: Address): boolean => !isIn(to, PRIVATE)
export const isInternet = (block: Block): Tri => {
  const parts = PRIVATE.map(one => liesIn(block, one))
  return parts.includes('yes') ? 'no' : parts.includes('unknown') ? 'unknown' : 'yes'
}

/**
 * The address space of the network, of those beside it and behind its gateway, the host, and what the routes of users name.
 * Source: "Virtual network service tags", VirtualNetwork.
 */
const isNetwork = (world: World, subnet: Resource, block: Block, broken: Broken): Tri => {
  const vnet = world.byId.get(vnetIdOf(subnet))
  if (vnet === undefined) return 'unknown'
  const peers = broken.has('a network is its peers too') ? [] : peersOf(world, vnet, broken)
  const gateway = gatewayOf(world, vnet, broken)
  const table = tableOf(world, subnet)
  const isSite = !broken.has('a network is its sites too')
  const isRoute = !broken.has('a network is what its routes name')
  return some([
    ...blocksOfVnet(vnet).map(own => liesIn(block, own)),
    ...blocksOf(['168.63.129.16/32']).map(host => liesIn(block, host)),
    ...peers.flatMap(({ blocks, hasAccess }) =>
      hasAccess || broken.has('a network is a peer with access') ? blocks.map(one => liesIn(block, one)) : [],
    ),
    ...(gateway === null || !isSite
      ? []
      : gateway === 'unread'
        ? (['unknown'] as const)
        : [...gateway.behind.map(one => liesIn(block, one)), gateway.isWhole ? ('no' as const) : ('unknown' as const)]),
    ...(table === null || !isRoute
      ? []
      : table === 'unread'
        ? (['unknown'] as const)
        : list(at(table, 'routes')).flatMap((route): readonly Tri[] => {
            const blocks = destinationsOf(world, route)
            return blocks === null ? ['unknown'] : blocks.map(one => liesIn(block, one))
          })),
  ])
}

/**
 * The host answers at these, and only rules about a platform service count: that for names, which is at port 53, and that for
 * metadata, at port 80. Source: "Azure platform considerations"; "Virtual network service tags"; "Azure Instance Metadata Service".
 */
const HOST: ReadonlyMap<
  string,
  { readonly tag: string; readonly port: number; readonly protocols: readonly number[] }
> = new Map([
  ['168.63.129.16', { tag: 'azureplatformdns', port: 53, protocols: [TCP, UDP] }],
  ['169.254.169.254', { tag: 'azureplatformimds', port: 80, protocols: [TCP] }],
])
export const isHost = (destination: string): boolean => HOST.has(destination)
export const hostPasses = (
  world: World,
  id: string,
  subnet: Resource,
  own: End,
  packet: NetPacket,
  broken: Broken,
): Tri => {
  const host = HOST.get(packet.destination)
  if (host === undefined || packet.port !== host.port || !host.protocols.includes(packet.protocol)) return 'yes'
  const group = world.byId.get(id)
  if (group === undefined) return 'unknown'
  const { tag } = host
  const rules = rulesOf(group, 'Outbound', broken).filter(rule =>
    valuesOf(rule, 'destinationAddressPrefix').some(one => one.toLowerCase() === tag),
  )
  return decided(
    rules,
    rule =>
      every([
        isProtocol(text(at(rule, 'protocol')), packet),
        isPort(valuesOf(rule, 'destinationPortRange'), packet, broken),
        valuesOf(rule, 'sourcePortRange').includes('*') ? 'yes' : 'unknown',
        isEnd(rule, 'source', own, { world, subnet, own, other: own, packet, broken }),
      ]),
    'yes',
  )
}

/** Whoever has an address, as seen from a network; null: there is room for somebody who was not read. */
export const nicsNear = (world: World, network: string, address: Address): readonly Resource[] | null => {
  const vnet = world.byId.get(network)
  if (vnet === undefined) return null
  const there = nicsAt(world, network, address)
  if (there.length > 0) return there
  return isIn(address, blocksOfVnet(vnet)) ? null : []
}
export const addressOf = (text: string): Address | null => readAddress(text)
export const isWithin = (address: Address, block: Block): boolean => inBlock(address, block)
export const groupOf = (one: Resource | undefined): string | null => refOf(one, 'networkSecurityGroup')
