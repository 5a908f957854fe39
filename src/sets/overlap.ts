import { compareAt, type Width } from './bounds.ts'
import type { Pieces } from './pieces.ts'

/**
 * Visits in order the pieces in which `few` is not empty, cut where `many` is: `piece` where one starts, `gap` where nothing
 * follows. What lies between is found by halving, so that it costs nothing to be long.
 */
export const overlaps = (
  width: Width,
  few: Pieces,
  many: Pieces,
  empty: number,
  piece: (from: Pieces['starts'], at: number, x: number, y: number) => void,
  gap: (from: Pieces['starts'], at: number) => void,
): void => {
  const [count, others] = [few.ids.length, many.ids.length]
  let j = 0
  for (let k = 0; k < count; k++) {
    const x = few.ids[k] as number
    const at = k * width
    if (x === empty) {
      gap(few.starts, at)
      continue
    }
    j = lastUpTo(width, many, j, few.starts, at)
    piece(few.starts, at, x, many.ids[j] as number)
    const isLast = k + 1 === count
    for (j++; j < others; j++) {
      if (!isLast && compareAt(width, many.starts, j * width, few.starts, at + width) >= 0) break
      piece(many.starts, j * width, x, many.ids[j] as number)
    }
    j--
  }
}

/** The last piece, from one on that is known to be, that starts at a point or before it: nearby first, then by halving. */
const lastUpTo = (
  width: Width,
  { starts, ids }: Pieces,
  from: number,
  points: Pieces['starts'],
  at: number,
): number => {
  const isUpTo = (n: number): boolean => compareAt(width, starts, n * width, points, at) <= 0
  let step = 1
  let low = from
  while (low + step < ids.length && isUpTo(low + step)) {
    low += step
    step *= 2
  }
  let high = Math.min(low + step, ids.length)
  // `low` is at or before the point, `high` is not, or is none.
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (isUpTo(middle)) low = middle
    else high = middle
  }
  return low
}
