import type { Algebra } from '../sets/algebra.ts'
import type { Traffic } from '../sets/traffic.ts'

/** What is left of a region while runs take their parts of it. */
export interface Remaining<S> {
  /** A set that is what is left wherever a packet of these traffics goes; null asks for all of it. */
  readonly at: (traffics: readonly Traffic[] | null) => S
  /** Takes sets away; all their packets are among the traffics. */
  readonly take: (sets: readonly S[], traffics: readonly Traffic[] | null) => void
}

/** Up to as many runs each is taken away at once. */
export const FEW_RUNS = 48

/** Past any point of the line of traffic: six segments of 65,536. */
const LINE = 6 * 0x10000

/**
 * A thousand policies with a port each would cut a large set a thousand times. What they take is gathered instead, and taken
 * away together when a question touches its traffic: until then no answer hangs on it.
 */
export const remaining = <S>(algebra: Algebra<S>, region: S, runs: number): Remaining<S> => {
  const { subtract } = algebra
  let left = region
  const gathered: S[] = []
  let taken: Uint8Array | null = null
  const settle = (): S => {
    if (gathered.length > 0) left = subtract(left, unionOf(algebra, gathered))
    gathered.length = 0
    taken = null
    return left
  }
  const touches = (traffics: readonly Traffic[], marks: Uint8Array): boolean =>
    traffics.some(({ bounds }) => someInterval(bounds, (from, to) => marks.subarray(from, to).includes(1)))
  return {
    at: traffics => (taken === null ? left : traffics === null || touches(traffics, taken) ? settle() : left),
    take: (sets, traffics) => {
      if (runs <= FEW_RUNS || traffics === null) {
        left = sets.reduce(subtract, settle())
        return
      }
      gathered.push(...sets)
      const marks = taken ?? new Uint8Array(LINE)
      taken = marks
      for (const { bounds } of traffics)
        someInterval(bounds, (from, to) => {
          marks.fill(1, from, to)
          return false
        })
    },
  }
}

const someInterval = (bounds: Traffic['bounds'], holds: (from: number, to: number) => boolean): boolean => {
  for (let i = 0; i < bounds.length; i += 2) if (holds(bounds[i] as number, bounds[i + 1] as number)) return true
  return false
}

/** Pair by pair, so that the large unions are few. */
export const unionOf = <S>({ union, empty }: Algebra<S>, sets: readonly S[]): S => {
  let level = sets
  while (level.length > 1) {
    const pairs: S[] = []
    for (let i = 0; i < level.length; i += 2) {
      const [a, b] = [level[i] as S, level[i + 1]]
      pairs.push(b === undefined ? a : union(a, b))
    }
    level = pairs
  }
  return level[0] ?? empty
}
