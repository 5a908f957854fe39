import type { AddressSet } from './address-set.ts'
import { addressesOf } from './address-set.ts'
import { type Address, type Family, widthOf } from './cidr.ts'

/** Single addresses of a set: its ends, its size, and the points on both sides of each of its boundaries. */

/** An address that is inside, and its neighbour that is not. */
export interface BoundaryWitness<F extends Family> {
  readonly inside: Address<F>
  readonly outside: Address<F>
}

/** The inclusive ranges of a set, in order; no two touch. */
export const rangesIn = <F extends Family>(
  set: AddressSet<F>,
): readonly { readonly first: Address<F>; readonly last: Address<F> }[] => {
  const { family, bounds } = set
  const width = widthOf(family)
  const ranges: { first: Address<F>; last: Address<F> }[] = []
  for (let at = 0; at < bounds.length; at += 2 * width) {
    const ends = at + width < bounds.length
    ranges.push({
      first: { family, words: wordsAt(set, at) },
      last: {
        family,
        words: ends ? before(wordsAt(set, at + width)) : Array.from({ length: width }, () => 0xffffffff),
      },
    })
  }
  return ranges
}

export const firstOf = <F extends Family>(set: AddressSet<F>): Address<F> | null =>
  set.bounds.length === 0 ? null : { family: set.family, words: wordsAt(set, 0) }

export const lastOf = <F extends Family>(set: AddressSet<F>): Address<F> | null => rangesIn(set).at(-1)?.last ?? null

/** The first of the preferred addresses that is in the set, else its first address; null for the empty set. */
export const witnessOf = <F extends Family>(
  set: AddressSet<F>,
  preferred: readonly Address<F>[] = [],
): Address<F> | null => preferred.find(address => addressesOf(set.family).contains(set, address)) ?? firstOf(set)

/** One pair for each boundary that has two sides, in order: the ends of the family have one. */
export const boundaryWitnesses = <F extends Family>(set: AddressSet<F>): readonly BoundaryWitness<F>[] => {
  const { family, bounds } = set
  const width = widthOf(family)
  const witnesses: BoundaryWitness<F>[] = []
  for (let at = 0; at < bounds.length; at += width) {
    const words = wordsAt(set, at)
    if (words.every(word => word === 0)) continue
    const from = { family, words }
    const upTo = { family, words: before(words) }
    const opens = (at / width) % 2 === 0
    witnesses.push(opens ? { inside: from, outside: upTo } : { inside: upTo, outside: from })
  }
  return witnesses
}

/** How many addresses. */
export const sizeOf = (set: AddressSet<Family>): bigint => {
  const width = widthOf(set.family)
  let size = 0n
  for (let at = 0; at < set.bounds.length; at += width) {
    const bound = numberOf(wordsAt(set, at))
    size += (at / width) % 2 === 0 ? -bound : bound
  }
  const open = (set.bounds.length / width) % 2 === 1
  return open ? size + (1n << BigInt(32 * width)) : size
}

export const numberOf = (words: readonly number[]): bigint =>
  words.reduce((number, word) => (number << 32n) | BigInt(word), 0n)

const wordsAt = ({ family, bounds }: AddressSet<Family>, at: number): readonly number[] =>
  family === 4 ? [bounds[at] as number] : ([bounds[at], bounds[at + 1], bounds[at + 2], bounds[at + 3]] as number[])

/** The address before one that is not zero. */
const before = (words: readonly number[]): readonly number[] => {
  const result = [...words]
  for (let w = result.length - 1; w >= 0; w--) {
    const word = result[w] as number
    result[w] = (word - 1) >>> 0
    if (word > 0) break
  }
  return result
}
