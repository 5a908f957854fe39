import { ALPHABET, automatonBuilder, DOT, type NameAutomaton, NO_STATE, stateCount } from './name-automaton.ts'
import type { NameLimits } from './name-build.ts'
import { LONGEST_LABEL, LONGEST_NAME } from './name-pattern.ts'

/** Two automata read side by side; what is kept is said by which of them accept. */
export type Kept = 'union' | 'intersection' | 'difference'

const keeps = (kept: Kept, inA: boolean, inB: boolean): boolean =>
  kept === 'union' ? inA || inB : kept === 'intersection' ? inA && inB : inA && !inB

/** Whether anything more can be kept once a side has nowhere to go. */
const goesOn = (kept: Kept, x: number, y: number): boolean =>
  kept === 'union' ? x !== NO_STATE || y !== NO_STATE : x !== NO_STATE && (kept === 'difference' || y !== NO_STATE)

const accepts = (automaton: NameAutomaton, state: number): boolean =>
  state !== NO_STATE && automaton.accepts[state] === 1

/** Visits the symbols that lead on from a pair of states, ascending. */
const eachStep = (
  kept: Kept,
  a: NameAutomaton,
  x: number,
  b: NameAutomaton,
  y: number,
  visit: (symbol: number, x: number, y: number) => void,
): void => {
  let i = x === NO_STATE ? 0 : (a.first[x] as number)
  let j = y === NO_STATE ? 0 : (b.first[y] as number)
  const iEnd = x === NO_STATE ? 0 : (a.first[x + 1] as number)
  const jEnd = y === NO_STATE ? 0 : (b.first[y + 1] as number)
  while (i < iEnd || j < jEnd) {
    const [s, t] = [i < iEnd ? (a.symbols[i] as number) : 255, j < jEnd ? (b.symbols[j] as number) : 255]
    const nextX = s <= t ? (a.targets[i++] as number) : NO_STATE
    const nextY = t <= s ? (b.targets[j++] as number) : NO_STATE
    if (goesOn(kept, nextX, nextY)) visit(Math.min(s, t), nextX, nextY)
  }
}

/** Not yet minimised; null past the limits. */
export const product = (kept: Kept, a: NameAutomaton, b: NameAutomaton, limits: NameLimits): NameAutomaton | null => {
  const span = stateCount(b) + 1
  const known = new Map<number, number>()
  const pairs: (readonly [number, number])[] = []
  const stateOf = (x: number, y: number): number => {
    const key = (x + 1) * span + y + 1
    const state = known.get(key)
    if (state !== undefined) return state
    known.set(key, pairs.length)
    return pairs.push([x, y]) - 1
  }
  const { edge, close, built } = automatonBuilder()
  stateOf(0, 0)
  for (let state = 0; state < pairs.length; state++) {
    if (pairs.length > limits.states) return null
    const [x, y] = pairs[state] as readonly [number, number]
    eachStep(kept, a, x, b, y, (symbol, nextX, nextY) => edge(symbol, stateOf(nextX, nextY)))
    close(keeps(kept, accepts(a, x), accepts(b, y)))
  }
  return built()
}

/** What a search gives: the shortest name, that there is none, or that the limit came first. */
export type Found =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown' }

interface Place {
  readonly x: number
  readonly y: number
  readonly label: number
  readonly before: Place | null
  readonly symbol: number
}

/**
 * The shortest name that is kept, among names that can exist: labels to 63 characters, the whole to 253. It walks the pairs
 * as it meets them and builds no automaton, so a question that a short name answers costs little.
 */
export const shortestName = (kept: Kept, a: NameAutomaton, b: NameAutomaton, limits: NameLimits): Found => {
  const span = stateCount(b) + 1
  // The fewest characters of the current label with which a pair was met: with fewer, more can follow.
  const fewest = new Map<number, number>()
  let steps = 0
  let level: Place[] = [{ x: 0, y: 0, label: 0, before: null, symbol: -1 }]
  for (let length = 0; length <= LONGEST_NAME && level.length > 0; length++) {
    const next: Place[] = []
    for (const place of level) {
      const { x, y } = place
      if (keeps(kept, accepts(a, x), accepts(b, y))) return { kind: 'name', name: nameOf(place) }
      if (++steps > limits.steps) return { kind: 'unknown' }
      eachStep(kept, a, x, b, y, (symbol, nextX, nextY) => {
        const label = symbol === DOT ? 0 : place.label + 1
        const key = (nextX + 1) * span + nextY + 1
        if (label > LONGEST_LABEL || label >= (fewest.get(key) ?? Number.POSITIVE_INFINITY)) return
        fewest.set(key, label)
        next.push({ x: nextX, y: nextY, label, before: place, symbol })
      })
    }
    level = next
  }
  return { kind: 'none' }
}

/** The name was read from its end, so the way back is the name. */
const nameOf = (place: Place): string => {
  let name = ''
  for (let at: Place | null = place; at !== null && at.symbol >= 0; at = at.before) name += ALPHABET[at.symbol]
  return name
}
