import { ofKind } from './estate.ts'
import { at, integer, isList, list, text } from './json.ts'
import { selects } from './labels.ts'
import { isPeer } from './policy-api-peer.ts'
import { isNamedPort, isPort, protocolNumber, type Question } from './question.ts'
import { every, some } from './three.ts'
import type { Json, Tri } from './types.ts'

/** What a tier decides: `none` where no rule of it matches. */
export type Decision = 'allow' | 'deny' | 'pass' | 'none'

/**
 * policy.networking.k8s.io: AdminNetworkPolicy and BaselineAdminNetworkPolicy v1alpha1, ClusterNetworkPolicy v1alpha2.
 * The lowest priority value comes first, then the order of rules; the first match decides. Among policies of equal
 * priority any may be applied. Every decision that the tier may come to.
 * Source: network-policy-api, types AdminNetworkPolicySpec, ClusterNetworkPolicySpec.
 */
export const tierDecisions = (question: Question, tier: 'admin' | 'baseline'): ReadonlySet<Decision> =>
  new Set([...inOrder(question, tier, FIRST), ...inOrder(question, tier, LAST)])

/** The one BaselineAdminNetworkPolicy has no priority; beside ClusterNetworkPolicies it may come first or last. */
const FIRST = -1
const LAST = 1001

const inOrder = (question: Question, tier: 'admin' | 'baseline', unprioritised: number): ReadonlySet<Decision> => {
  const policies = policiesOf(question.objects, tier, unprioritised)
  const priorities = [...new Set(policies.map(policy => policy.priority))].sort((a, b) => a - b)
  const decided = new Set<Decision>()
  for (const priority of priorities) {
    const each = policies
      .filter(policy => policy.priority === priority)
      .map(policy => policyDecisions(question, policy.spec))
    for (const decisions of each) for (const decision of decisions) if (decision !== 'none') decided.add(decision)
    if (!each.every(decisions => decisions.has('none'))) return decided
  }
  return decided.add('none')
}

interface Tiered {
  readonly priority: number
  readonly spec: Json
  readonly object: Json
}

export const policiesOf = (
  objects: readonly Json[],
  tier: 'admin' | 'baseline',
  unprioritised: number,
): readonly Tiered[] => {
  const group = 'policy.networking.k8s.io'
  const old = ofKind(objects, group, tier === 'admin' ? 'AdminNetworkPolicy' : 'BaselineAdminNetworkPolicy')
  const wanted = tier === 'admin' ? 'Admin' : 'Baseline'
  const cluster = ofKind(objects, group, 'ClusterNetworkPolicy').filter(
    policy => text(at(policy, 'spec', 'tier')) === wanted,
  )
  return [...old, ...cluster].map(policy => ({
    priority: integer(at(policy, 'spec', 'priority')) ?? unprioritised,
    spec: at(policy, 'spec') ?? {},
    object: policy,
  }))
}

export const policyDecisions = (question: Question, spec: Json): ReadonlySet<Decision> => {
  const decisions = new Set<Decision>()
  const selected = isSubject(question, at(spec, 'subject'))
  if (selected !== 'yes') decisions.add('none')
  if (selected === 'no') return decisions
  for (const rule of list(at(spec, question.direction))) {
    const { decision, applies } = ruleDecision(question, rule)
    if (applies !== 'no') decisions.add(decision)
    if (applies === 'yes') return decisions
  }
  return decisions.add('none')
}

/** Never pods on the host's network: those are nodes here. */
const isSubject = (question: Question, subject: Json | undefined): Tri => {
  const { labels, namespaceLabels } = question.subject
  const namespaces = at(subject, 'namespaces')
  if (namespaces !== undefined) return selects(namespaces, namespaceLabels)
  const pods = at(subject, 'pods')
  if (pods === undefined) return 'unknown'
  return every([
    selects(at(pods, 'namespaceSelector') ?? {}, namespaceLabels),
    selects(at(pods, 'podSelector') ?? {}, labels),
  ])
}

/**
 * A peer of a kind that is not known fails closed: an Allow rule matches nothing, a Deny or Pass rule denies all.
 * v1alpha1 says Allow, v1alpha2 Accept. Source: network-policy-api, type ClusterNetworkPolicyEgressPeer.
 */
const ruleDecision = (question: Question, rule: Json): { readonly decision: Decision; readonly applies: Tri } => {
  const action = text(at(rule, 'action'))
  const peers = list(at(rule, question.direction === 'egress' ? 'to' : 'from')).map(peer => isPeer(question, peer))
  const allows = action === 'Allow' || action === 'Accept'
  if (peers.includes('foreign'))
    return allows ? { decision: 'allow', applies: 'no' } : { decision: 'deny', applies: 'yes' }
  const peer = some(peers.flatMap(answer => (answer === 'foreign' ? [] : [answer])))
  const applies = every([peer, portsMatch(question, rule)])
  if (allows) return { decision: 'allow', applies }
  if (action === 'Deny') return { decision: 'deny', applies }
  if (action === 'Pass') return { decision: 'pass', applies }
  return { decision: 'deny', applies: 'unknown' }
}

/** Without `ports` (v1alpha1) or `protocols` (v1alpha2) the rule is about all traffic, ICMP too. */
const portsMatch = (question: Question, rule: Json): Tri => {
  const ports = at(rule, 'ports')
  const protocols = at(rule, 'protocols')
  if (isList(ports)) return ports.length === 0 ? 'unknown' : some(ports.map(port => isOldPort(question, port)))
  if (isList(protocols)) return some(protocols.map(protocol => isProtocol(question, protocol)))
  return ports === undefined && protocols === undefined ? 'yes' : 'unknown'
}

/** Source: network-policy-api v1alpha1, type AdminNetworkPolicyPort. The protocol defaults to TCP. */
const isOldPort = (question: Question, entry: Json): Tri => {
  const number = at(entry, 'portNumber')
  const range = at(entry, 'portRange')
  const name = text(at(entry, 'namedPort'))
  if (number !== undefined)
    return isRange(question, text(at(number, 'protocol')), at(number, 'port'), at(number, 'port'))
  if (range !== undefined) return isRange(question, text(at(range, 'protocol')), at(range, 'start'), at(range, 'end'))
  return name === undefined ? 'unknown' : isNamedPort(question, name, null)
}

const isRange = (question: Question, protocol = 'TCP', start?: Json, end?: Json): Tri => {
  const number = protocolNumber(protocol)
  const first = integer(start)
  const last = integer(end)
  if (number === undefined || first === undefined || last === undefined) return 'unknown'
  return number === question.packet.protocol ? isPort(question.packet, first, last) : 'no'
}

/** Source: network-policy-api v1alpha2, types ClusterNetworkPolicyProtocol and Port. */
const isProtocol = (question: Question, entry: Json): Tri => {
  for (const [field, protocol] of [
    ['tcp', 'TCP'],
    ['udp', 'UDP'],
    ['sctp', 'SCTP'],
  ] as const) {
    const said = at(entry, field)
    if (said === undefined) continue
    const port = at(said, 'destinationPort')
    if (port === undefined) return protocolNumber(protocol) === question.packet.protocol ? 'yes' : 'no'
    const single = at(port, 'number')
    const [first, last] =
      single === undefined ? [at(port, 'range', 'start'), at(port, 'range', 'end')] : [single, single]
    return isRange(question, protocol, first, last)
  }
  const name = text(at(entry, 'destinationNamedPort'))
  return name === undefined ? 'unknown' : isNamedPort(question, name, null)
}
