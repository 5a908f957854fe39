import { isExact, type NamePattern, printNamePattern } from './name-pattern.ts'
import type { NameAlgebra } from './name-set.ts'

/**
 * The patterns without those that another one includes, each once, sorted by text: how a union of patterns is shown. A
 * pattern whose inclusion is unknown stays.
 */
export const fewestPatterns = (names: NameAlgebra, patterns: readonly NamePattern[]): readonly NamePattern[] => {
  const byText = new Map(patterns.map(pattern => [printNamePattern(pattern), pattern]))
  const wild = [...byText.values()]
    .filter(pattern => !isExact(pattern))
    .map(pattern => ({ pattern, set: names.ofPatterns([pattern]) }))
  // Of patterns that include each other, such as `*a` and one written twice as wide, the first by text stays.
  const kept = wild
    .toSorted((a, b) => compareText(a.pattern, b.pattern))
    .filter((one, i, all) =>
      all.every(
        (other, j) =>
          i === j ||
          names.isSubset(one.set, other.set) !== 'yes' ||
          (i < j && names.isSubset(other.set, one.set) === 'yes'),
      ),
    )
  const exact = [...byText].filter(
    ([text, pattern]) => isExact(pattern) && !kept.some(({ set }) => names.contains(set, text) === 'yes'),
  )
  return [...exact.map(([, pattern]) => pattern), ...kept.map(({ pattern }) => pattern)].sort(compareText)
}

const compareText = (a: NamePattern, b: NamePattern): number => {
  const [x, y] = [printNamePattern(a), printNamePattern(b)]
  return x < y ? -1 : x > y ? 1 : 0
}
