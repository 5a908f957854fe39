import { compareAt, type Width, type Words } from './bounds.ts'

/**
 * A whole line cut into pieces with an id each: piece `n` starts at bound `n` of `starts`, the first at the beginning of the
 * line, the last runs to its end, and neighbours have different ids. So equal functions of the line have equal arrays.
 */
export interface Pieces {
  readonly starts: Words
  readonly ids: Words
}

/** Pieces in order, where a piece with the id of the one before is part of it. */
export const collector = (width: Width, capacity: number) => {
  const starts = new Uint32Array(capacity)
  const ids = new Uint32Array(capacity / width)
  let count = 0
  return {
    add: (words: Words, at: number, id: number): void => {
      if (count > 0 && ids[count - 1] === id) return
      for (let w = 0; w < width; w++) starts[count * width + w] = words[at + w] as number
      ids[count++] = id
    },
    collected: (): Pieces => ({ starts: starts.slice(0, count * width), ids: ids.slice(0, count) }),
  }
}

/** Visits the common pieces of two regions in order, until a visit says to stop; whether none did. */
export const walk = (
  width: Width,
  a: Pieces,
  b: Pieces,
  visit: (from: Words, at: number, x: number, y: number) => boolean,
): boolean => {
  let i = 0
  let j = 0
  let [x, y] = [0, 0]
  while (i < a.ids.length || j < b.ids.length) {
    const order =
      i >= a.ids.length ? 1 : j >= b.ids.length ? -1 : compareAt(width, a.starts, i * width, b.starts, j * width)
    const from = order <= 0 ? a.starts : b.starts
    const at = (order <= 0 ? i : j) * width
    if (order <= 0) x = a.ids[i++] as number
    if (order >= 0) y = b.ids[j++] as number
    if (!visit(from, at, x, y)) return false
  }
  return true
}

/** One inside the set, zero outside. */
export const markerOf = (width: Width, bounds: Words): Pieces => {
  const pieces = collector(width, bounds.length + width)
  pieces.add(new Uint32Array(width), 0, startsAtOrigin(width, bounds) ? 1 : 0)
  for (let at = 0; at < bounds.length; at += width) pieces.add(bounds, at, (at / width) % 2 === 0 ? 1 : 0)
  return pieces.collected()
}

/** Whether the first bound is the beginning of the line. */
export const startsAtOrigin = (width: Width, bounds: Words): boolean =>
  bounds.length > 0 && compareAt(width, bounds, 0, ORIGIN, 0) === 0

const ORIGIN: Words = new Uint32Array(4)

/** The bounds of the pieces with each id, ids in the order of their first address. */
export const boundsById = (width: Width, { starts, ids }: Pieces): ReadonlyMap<number, Words> => {
  const bounds = new Map<number, number[]>()
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i] as number
    const list = bounds.get(id) ?? []
    bounds.set(id, list)
    // Neighbours have different ids, so a piece is a whole interval: it opens here and closes where the next one starts.
    const words = i + 1 < ids.length ? 2 * width : width
    for (let w = 0; w < words; w++) list.push(starts[i * width + w] as number)
  }
  return new Map([...bounds].map(([id, list]) => [id, Uint32Array.from(list)]))
}

export const boundsWhere = (width: Width, { starts, ids }: Pieces, wanted: (id: number) => boolean): Words => {
  const bounds: number[] = []
  let inside = false
  for (let i = 0; i < ids.length; i++) {
    if (wanted(ids[i] as number) === inside) continue
    inside = !inside
    for (let w = 0; w < width; w++) bounds.push(starts[i * width + w] as number)
  }
  return Uint32Array.from(bounds)
}
