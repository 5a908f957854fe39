import type { FilterPeers, FilterRule } from '../../model/fabric.ts'
import { at, field, integer, isObject, type Json, list } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import { type Addresses, bothFamilies } from '../../sets/addresses.ts'
import { type PortSet, portRange, portSets, unionOfPorts } from '../../sets/port-set.ts'
import { TCP, UDP } from '../../sets/protocol.ts'
import { portTraffic, protocolTraffic, type Traffic, traffics, unionOfTraffics } from '../../sets/traffic.ts'
import { wordIn } from './item.ts'
import { openRules, SETTLED_BY } from './suricata-rule.ts'
import { readAddresses } from './suricata-sets.ts'

/** The first that matches decides, over all groups: what is forwarded goes on to stateful rules, and to no other stateless one. */
const STATELESS_TIER = 0

/** What nobody read may also send packets on to stateful rules. */
export const openStateless = (why: string, where: DocumentPath): readonly FilterRule[] => {
  const open = openRules(why, where).map(rule => ({ ...rule, tier: STATELESS_TIER }))
  return [...open, ...open.slice(0, 1).map(rule => ({ ...rule, action: 'pass' as const }))]
}

/**
 * A group’s rules by priority.
 * Source: Network Firewall API Reference, StatelessRulesAndCustomActions, StatelessRule, RuleDefinition, MatchAttributes.
 */
export const statelessRulesOf = (group: Json, where: DocumentPath): readonly FilterRule[] => {
  const rules = at(group, 'RulesSource', 'StatelessRulesAndCustomActions', 'StatelessRules')
  if (!Array.isArray(rules)) return openStateless('the rules of a stateless group were not read', where)
  const ranked = byPriority(list(rules))
  if (ranked === null) return openStateless('the order of stateless rules is not told', where)
  return ranked.flatMap(rule => {
    const action = actionOf(list(at(rule, 'RuleDefinition', 'Actions')))
    return action === null
      ? openStateless('what a stateless rule does is not told', where)
      : matching(at(rule, 'RuleDefinition', 'MatchAttributes'), action, where)
  })
}

/** In ascending order; null where some have none, or two have the same. */
export const byPriority = (all: readonly Json[]): readonly Json[] | null => {
  const ranked = all.map(one => [integer(field(one, 'Priority')), one] as const)
  const known = new Set(ranked.map(([priority]) => priority))
  if (known.has(undefined) || known.size < all.length) return null
  return ranked.toSorted(([a = 0], [b = 0]) => a - b).map(([, one]) => one)
}

/** Custom actions beside it only count. Source: Network Firewall API Reference, RuleDefinition, `Actions`. */
export const actionOf = (actions: readonly Json[]): FilterRule['action'] | null => {
  const found = actions.flatMap(one => (typeof one === 'string' ? (STANDARD[one] ?? []) : []))
  return found.length === 1 ? (found[0] ?? null) : null
}

const STANDARD: Readonly<Record<string, FilterRule['action'] | undefined>> = {
  __proto__: null as never,
  'aws:pass': 'allow',
  'aws:drop': 'deny',
  'aws:forward_to_sfe': 'pass',
}

/** Ports are asked of TCP and UDP alone. Source: Network Firewall API Reference, MatchAttributes, `DestinationPorts`. */
const matching = (
  attributes: Json | undefined,
  action: FilterRule['action'],
  where: DocumentPath,
): readonly FilterRule[] => {
  const [sources, destinations] = [addressesUnder(attributes, 'Sources'), addressesUnder(attributes, 'Destinations')]
  const [from, to] = [portsUnder(attributes, 'SourcePorts'), portsUnder(attributes, 'DestinationPorts')]
  const protocols = list(field(attributes, 'Protocols')).map(integer)
  const asked = [
    ...(sources === null || destinations === null ? ['the addresses of a stateless rule cannot be read'] : []),
    ...(to === null || from === null ? ['the ports of a stateless rule cannot be read'] : []),
    ...(protocols.some(one => one === undefined || one < 0 || one > 255)
      ? ['the protocols of a stateless rule cannot be read']
      : []),
    ...(list(field(attributes, 'TCPFlags')).length > 0 ? ['a stateless rule asks for flags of TCP'] : []),
    ...(from !== null && !portSets.equals(from, portSets.full)
      ? ['a stateless rule asks for the port of the sender']
      : []),
    ...(isObject(attributes) ? [] : ['what a stateless rule is about is not told']),
  ]
  const [why] = asked
  const whoever = sources === null || bothFamilies.equals(sources, bothFamilies.full)
  const rule = (traffic: Traffic, certain: string | undefined): readonly FilterRule[] => {
    if (traffics.isEmpty(traffic)) return []
    const addresses = destinations ?? bothFamilies.full
    const peers: FilterPeers =
      certain === undefined
        ? { kind: 'addresses', addresses }
        : { kind: 'perhaps', addresses, why: certain, settledBy: SETTLED_BY }
    const own: FilterPeers | null = whoever ? null : { kind: 'addresses', addresses: sources }
    return [{ action, tier: STATELESS_TIER, own, peers, traffic, at: where }]
  }
  const ports = to ?? portSets.full
  if (protocols.length > 0) return rule(unionOfTraffics(protocols.map(one => covered(one, ports))), why)
  const certain = unionOfTraffics(([TCP, UDP] as const).map(one => portTraffic(one, ports)))
  if (portSets.equals(ports, portSets.full)) return rule(traffics.full, why)
  const others = traffics.subtract(traffics.full, unionOfTraffics([TCP, UDP].map(protocolTraffic)))
  return [...rule(certain, why), ...rule(others, why ?? 'a stateless rule has ports, and names no protocol')]
}

const covered = (protocol: number | undefined, ports: PortSet): Traffic => {
  if (protocol === undefined || protocol < 0 || protocol > 255) return traffics.full
  if (protocol === TCP) return portTraffic(TCP, ports)
  return protocol === UDP ? portTraffic(UDP, ports) : protocolTraffic(protocol)
}

/** None is everybody; null: not read. */
const addressesUnder = (attributes: Json | undefined, key: string): Addresses | null => {
  const all = list(field(attributes, key)).map(one => wordIn(one, 'AddressDefinition'))
  if (all.length === 0) return bothFamilies.full
  const read = all.map(one =>
    one === null ? null : readAddresses(one, { addresses: () => undefined, ports: () => undefined }),
  )
  let sum = bothFamilies.empty
  for (const one of read) {
    if (one === null || one.kind === 'refused') return null
    sum = bothFamilies.union(sum, one.value)
  }
  return sum
}

const portsUnder = (attributes: Json | undefined, key: string): PortSet | null => {
  const all = list(field(attributes, key))
  if (all.length === 0) return portSets.full
  const sets: PortSet[] = []
  for (const one of all) {
    const [first, last] = [integer(field(one, 'FromPort')), integer(field(one, 'ToPort'))]
    if (first === undefined || last === undefined) return null
    if (last === 0 && first === 0) continue
    const read = portRange(first === 0 ? 1 : first, last)
    if (read.kind === 'refused') return null
    sets.push(read.value)
  }
  return unionOfPorts(sets)
}
