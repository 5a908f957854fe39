import type { BooleanAlgebra } from './algebra.ts'

/** A set of small numbers below a fixed size, a bit each: which pods of an estate are meant. */
export type Bits = Uint32Array

export interface BitAlgebra extends BooleanAlgebra<Bits> {
  readonly size: number
  readonly of: (members: Iterable<number>) => Bits
  readonly has: (set: Bits, member: number) => boolean
  /** Whether they have a member in common. */
  readonly meets: (a: Bits, b: Bits) => boolean
}

/** Sets of different sizes never meet: an operation takes two of its own. */
export const bitSets = (size: number): BitAlgebra => {
  const words = Math.ceil(size / 32)
  const empty: Bits = new Uint32Array(words)
  const full: Bits = new Uint32Array(words).fill(0xffffffff)
  if (size % 32 !== 0) full[words - 1] = 2 ** (size % 32) - 1
  // Loops of their own, without a call in them: these are the innermost of the engine.
  const union = (a: Bits, b: Bits): Bits => {
    const out = new Uint32Array(words)
    for (let w = 0; w < words; w++) out[w] = (a[w] as number) | (b[w] as number)
    return out
  }
  const intersect = (a: Bits, b: Bits): Bits => {
    const out = new Uint32Array(words)
    for (let w = 0; w < words; w++) out[w] = (a[w] as number) & (b[w] as number)
    return out
  }
  const subtract = (a: Bits, b: Bits): Bits => {
    const out = new Uint32Array(words)
    for (let w = 0; w < words; w++) out[w] = (a[w] as number) & ~(b[w] as number)
    return out
  }
  const isSubset = (a: Bits, b: Bits): boolean => {
    for (let w = 0; w < words; w++) if (((a[w] as number) & ~(b[w] as number)) !== 0) return false
    return true
  }
  const meets = (a: Bits, b: Bits): boolean => {
    for (let w = 0; w < words; w++) if (((a[w] as number) & (b[w] as number)) !== 0) return true
    return false
  }
  const isEmpty = (a: Bits): boolean => {
    for (let w = 0; w < words; w++) if (a[w] !== 0) return false
    return true
  }
  return {
    size,
    empty,
    full,
    of: members => {
      const set = new Uint32Array(words)
      for (const member of members) set[member >>> 5] = (set[member >>> 5] as number) | (1 << (member & 31))
      return set
    },
    has: (set, member) => (((set[member >>> 5] as number) >>> (member & 31)) & 1) === 1,
    meets,
    union,
    intersect,
    subtract,
    complement: a => subtract(full, a),
    isSubset,
    isEmpty,
    equals: (a, b) => {
      for (let w = 0; w < words; w++) if (a[w] !== b[w]) return false
      return true
    },
  }
}

/** The members, ascending. */
export function* membersOf(set: Bits): Generator<number> {
  for (let w = 0; w < set.length; w++) {
    let word = set[w] as number
    while (word !== 0) {
      const low = word & -word
      yield 32 * w + (31 - Math.clz32(low))
      word ^= low
    }
  }
}

/** As `membersOf`, for innermost loops. */
export const forEachMember = (set: Bits, visit: (member: number) => void): void => {
  for (let w = 0; w < set.length; w++) {
    let word = set[w] as number
    while (word !== 0) {
      const low = word & -word
      visit(32 * w + (31 - Math.clz32(low)))
      word ^= low
    }
  }
}

export const countOf = (set: Bits): number => {
  let count = 0
  for (const word of set) {
    let rest = word - ((word >>> 1) & 0x55555555)
    rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333)
    count += (((rest + (rest >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
  }
  return count
}
