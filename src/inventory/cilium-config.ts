import type { Cluster, ConfigMap } from '../model/cluster.ts'
import { isSystemNamespace } from './add-ons.ts'

/** Cilium's own settings; a ConfigMap of that name in somebody's namespace sets nothing. */
export const ciliumConfig = (cluster: Cluster): ConfigMap | null =>
  [...cluster.configMaps.values()].find(
    map => map.ref.name === 'cilium-config' && isSystemNamespace(map.ref.namespace ?? ''),
  ) ?? null

/** A value of them; undefined without one. */
export const ciliumSetting = (cluster: Cluster, key: string): string | undefined => ciliumConfig(cluster)?.data.get(key)
