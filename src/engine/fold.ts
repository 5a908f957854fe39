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
 * a policy's steps are asked from first to last, and the first that matches decides.
 */
export type Tier<S> = readonly (readonly (readonly Step<S>[])[])[]

/**
 * One backward fold: what no rule of any tier matches has the outcome `rest`. Each set holds the packets for which an
 * outcome is possible or certain, so a rule that certainly matches replaces outcomes and a rule that may match adds its own.
 */
export const foldTiers = <S>(
  algebra: Algebra<S> & { readonly full: S },
  tiers: readonly Tier<S>[],
  rest: Outcome<S>,
  reading: Reading,
): Outcome<S> =>
  tiers.reduceRight<Outcome<S>>(
    (next, tier) => tier.reduceRight((state, group) => foldGroup(algebra, group, state, next, reading), next),
    rest,
  )

const foldGroup = <S>(
  algebra: Algebra<S> & { readonly full: S },
  group: readonly (readonly Step<S>[])[],
  rest: Outcome<S>,
  next: Outcome<S>,
  reading: Reading,
): Outcome<S> => {
  const [only, ...others] = group
  if (only === undefined) return rest
  if (others.length === 0) return foldSteps(algebra, only, rest, next)
  const { union, intersect, subtract, full, empty } = algebra
  // Whichever is asked first decides. A policy that says nothing is neutral: it neither takes from `must` nor adds to `may`.
  let [must, may, matched, lenient] = [full, empty, empty, empty]
  for (const steps of group) {
    const own = foldSteps(algebra, steps, { must: full, may: empty }, next)
    must = intersect(must, own.must)
    may = union(may, own.may)
    lenient = union(lenient, foldSteps(algebra, steps, { must: empty, may: empty }, next).must)
    for (const step of steps) matched = union(matched, step.must)
  }
  // Read leniently, the policy that lets a packet pass is the one that is asked first.
  if (reading === 'lenient')
    return {
      must: union(lenient, subtract(rest.must, matched)),
      may: union(may, subtract(rest.may, matched)),
    }
  return { must: intersect(must, union(matched, rest.must)), may: union(may, subtract(rest.may, matched)) }
}

const foldSteps = <S>(algebra: Algebra<S>, steps: readonly Step<S>[], rest: Outcome<S>, next: Outcome<S>): Outcome<S> =>
  steps.reduceRight((state, step) => before(algebra, step, state, next), rest)

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
