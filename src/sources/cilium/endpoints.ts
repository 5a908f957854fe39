import type { Json } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import type { Selector } from '../../model/rule.ts'
import { clusterScope } from './cluster-scope.ts'
import type { CiliumContext } from './context.ts'
import { entityPeers, isEntity } from './entities.ts'
import { allOf } from './expressions.ts'
import {
  CLUSTER_NAME,
  NAMESPACE_LABELS,
  names,
  POD_NAMESPACE,
  type Requirement,
  readSelector,
} from './label-selector.ts'
import { anywhere, type Reached, surely } from './reached.ts'
import { nodeSelector, podSelector } from './selectors.ts'

/**
 * One item of `toEndpoints` or `fromEndpoints`. Without a namespace label it means the policy's own namespace, in a
 * cluster-wide policy every pod; without a cluster label, what the cluster's settings say.
 * Source: pkg/k8s/apis/cilium.io/utils, getEndpointSelector.
 */
export const endpointPeer = (
  item: Json,
  at: DocumentPath,
  namespace: string | null,
  context: CiliumContext,
): Reached => {
  const read = readSelector(item)
  if (read.kind === 'refused') return anywhere(unread(`the selector ${read.why}`))
  if (read.value.some(({ source }) => source === 'reserved')) return reservedPeer(read.value, at, context)
  return surely({ kind: 'pods', selector: scoped(read.value, namespace, context) })
}

/** Pods that the selector means as a peer, with the limits that it leaves unsaid. */
export const scoped = (
  requirements: readonly Requirement[],
  namespace: string | null,
  context: CiliumContext,
): Selector => {
  const parts: Selector[] = [podSelector(requirements, context)]
  // Versions long out of support kept to the own namespace where only a namespace's labels were named.
  const speaksOfNamespace = names(requirements, key => key === POD_NAMESPACE || key.startsWith(NAMESPACE_LABELS))
  if (namespace !== null && !speaksOfNamespace) parts.push({ kind: 'namespace', name: namespace })
  const scope = names(requirements, key => key === CLUSTER_NAME) ? null : clusterScope(context)
  if (scope !== null) parts.push(scope)
  return allOf(parts)
}

/**
 * A selector with a `reserved:` key is not limited to a namespace: on its own it is an entity. Mixed with other keys, or
 * turned round, it may mean anything that has an identity.
 */
const reservedPeer = (requirements: readonly Requirement[], at: DocumentPath, context: CiliumContext): Reached => {
  const [only] = requirements
  const plain =
    requirements.length === 1 &&
    only !== undefined &&
    (only.operator === 'Exists' || (only.operator === 'In' && only.values.length === 1 && only.values[0] === ''))
  // These stand for other identities, and in a cluster with both families no identity has `world` itself.
  if (plain && isEntity(only.key) && !['all', 'cluster', 'cluster-mesh', 'world'].includes(only.key))
    return entityPeers(only.key, at, context)
  return anywhere({
    level: 'unknown',
    why: 'what a selector over `reserved:` labels covers depends on identities that no document shows',
    settledBy: 'toEntities or fromEntities in its place',
  })
}

/**
 * One item of `toNodes` or `fromNodes`: other nodes than the own one, by their labels. The keys are of source `node`.
 * Source: docs.cilium.io, "Node based"; pkg/k8s/apis/cilium.io/utils, getNodeSelector.
 */
export const nodePeer = (item: Json, context: CiliumContext): Reached => {
  const read = readSelector(item)
  if (read.kind === 'refused') return anywhere(unread(`the selector ${read.why}`))
  const scope = names(read.value, key => key === CLUSTER_NAME) ? null : clusterScope(context)
  const nodes = nodeSelector(read.value, context)
  return surely({ kind: 'nodes', which: 'other', selector: scope === null ? nodes : allOf([nodes, scope]) })
}

const unread = (why: string) => ({ level: 'unknown', why, settledBy: 'a selector that Cilium can read' }) as const
