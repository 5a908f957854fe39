import type { BitAlgebra, Bits } from '../sets/bit-set.ts'
import { membersOf } from '../sets/bit-set.ts'
import type { Relation } from '../sets/relation.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import type { Passing } from './verdict.ts'

/**
 * Pod to pod, where both ends are asked. A relation with an id a member, side by side in one array: joining two of them is
 * then one pass. The parts of a passing that are equal are one array, so that a cluster without doubts is joined once.
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

export const isOne = <T>({ must, lenient, may, written }: Passing<T>): boolean =>
  must === lenient && must === may && must === written

/** Members by id, from one id a member. */
export const relationFrom = (column: Column, bits: BitAlgebra): Relation<TrafficId> => {
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

/** What both let pass, member by member. */
export const joinColumns = (a: Column, b: Column, { intersect, empty, full }: TrafficTable): Column => {
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
  return out
}

export const mapPassing = <T, U>(of: Passing<T>, change: (value: T, part: keyof Passing<T>) => U): Passing<U> => {
  const must = change(of.must, 'must')
  return isOne(of)
    ? { must, lenient: must, may: must, written: must }
    : {
        must,
        lenient: change(of.lenient, 'lenient'),
        may: change(of.may, 'may'),
        written: change(of.written, 'written'),
      }
}
