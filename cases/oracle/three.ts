import type { Tri, Verdict } from './types.ts'

/** Three-valued logic: `unknown` stays only where the answer hangs on it. */

export const tri = (value: boolean): Tri => (value ? 'yes' : 'no')

export const every = (parts: Iterable<Tri>): Tri => {
  let answer: Tri = 'yes'
  for (const part of parts) {
    if (part === 'no') return 'no'
    if (part === 'unknown') answer = 'unknown'
  }
  return answer
}

export const some = (parts: Iterable<Tri>): Tri => {
  let answer: Tri = 'no'
  for (const part of parts) {
    if (part === 'yes') return 'yes'
    if (part === 'unknown') answer = 'unknown'
  }
  return answer
}

export const not = (part: Tri): Tri => (part === 'yes' ? 'no' : part === 'no' ? 'yes' : 'unknown')

/** The truth values that it may turn out to be. */
export const possible = (part: Tri): readonly boolean[] => (part === 'unknown' ? [true, false] : [part === 'yes'])

/** One verdict for outcomes that may each be the real one. */
export const oneOf = (outcomes: Iterable<Verdict>): Verdict => {
  const seen = new Set(outcomes)
  return seen.size === 1 ? ([...seen][0] ?? 'unknown') : 'unknown'
}

/** One verdict where each part can stop the packet. */
export const allOf = (parts: readonly Verdict[]): Verdict =>
  parts.includes('denied') ? 'denied' : parts.includes('unknown') ? 'unknown' : 'allowed'
