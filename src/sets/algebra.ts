/**
 * The one interface on every rung of the ladder: bounds, addresses, ports, ICMP, traffic, regions. Values are immutable,
 * and equal sets have equal canonical form, so `equals` never asks what a set was made from.
 */
export interface Algebra<S> {
  readonly empty: S
  readonly union: (a: S, b: S) => S
  readonly intersect: (a: S, b: S) => S
  /** What is in `a` and not in `b`. */
  readonly subtract: (a: S, b: S) => S
  /** Whether all of `a` is in `b`; the empty set is in every set. */
  readonly isSubset: (a: S, b: S) => boolean
  readonly isEmpty: (a: S) => boolean
  readonly equals: (a: S, b: S) => boolean
}

/** An algebra whose sets lie in a known universe. */
export interface BooleanAlgebra<S> extends Algebra<S> {
  readonly full: S
  readonly complement: (a: S) => S
}

/**
 * What reading a text gives: a value with notes on what was normalised, or the reason why it is refused. Text that readers
 * read differently is refused, never guessed.
 */
export type Reading<T> =
  | { readonly kind: 'read'; readonly value: T; readonly notes: readonly string[] }
  | { readonly kind: 'refused'; readonly why: string }

export const readAs = <T>(value: T, notes: readonly string[] = NO_NOTES): Reading<T> => ({ kind: 'read', value, notes })

export const refuse = (why: string): { readonly kind: 'refused'; readonly why: string } => ({ kind: 'refused', why })

/** Input as messages show it: in backticks, and cut where it is absurdly long. */
export const quoted = (text: string): string => `\`${text.length > 80 ? `${text.slice(0, 77)}...` : text}\``

const NO_NOTES: readonly string[] = []
