import type { Algebra } from './algebra.ts'
import type { BitAlgebra, Bits } from './bit-set.ts'

/**
 * A set of (member, traffic) pairs: the members cut into parts with a traffic id each, no two parts with one id, together
 * all members. Members that have no traffic stand in the part of the empty id. Parts are few where members are many.
 */
export type Relation<Id extends number> = ReadonlyMap<Id, Bits>

export interface RelationAlgebra<Id extends number> extends Algebra<Relation<Id>> {
  readonly full: Relation<Id>
  /** Everything that any of the boxes holds. */
  readonly ofBoxes: (boxes: readonly { readonly members: Bits; readonly id: Id }[]) => Relation<Id>
  /** Whether they have a pair in common. */
  readonly meets: (a: Relation<Id>, b: Relation<Id>) => boolean
  readonly idAt: (relation: Relation<Id>, member: number) => Id
  readonly combine: (a: Relation<Id>, b: Relation<Id>, operation: (x: Id, y: Id) => Id) => Relation<Id>
}

export const relations = <Id extends number>(
  bits: BitAlgebra,
  table: Algebra<Id>,
  everything: Id,
): RelationAlgebra<Id> => {
  const put = (parts: Map<Id, Bits>, id: Id, members: Bits): void => {
    const known = parts.get(id)
    parts.set(id, known === undefined ? members : bits.union(known, members))
  }
  const combine: RelationAlgebra<Id>['combine'] = (a, b, operation) => {
    const parts = new Map<Id, Bits>()
    for (const [x, left] of a) {
      for (const [y, right] of b) {
        if (bits.meets(left, right)) put(parts, operation(x, y), bits.intersect(left, right))
      }
    }
    return parts
  }
  const ofBoxes: RelationAlgebra<Id>['ofBoxes'] = boxes => {
    let parts = new Map<Id, Bits>([[table.empty, bits.full]])
    for (const { members, id } of boxes) {
      if (bits.isEmpty(members) || id === table.empty) continue
      const next = new Map<Id, Bits>()
      for (const [known, own] of parts) {
        const union = table.union(known, id)
        if (union === known) {
          put(next, known, own)
          continue
        }
        if (!bits.meets(own, members)) put(next, known, own)
        else if (bits.isSubset(own, members)) put(next, union, own)
        else {
          put(next, union, bits.intersect(own, members))
          put(next, known, bits.subtract(own, members))
        }
      }
      parts = next
    }
    return parts
  }
  const every = (a: Relation<Id>, b: Relation<Id>, holds: (x: Id, y: Id) => boolean): boolean => {
    for (const [x, left] of a) for (const [y, right] of b) if (!holds(x, y) && bits.meets(left, right)) return false
    return true
  }
  const one = (id: Id): Relation<Id> => new Map(bits.size === 0 ? [] : [[id, bits.full]])
  return {
    empty: one(table.empty),
    full: one(everything),
    ofBoxes,
    combine,
    union: (a, b) => combine(a, b, table.union),
    intersect: (a, b) => combine(a, b, table.intersect),
    subtract: (a, b) => combine(a, b, table.subtract),
    isSubset: (a, b) => every(a, b, table.isSubset),
    meets: (a, b) => !every(a, b, (x, y) => table.isEmpty(table.intersect(x, y))),
    isEmpty: a => {
      for (const [id, members] of a) if (id !== table.empty && !bits.isEmpty(members)) return false
      return true
    },
    equals: (a, b) => every(a, b, (x, y) => x === y),
    idAt: (relation, member) => {
      for (const [id, members] of relation) if (bits.has(members, member)) return id
      return table.empty
    },
  }
}
