import { automatonBuilder, DOT, type NameAutomaton, SYMBOLS, symbolOf } from './name-automaton.ts'
import type { NamePattern } from './name-pattern.ts'

/** Past these the answer is not computed but unknown: states of one automaton, and steps of one operation. */
export interface NameLimits {
  readonly states: number
  readonly steps: number
}

/**
 * What is still to be read of a pattern, last character first: one step, and the number of the one after it. `any` reads a
 * label character, `run` any number of them, `fork` nothing. Steps that have the same still to come are one step, so that
 * patterns that differ only in what was read already are not told apart any more: `*a*.com` and `*b*.com` stay small.
 */
type Step =
  | { readonly kind: 'accept' }
  | { readonly kind: 'symbol'; readonly symbol: number; readonly next: number }
  | { readonly kind: 'any' | 'run'; readonly next: number }
  | { readonly kind: 'fork'; readonly next: readonly [number, number] }

/** The end of every pattern: nothing more, or one or more labels before, each with its dot. */
const ENDS: readonly Step[] = [
  { kind: 'accept' },
  { kind: 'fork', next: [0, 2] },
  { kind: 'symbol', symbol: DOT, next: 3 },
  { kind: 'any', next: 4 },
  { kind: 'run', next: 1 },
]
const [NOTHING_MORE, LABELS_BEFORE, EVERY_NAME] = [0, 2, 3]

/** Collects the steps of patterns, from their last step to their first. */
const stepTable = () => {
  const steps: Step[] = [...ENDS]
  const known = new Map<string, number>()
  const add = (kind: 'symbol' | 'any' | 'run', symbol: number, next: number): number => {
    const key = `${kind},${symbol},${next}`
    const number = known.get(key) ?? steps.push(kind === 'symbol' ? { kind, symbol, next } : { kind, next }) - 1
    known.set(key, number)
    return number
  }
  const label = (text: string, next: number): number => {
    if (text === '*') return add('any', 0, add('run', 0, next))
    let to = next
    for (const c of text) to = c === '*' ? add('run', 0, to) : add('symbol', symbolOf(c), to)
    return to
  }
  const start = (pattern: NamePattern): number => {
    if (pattern.kind === 'every') return EVERY_NAME
    // The first label of the text is the last that is read.
    let to = pattern.below ? LABELS_BEFORE : NOTHING_MORE
    for (const [i, text] of pattern.labels.entries()) to = label(text, i === 0 ? to : add('symbol', DOT, to))
    return to
  }
  return { steps, start }
}

/** The automaton of all names that any of the patterns has, not yet minimised; null past the limits. */
export const automatonOfPatterns = (patterns: readonly NamePattern[], limits: NameLimits): NameAutomaton | null => {
  const { steps, start } = stepTable()
  const starts = patterns.map(start)
  // Each state is the set of steps that may come next; what only looks ahead is resolved when a set is closed.
  const known = new Map<string, number>()
  const sets: (readonly number[])[] = []
  let work = 0
  const stateOf = (next: Iterable<number>): number => {
    const closed = closure(steps, next)
    work += closed.length
    const key = closed.join(',')
    const state = known.get(key)
    if (state !== undefined) return state
    known.set(key, sets.length)
    return sets.push(closed) - 1
  }
  const { edge, close, built } = automatonBuilder()
  stateOf(starts)
  for (let state = 0; state < sets.length; state++) {
    if (sets.length > limits.states || work > limits.steps) return null
    const onSymbol = new Map<number, number[]>()
    const onAny: number[] = []
    let accepts = false
    for (const at of sets[state] as readonly number[]) {
      const step = steps[at] as Step
      if (step.kind === 'accept') accepts = true
      else if (step.kind === 'any') onAny.push(step.next)
      else if (step.kind === 'run') onAny.push(at)
      else if (step.kind === 'symbol') {
        const list = onSymbol.get(step.symbol)
        if (list === undefined) onSymbol.set(step.symbol, [step.next])
        else list.push(step.next)
      }
    }
    const otherwise = onAny.length === 0 ? null : stateOf(onAny)
    for (let symbol = 0; symbol < SYMBOLS; symbol++) {
      const list = onSymbol.get(symbol)
      if (list !== undefined) edge(symbol, stateOf(symbol === DOT ? list : [...list, ...onAny]))
      else if (otherwise !== null && symbol !== DOT) edge(symbol, otherwise)
    }
    close(accepts)
  }
  return built()
}

/** The steps, ascending, with all that may come next without reading: past a run, either way of a fork. */
const closure = (steps: readonly Step[], next: Iterable<number>): readonly number[] => {
  const closed = new Set<number>()
  const stack = [...next]
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (closed.has(at)) continue
    closed.add(at)
    const step = steps[at] as Step
    if (step.kind === 'run') stack.push(step.next)
    if (step.kind === 'fork') stack.push(...step.next)
  }
  return [...closed].sort((a, b) => a - b)
}
