import { inventoryOf } from '../inventory/inventory.ts'
import type { Estate } from '../model/cluster.ts'
import type { Inventory } from '../model/inventory.ts'
import { withInbound } from './inbound.ts'
import { parseLabelSelector } from './label-selector.ts'

/** The inventory, narrowed to namespaces and labels where some were named: the rest is left out before counting. */
export const takeInventory = (
  estate: Estate,
  wanted: { readonly namespaces: readonly string[]; readonly labels: string | null },
): Inventory => {
  if (wanted.namespaces.length === 0 && wanted.labels === null) return withInbound(inventoryOf(estate), estate)
  const carries = parseLabelSelector(wanted.labels ?? '')
  const isInside = (namespace: string): boolean =>
    wanted.namespaces.length === 0 || wanted.namespaces.includes(namespace)
  const inside = <T extends { readonly namespace: string; readonly labels: ReadonlyMap<string, string> }>(
    objects: readonly T[],
  ): readonly T[] => objects.filter(object => isInside(object.namespace) && carries(object.labels))
  const left: Estate = {
    ...estate,
    clusters: estate.clusters.map(cluster => ({
      ...cluster,
      workloads: cluster.workloads.filter(
        ({ namespace, labels, shape }) => isInside(namespace) && (carries(labels) || carries(shape.labels)),
      ),
      workloadsIn: new Map([...cluster.workloadsIn].filter(([name]) => wanted.namespaces.includes(name))),
      services: inside(cluster.services),
      ingresses: inside(cluster.ingresses),
      pods: cluster.pods.filter(pod => isInside(pod.ref.namespace ?? '') && carries(pod.labels)),
      namespaces: new Map([...cluster.namespaces].filter(([name]) => isInside(name))),
    })),
  }
  return withInbound(inventoryOf(left), left)
}
