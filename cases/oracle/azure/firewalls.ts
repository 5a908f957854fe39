import type { NetPacket } from '../fabric/types.ts'
import { type Address, type Block, inBlock, readAddress } from '../ip.ts'
import { at, integer, list, text } from '../json.ts'
import { every, some, tri } from '../three.ts'
import { ICMP, type Json, TCP, type Tri, UDP } from '../types.ts'
import { blockOf, blocksOf, idOf, isSame, liesIn, ofType, type Resource, refOf, type World } from './documents.ts'
import { isInternet, isPort } from './filters.ts'
import type { Broken } from './types.ts'

/** The firewalls that have an address. Source: Azure Firewall, "Deploy and configure": the next hop is its private address. */
export const firewallsAt = (world: World, address: Address): readonly Resource[] =>
  ofType(world, 'azurefirewalls').filter(one => privateOf(one).some(own => isSame(own, address)))

export const privateOf = (firewall: Resource): readonly Address[] =>
  list(at(firewall, 'ipConfigurations')).flatMap(one => readAddress(text(at(one, 'privateIPAddress')) ?? '') ?? [])
export const subnetOf = (firewall: Resource): string =>
  list(at(firewall, 'ipConfigurations')).flatMap(one => refOf(one, 'subnet') ?? [])[0] ?? ''
export const publicIdsOf = (firewall: Resource): readonly string[] =>
  list(at(firewall, 'ipConfigurations')).flatMap(one => refOf(one, 'publicIPAddress') ?? [])

/** What its own address is not put on. Source: "Azure Firewall SNAT private IP address ranges". */
const PRIVATE = blocksOf(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'])
export const hidesSender = (to: Address, broken: Broken): boolean =>
  !broken.has('a firewall hides who sends to the internet') && !PRIVATE.some(one => inBlock(to, one))

interface Collection {
  readonly isAllowed: boolean
  readonly rules: readonly Json[]
}

/**
 * Rules for addresses, by priority, those of a parent first; what none of them matches goes by rules for names, which nobody can tell
 * from an address; what is left is denied. Source: "Azure Firewall rule processing logic"; Firewall Manager, "policy overview".
 */
export const firewallPasses = (
  world: World,
  firewall: Resource,
  packet: NetPacket,
  source: Block,
  to: Address,
  broken: Broken,
): Tri => {
  if (broken.has('a firewall by its rules')) return 'yes'
  const policy = refOf(firewall, 'firewallPolicy')
  const collections = policy === null ? classic(firewall) : ofPolicy(world, policy, broken)
  if (collections === null) return 'unknown'
  return decided(
    collections.flatMap(({ isAllowed, rules }) =>
      rules.map(rule => ({ isAllowed, match: matches(world, rule, packet, source, to, broken) })),
    ),
    () =>
      collections.some(({ isAllowed, rules }) => isAllowed && rules.some(rule => namesPass(rule, packet)))
        ? 'unknown'
        : 'no',
  )
}

const decided = (rules: readonly { readonly isAllowed: boolean; readonly match: Tri }[], last: () => Tri): Tri => {
  const [rule, ...rest] = rules
  if (rule === undefined) return last()
  const action = tri(rule.isAllowed)
  if (rule.match === 'yes') return action
  const later = decided(rest, last)
  return rule.match === 'no' || later === action ? later : 'unknown'
}

const isAllowed = (one: Json): boolean => text(at(one, 'action', 'type')) === 'Allow'
const byPriority = (a: Json, b: Json): number => (integer(at(a, 'priority')) ?? 0) - (integer(at(b, 'priority')) ?? 0)
const classic = (firewall: Resource): readonly Collection[] =>
  [
    ...list(at(firewall, 'networkRuleCollections')).toSorted(byPriority),
    ...list(at(firewall, 'applicationRuleCollections')).toSorted(byPriority),
  ].map(one => ({
    isAllowed: isAllowed(one),
    rules: list(at(one, 'rules')),
  }))

const ofPolicy = (world: World, id: string, broken: Broken): readonly Collection[] | null => {
  const policy = world.byId.get(id)
  if (policy === undefined) return null
  const base = refOf(policy, 'basePolicy')
  const parent = base === null ? [] : ofPolicy(world, base, broken)
  const groups = list(at(policy, 'ruleCollectionGroups')).map(one => world.byId.get(idOf(one)))
  if (parent === null || groups.includes(undefined)) return null
  const own = groups
    .filter(one => one !== undefined)
    .toSorted(byPriority)
    .flatMap(group => list(at(group, 'ruleCollections')).toSorted(byPriority))
    .map(one => ({ isAllowed: isAllowed(one), rules: list(at(one, 'rules')) }))
  return broken.has('rules of a parent go first') ? [...own, ...parent] : [...parent, ...own]
}

const isForNames = (rule: Json): boolean => list(at(rule, 'targetFqdns')).length > 0

const matches = (world: World, rule: Json, packet: NetPacket, source: Block, to: Address, broken: Broken): Tri => {
  if (isForNames(rule)) return 'no'
  const protocols = [...list(at(rule, 'ipProtocols')), ...list(at(rule, 'protocols'))].flatMap(
    one => text(one)?.toLowerCase() ?? [],
  )
  const ports = list(at(rule, 'destinationPorts')).flatMap(one => text(one) ?? [])
  const isProtocol =
    protocols.includes('any') ||
    (packet.protocol === TCP && protocols.includes('tcp')) ||
    (packet.protocol === UDP && protocols.includes('udp')) ||
    (packet.protocol === ICMP && protocols.includes('icmp'))
  const target: Block = { ...to, length: to.family === 4 ? 32 : 128 }
  return every([
    tri(isProtocol),
    isProtocol && packet.protocol === ICMP && protocols.includes('icmp') ? 'yes' : isPort(ports, packet, broken),
    isEnd(world, rule, 'source', source),
    isEnd(world, rule, 'destination', target),
  ])
}

const isEnd = (world: World, rule: Json, key: 'source' | 'destination', block: Block): Tri =>
  some([
    ...list(at(rule, `${key}Addresses`)).map(one => isPlace(world, text(one) ?? '', block)),
    ...list(at(rule, `${key}IpGroups`)).map((one): Tri => {
      const group = world.byId.get((text(one) ?? '').toLowerCase())
      return group === undefined
        ? 'unknown'
        : some(list(at(group, 'ipAddresses')).map(part => isPlace(world, text(part) ?? '', block)))
    }),
  ])

/** `*`, an address, a block, the first and the last of a range, or a service tag. */
const isPlace = (world: World, written: string, block: Block): Tri => {
  if (written === '*') return 'yes'
  const read = blockOf(written)
  if (read !== null) return liesIn(block, read)
  const [first, last] = written.split('-').map(one => readAddress(one))
  if (first != null && last != null) {
    const end = block.bits + (1n << BigInt((block.family === 4 ? 32 : 128) - block.length)) - 1n
    if (first.family !== block.family || end < first.bits || block.bits > last.bits) return 'no'
    return block.bits >= first.bits && end <= last.bits ? 'yes' : 'unknown'
  }
  const blocks = world.tags?.get(written.toLowerCase())
  // What a service has is of the internet.
  return blocks === undefined ? every(['unknown', isInternet(block)]) : some(blocks.map(one => liesIn(block, one)))
}

/** Whether a rule for names takes such traffic: HTTP, HTTPS and SQL alone. */
const namesPass = (rule: Json, { protocol, port }: NetPacket): boolean =>
  isForNames(rule) && protocol === TCP && list(at(rule, 'protocols')).some(one => integer(at(one, 'port')) === port)
