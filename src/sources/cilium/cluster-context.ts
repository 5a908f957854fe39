import type { ConfigMap } from '../../model/cluster.ts'
import { field, list, text } from '../../model/json.ts'
import type { Workload } from '../../model/workload.ts'
import type { ApiObject } from '../kubernetes/object.ts'
import type { CiliumContext, CiliumService } from './context.ts'

/** What a cluster's other documents say that its Cilium policies lean on. */
export const ciliumContext = (found: {
  readonly clusterName: string
  readonly configMaps: readonly ConfigMap[]
  readonly workloads: readonly Workload[]
  readonly groups: readonly ApiObject[]
  readonly services: readonly CiliumService[]
  readonly complete: boolean
}): CiliumContext => {
  const config = ciliumConfigIn(found.configMaps)
  const settings = config?.data ?? null
  return {
    clusterName: settings?.get('cluster-name') || found.clusterName,
    settings,
    version: versionOf(found.workloads),
    cidrGroups: new Map(
      found.groups.map(group => [
        group.ref.name,
        { labels: group.labels, cidrs: list(field(group.spec, 'externalCIDRs')).flatMap(cidr => text(cidr) ?? []) },
      ]),
    ),
    services: found.services,
    complete: found.complete,
  }
}

/** The agent's own settings; a ConfigMap of that name elsewhere sets nothing. */
export const ciliumConfigIn = (configMaps: readonly ConfigMap[]): ConfigMap | undefined =>
  configMaps.find(map => map.ref.name === 'cilium-config' && isSystem(map.ref.namespace))

const isSystem = (namespace: string | null): boolean => namespace === 'kube-system' || namespace === 'cilium'

/** `v1.18.2` of the agent's image, `1.18` with or without the rest. */
const versionOf = (workloads: readonly Workload[]): readonly [number, number] | null => {
  const agent = workloads.find(
    ({ ref, namespace }) => ref.kind === 'DaemonSet' && ref.name === 'cilium' && isSystem(namespace),
  )
  for (const container of agent?.shape.containers ?? []) {
    const [, major, minor] = /[:/]cilium:v?(\d+)\.(\d+)/.exec(container.image) ?? []
    if (container.role === 'main' && major !== undefined) return [Number(major), Number(minor)]
  }
  return null
}
