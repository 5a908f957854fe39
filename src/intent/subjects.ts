import type { Node } from '../model/cluster.ts'
import { globMatches } from '../model/glob.ts'
import type { IntentSubject } from '../model/intent.ts'
import type { PodShape, Workload } from '../model/workload.ts'
import { poolsOf } from './node-pools.ts'

/** Whether an intent speaks of the pods of a workload that have this shape. All given keys must match. */
export const speaksOf = (from: IntentSubject | null, workload: Workload, shape: PodShape): boolean => {
  if (from?.kind !== 'workloads') return false
  const { ref, namespace } = workload
  const labels = shape.labels.size > 0 ? shape.labels : workload.labels
  return (
    matchesOne(from.clusters, ref.cluster) &&
    matchesOne(from.namespaces, namespace) &&
    matchesOne(from.serviceAccounts, shape.serviceAccount) &&
    (matchesOne(from.workloads, ref.name) || matchesOne(from.workloads, `${ref.kind}/${ref.name}`)) &&
    [...from.labels].every(([key, glob]) => {
      const value = labels.get(key)
      return value !== undefined && globMatches(glob, value)
    })
  )
}

/** Whether an intent speaks of what a node itself sends: by the name of a pool of it, or by its own. */
export const speaksOfNode = (from: IntentSubject | null, node: Node): boolean =>
  from?.kind === 'nodes' &&
  matchesOne(from.clusters, node.ref.cluster) &&
  [node.ref.name, ...poolsOf(node)].some(name => matchesOne(from.nodePools, name))

/** null: not given, so nothing is asked. An empty list is given, and matches nothing. */
export const matchesOne = (globs: readonly string[] | null, text: string): boolean =>
  globs === null || globs.some(glob => globMatches(glob, text))
