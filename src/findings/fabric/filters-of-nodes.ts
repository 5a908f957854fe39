import type { Filter, NetworkInterface } from '../../model/fabric.ts'
import type { NodeThere } from './nodes.ts'
import type { FabricView } from './view.ts'

/** A filter at interfaces of nodes, with those that it stands at. */
export interface NodeFilter {
  readonly filter: Filter
  readonly nodes: readonly { readonly node: NodeThere; readonly one: NetworkInterface }[]
}

/** Sorted by id. Of a filter that was not read in full nothing is claimed. */
export const filtersOfNodes = ({ fabric, nodes }: FabricView): readonly NodeFilter[] => {
  const held = Map.groupBy(
    nodes.flatMap(node => node.interfaces.flatMap(one => one.filters.map(id => ({ id, node, one })))),
    ({ id }) => id,
  )
  return fabric.filters.flatMap(filter => {
    const there = held.get(filter.id)
    if (there === undefined || filter.doubts.length > 0) return []
    const once = new Map(there.map(({ node, one }) => [node, { node, one }]))
    return [{ filter, nodes: [...once.values()] }]
  })
}
