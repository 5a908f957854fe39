import type { Cluster } from '../model/cluster.ts'
import type { MeshGap } from '../model/mesh.ts'
import type { Doubt } from '../model/rule.ts'
import type { PodShape } from '../model/workload.ts'
import { ANYWHERE, EVERY_TCP } from './mesh-boxes.ts'
import type { MeshSubject } from './mesh-member.ts'
import { oncePerCluster } from './mesh-once.ts'

/** Pods are asked as the first of them is: where a mesh sees others otherwise, nothing is certain of all. */
export const differing = (cluster: Cluster, { workload, pods }: MeshSubject): readonly MeshGap[] => {
  const [first, ...others] = pods
  if (first === undefined || others.length === 0) return []
  const keys = labelsAskedIn(cluster)
  const own = settingsOf(first.shape, keys)
  if (others.every(({ shape }) => settingsOf(shape, keys) === own)) return []
  return [
    {
      addresses: ANYWHERE,
      traffic: EVERY_TCP,
      doubt: DIFFERENT,
      because: { of: workload, at: workload.shapePath, says: 'its pods are not all set alike' },
    },
  ]
}

/** What of a pod decides how a mesh treats it. */
const settingsOf = (
  { labels, annotations, containers, runAsUser, runAsGroup }: PodShape,
  keys: readonly string[],
): string =>
  JSON.stringify([
    runAsUser,
    runAsGroup,
    keys.map(key => labels.get(key)),
    [...annotations].filter(([key]) => DECIDING.test(key)).sort(([a], [b]) => (a < b ? -1 : 1)),
    containers.map(({ role, name, runAsUser: user, runAsGroup: group, args }) => [
      role,
      name,
      user,
      group,
      name.endsWith('-init') ? args : [],
    ]),
  ])

const DECIDING = /^(traffic\.sidecar\.istio\.io|config\.linkerd\.io)\/|^sidecar\.istio\.io\/interceptionMode$/

/** By these a document of the mesh tells workloads apart. */
const labelsAskedIn = oncePerCluster(({ mesh }) => [
  ...new Set([
    ...[...mesh.outboundScopes, ...mesh.patches].flatMap(
      ({ selector }) => selector?.requirements.map(({ key }) => key) ?? [],
    ),
    ...mesh.routes.flatMap(({ rules }) => rules.flatMap(({ sourceLabels }) => [...sourceLabels.keys()])),
  ]),
])

const DIFFERENT: Doubt = {
  level: 'unknown',
  why: 'pods of this workload differ in what a mesh goes by',
  settledBy: 'pods that were all made from one template',
}
