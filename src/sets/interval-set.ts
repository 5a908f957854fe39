import type { BooleanAlgebra } from './algebra.ts'
import { compareAt, countUpTo, sameWords, sortedBounds, type Width, type Words } from './bounds.ts'

/**
 * A set of points on a line, as the strictly ascending bounds at which membership changes: the first bound is the first
 * point inside, the second the first point outside again. A set with an odd number of bounds runs to the end of the line,
 * so the point after the last one is never written. Equal sets have equal bounds.
 */
export interface IntervalSet {
  readonly bounds: Words
}

/** Which of the four cases is kept, by bit: neither, only `b`, only `a`, both. Outside both is never kept. */
const UNION = 0b1110
const INTERSECTION = 0b1000
const DIFFERENCE = 0b0100

export const NO_BOUNDS: Words = new Uint32Array(0)

/**
 * One pass over both sets. Writes the bounds of the result and gives their number of words; without a place to write, it
 * stops at the first bound and gives 1, or 0 if there is none.
 */
const sweep = (width: Width, a: Words, b: Words, kept: number, out: Uint32Array | null): number => {
  let i = 0
  let j = 0
  let inside = 0
  let keeping = 0
  let length = 0
  while (i < a.length || j < b.length) {
    const order = i >= a.length ? 1 : j >= b.length ? -1 : compareAt(width, a, i, b, j)
    const from = order <= 0 ? a : b
    const at = order <= 0 ? i : j
    if (order <= 0) {
      inside ^= 0b10
      i += width
    }
    if (order >= 0) {
      inside ^= 0b01
      j += width
    }
    const keep = (kept >>> inside) & 1
    if (keep === keeping) continue
    if (out === null) return 1
    for (let w = 0; w < width; w++) out[length++] = from[at + w] as number
    keeping = keep
  }
  return length
}

const combine = (width: Width, a: Words, b: Words, kept: number): Words => {
  const out = new Uint32Array(a.length + b.length)
  const length = sweep(width, a, b, kept, out)
  return length === 0 ? NO_BOUNDS : length === out.length ? out : out.slice(0, length)
}

export const unionBounds = (width: Width, a: Words, b: Words): Words =>
  a.length === 0 || a === b ? b : b.length === 0 ? a : combine(width, a, b, UNION)

export const intersectBounds = (width: Width, a: Words, b: Words): Words =>
  a === b ? a : a.length === 0 || b.length === 0 ? NO_BOUNDS : combine(width, a, b, INTERSECTION)

export const subtractBounds = (width: Width, a: Words, b: Words): Words =>
  a === b || a.length === 0 ? NO_BOUNDS : b.length === 0 ? a : combine(width, a, b, DIFFERENCE)

export const isSubsetBounds = (width: Width, a: Words, b: Words): boolean =>
  a === b || sweep(width, a, b, DIFFERENCE, null) === 0

export const containsPoint = (width: Width, bounds: Words, point: ArrayLike<number>): boolean =>
  countUpTo(width, bounds, point) % 2 === 1

/**
 * The union of any number of intervals, in any order, overlapping or not: one sort of the first points, one of the points
 * after, one pass. An interval that runs to the end of the line has no point after it, so `after` may be shorter.
 */
export const boundsOfIntervals = (width: Width, first: Uint32Array, after: Uint32Array): Words => {
  const starts = sortedBounds(width, first)
  const ends = sortedBounds(width, after)
  const out = new Uint32Array(starts.length + ends.length)
  let length = 0
  let i = 0
  let j = 0
  while (i < starts.length) {
    const from = i
    let depth = 1
    i += width
    // Follows one merged interval to its end. A start at another's end joins them: adjacent intervals are one.
    while (depth > 0 && j < ends.length) {
      if (i < starts.length && compareAt(width, starts, i, ends, j) <= 0) {
        depth++
        i += width
      } else {
        depth--
        j += width
      }
    }
    for (let w = 0; w < width; w++) out[length++] = starts[from + w] as number
    if (depth > 0) break
    for (let w = 0; w < width; w++) out[length++] = ends[j - width + w] as number
  }
  return out.slice(0, length)
}

/** The union of many sets in one sweep: n log n in the bounds of all of them. */
export const unionOfMany = (width: Width, sets: readonly Words[]): Words => {
  if (sets.length <= 2) return unionBounds(width, sets[0] ?? NO_BOUNDS, sets[1] ?? NO_BOUNDS)
  let starts = 0
  let ends = 0
  for (const set of sets) {
    ends += Math.floor(set.length / width / 2)
    starts += Math.ceil(set.length / width / 2)
  }
  const first = new Uint32Array(starts * width)
  const after = new Uint32Array(ends * width)
  let i = 0
  let j = 0
  for (const set of sets) {
    for (let at = 0; at < set.length; at += 2 * width) {
      for (let w = 0; w < width; w++) first[i++] = set[at + w] as number
      if (at + width < set.length) for (let w = 0; w < width; w++) after[j++] = set[at + width + w] as number
    }
  }
  return boundsOfIntervals(width, first, after)
}

/** The algebra of one kind of set within its universe; `wrap` gives bounds their kind. */
export const intervalAlgebra = <S extends IntervalSet>(
  width: Width,
  universe: Words,
  wrap: (bounds: Words) => S,
): BooleanAlgebra<S> => {
  const full = wrap(universe)
  const give = (bounds: Words, a: S, b: S): S => (bounds === a.bounds ? a : bounds === b.bounds ? b : wrap(bounds))
  return {
    empty: wrap(NO_BOUNDS),
    full,
    union: (a, b) => give(unionBounds(width, a.bounds, b.bounds), a, b),
    intersect: (a, b) => give(intersectBounds(width, a.bounds, b.bounds), a, b),
    subtract: (a, b) => give(subtractBounds(width, a.bounds, b.bounds), a, b),
    complement: a => wrap(subtractBounds(width, universe, a.bounds)),
    isSubset: (a, b) => isSubsetBounds(width, a.bounds, b.bounds),
    isEmpty: a => a.bounds.length === 0,
    equals: (a, b) => sameWords(a.bounds, b.bounds),
  }
}
