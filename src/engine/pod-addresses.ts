import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import { countBefore, orderOf, sortedBounds, type Words } from '../sets/bounds.ts'
import { type AnyAddress, type Family, widthOf } from '../sets/cidr.ts'
import { coverOf, type Ground, readableAddresses } from './ground.ts'
import type { Identity } from './population.ts'

/** Identities of whose addresses a block holds all, and those of whom it holds some, or all, or may. Ascending. */
export interface HeldByBlock {
  readonly all: readonly number[]
  readonly some: readonly number[]
}

/** Pods by address: what a block costs is what it holds, not how many pods there are. */
export const podAddresses = (identities: readonly Identity[], ground: Ground): ((block: Addresses) => HeldByBlock) => {
  const own = identities.map(({ addresses }) => readableAddresses(addresses))
  const unplaced = own.flatMap((addresses, number) => (addresses.length === 0 ? [number] : []))
  const [holders4, holders6] = [holdersOf(4, own), holdersOf(6, own)]
  return block => {
    const counts = new Map<number, number>()
    holders4(block.v4.bounds, counts)
    holders6(block.v6.bounds, counts)
    const cover = unplaced.length === 0 ? 'none' : coverOfUnplaced(block, ground)
    const held = [...counts].flatMap(([number, count]) => (count === own[number]?.length ? [number] : []))
    return {
      all: ascending(cover === 'all' ? [...held, ...unplaced] : held),
      some: ascending(cover === 'none' ? [...counts.keys()] : [...counts.keys(), ...unplaced]),
    }
  }
}

/** Adds to the count of an identity for each of its addresses that lies between the bounds. */
const holdersOf = (family: Family, own: readonly (readonly AnyAddress[])[]) => {
  const width = widthOf(family)
  const placed = own.flatMap((addresses, number) =>
    addresses.flatMap(address => (address.family === family ? [{ number, words: address.words }] : [])),
  )
  const words = new Uint32Array(placed.length * width)
  for (const [i, address] of placed.entries()) words.set(address.words, i * width)
  const sorted = sortedBounds(width, words)
  const holders = Array.from(orderOf(width, words), i => placed[i]?.number as number)
  return (bounds: Words, counts: Map<number, number>): void => {
    const placeOf = (bound: number): number =>
      bound < bounds.length ? countBefore(width, sorted, wordsAt(bounds, bound, width)) : holders.length
    for (let at = 0; at < bounds.length && placed.length > 0; at += 2 * width) {
      const end = placeOf(at + width)
      for (let i = placeOf(at); i < end; i++) {
        const holder = holders[i] as number
        counts.set(holder, (counts.get(holder) ?? 0) + 1)
      }
    }
  }
}

const wordsAt = (bounds: Words, at: number, width: number): readonly number[] =>
  Array.from({ length: width }, (_, w) => bounds[at + w] as number)

/** A pod that has no address yet will have one of its nodes' ranges: of one family, or of both. */
const coverOfUnplaced = (block: Addresses, { podRanges }: Ground): 'all' | 'some' | 'none' =>
  podRanges === null ? (bothFamilies.equals(block, bothFamilies.full) ? 'all' : 'some') : coverOf(podRanges, block)

const ascending = (numbers: readonly number[]): readonly number[] => numbers.toSorted((a, b) => a - b)
