import type { Filter, FilterRule } from '../../model/fabric.ts'
import { field, isObject, type Json, list, text } from '../../model/json.ts'
import { compareText } from '../../model/order.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import { type Addresses, bothFamilies } from '../../sets/addresses.ts'
import type { Reading } from '../../sets/algebra.ts'
import { TCP } from '../../sets/protocol.ts'
import { protocolTraffic, traffics } from '../../sets/traffic.ts'
import { arnObject, idOfArn, readArn } from './arns.ts'
import { doubtOf } from './filter-rule.ts'
import { statefulRulesOf } from './firewall-groups.ts'
import { variablesOf } from './firewall-variables.ts'
import { type Item, wordIn } from './item.ts'
import { DIFFERS } from './lowered.ts'
import type { PrefixLists } from './prefix-lists.ts'
import { actionOf, byPriority, openStateless, statelessRulesOf } from './stateless-rules.ts'
import { openRules, SETTLED_BY, STATEFUL_TIER } from './suricata-rule.ts'

/** What a policy leans on: its groups by id, of which there may be several that say different things, and lists of prefixes. */
export interface PolicyContext {
  readonly groups: ReadonlyMap<string, readonly Item[]>
  readonly lists: PrefixLists
}

/** Keys that are read, or say nothing of what passes. */
const KNOWN = [
  'StatelessRuleGroupReferences',
  'StatelessDefaultActions',
  'StatelessFragmentDefaultActions',
  'StatelessCustomActions',
  'StatefulRuleGroupReferences',
  'StatefulDefaultActions',
  'StatefulEngineOptions',
  'TLSInspectionConfigurationArn',
  'EnableTLSSessionHolding',
  'PolicyVariables',
]

/**
 * What a policy lets pass where a firewall stands: stateless rules first, then, of what they forward, stateful ones, which in strict
 * order decide by their place and otherwise by what they do. `home`: the addresses of the network that the firewall stands in.
 * Source: Network Firewall Developer Guide, “How AWS Network Firewall filters network traffic”, “Managing evaluation order for Suricata
 * compatible rules”; API Reference, FirewallPolicy.
 */
export const lowerPolicy = (item: Item, id: string, home: Reading<Addresses>, context: PolicyContext): Filter => {
  const object = arnObject('FirewallPolicyResponse', item, 'FirewallPolicyName')
  const policy = field(item.body, 'FirewallPolicy')
  if (!isObject(policy))
    return { ...object, ...SHAPE, id, egress: [], doubts: [doubtOf('the rules of the policy were not read')] }
  const at = [...item.at, 'FirewallPolicy']
  const others = Object.keys(policy).filter(key => !KNOWN.includes(key) && isSet(policy[key]))
  return {
    ...object,
    ...SHAPE,
    id,
    egress: [...statelessIn(policy, context, at), ...statefulIn(policy, home, context, at)],
    doubts: others.sort(compareText).map(key => doubtOf(`\`${key}\` of the policy is not evaluated`)),
  }
}

const SHAPE = { stateful: true, reads: 'ordered', joins: 'each', ingress: [] } as const

const isSet = (value: Json | undefined): boolean =>
  value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0)

/** What of a policy is read and not evaluated. */
export const policyFaults = ({ body }: Item): readonly string[] => {
  const policy = field(body, 'FirewallPolicy')
  const [whole, fragments] = ['StatelessDefaultActions', 'StatelessFragmentDefaultActions'].map(key =>
    actionOf(list(field(policy, key))),
  )
  return [
    ...(isSet(field(policy, 'TLSInspectionConfigurationArn')) ? ['what TLS inspection refuses is not evaluated'] : []),
    ...(whole !== fragments ? ['what becomes of fragments of UDP is not evaluated'] : []),
    ...(whole !== 'pass' || list(field(policy, 'StatelessRuleGroupReferences')).length > 0
      ? ['what stateless rules do with replies is not evaluated']
      : []),
  ]
}

const statelessIn = (policy: Json, context: PolicyContext, at: DocumentPath): readonly FilterRule[] => {
  const key = 'StatelessRuleGroupReferences'
  const ranked = byPriority(list(field(policy, key)))
  const fallback = actionOf(list(field(policy, 'StatelessDefaultActions')))
  const where = [...at, 'StatelessDefaultActions']
  return [
    ...(ranked === null
      ? openStateless('the order of stateless rule groups is not told', [...at, key])
      : ranked.flatMap(reference => {
          const { group, why } = groupOf(reference, context)
          return group === null ? openStateless(why, [...at, key]) : statelessRulesOf(group, [...at, key])
        })),
    ...(fallback === null
      ? openStateless('what becomes of packets that no stateless rule is about is not told', where)
      : [every(fallback, where, 0)]),
  ]
}

const statefulIn = (
  policy: Json,
  home: Reading<Addresses>,
  context: PolicyContext,
  at: DocumentPath,
): readonly FilterRule[] => {
  const key = 'StatefulRuleGroupReferences'
  const isStrict = text(field(field(policy, 'StatefulEngineOptions'), 'RuleOrder')) === 'STRICT_ORDER'
  const references = list(field(policy, key))
  const ranked = isStrict ? byPriority(references) : references
  const rules = (ranked ?? references).flatMap(reference => {
    const where = [...at, key, references.indexOf(reference)]
    const { group, why } = groupOf(reference, context)
    if (group !== null) return statefulRulesOf(group, variablesOf(group, policy, home, context.lists), where)
    return isManaged(reference) ? managedRules(reference, why, where) : openRules(why, where)
  })
  if (ranked === null) return [...openRules('the order of stateful rule groups is not told', [...at, key])]
  // Those that pass come first, then those that drop, whatever their groups.
  const sorted = isStrict ? rules : ['allow', 'deny'].flatMap(action => rules.filter(rule => rule.action === action))
  return [...sorted, ...(isStrict ? defaultsIn(policy, at) : []), every('allow', at, STATEFUL_TIER)]
}

/**
 * Groups that AWS manages drop what they know, or only tell of it: they let nothing pass that others stop.
 * Source: Network Firewall Developer Guide, “Using managed rule groups”; API Reference, StatefulRuleGroupOverride.
 */
const managedRules = (reference: Json, why: string, at: DocumentPath): readonly FilterRule[] =>
  wordIn(field(reference, 'Override'), 'Action') === 'DROP_TO_ALERT'
    ? []
    : openRules(why, at).filter(({ action }) => action === 'deny')

const isManaged = (reference: Json): boolean =>
  readArn(wordIn(reference, 'ResourceArn') ?? '')?.account === 'aws-managed'

/**
 * Where established connections are dropped, a handshake passes, and nothing after it; of what has no handshake the first packets
 * pass, until the other end answers. Source: Network Firewall Developer Guide, “Managing evaluation order for Suricata compatible
 * rules”, Strict evaluation order.
 */
const defaultsIn = (policy: Json, at: DocumentPath): readonly FilterRule[] => {
  const where = [...at, 'StatefulDefaultActions']
  return list(field(policy, 'StatefulDefaultActions')).flatMap((action): readonly FilterRule[] => {
    if (action === 'aws:drop_strict') return [every('deny', where, STATEFUL_TIER)]
    if (typeof action === 'string' && action.startsWith('aws:alert')) return []
    const rest = every('deny', where, STATEFUL_TIER)
    const perhaps = (why: string): FilterRule => ({
      ...rest,
      peers: { kind: 'perhaps', addresses: bothFamilies.full, why, settledBy: SETTLED_BY },
    })
    if (action !== 'aws:drop_established') return [perhaps(`the default action \`${String(action)}\` is not evaluated`)]
    return [
      { ...rest, traffic: protocolTraffic(TCP) },
      { ...perhaps(UNANSWERED), traffic: traffics.subtract(traffics.full, protocolTraffic(TCP)) },
    ]
  })
}

const UNANSWERED = 'packets pass until the other end answers, and are dropped from then on'

const every = (action: FilterRule['action'], at: DocumentPath, tier: number): FilterRule => ({
  action,
  tier,
  own: null,
  peers: { kind: 'addresses', addresses: bothFamilies.full },
  traffic: traffics.full,
  at,
})

const groupOf = (reference: Json, { groups }: PolicyContext): { readonly group: Json | null; readonly why: string } => {
  const arn = wordIn(reference, 'ResourceArn') ?? ''
  const found = groups.get(idOfArn('RuleGroupResponse', arn) ?? '') ?? []
  const [group, ...others] = [
    ...new Map(found.map(one => [JSON.stringify(field(one.body, 'RuleGroup') ?? null), one])).values(),
  ]
  const body = group === undefined ? undefined : field(group.body, 'RuleGroup')
  if (others.length > 0) return { group: null, why: `rule group \`${arn}\` is not certain: ${DIFFERS}` }
  return { group: isObject(body) ? body : null, why: `rule group \`${arn}\` was not read` }
}
