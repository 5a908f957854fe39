import { nameOf, namespaceOf, ofKind } from './estate.ts'
import { at, isObject, text } from './json.ts'
import type { Json, Tri } from './types.ts'

/**
 * An identity of Cilium does not have all labels of its pod: what the platform sets is left out, and setting `labels` of the
 * agent leaves out more, or names what is left in. A key that starts with what is kept is kept where that start is longer than
 * the shortest start that is dropped.
 * Source: docs.cilium.io, "Limiting Identity-Relevant Labels".
 */
export const isOfIdentity = (objects: readonly Json[], key: string): Tri => {
  const config = configOf(objects)
  const own = startsIn(text(at(config, 'labels')) ?? '')
  if (own === null || at(config, 'label-prefix-file') !== undefined) return 'unknown'
  // The number of the version decides, which is not given here.
  if (BY_VERSION.some(start => key.startsWith(start))) return 'unknown'
  const kept = [...KEPT, ...own.kept].filter(start => key.startsWith(start)).map(start => start.length)
  const dropped = [...DROPPED, ...own.dropped].filter(start => key.startsWith(start)).map(start => start.length)
  const beta = /^.*beta\.kubernetes\.io/.exec(key)?.[0].length
  if (beta !== undefined) dropped.push(beta)
  if (key.startsWith(ADDED) && own.kept.length > 0 && kept.length === 0) return 'unknown'
  if (dropped.length === 0) return own.kept.length === 0 || kept.length > 0 ? 'yes' : 'no'
  if (kept.length > 0 && Math.max(...kept) > Math.min(...dropped)) return 'yes'
  return isObject(config) ? 'no' : 'unknown'
}

const KEPT = ['io.kubernetes.pod.namespace', 'io.cilium.k8s.namespace.labels', 'app.kubernetes.io']
const DROPPED = [
  'io.kubernetes',
  'kubernetes.io',
  'k8s.io',
  'pod-template-generation',
  'pod-template-hash',
  'controller-revision-hash',
  'annotation',
  'etcd_node',
]
const BY_VERSION = [
  'topology.kubernetes.io',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/job-completion-index',
  'batch.kubernetes.io/controller-uid',
  'controller-uid',
]
/** What Cilium adds itself: whether a list that names labels has to name it, too, hangs on the version. */
const ADDED = 'io.cilium.k8s.policy.'

/** null: something else than plain starts of keys. */
const startsIn = (
  setting: string,
): { readonly kept: readonly string[]; readonly dropped: readonly string[] } | null => {
  const words = setting.split(' ').filter(word => word !== '')
  const found = words.map(word => /^(?:k8s:)?(!?)((?:[\w/-]|\\\.)+)$/.exec(word))
  if (found.some(match => match === null)) return null
  const starts = found.map(match => ({
    isDropped: match?.[1] === '!',
    start: (match?.[2] ?? '').replaceAll('\\.', '.'),
  }))
  return {
    kept: starts.filter(({ isDropped }) => !isDropped).map(({ start }) => start),
    dropped: starts.filter(({ isDropped }) => isDropped).map(({ start }) => start),
  }
}

/** The settings of the agent; undefined where nobody gave them. */
export const configOf = (objects: readonly Json[]): Json | undefined => {
  const map = ofKind(objects, '', 'ConfigMap').find(
    one => nameOf(one) === 'cilium-config' && namespaceOf(one) === 'kube-system',
  )
  return map === undefined ? undefined : (at(map, 'data') ?? {})
}
