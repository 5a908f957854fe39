import type { Algebra } from '../sets/algebra.ts'
import type { Reading } from './reading.ts'

/**
 * What becomes of packets, as two sets: `must` certainly passes, what is not in `may` certainly does not, and of the rest
 * nobody can tell.
 */
export interface Outcome<S> {
  readonly must: S
  readonly may: S
}

/** Rules of one action that stand together: what they certainly match, and what they may. */
export interface Step<S> extends Outcome<S> {
  readonly action: 'allow' | 'deny' | 'pass'
}

/**
 * Tiers, first to last. In a tier, groups of policies by ascending priority; policies of one group may be asked in any order;
 * a policy's runs `R`, each of which stands for a step, are asked from first to last, and the first that matches decides.
 */
export type Tier<R> = readonly (readonly (readonly R[])[])[]

/** How sets are put together, and what a run is as a step. */
export interface Folding<S, R> {
  readonly algebra: Algebra<S> & { readonly full: S }
  readonly stepOf: (run: R, reading: Reading) => Step<S>
}

/**
 * One backward fold: what no rule of any tier matches has the outcome `rest`. Each set holds the packets for which an
 * outcome is possible or certain, so a rule that certainly matches replaces outcomes and a rule that may match adds its own.
 */
export const foldTiers = <S, R>(
  folding: Folding<S, R>,
  tiers: readonly Tier<R>[],
  rest: Outcome<S>,
  reading: Reading,
): Outcome<S> =>
  tiers.reduceRight<Outcome<S>>(
    (next, tier) => tier.reduceRight((state, group) => foldGroup(folding, group, state, next, reading), next),
    rest,
  )

const foldGroup = <S, R>(
  folding: Folding<S, R>,
  group: readonly (readonly R[])[],
  rest: Outcome<S>,
  next: Outcome<S>,
  reading: Reading,
): Outcome<S> => {
  const [only] = group
  if (only === undefined) return rest
  if (group.length === 1) return foldRuns(folding, only, rest, next, reading)
  const { algebra, stepOf } = folding
  const { union, intersect, subtract, full, empty } = algebra
  // Whichever is asked first decides. A policy that says nothing is neutral: it neither takes from `must` nor adds to `may`.
  let [must, may, matched, lenient] = [full, empty, empty, empty]
  for (const runs of group) {
    const own = foldRuns(folding, runs, { must: full, may: empty }, next, reading)
    must = intersect(must, own.must)
    may = union(may, own.may)
    lenient = union(lenient, foldRuns(folding, runs, { must: empty, may: empty }, next, reading).must)
    for (const run of runs) matched = union(matched, stepOf(run, reading).must)
  }
  // Read leniently, the policy that lets a packet pass is the one that is asked first.
  if (reading === 'lenient')
    return {
      must: union(lenient, subtract(rest.must, matched)),
      may: union(may, subtract(rest.may, matched)),
    }
  return { must: intersect(must, union(matched, rest.must)), may: union(may, subtract(rest.may, matched)) }
}

const foldRuns = <S, R>(
  { algebra, stepOf }: Folding<S, R>,
  runs: readonly R[],
  rest: Outcome<S>,
  next: Outcome<S>,
  reading: Reading,
): Outcome<S> => {
  let state = rest
  for (let i = runs.length - 1; i >= 0; i--) state = before(algebra, stepOf(runs[i] as R, reading), state, next)
  return state
}

/** The outcomes in front of a step, from those behind it. Where nothing is open, both are one set, worked out once. */
const before = <S>(
  algebra: Algebra<S>,
  { action, must, may }: Step<S>,
  state: Outcome<S>,
  next: Outcome<S>,
): Outcome<S> => {
  const { union, intersect, subtract } = algebra
  const isCertain = must === may && state.must === state.may
  const one = (set: S): Outcome<S> => ({ must: set, may: set })
  switch (action) {
    case 'allow':
      return isCertain ? one(union(state.must, must)) : { must: union(state.must, must), may: union(state.may, may) }
    case 'deny':
      return isCertain
        ? one(subtract(state.must, must))
        : { must: subtract(state.must, may), may: subtract(state.may, must) }
    case 'pass': {
      if (isCertain && next.must === next.may) return one(union(subtract(state.must, must), intersect(must, next.must)))
      const perhaps = subtract(may, must)
      return {
        must: union(
          subtract(state.must, may),
          union(intersect(must, next.must), intersect(perhaps, intersect(state.must, next.must))),
        ),
        may: union(subtract(state.may, must), intersect(may, next.may)),
      }
    }
  }
}
