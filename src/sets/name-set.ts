import { EMPTY_AUTOMATON, type NameAutomaton, NO_STATE, stateCount, stepOf, symbolOf } from './name-automaton.ts'
import { automatonOfPatterns, type NameLimits } from './name-build.ts'
import { minimised } from './name-minimise.ts'
import type { NamePattern } from './name-pattern.ts'
import { type Found, type Kept, product, shortestName } from './name-product.ts'

/**
 * A set of DNS names, or that it is not known which: past the limits an answer is `unknown`, never a guess. Equal sets have
 * equal automata, with one exception: where sets differ only in names too long to exist, `equals` says yes all the same.
 */
export type NameSet =
  | { readonly kind: 'names'; readonly automaton: NameAutomaton }
  | { readonly kind: 'unknown'; readonly why: string }

export type Answer = 'yes' | 'no' | 'unknown'

/** The interface of every rung, but that questions may stay open. */
export interface NameAlgebra {
  readonly empty: NameSet
  /** Every name. */
  readonly full: NameSet
  readonly ofPatterns: (patterns: readonly NamePattern[]) => NameSet
  readonly union: (a: NameSet, b: NameSet) => NameSet
  readonly intersect: (a: NameSet, b: NameSet) => NameSet
  readonly subtract: (a: NameSet, b: NameSet) => NameSet
  readonly complement: (a: NameSet) => NameSet
  readonly isSubset: (a: NameSet, b: NameSet) => Answer
  readonly isEmpty: (a: NameSet) => Answer
  readonly equals: (a: NameSet, b: NameSet) => Answer
  /** `name` is in the form that `readName` gives. */
  readonly contains: (a: NameSet, name: string) => Answer
  /** A shortest name of the set. */
  readonly witnessOf: (a: NameSet) => Found
}

/** Room for some ten thousand exact names; patterns with wildcards rarely need more than hundreds of states. */
export const NAME_LIMITS: NameLimits = { states: 200_000, steps: 5_000_000 }

export const nameSets = (limits: NameLimits = NAME_LIMITS): NameAlgebra => {
  const empty: NameSet = { kind: 'names', automaton: EMPTY_AUTOMATON }
  const unknown = (): NameSet => ({
    kind: 'unknown',
    why: `these name patterns together need more than ${limits.states} states or ${limits.steps} steps: use fewer or simpler patterns`,
  })
  const made = (automaton: NameAutomaton | null): NameSet =>
    automaton === null ? unknown() : { kind: 'names', automaton: minimised(automaton) }
  const ofPatterns = (patterns: readonly NamePattern[]): NameSet =>
    patterns.length === 0 ? empty : made(automatonOfPatterns(patterns, limits))
  const full = ofPatternsWithin([{ kind: 'every' }])
  const combine = (kept: Kept, a: NameSet, b: NameSet): NameSet => {
    const known = withoutReading(kept, a, b, empty, full)
    if (known !== null) return known
    if (a.kind === 'unknown') return a
    if (b.kind === 'unknown') return b
    return made(product(kept, a.automaton, b.automaton, limits))
  }
  const witnessOf = (a: NameSet): Found =>
    a.kind === 'unknown' ? a : shortestName('union', a.automaton, EMPTY_AUTOMATON, limits)
  const isSubset = (a: NameSet, b: NameSet): Answer => {
    if (isNothing(a) || isSame(b, full) || isSame(a, b)) return 'yes'
    if (a.kind === 'unknown' || b.kind === 'unknown') return 'unknown'
    return noneIs(shortestName('difference', a.automaton, b.automaton, limits))
  }
  return {
    empty,
    full,
    ofPatterns,
    union: (a, b) => combine('union', a, b),
    intersect: (a, b) => combine('intersection', a, b),
    subtract: (a, b) => combine('difference', a, b),
    complement: a => combine('difference', full, a),
    isSubset,
    isEmpty: a => noneIs(witnessOf(a)),
    equals: (a, b) => both(isSubset(a, b), isSubset(b, a)),
    contains: (a, name) => (a.kind === 'unknown' ? 'unknown' : reads(a.automaton, name) ? 'yes' : 'no'),
    witnessOf,
  }
}

/** The whole of all names needs a handful of states: it exists whatever the limits are. */
const ofPatternsWithin = (patterns: readonly NamePattern[]): NameSet => {
  const automaton = automatonOfPatterns(patterns, NAME_LIMITS)
  if (automaton === null) throw new Error('the limits of names are too small for any')
  return { kind: 'names', automaton: minimised(automaton) }
}

/** What follows without looking inside, so that nothing unknown spreads further than it must. */
const withoutReading = (kept: Kept, a: NameSet, b: NameSet, empty: NameSet, full: NameSet): NameSet | null => {
  const [noA, noB, allA, allB] = [isNothing(a), isNothing(b), isSame(a, full), isSame(b, full)]
  if (kept === 'union') return noA || allB ? b : noB || allA || isSame(a, b) ? a : null
  if (kept === 'intersection') return noA || allB || isSame(a, b) ? a : noB || allA ? b : null
  return noA || allB || isSame(a, b) ? empty : noB ? a : null
}

const noneIs = (found: Found): Answer => (found.kind === 'none' ? 'yes' : found.kind === 'name' ? 'no' : 'unknown')

const both = (a: Answer, b: Answer): Answer =>
  a === 'no' || b === 'no' ? 'no' : a === 'unknown' || b === 'unknown' ? 'unknown' : 'yes'

const isNothing = (a: NameSet): boolean =>
  a.kind === 'names' && stateCount(a.automaton) === 1 && a.automaton.accepts[0] === 0

/** Equal canonical form. Two unknown sets are never known to be the same. */
const isSame = (a: NameSet, b: NameSet): boolean =>
  a.kind === 'names' &&
  b.kind === 'names' &&
  (a.automaton === b.automaton ||
    (equalArrays(a.automaton.accepts, b.automaton.accepts) &&
      equalArrays(a.automaton.first, b.automaton.first) &&
      equalArrays(a.automaton.symbols, b.automaton.symbols) &&
      equalArrays(a.automaton.targets, b.automaton.targets)))

const equalArrays = (a: Uint8Array | Uint32Array, b: Uint8Array | Uint32Array): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i])

const reads = (automaton: NameAutomaton, name: string): boolean => {
  let state = 0
  for (let i = name.length - 1; i >= 0 && state !== NO_STATE; i--)
    state = stepOf(automaton, state, symbolOf(name[i] as string))
  return state !== NO_STATE && automaton.accepts[state] === 1
}
