import type { Profile } from '../model/profile.ts'
import type { Direction, Doubt, PolicyDialect } from '../model/rule.ts'
import { worldsOf } from './alternatives.ts'
import { hopTier } from './hop.ts'
import type { Placement } from './population.ts'
import { type Selecting, type Stack, stackOf } from './stack.ts'
import { calicoStackOf } from './stack-calico.ts'
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
  const [first, ...others] = worlds.flatMap(world => passingHops(world, direction, profile, runsOn))
  return { ...(first ?? NO_STACKS), others }
}

/** Hops stand in front of all that the subject's own policies say, whatever enforces those. */
const passingHops = (
  selecting: readonly Selecting[],
  direction: Direction,
  profile: Profile,
  runsOn: Placement,
): readonly World[] => {
  const inHop = (one: Selecting): boolean => one.policy.place.tier === 'hop'
  if (!selecting.some(inHop)) return worldsIn(selecting, direction, profile, runsOn)
  const all = selecting.filter(inHop)
  const counting = enforcedBy(profile, all)
  const written = hopTiers(all, direction, profile)
  const counted = isAll(counting, all) ? written : hopTiers(counting, direction, profile)
  const own = selecting.filter(one => !inHop(one))
  return worldsIn(own, direction, profile, runsOn).map(world => {
    const stack = [...written, ...world.written]
    const isOne = world.counting === world.written && counted === written
    return { written: stack, counting: isOne ? stack : [...counted, ...world.counting] }
  })
}

const hopTiers = (selecting: readonly Selecting[], direction: Direction, profile: Profile): Stack =>
  [...Map.groupBy(selecting, hopOf).values()]
    .map(same => hopTier(calicoStackOf(same, direction, profile)))
    .filter(tier => tier.length > 0)

const hopOf = ({ policy: { place } }: Selecting): string => (place.tier === 'hop' ? place.hop : '')

/**
 * Where a policy of Calico's selects, whatever Calico enforces stands in its tiers, and what Cilium would make of the same
 * documents is another world: who enforces both lets pass what both let pass.
 */
const worldsIn = (
  selecting: readonly Selecting[],
  direction: Direction,
  profile: Profile,
  runsOn: Placement,
): readonly World[] => {
  const isBlind = runsOn !== null && profile.notOn.includes(runsOn)
  const counting = isBlind ? [] : enforcedBy(profile, selecting)
  if (!selecting.some(({ policy }) => policy.place.tier === 'calico')) {
    const written = stackOf(selecting, direction, profile)
    return [{ written, counting: isAll(counting, selecting) ? written : stackOf(counting, direction, profile) }]
  }
  const stacks = (some: readonly Selecting[]): readonly Stack[] => {
    const of = (dialect: PolicyDialect): boolean => some.some(({ policy }) => policy.dialect === dialect)
    const without = (dialect: PolicyDialect): readonly Selecting[] =>
      some.filter(({ policy }) => policy.dialect !== dialect)
    return [
      ...(of('calico') ? [calicoStackOf(without('cilium'), direction, profile)] : []),
      ...(of('cilium') || !of('calico') ? [stackOf(without('calico'), direction, profile)] : []),
    ]
  }
  const written = stacks(selecting)
  const counted = isAll(counting, selecting) ? written : stacks(counting)
  return Array.from({ length: Math.max(written.length, counted.length) }, (_, i) => ({
    written: written[i] ?? (written[0] as Stack),
    counting: counted[i] ?? (counted[0] as Stack),
  }))
}

const enforcedBy = ({ dialects }: Profile, selecting: readonly Selecting[]): readonly Selecting[] =>
  selecting.flatMap((one): readonly Selecting[] => {
    const enforced = dialects[one.policy.dialect]
    if (enforced === 'no') return []
    return [enforced === 'yes' ? one : { ...one, doubts: [...one.doubts, ENFORCEMENT_OPEN] }]
  })

const isAll = (some: readonly Selecting[], all: readonly Selecting[]): boolean =>
  some.length === all.length && some.every((one, i) => one === all[i])

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
