import type { Profile } from '../model/profile.ts'
import type { Direction, Doubt } from '../model/rule.ts'
import { worldsOf } from './alternatives.ts'
import type { Placement } from './population.ts'
import { type Selecting, type Stack, stackOf } from './stack.ts'
import type { Stacks, World } from './verdict.ts'

/** The worlds that documents leave possible, and what counts in each: from the policies of one subject to stacks. */

export const stacksFrom = (
  selecting: readonly Selecting[],
  direction: Direction,
  profile: Profile,
  runsOn: Placement,
): Stacks => {
  const worlds = worldsOf(selecting) ?? [
    selecting.map(one => (one.alternative === null ? one : { ...one, doubts: [...one.doubts, DOCUMENTS_DIFFER] })),
  ]
  const [first, ...others] = worlds.map(world => stacksIn(world, direction, profile, runsOn))
  return { ...(first ?? NO_STACKS), others }
}

const stacksIn = (
  selecting: readonly Selecting[],
  direction: Direction,
  profile: Profile,
  runsOn: Placement,
): World => {
  const written = stackOf(selecting, direction, profile)
  const isBlind = runsOn !== null && profile.notOn.includes(runsOn)
  if (!isBlind && selecting.every(({ policy }) => profile.dialects[policy.dialect] === 'yes'))
    return { written, counting: written }
  const counting = isBlind
    ? []
    : selecting.flatMap((one): readonly Selecting[] => {
        const enforced = profile.dialects[one.policy.dialect]
        if (enforced === 'no') return []
        return [enforced === 'yes' ? one : { ...one, doubts: [...one.doubts, ENFORCEMENT_OPEN] }]
      })
  return { written, counting: stackOf(counting, direction, profile) }
}

const DOCUMENTS_DIFFER: Doubt = {
  level: 'unknown',
  why: 'documents for this policy differ, and each may be what the cluster has',
  settledBy: 'one document for it',
}

const ENFORCEMENT_OPEN: Doubt = {
  level: 'unknown',
  why: 'whether the network plugin enforces policies of this kind is not known',
  settledBy: 'the version and settings of the network plugin',
}

/** Where no policy speaks. */
export const NO_STACKS: Stacks = (() => {
  const none: Stack = []
  return { counting: none, written: none, others: [] }
})()
