import type { Profile } from '../model/profile.ts'
import type { CalicoPlace, Direction } from '../model/rule.ts'
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
import { inCalicoOrder, type Placed, type Together } from './stack-calico-order.ts'

/**
 * The policies of a subject where Calico enforces them: its own and those of Kubernetes, all in its tiers. A tier counts for a
 * subject only if one of its policies selects the subject in that direction; what none of its rules takes meets the end of the
 * tier. After the last tier the profile of the namespace allows, so what is left passes.
 * Source: docs.tigera.io, "Tier", How policy is evaluated; felix/rules, endpointIptablesChain; libcalico-go, NamespaceToProfile.
 */
export const calicoStackOf = (selecting: readonly Selecting[], direction: Direction, profile: Profile): Stack => {
  const { tiers, unplaced } = inCalicoOrder(selecting)
  return [
    // A policy whose rules were not read stands before all others.
    byPriority(unplaced, 'admin', direction),
    ...tiers.map(({ end, policies }) => tierOf(policies, end, direction, profile)),
  ].filter(tier => tier.length > 0)
}

type Tier = Stack[number]
type Group = Tier[number]

const tierOf = (
  policies: readonly Together[],
  end: CalicoPlace['end'],
  direction: Direction,
  profile: Profile,
): Tier => {
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
      const own = itemsOf({ ...one, doubts: [] }, direction).map((item): Item => ({ ...item, kind: 'aside' }))
      const end = deny(defaultsOf(one, direction, profile))
      return own.length === 0 ? [end] : [{ action: 'pass', items: own }, end]
    }),
  ]
}
