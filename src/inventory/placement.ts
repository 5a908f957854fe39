import type { Node } from '../model/cluster.ts'
import type { Toleration, Workload } from '../model/workload.ts'

/**
 * Names of the nodes that a workload's pods are on; where no pod was read, those that its template may land on by
 * nodeSelector and taints. null when no node was read. Source: kubernetes.io, "Taints and Tolerations".
 */
export const nodesOf = (workload: Workload, nodes: readonly Node[]): readonly string[] | null => {
  const placed = [...new Set(workload.pods.flatMap(pod => pod.node ?? []))].sort()
  if (placed.length > 0) return placed
  if (nodes.length === 0) return null
  const { nodeSelector, tolerations, nodeName } = workload.shape
  if (nodeName !== null) return [nodeName]
  return nodes
    .filter(node => [...nodeSelector].every(([key, value]) => node.labels.get(key) === value))
    .filter(node =>
      node.taints.every(
        taint => taint.effect === 'PreferNoSchedule' || tolerations.some(toleration => tolerates(toleration, taint)),
      ),
    )
    .map(node => node.ref.name)
}

/** An empty key with Exists tolerates everything; an empty effect every effect. */
const tolerates = (toleration: Toleration, taint: Node['taints'][number]): boolean => {
  if (toleration.effect !== null && toleration.effect !== '' && toleration.effect !== taint.effect) return false
  if (toleration.key === null || toleration.key === '') return toleration.operator === 'Exists'
  if (toleration.key !== taint.key) return false
  return toleration.operator === 'Exists' || (toleration.value ?? '') === (taint.value ?? '')
}
