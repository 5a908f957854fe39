import type { Algebra } from '../sets/algebra.ts'

/** How much of a declaration policy lets leave. `open`: nobody can tell. */
export type Meeting = 'met' | 'broken' | 'partly' | 'open'

/** What certainly passes, and what may. */
export interface Bounds<S> {
  readonly must: S
  readonly may: S
}

export const meetingWith = <S>(
  { isSubset, isEmpty, intersect }: Pick<Algebra<S>, 'isSubset' | 'isEmpty' | 'intersect'>,
  wanted: S,
  { must, may }: Bounds<S>,
): Meeting => {
  if (isSubset(wanted, must)) return 'met'
  if (isEmpty(intersect(wanted, may))) return 'broken'
  return isSubset(wanted, may) ? 'open' : 'partly'
}

/** Of the parts of one entry; null: it has none. */
export const joinedMeeting = ([first, ...more]: readonly Meeting[]): Meeting | null =>
  first === undefined
    ? null
    : more.reduce((a, b) => (a === b ? a : a === 'open' || b === 'open' ? 'open' : 'partly'), first)
