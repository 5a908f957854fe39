import type { FilterPeers, FilterRule } from '../../model/fabric.ts'
import { field, integer, isObject, type Json, list, text } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import { idIn } from './links.ts'
import { rangesIn, setOf } from './ranges.ts'
import { EVERYWHERE, perhaps, type ReadRule, unknownPeers } from './rule.ts'
import { trafficOf } from './traffic.ts'
import { wordsIn } from './who.ts'

/**
 * A rule of a firewall policy; null: it is off, or for other networks, or for load balancers. What stands in one list or another is
 * meant; what its end has to be beside that is not evaluated. Source: Compute Engine API, FirewallPolicyRule, FirewallPolicyRuleMatcher.
 */
export const readPolicyRule = (body: Json, at: DocumentPath, network: string): ReadRule | null => {
  const targets = list(field(body, 'targetResources'))
  if (field(body, 'disabled') === true) return null
  if (targets.length > 0 && !targets.some(one => idIn(one, 'networks', null) === network)) return null
  if ((text(field(body, 'targetType')) ?? 'INSTANCES') !== 'INSTANCES') return null
  const match = field(body, 'match')
  const direction = field(body, 'direction') === 'EGRESS' ? 'egress' : 'ingress'
  const [other, own] = direction === 'egress' ? (['dest', 'src'] as const) : (['src', 'dest'] as const)
  const written = text(field(body, 'action'))
  const action = ACTIONS.get(written ?? '')
  const doubt =
    action === undefined
      ? `a rule of a policy with the action \`${written ?? ''}\` is not evaluated`
      : faultsOf(body, match, other, own)
  const peers = peersIn(match, other)
  return {
    direction,
    priority: integer(field(body, 'priority')) ?? Number.MAX_SAFE_INTEGER,
    action: action ?? 'deny',
    peers: doubt === null ? peers : peers.map(one => perhaps(one, doubt)),
    own: ownIn(match, own),
    traffic: trafficOf(field(match, 'layer4Configs'), 'ipProtocol'),
    tags: [],
    accounts: wordsIn(field(body, 'targetServiceAccounts')),
    doubt,
    at,
  }
}

/** It hands packets over to be inspected, and who inspects them decides. Source: Compute Engine API, FirewallPolicyRule, `action`. */
export const INSPECTION = 'apply_security_profile_group'
export const INSPECTED = 'a rule hands packets to an inspection, which decides'

/** Source: Compute Engine API, networks.getEffectiveFirewalls, regionNetworkFirewallPolicies.getEffectiveFirewalls. */
export const POLICY_TYPES = ['HIERARCHY', 'NETWORK', 'NETWORK_REGIONAL', 'SYSTEM_GLOBAL', 'SYSTEM_REGIONAL']

const ACTIONS: ReadonlyMap<string, FilterRule['action']> = new Map([
  ['allow', 'allow'],
  ['deny', 'deny'],
  ['goto_next', 'pass'],
  [INSPECTION, 'allow'],
])

const faultsOf = (body: Json, match: Json | undefined, other: string, own: string): string | null => {
  if (!isObject(match)) return 'a rule of a policy does not say what it matches'
  const direction = text(field(body, 'direction'))
  if (direction !== 'INGRESS' && direction !== 'EGRESS') return 'a rule of a policy does not say its direction'
  if (integer(field(body, 'priority')) === undefined) return 'the priority of a rule of a policy cannot be read'
  if (list(field(body, 'targetSecureTags')).length > 0)
    return 'a rule of a policy is for machines with a secure tag, which no output of a machine tells'
  for (const side of [other, own])
    for (const key of [`${side}NetworkType`, `${side}NetworkContext`])
      if (text(field(match, key)) !== undefined)
        return `a rule of a policy asks for the kind of network (\`${text(field(match, key))}\`), which is not evaluated`
  return rangesIn(field(match, `${own}IpRanges`)).faults[0] ?? null
}

const peersIn = (match: Json | undefined, side: string): readonly FilterPeers[] => {
  const { ranges, faults } = rangesIn(field(match, `${side}IpRanges`))
  const names = wordsIn(field(match, `${side}Fqdns`))
  const lists = OPEN.flatMap(([key, what]) =>
    list(field(match, `${side}${key}`)).length > 0 ? [unknownPeers(`a rule of a policy names ${what}`)] : [],
  )
  const all: readonly FilterPeers[] = [
    ...(ranges.length > 0 ? [{ kind: 'addresses', addresses: setOf(ranges) } as const] : []),
    ...(faults.length > 0 ? [unknownPeers('a range of a rule of a policy cannot be read')] : []),
    ...(names.length > 0 ? [{ kind: 'names', patterns: names } as const] : []),
    ...lists,
  ]
  return all.length > 0 ? all : [EVERYWHERE]
}

const OPEN = [
  ['AddressGroups', 'an address group, which was not read'],
  ['RegionCodes', 'countries, whose addresses are in no document'],
  ['ThreatIntelligences', 'a list of threats, whose addresses are in no document'],
  ['SecureTags', 'secure tags, which no output of a machine tells'],
  ['Networks', 'networks, which is not evaluated'],
] as const

const ownIn = (match: Json | undefined, side: string): FilterPeers | null => {
  const { ranges } = rangesIn(field(match, `${side}IpRanges`))
  return ranges.length === 0 ? null : { kind: 'addresses', addresses: setOf(ranges) }
}
