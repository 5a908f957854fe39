import type { Cluster } from '../model/cluster.ts'
import { idOf } from '../model/identity.ts'
import type { IdentityHygiene } from '../model/inventory.ts'
import { DEFAULT_STANDARD, type Standard } from '../model/standard.ts'
import type { Workload } from '../model/workload.ts'
import { addOnOf, isSystemNamespace } from './add-ons.ts'
import { ownerOf } from './owner.ts'

/** Can policy and people tell workloads apart? Only the user's own are judged. */
export const identityOf = (cluster: Cluster, standard: Standard | null): IdentityHygiene => {
  const own = cluster.workloads.filter(isUserWorkload)
  const rules = standard ?? DEFAULT_STANDARD
  return {
    defaultServiceAccount: own
      .filter(workload => workload.shape.serviceAccount === 'default')
      .map(workload => idOf(workload.ref)),
    withoutOwner: own
      .filter(workload => ownerOf(workload, cluster, standard, workload.shape) === null)
      .map(workload => idOf(workload.ref)),
    withoutController: own.filter(isBarePod).map(workload => idOf(workload.ref)),
    indistinguishable: indistinguishableOf(own),
    namespacesWithoutLabels: [...cluster.namespaces.values()].flatMap(namespace => {
      if (isSystemNamespace(namespace.ref.name) || !namespace.read) return []
      const missing = rules.namespaceLabels.filter(key => !namespace.labels.has(key))
      return missing.length === 0 ? [] : [{ namespace: namespace.ref.name, missing }]
    }),
  }
}

export const isUserWorkload = (workload: Workload): boolean =>
  !isSystemNamespace(workload.namespace) && addOnOf(workload) === null

/** A pod that nobody restarts, replaces or owns. */
export const isBarePod = (workload: Workload): boolean =>
  workload.ref.kind === 'Pod' && workload.pods.every(pod => !pod.controlled)

/** Pods with equal labels and service account in one namespace are one subject to every policy dialect. */
const indistinguishableOf = (workloads: readonly Workload[]): IdentityHygiene['indistinguishable'] => {
  const groups = Map.groupBy(workloads, workload => {
    const labels = [...workload.shape.labels]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${key}=${value}`)
    return [workload.namespace, workload.shape.serviceAccount, ...labels].join('\n')
  })
  return [...groups.values()]
    .filter(group => group.length > 1 || group[0]?.shape.labels.size === 0)
    .map(group => ({
      ids: group.map(workload => idOf(workload.ref)),
      why:
        group[0]?.shape.labels.size === 0
          ? 'without labels: only a policy for the whole namespace can select it'
          : 'same namespace, labels and service account',
    }))
}
