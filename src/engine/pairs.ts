import { type BitAlgebra, type Bits, membersOf } from '../sets/bit-set.ts'
import type { Relation } from '../sets/relation.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import type { Passing } from './verdict.ts'

/**
 * Pod to pod, where both ends are asked. A relation with an id a member, side by side in one array: joining it with another
 * is then one pass. The parts of a passing that are equal are one array, so that a cluster without doubts is joined once.
 */
export type Column = Uint32Array

export const columnOf = (relation: Relation<TrafficId>, size: number): Column => {
  const column = new Uint32Array(size)
  for (const [id, members] of relation) {
    if (id === 0) continue
    for (const member of membersOf(members)) column[member] = id
  }
  return column
}

/** The same for all readings that share a relation. */
export const columnsOf = (passing: Passing<Relation<TrafficId>>, size: number): Passing<Column> => {
  const must = columnOf(passing.must, size)
  const other = (relation: Relation<TrafficId>): Column => (relation === passing.must ? must : columnOf(relation, size))
  const may = other(passing.may)
  return {
    must,
    lenient: passing.lenient === passing.may ? may : other(passing.lenient),
    may,
    written: other(passing.written),
  }
}

/** What both let pass, member by member. */
export const joinColumns = (
  a: Column,
  b: Column,
  { intersect, empty, full }: TrafficTable,
  bits: BitAlgebra,
): Relation<TrafficId> => {
  const out = new Uint32Array(a.length)
  let [lastX, lastY, joined] = [-1, -1, 0]
  for (let member = 0; member < a.length; member++) {
    const x = a[member] as TrafficId
    const y = b[member] as TrafficId
    if (x !== lastX || y !== lastY) {
      joined = x === y || y === full ? x : x === full ? y : x === empty || y === empty ? empty : intersect(x, y)
      ;[lastX, lastY] = [x, y]
    }
    out[member] = joined
  }
  return relationOf(out, bits)
}

/** Members by id, from one id a member. */
export const relationOf = (column: Column, bits: BitAlgebra): Relation<TrafficId> => {
  const parts = new Map<TrafficId, Bits>()
  let last = -1
  let set: Bits = bits.empty
  for (let member = 0; member < column.length; member++) {
    const id = column[member] as TrafficId
    if (id !== last) {
      const known = parts.get(id)
      set = known ?? new Uint32Array(bits.empty.length)
      if (known === undefined) parts.set(id, set)
      last = id
    }
    set[member >>> 5] = (set[member >>> 5] as number) | (1 << (member & 31))
  }
  return parts
}

/** One member’s traffic is another than the relation says. */
export interface Move {
  readonly member: number
  readonly from: TrafficId
  readonly to: TrafficId
}

export const withMoves = (
  relation: Relation<TrafficId>,
  moves: readonly Move[],
  bits: BitAlgebra,
): Relation<TrafficId> => {
  const changed = changing(relation, bits)
  for (const { member, from, to } of moves) if (from !== to) changed.move(member, from, to)
  return changed.done()
}

/** A relation while its members move, one by one. */
export interface Changing {
  /** `from` and `to` differ. */
  readonly move: (member: number, from: TrafficId, to: TrafficId) => void
  readonly done: () => Relation<TrafficId>
}

/** Copies of the sets that change; the relation itself stays as it is. */
export const changing = (relation: Relation<TrafficId>, { empty, isEmpty }: BitAlgebra): Changing => {
  const own = new Map<TrafficId, Bits>()
  const writable = (id: TrafficId): Bits => {
    const known = own.get(id)
    if (known !== undefined) return known
    const copy = (relation.get(id) ?? empty).slice()
    own.set(id, copy)
    return copy
  }
  // Neighbours mostly move the same way.
  let [lastFrom, lastTo, source, target] = [-1, -1, empty, empty]
  return {
    move: (member, from, to) => {
      if (from !== lastFrom) {
        lastFrom = from
        source = writable(from)
      }
      if (to !== lastTo) {
        lastTo = to
        target = writable(to)
      }
      const word = member >>> 5
      const bit = 1 << (member & 31)
      source[word] = (source[word] as number) ^ bit
      target[word] = (target[word] as number) ^ bit
    },
    done: () => {
      const parts = new Map(relation)
      for (const [id, members] of own)
        if (isEmpty(members)) parts.delete(id)
        else parts.set(id, members)
      return parts
    },
  }
}
