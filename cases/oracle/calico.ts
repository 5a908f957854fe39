import { calicoOfKind, podLookup, readAccountSelector, readNamespaceSelector, selectorAt } from './calico-endpoints.ts'
import { ruleMatches } from './calico-rule.ts'
import { mayBeRefused } from './calico-valid.ts'
import { nameOf, namespaceOf } from './estate.ts'
import { at, list, text } from './json.ts'
import { kubernetesOpinions } from './kubernetes.ts'
import { policiesOf, policyDecisions } from './policy-api.ts'
import type { AnyQuestion, Question } from './question.ts'
import { every } from './three.ts'
import type { Json, Tri } from './types.ts'

/** What a policy makes of the packet. `absent`: it is not about this pod in this direction; `none`: no rule of it matches. */
export type CalicoSay = 'absent' | 'allow' | 'deny' | 'pass' | 'none'

/** A policy of any dialect, at its place among Calico's. */
export interface Placed {
  readonly policy: string
  readonly tier: string
  readonly order: number
  /** What decides between equal orders, spelt in each of `SPELLINGS` ways; null: that is left open. */
  readonly names: readonly [string, string] | null
  /** All that it may turn out to say. */
  readonly says: ReadonlySet<CalicoSay>
}

/**
 * Up to 3.31 names begin with the namespace and the tier or, for those of Kubernetes, with letters of their own; from 3.32 on
 * with the name as it is written.
 * Source: calico, felix/calc/policy_sorter.go, PolKVLess; libcalico-go/lib/names.
 */
export const SPELLINGS = [0, 1] as const

/** Every policy that may be about the packet. Staged policies are other kinds, and do nothing. */
export const placedPolicies = (question: Question): readonly Placed[] => [
  ...(question.platform.enforces.calico === true ? calicoPolicies(question) : []),
  ...(question.platform.enforces.kubernetes ? kubernetesPolicies(question) : []),
  ...(question.platform.enforces.policyApi ? tieredPolicies(question) : []),
]

/**
 * Source: docs.tigera.io, Network policy, Global network policy; calico, libcalico-go/lib/backend/syncersv1/
 * updateprocessors, networkpolicyprocessor, globalnetworkpolicyprocessor; felix/calc/policy_sorter.go.
 */
const calicoPolicies = (question: Question): readonly Placed[] => [
  ...calicoOfKind(question.objects, 'NetworkPolicy')
    .filter(policy => namespaceOf(policy) === question.subject.namespace)
    .map(policy => place(question, policy, namespaceOf(policy))),
  ...calicoOfKind(question.objects, 'GlobalNetworkPolicy').map(policy => place(question, policy, null)),
]

const place = (question: Question, policy: Json, namespace: string | null): Placed =>
  placedAs(policy, namespace, says(question, policy, namespace))

/** A policy of Calico’s own, with what it says. */
export const placedAs = (policy: Json, namespace: string | null, said: ReadonlySet<CalicoSay>): Placed => {
  const spec = at(policy, 'spec') ?? {}
  const order = at(spec, 'order')
  const name = nameOf(policy)
  const long = name.includes('.') ? name : `default.${name}`
  const kind = namespace === null ? 'GlobalNetworkPolicy' : 'NetworkPolicy'
  return {
    policy: `Calico ${kind} ${name}`,
    tier: text(at(spec, 'tier')) || 'default',
    order: typeof order === 'number' ? order : Number.POSITIVE_INFINITY,
    names: [namespace === null ? long : `${namespace}/${long}`, `${name}/${namespace ?? ''}/${kind}`],
    says: said,
  }
}

const says = (question: Question, policy: Json, namespace: string | null): ReadonlySet<CalicoSay> => {
  const spec = at(policy, 'spec') ?? {}
  if (!isAbout(question.direction, policy) || isForHosts(spec)) return new Set(['absent'])
  return sayings(question, policy, namespace, question.direction, selects(question, spec))
}

/** What the rules of one direction say of a packet, for somebody whom the policy selects or may. */
export const sayings = (
  question: AnyQuestion,
  policy: Json,
  namespace: string | null,
  direction: 'egress' | 'ingress',
  isSelected: Tri,
): ReadonlySet<CalicoSay> => {
  const spec = at(policy, 'spec') ?? {}
  const selected = every([isSelected, mayBeRefused(policy) ? 'unknown' : 'yes'])
  const said = new Set<CalicoSay>()
  if (selected !== 'yes') said.add('absent')
  if (selected === 'no') return said
  for (const rule of list(at(spec, direction))) {
    const action = ACTIONS.get(text(at(rule, 'action')) ?? '')
    if (action === 'log') continue
    const matches = ruleMatches(question, rule, namespace)
    if (matches === 'no') continue
    for (const may of action === undefined ? (['allow', 'deny', 'pass'] as const) : [action]) said.add(may)
    if (matches === 'yes' && action !== undefined) return said
  }
  return said.add('none')
}

/** Log goes on to the next rule. */
const ACTIONS = new Map<string, 'allow' | 'deny' | 'pass' | 'log'>([
  ['Allow', 'allow'],
  ['Deny', 'deny'],
  ['Pass', 'pass'],
  ['Log', 'log'],
])

/**
 * Without `types`: egress if there are egress rules, ingress if there are ingress rules or none at all. That is filled in by
 * Calico's API on the way in; a document that is stored without it, past that API, is about both directions.
 * Source: calico, libcalico-go/lib/clientv3/globalnetworkpolicy.go, defaultPolicyTypesField; felix/calc/policy_sorter.go,
 * ExtractPolicyMetadata.
 */
export const isAbout = (direction: 'egress' | 'ingress', policy: Json): boolean => {
  const types = list(at(policy, 'spec', 'types'))
  if (types.length > 0) return types.some(type => text(type)?.toLowerCase() === direction)
  if (text(at(policy, 'apiVersion'))?.startsWith('crd.') === true) return true
  const hasEgress = list(at(policy, 'spec', 'egress')).length > 0
  const hasIngress = list(at(policy, 'spec', 'ingress')).length > 0
  return direction === 'egress' ? hasEgress : hasIngress || !hasEgress
}

/** Untracked and pre-DNAT policies are for host endpoints. Source: calico, felix/calc/event_sequencer.go. */
const isForHosts = (spec: Json): boolean => at(spec, 'doNotTrack') === true || at(spec, 'preDNAT') === true

const selects = ({ objects, subject }: Question, spec: Json): Tri => {
  const labels = podLookup(objects, subject)
  return every(
    [
      selectorAt(spec, 'selector'),
      selectorAt(spec, 'namespaceSelector', readNamespaceSelector),
      selectorAt(spec, 'serviceAccountSelector', readAccountSelector),
    ].map(selector => (selector === null ? 'yes' : selector(labels))),
  )
}

/**
 * NetworkPolicy becomes a policy of the default tier with order 1000.
 * Source: calico, libcalico-go/lib/backend/k8s/conversion/conversion.go, K8sNetworkPolicyToCalico.
 */
const kubernetesPolicies = (question: Question): readonly Placed[] =>
  kubernetesOpinions(question).map(({ policy, says: opinion, object }) => {
    const [name, namespace] = [nameOf(object), namespaceOf(object)]
    return {
      policy,
      tier: 'default',
      order: 1000,
      names: [`${namespace}/knp.default.${name}`, `${name}/${namespace}/KubernetesNetworkPolicy`],
      says: new Set(opinion.map(say => (say.allows ? 'allow' : say.isolates ? 'none' : 'absent'))),
    }
  })

/**
 * The priority is the order. Between equal ones Calico goes by name, which the policy API promises nobody: it stays open here.
 * What the rules mean is asked of the policy API itself.
 * Source: calico, libcalico-go/lib/backend/k8s/conversion/clusternetworkpolicy.go; up to 3.31 adminnetworkpolicy.go.
 */
const tieredPolicies = (question: Question): readonly Placed[] =>
  (['admin', 'baseline'] as const).flatMap(tier =>
    policiesOf(question.objects, tier, 1000).map(({ priority, spec, object }) => {
      const kind = text(at(object, 'kind')) ?? ''
      return {
        policy: `${kind} ${nameOf(object)}`,
        tier: kind === 'ClusterNetworkPolicy' ? `kube-${tier}` : kind.toLowerCase(),
        order: priority,
        names: null,
        says: policyDecisions(question, spec),
      }
    }),
  )
