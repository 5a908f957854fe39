import { at, field, isObject, type Json, list, text, texts } from '../../model/json.ts'
import type { PodIdentity, PodMatcher, Policy, PolicySpec } from '../../model/policy.ts'
import { EVERYTHING, type LabelSelector, selectorMatches } from '../../model/selector.ts'
import { type ApiObject, lowerSelector, selectorText, sourced } from '../kubernetes/object.ts'

/**
 * CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy: `spec` or `specs`. A rule section that holds at least one
 * rule switches default deny on for its direction (an empty rule `{}` denies all there), unless `enableDefaultDeny`
 * says otherwise; an empty section leaves the direction alone.
 * Source: docs.cilium.io, "Layer 3 Policies" and "Policy Enforcement Modes"; pkg/policy/api, type Rule.
 */
export const lowerCiliumPolicy = (object: ApiObject): Policy => {
  const namespace = object.ref.kind === 'CiliumNetworkPolicy' ? (object.ref.namespace ?? 'default') : null
  const specs = [field(object.body, 'spec'), ...list(field(object.body, 'specs'))].filter(isObject)
  return {
    ...sourced(object),
    dialect: 'cilium',
    namespace,
    specs: specs.map(spec => lowerSpec(spec, namespace)),
    inert: rejected(object),
  }
}

const lowerSpec = (spec: Json, namespace: string | null): PolicySpec => {
  const nodes = field(spec, 'nodeSelector') !== undefined
  const wideOpen = list(field(spec, 'egress')).findIndex(
    rule => opensToWorld(rule) && list(field(rule, 'toPorts')).length === 0,
  )
  return {
    subject: nodes ? NO_POD : podMatcher(lowerSelector(field(spec, 'endpointSelector')) ?? EVERYTHING, namespace),
    isolatesEgress: isolates(spec, 'egress'),
    isolatesIngress: isolates(spec, 'ingress'),
    allowsAllEgress: wideOpen < 0 ? null : wideOpen,
    opensEverything: list(field(spec, 'egress')).some(opensToWorld),
    selectsNodes: nodes,
  }
}

const opensToWorld = (rule: Json): boolean =>
  texts(field(rule, 'toCIDR')).some(isEverywhere) ||
  list(field(rule, 'toCIDRSet')).some(set => isEverywhere(text(field(set, 'cidr')) ?? '')) ||
  texts(field(rule, 'toEntities')).some(entity => entity === 'world' || entity === 'all' || entity.startsWith('world-'))

const isEverywhere = (range: string): boolean => /^(0\.0\.0\.0|::)\/0$/.test(range)

const NO_POD: PodMatcher = { text: 'nodes', podLabelsOnly: false, matches: () => false }

const isolates = (spec: Json, direction: 'egress' | 'ingress'): boolean => {
  const rules = list(field(spec, direction)).length + list(field(spec, `${direction}Deny`)).length
  return rules > 0 && at(spec, 'enableDefaultDeny', direction) !== false
}

/** The agent's own verdict on the policy, as it wrote it into the status. */
const rejected = (object: ApiObject): string | null => {
  const invalid = list(at(object.body, 'status', 'conditions')).find(
    condition => text(field(condition, 'type')) === 'Valid' && text(field(condition, 'status')) === 'False',
  )
  return invalid === undefined ? null : `rejected by the agent: ${text(field(invalid, 'message')) ?? 'no reason given'}`
}

/** Label keys carry a source: `k8s:app`, `any:app`; what Cilium adds to a pod's own labels has names of its own. */
const podMatcher = (selector: LabelSelector, namespace: string | null): PodMatcher => {
  const requirements = selector.requirements.map(requirement => ({
    ...requirement,
    key: requirement.key.replace(/^(k8s|any)[:.]/, ''),
  }))
  const known: LabelSelector = { requirements }
  const speaksOfNamespace = requirements.some(
    ({ key }) => key.startsWith('io.kubernetes.pod.namespace') || key.startsWith('io.cilium.k8s.'),
  )
  return {
    text: selectorText(selector),
    podLabelsOnly: namespace === null && requirements.length > 0 && !speaksOfNamespace,
    matches: pod => selectorMatches(known, identityLabels(pod)) && (namespace === null || pod.namespace === namespace),
  }
}

const identityLabels = (pod: PodIdentity): ReadonlyMap<string, string> => {
  const labels = new Map(pod.labels)
  labels.set('io.kubernetes.pod.namespace', pod.namespace)
  labels.set('io.cilium.k8s.policy.serviceaccount', pod.serviceAccount)
  for (const [key, value] of pod.namespaceLabels) labels.set(`io.cilium.k8s.namespace.labels.${key}`, value)
  return labels
}
