import type { Algebra } from './algebra.ts'
import { sameWords } from './bounds.ts'
import { type Traffic, traffics } from './traffic.ts'

/** Traffic as a small number, meaningful in its own table only. Equal traffic has the same id. */
export type TrafficId = number & { readonly in?: 'traffic table' }

/**
 * Hash-consed traffic: every operation on two ids is computed once. The table only grows, and no answer depends on what
 * was asked before; ids do, so they never leave the process and never order an output.
 */
export interface TrafficTable extends Algebra<TrafficId> {
  readonly full: TrafficId
  readonly idOf: (traffic: Traffic) => TrafficId
  readonly trafficOf: (id: TrafficId) => Traffic
  readonly size: () => number
}

/** FNV-1a over the words. */
const hashOf = (words: ArrayLike<number>): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < words.length; i++) hash = Math.imul(hash ^ (words[i] as number), 0x01000193)
  return hash >>> 0
}

/**
 * Two ids as one number, exact up to 2^26 ids, far past what memory holds. The first ones are asked for most, and fit in a number
 * for which the engine of JavaScript makes no object.
 */
const keyOf = (a: TrafficId, b: TrafficId): number =>
  a < 0x10000 && b < 0x8000 ? a * 0x8000 + b : -1 - (a * 0x4000000 + b)

export const trafficTable = (): TrafficTable => {
  const entries: Traffic[] = []
  const ids = new Map<number, TrafficId[]>()
  // Rules ask for the same value again and again: it is looked for once.
  const seen = new WeakMap<Traffic, TrafficId>()
  const idOf = (traffic: Traffic): TrafficId => {
    const before = seen.get(traffic)
    if (before !== undefined) return before
    const id = idOfBounds(traffic)
    seen.set(traffic, id)
    return id
  }
  const idOfBounds = (traffic: Traffic): TrafficId => {
    const { bounds } = traffic
    // By a number first: a text of thousands of bounds would cost more than the operation that made them.
    const hash = hashOf(bounds)
    const alike = ids.get(hash)
    const known = alike?.find(id => sameWords((entries[id] as Traffic).bounds, bounds))
    if (known !== undefined) return known
    const id = entries.push(traffic) - 1
    if (alike === undefined) ids.set(hash, [id])
    else alike.push(id)
    return id
  }
  const trafficOf = (id: TrafficId): Traffic => {
    const traffic = entries[id]
    if (traffic === undefined) throw new RangeError(`traffic id ${id} is of another table`)
    return traffic
  }
  const memoised = (operation: (a: Traffic, b: Traffic) => Traffic): ((a: TrafficId, b: TrafficId) => TrafficId) => {
    const known = new Map<number, TrafficId>()
    return (a, b) => {
      const key = keyOf(a, b)
      const answer = known.get(key)
      if (answer !== undefined) return answer
      const id = idOf(operation(trafficOf(a), trafficOf(b)))
      known.set(key, id)
      return id
    }
  }
  const union = memoised(traffics.union)
  const intersect = memoised(traffics.intersect)
  const subtract = memoised(traffics.subtract)
  const empty = idOf(traffics.empty)
  const full = idOf(traffics.full)
  return {
    empty,
    full,
    idOf,
    trafficOf,
    size: () => entries.length,
    union: (a, b) => (a === b || b === empty ? a : a === empty ? b : a < b ? union(a, b) : union(b, a)),
    intersect: (a, b) => (a === b ? a : a < b ? intersect(a, b) : intersect(b, a)),
    subtract: (a, b) => (b === empty ? a : a === b ? empty : subtract(a, b)),
    isSubset: (a, b) => a === b || subtract(a, b) === empty,
    isEmpty: a => a === empty,
    equals: (a, b) => a === b,
  }
}
