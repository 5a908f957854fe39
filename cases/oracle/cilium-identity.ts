import { isOfIdentity } from './cilium-labels.ts'
import type { Party } from './estate.ts'
import { at, isObject, list, text } from './json.ts'
import { type Labels, selects } from './labels.ts'
import { isOwnNode, type Question } from './question.ts'
import { every, tri } from './three.ts'
import type { Json, Tri } from './types.ts'

/**
 * Cilium matches selectors against the labels of an identity: of a pod its own, its namespace's and those that Cilium
 * adds; of a node and of the world `reserved:` ones.
 * Source: docs.cilium.io, "Layer 3 Policies", "Using Kubernetes Constructs In Policy"; cilium, pkg/k8s/apis/cilium.io.
 */
const NAMESPACE = 'io.kubernetes.pod.namespace'
const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.'
const SERVICE_ACCOUNT = 'io.cilium.k8s.policy.serviceaccount'
/** The cluster's own name is a setting of the agent, which is not given here. */
const CLUSTER = 'io.cilium.k8s.policy.cluster'

const identity = (question: Question, party: Party): Labels => {
  if (party.kind === 'node') {
    const own = isOwnNode(question) ? 'reserved:host' : 'reserved:remote-node'
    return { known: new Map([[own, '']]), complete: true }
  }
  if (party.kind === 'address') return { known: new Map([['reserved:world', '']]), complete: true }
  const { labels, namespace, namespaceLabels, serviceAccount } = party
  const all: readonly (readonly [string, string])[] = [
    ...labels.known,
    ...[...namespaceLabels.known].map(([key, value]) => [NAMESPACE_LABELS + key, value] as const),
    [SERVICE_ACCOUNT, serviceAccount],
  ]
  return {
    known: new Map([
      ...all.filter(([key]) => isOfIdentity(question.objects, key) === 'yes'),
      [NAMESPACE, namespace] as const,
    ]),
    complete: namespaceLabels.complete,
  }
}

/**
 * `endpointSelector`: of a namespaced policy, only pods of its namespace; a namespace written there under `k8s:` is
 * replaced by the policy's. Source: cilium, pkg/k8s/apis/cilium.io/utils, ParseToCiliumRule.
 */
export const isSubject = (question: Question, selector: Json, namespace: string): Tri => {
  const { subject } = question
  const equalities = at(selector, 'matchLabels')
  const own =
    namespace === '' || !isObject(equalities)
      ? selector
      : {
          ...(isObject(selector) ? selector : {}),
          matchLabels: Object.fromEntries(Object.entries(equalities).filter(([key]) => key !== `k8s:${NAMESPACE}`)),
        }
  return every([tri(namespace === '' || subject.namespace === namespace), matches(question, own, subject)])
}

/**
 * A peer selector of a namespaced policy means its own namespace unless it names a namespace or namespace labels; of a
 * clusterwide one, every pod, but nothing without a namespace. One with `reserved:` labels is left as it is.
 * Source: cilium, pkg/k8s/apis/cilium.io/utils, getEndpointSelector.
 */
export const isEndpoint = (question: Question, selector: Json, namespace: string): Tri => {
  const { peer } = question
  if (peer.kind === 'pod' && !peer.live) return 'no'
  const keys = keysOf(selector).map(plainKey)
  const scoped = keys.some(key => key === NAMESPACE || key.startsWith('reserved:'))
  const byLabels = namespace !== '' && keys.some(key => key.startsWith(NAMESPACE_LABELS))
  const inScope =
    scoped || byLabels ? 'yes' : tri(peer.kind === 'pod' && (namespace === '' || peer.namespace === namespace))
  return every([inScope, matches(question, selector, peer)])
}

const matches = (question: Question, selector: Json, party: Party): Tri => {
  const keys = keysOf(selector).map(plainKey)
  if (keys.some(key => isOpaque(key, party))) return 'unknown'
  const isOpen = (key: string): boolean =>
    !key.includes(':') && key !== NAMESPACE && isOfIdentity(question.objects, key) === 'unknown'
  if (party.kind === 'pod' && keys.some(isOpen)) return 'unknown'
  return selects(withPlainKeys(selector), identity(question, party))
}

/** What the world does not tell: cluster names, other label sources, and reserved labels beyond host and remote-node. */
const isOpaque = (key: string, party: Party): boolean => {
  if (key === CLUSTER) return true
  if (!key.includes(':')) return false
  if (!key.startsWith('reserved:')) return true
  return party.kind === 'address' || (party.kind === 'node' && !['reserved:host', 'reserved:remote-node'].includes(key))
}

/** `k8s:app`, `any:app` and `app` mean one label of a pod. */
const plainKey = (key: string): string => key.replace(/^(k8s|any):/, '')

const keysOf = (selector: Json): readonly string[] => {
  const equalities = at(selector, 'matchLabels')
  return [
    ...(isObject(equalities) ? Object.keys(equalities) : []),
    ...list(at(selector, 'matchExpressions')).flatMap(requirement => text(at(requirement, 'key')) ?? []),
  ]
}

export const withPlainKeys = (selector: Json): Json => {
  if (!isObject(selector)) return selector
  const equalities = at(selector, 'matchLabels')
  return {
    matchLabels: isObject(equalities)
      ? Object.fromEntries(Object.entries(equalities).map(([key, value]) => [plainKey(key), value]))
      : {},
    matchExpressions: list(at(selector, 'matchExpressions')).map(requirement =>
      isObject(requirement) ? { ...requirement, key: plainKey(text(at(requirement, 'key')) ?? '') } : requirement,
    ),
  }
}
