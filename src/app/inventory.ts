import { inventoryOf } from '../inventory/inventory.ts'
import type { Estate } from '../model/cluster.ts'
import type { Inventory } from '../model/inventory.ts'

/** The inventory, narrowed to namespaces where some were named: what stands elsewhere is left out before counting. */
export const takeInventory = (estate: Estate, wanted: { readonly namespaces: readonly string[] }): Inventory => {
  if (wanted.namespaces.length === 0) return inventoryOf(estate)
  const inside = <T extends { readonly namespace: string }>(objects: readonly T[]): readonly T[] =>
    objects.filter(object => wanted.namespaces.includes(object.namespace))
  return inventoryOf({
    ...estate,
    clusters: estate.clusters.map(cluster => ({
      ...cluster,
      workloads: inside(cluster.workloads),
      workloadsIn: new Map([...cluster.workloadsIn].filter(([name]) => wanted.namespaces.includes(name))),
      services: inside(cluster.services),
      ingresses: inside(cluster.ingresses),
      pods: cluster.pods.filter(pod => wanted.namespaces.includes(pod.ref.namespace ?? '')),
      namespaces: new Map([...cluster.namespaces].filter(([name]) => wanted.namespaces.includes(name))),
    })),
  })
}
