/**
 * Bounds: numbers of one or of four 32-bit words, most significant word first, side by side in one Uint32Array. One word
 * holds an IPv4 address, a port or a place on the traffic line; four hold an IPv6 address. Offsets count words, not bounds.
 */
export interface Words extends ArrayLike<number> {
  subarray(begin: number, end?: number): Words
  join(separator: string): string
}

/** Words per bound. */
export type Width = 1 | 4

/** Below, at or above zero, as the bound at `i` in `a` is before, equal to or after the one at `j` in `b`. */
export const compareAt = (width: Width, a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number): number => {
  for (let w = 0; w < width; w++) {
    const difference = (a[i + w] as number) - (b[j + w] as number)
    if (difference !== 0) return difference
  }
  return 0
}

/** How many of the sorted bounds are at or before the point. */
export const countUpTo = (width: Width, bounds: Words, point: ArrayLike<number>): number => {
  let low = 0
  let high = bounds.length / width
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareAt(width, bounds, middle * width, point, 0) <= 0) low = middle + 1
    else high = middle
  }
  return low
}

/** How many of the sorted bounds are before the point. */
export const countBefore = (width: Width, bounds: Words, point: ArrayLike<number>): number => {
  let low = 0
  let high = bounds.length / width
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareAt(width, bounds, middle * width, point, 0) < 0) low = middle + 1
    else high = middle
  }
  return low
}

export const sameWords = (a: ArrayLike<number>, b: ArrayLike<number>): boolean => {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** The bounds in ascending order, as a new array. */
export const sortedBounds = (width: Width, words: Uint32Array): Uint32Array => {
  if (width === 1) return words.slice().sort()
  const sorted = new Uint32Array(words.length)
  let to = 0
  for (const from of orderOf(width, words))
    for (let w = 0; w < width; w++) sorted[to++] = words[from * width + w] as number
  return sorted
}

/** The order that sorts the bounds: indices of bounds, equal bounds in their first order. */
export const orderOf = (width: Width, words: Uint32Array): Uint32Array => {
  const count = words.length / width
  const order = new Uint32Array(count)
  for (let i = 0; i < count; i++) order[i] = i
  if (count > FEW) return radixOrder(width, words, order)
  for (let i = 1; i < count; i++) {
    const moving = order[i] as number
    let to = i
    while (to > 0 && compareAt(width, words, (order[to - 1] as number) * width, words, moving * width) > 0) {
      order[to] = order[to - 1] as number
      to--
    }
    order[to] = moving
  }
  return order
}

/** Up to here moving neighbours is quicker than counting bytes. */
const FEW = 24

/** Least significant byte first; a byte that is the same in all bounds, as in most long IPv6 addresses, costs nothing. */
const radixOrder = (width: Width, words: Uint32Array, start: Uint32Array): Uint32Array => {
  let order: Uint32Array = start
  let spare: Uint32Array = new Uint32Array(order.length)
  const places = new Uint32Array(256)
  for (let w = width - 1; w >= 0; w--) {
    const differing = differingBits(width, words, w)
    for (let shift = 0; shift < 32; shift += 8) {
      if (((differing >>> shift) & 255) === 0) continue
      places.fill(0)
      for (let at = w; at < words.length; at += width) bump(places, ((words[at] as number) >>> shift) & 255)
      let total = 0
      for (let byte = 0; byte < 256; byte++) {
        const size = places[byte] as number
        places[byte] = total
        total += size
      }
      for (const item of order) spare[bump(places, ((words[item * width + w] as number) >>> shift) & 255)] = item
      const sorted = spare
      spare = order
      order = sorted
    }
  }
  return order
}

const differingBits = (width: Width, words: Uint32Array, w: number): number => {
  let differing = 0
  for (let at = w; at < words.length; at += width) differing |= (words[at] as number) ^ (words[w] as number)
  return differing
}

/** Adds one and gives the value before. */
const bump = (counts: Uint32Array, at: number): number => {
  const before = counts[at] as number
  counts[at] = before + 1
  return before
}
