import type { Profile } from '../model/profile.ts'
import type { Direction, Doubt } from '../model/rule.ts'
import { sharedBy } from './shared-by.ts'
import {
  byPriority,
  defaultsOf,
  type Item,
  itemsOf,
  type Run,
  runsInOrder,
  type Selecting,
  type Stack,
} from './stack.ts'
import { inCalicoOrder, type Placed, type TierOfPolicies } from './stack-calico-order.ts'

/**
 * The policies of a subject where Calico enforces them: its own and those of Kubernetes, all in its tiers. A tier counts for a
 * subject only if one of its policies selects the subject in that direction; what none of its rules takes meets the end of the
 * tier. After the last tier the profile of the namespace allows, so what is left passes.
 * Source: docs.tigera.io, "Tier", How policy is evaluated; felix/rules, endpointIptablesChain; libcalico-go, NamespaceToProfile.
 */
export const calicoStackOf = (selecting: readonly Selecting[], direction: Direction, profile: Profile): Stack => {
  const { steps, unplaced } = inCalicoOrder(selecting)
  return [
    // A policy whose rules were not read stands before all others.
    byPriority(unplaced, 'admin', direction),
    ...steps.map(step =>
      step.kind === 'asked'
        ? tierOf(step.tier, direction, profile)
        : perhaps(step.tiers.map(({ tier, doubt }) => doubtful(tierOf(tier, direction, profile), doubt))),
    ),
  ].filter(tier => tier.length > 0)
}

type Tier = Stack[number]
type Group = Tier[number]

const shared = {
  egress: sharedBy<TierOfPolicies | Profile, Tier>(),
  ingress: sharedBy<TierOfPolicies | Profile, Tier>(),
}

/** Runs are shared with the tier: what they match is worked out once. */
const tierOf = (tier: TierOfPolicies, direction: Direction, profile: Profile): Tier =>
  shared[direction]([tier, profile], () => madeTier(tier, direction, profile))

const madeTier = ({ policies, end }: TierOfPolicies, direction: Direction, profile: Profile): Tier => {
  const groups: Group[] = []
  let inOrder: Item[] = []
  const flush = (): void => {
    const runs = runsInOrder(inOrder)
    if (runs.length > 0) groups.push([runs])
    inOrder = []
  }
  for (const together of policies) {
    const items = together.map(({ one }) => itemsOf(one, direction)).filter(own => own.length > 0)
    const actions = new Set(items.flat().map(({ rule }) => rule.action))
    // Among rules of one action the order decides nothing.
    if (items.length < 2 || actions.size === 1) inOrder.push(...items.flat())
    else {
      flush()
      groups.push(items.map(runsInOrder))
    }
  }
  flush()
  if (end === 'deny') groups.push(...endOf(policies.flat(), direction, profile))
  return groups
}

/** Of several tiers that may stand here the order is open, so each of them may be the first that decides. */
const perhaps = (tiers: readonly Tier[]): Tier =>
  tiers.length === 1
    ? tiers.flat()
    : [tiers.flatMap(tier => (tier.every(isInOrder) ? [tier.flat(2)] : tier.flat()))].filter(isSaid)

/** What a rule takes, it takes here, or the tier is not asked here, and it goes on: never to a later rule of the tier. */
const doubtful = (tier: Tier, doubt: Doubt): Tier =>
  tier.map(group => group.map(runs => runs.flatMap(run => perhapsTaken(run, doubt))))

const isInOrder = (group: Group): boolean => group.length === 1
const isSaid = (group: Group): boolean => group.length > 0

const perhapsTaken = ({ action, items }: Run, doubt: Doubt): readonly Run[] => {
  const own = items.filter(({ kind }) => kind !== 'default')
  const goesOn: readonly Run[] = own.length === 0 ? [] : [{ action: 'pass', items: own.map(aside) }]
  if (action === 'pass') return goesOn
  return [{ action, items: items.map(item => ({ ...item, doubts: [...item.doubts, doubt] })) }, ...goesOn]
}

const aside = (item: Item): Item => ({ ...item, kind: 'aside' })

/**
 * One policy that certainly counts makes the tier count. Where none does, each may: for packets that its own rules take it did
 * not count if they come this far, so they pass by its part in the end, as certainly as they are taken if it counts.
 */
const endOf = (policies: readonly Placed[], direction: Direction, profile: Profile): readonly Group[] => {
  const closing = policies.map(({ one }) => one).filter(({ policy }) => policy[direction].isolates !== false)
  const certain = closing.filter(({ doubts }) => doubts.length === 0)
  const deny = (items: readonly Item[]): Run => ({ action: 'deny', items })
  if (certain.length > 0) return [[[deny(certain.flatMap(one => defaultsOf(one, direction, profile)))]]]
  if (closing.length === 0) return []
  return [
    closing.map(one => {
      const own = itemsOf({ ...one, doubts: [] }, direction).map(aside)
      const end = deny(defaultsOf(one, direction, profile))
      return own.length === 0 ? [end] : [{ action: 'pass', items: own }, end]
    }),
  ]
}
