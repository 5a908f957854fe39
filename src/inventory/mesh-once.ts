import type { Cluster } from '../model/cluster.ts'

/** A fact about a whole cluster, worked out once however many of its workloads ask. */
export const oncePerCluster = <T>(make: (cluster: Cluster) => T): ((cluster: Cluster) => T) => {
  const known = new WeakMap<Cluster, { readonly made: T }>()
  return cluster => {
    const before = known.get(cluster)
    if (before !== undefined) return before.made
    const made = make(cluster)
    known.set(cluster, { made })
    return made
  }
}
