import { compareAt, orderOf, type Width, type Words } from './bounds.ts'

/**
 * One pass along the line over many sets at once. `enter` and `leave` name a set by its index; `piece` comes after all
 * changes at one point, with the words where the piece starts. The first piece always starts at the beginning of the line,
 * and the last one runs to its end, so the pieces are the whole line.
 */
export interface Sweep {
  readonly enter: (set: number) => void
  readonly leave: (set: number) => void
  readonly piece: (words: Uint32Array, at: number) => void
}

export const sweepSets = (width: Width, sets: readonly Words[], { enter, leave, piece }: Sweep): void => {
  let length = 0
  for (const set of sets) length += set.length
  const words = new Uint32Array(length)
  // Which set a bound is of, and whether it opens: twice the index, and one more where it closes.
  const source = new Uint32Array(length / width)
  let at = 0
  for (const [index, set] of sets.entries()) {
    for (let i = 0; i < set.length; i++) words[at + i] = set[i] as number
    for (let i = 0; i < set.length / width; i++) source[at / width + i] = 2 * index + (i & 1)
    at += set.length
  }
  const order = orderOf(width, words)
  const origin = new Uint32Array(width)
  const first = order.length === 0 ? -1 : (order[0] as number) * width
  if (first < 0 || compareAt(width, words, first, origin, 0) !== 0) piece(origin, 0)
  for (let i = 0; i < order.length; i++) {
    const here = (order[i] as number) * width
    const change = source[order[i] as number] as number
    if ((change & 1) === 0) enter(change >>> 1)
    else leave(change >>> 1)
    const next = i + 1 < order.length ? (order[i + 1] as number) * width : -1
    if (next < 0 || compareAt(width, words, here, words, next) !== 0) piece(words, here)
  }
}
