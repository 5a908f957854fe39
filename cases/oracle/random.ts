/** Numbers that look random and are the same for the same seed (mulberry32). */
export interface Random {
  /** From 0, below `bound`. */
  readonly below: (bound: number) => number
  /** True so many times in a hundred. */
  readonly percent: (share: number) => boolean
  readonly pick: <T>(values: readonly T[]) => T
  /** From `least` to `most` different ones, in their order. */
  readonly some: <T>(values: readonly T[], least: number, most: number) => readonly T[]
}

export const seeded = (seed: number): Random => {
  let state = (seed * 2654435761) >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const below = (bound: number): number => Math.floor(next() * bound)
  const pick = <T>(values: readonly T[]): T => {
    if (values.length === 0) throw new Error('nothing to pick from')
    return values[below(values.length)] as T
  }
  const some = <T>(values: readonly T[], least: number, most: number): readonly T[] => {
    let missing = Math.min(values.length, least + below(most - least + 1))
    return values.filter((_, index) => {
      const taken = below(values.length - index) < missing
      if (taken) missing -= 1
      return taken
    })
  }
  return { below, percent: share => next() * 100 < share, pick, some }
}
