import type { Algebra } from './algebra.ts'

/**
 * The union of the ids that are active, while they come and go: a tree of unions over the distinct ids, so that one change
 * costs the logarithm of their number in memoised operations, however many are active. Equal ids are counted.
 */
export interface ActiveUnion<Id extends number> {
  readonly enter: (id: Id) => void
  readonly leave: (id: Id) => void
  readonly current: () => Id
}

export const activeUnion = <Id extends number>(algebra: Algebra<Id>, ids: Iterable<Id>): ActiveUnion<Id> => {
  const leaf = new Map<Id, number>()
  for (const id of ids) if (!leaf.has(id)) leaf.set(id, leaf.size)
  const size = Math.max(1, leaf.size)
  // A binary heap of unions: node n is the union of nodes 2n and 2n + 1, the leaves are the last `size` nodes.
  const tree: Id[] = Array.from({ length: 2 * size }, () => algebra.empty)
  const counts = new Uint32Array(size)
  const set = (place: number, id: Id): void => {
    let node = size + place
    tree[node] = id
    while (node > 1) {
      node >>>= 1
      const union = algebra.union(tree[2 * node] as Id, tree[2 * node + 1] as Id)
      if (tree[node] === union) return
      tree[node] = union
    }
  }
  const placeOf = (id: Id): number => {
    const place = leaf.get(id)
    if (place === undefined) throw new RangeError(`id ${id} was not announced`)
    return place
  }
  return {
    enter: id => {
      const place = placeOf(id)
      counts[place] = (counts[place] as number) + 1
      if (counts[place] === 1) set(place, id)
    },
    leave: id => {
      const place = placeOf(id)
      counts[place] = (counts[place] as number) - 1
      if (counts[place] === 0) set(place, algebra.empty)
    },
    current: () => tree[1] as Id,
  }
}
