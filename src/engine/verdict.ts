import type { Algebra } from '../sets/algebra.ts'
import { foldTiers, type Outcome } from './fold.ts'
import type { Reading } from './reading.ts'
import type { Space } from './space.ts'
import type { Stack } from './stack.ts'

/** The policies of a subject in one direction: those that count here, and all, as if each dialect were enforced. */
export interface World {
  readonly counting: Stack
  readonly written: Stack
}

/** The first of the worlds that documents leave possible, with the others; mostly there is one. */
export interface Stacks extends World {
  readonly others: readonly World[]
}

/** What passes, read four ways. `must ⊆ lenient ⊆ may`. */
export interface Passing<S> {
  /** Certainly. */
  readonly must: S
  /** If what the specification leaves open lets packets pass. */
  readonly lenient: S
  /** Unless a rule certainly stops it. */
  readonly may: S
  /** Certainly, if everything that was written were enforced. */
  readonly written: S
}

/** The four readings of something that leaves nothing open. */
export const same = <T>(value: T): Passing<T> => ({ must: value, lenient: value, may: value, written: value })

/** Whether the readings are one value, worked out once. */
export const isOne = <T>({ must, lenient, may, written }: Passing<T>): boolean =>
  must === lenient && must === may && must === written

export const eachReading = <T>(make: (part: keyof Passing<unknown>) => T): Passing<T> => ({
  must: make('must'),
  lenient: make('lenient'),
  may: make('may'),
  written: make('written'),
})

/** What is one value stays one. */
export const mapPassing = <T, U>(of: Passing<T>, change: (value: T) => U): Passing<U> =>
  isOne(of) ? same(change(of.must)) : eachReading(part => change(of[part]))

export const passing = <S>(space: Space<S>, stacks: Stacks): Passing<S> => {
  const { intersect, union } = space.algebra
  return stacks.others
    .map(world => passingIn(space, world))
    .reduce(
      (a, b) => ({
        must: intersect(a.must, b.must),
        lenient: intersect(a.lenient, b.lenient),
        may: union(a.may, b.may),
        written: intersect(a.written, b.written),
      }),
      passingIn(space, stacks),
    )
}

const passingIn = <S>(space: Space<S>, stacks: World): Passing<S> => {
  const strict = foldStack(space, stacks.counting, 'strict')
  const isCertain = strict.must === strict.may || space.algebra.equals(strict.must, strict.may)
  return {
    must: strict.must,
    may: isCertain ? strict.must : strict.may,
    lenient: isCertain ? strict.must : foldStack(space, stacks.counting, 'lenient').must,
    written: stacks.written === stacks.counting ? strict.must : foldStack(space, stacks.written, 'strict').must,
  }
}

/** What no policy selects passes. */
const foldStack = <S>(space: Space<S>, stack: Stack, reading: Reading): Outcome<S> =>
  foldTiers(space, stack, everything(space.algebra.full), reading)

const everything = <S>(full: S): Outcome<S> => ({ must: full, may: full })

/** Everything, cut by verdict and enforcement level; what is in none of them is denied. */
export interface Judged<S> {
  readonly allowed: S
  /** Allowed, though a policy denies it that nobody enforces. */
  readonly notEnforced: S
  /** The specification leaves it open. */
  readonly open: S
  readonly unknown: S
}

export const judged = <S>(
  { intersect, subtract }: Algebra<S>,
  { must, lenient, may, written }: Passing<S>,
): Judged<S> => {
  const uncertain = subtract(may, must)
  return {
    allowed: intersect(must, written),
    notEnforced: subtract(must, written),
    open: intersect(uncertain, lenient),
    unknown: subtract(uncertain, lenient),
  }
}
