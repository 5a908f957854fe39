import { EVERY, NONE, type Selector } from '../../model/rule.ts'

/** Selectors put together, kept small: parts that hold for everything or for nothing decide at once. */

export const allOf = (parts: readonly Selector[]): Selector => {
  const left = parts.flatMap(part => (part.kind === 'all' ? part.of : [part]))
  if (left.some(isNone)) return NONE
  return left.length === 1 ? (left[0] as Selector) : left.length === 0 ? EVERY : { kind: 'all', of: left }
}

export const anyOf = (parts: readonly Selector[]): Selector => {
  const left = parts.flatMap(part => (part.kind === 'any' ? part.of : [part]))
  if (left.some(isEvery)) return EVERY
  return left.length === 1 ? (left[0] as Selector) : left.length === 0 ? NONE : { kind: 'any', of: left }
}

export const notThat = (part: Selector): Selector =>
  isEvery(part) ? NONE : isNone(part) ? EVERY : part.kind === 'not' ? part.of : { kind: 'not', of: part }

const isEvery = (part: Selector): boolean => part.kind === 'all' && part.of.length === 0
const isNone = (part: Selector): boolean => part.kind === 'any' && part.of.length === 0
