import { decisionOn } from '../../engine/because.ts'
import type { Space } from '../../engine/space.ts'
import type { Item } from '../../engine/stack.ts'
import { pathText } from '../../model/provenance.ts'
import { type Check, hit, several } from '../check.ts'
import type { PossibleView } from '../possible-view.ts'
import { itemsOf, namesOf, type RuleUse, type Signature } from '../signatures.ts'

export const decidesNothing: Check = {
  id: 'PST-P015',
  title: 'Rule that decides nothing',
  severity: 'low',
  why: 'Cluster-wide policies are asked in the order of tier and priority, and the first rule that matches decides. A rule behind one that takes all of its traffic is read in reviews and never in the kernel.',
  remedy: 'Move the rule in front of those that take its traffic, or remove it.',
  references: ['https://network-policy-api.sigs.k8s.io/api-overview/'],
  *run(view) {
    const possible = view.possible()
    for (const { policy, rules } of possible.policies) {
      const idle = rules.filter(use => isIdle(use, possible))
      const [first] = idle
      if (first === undefined) continue
      const denies = idle.some(({ rule }) => rule.action === 'deny')
      const places = idle.map(({ rule }) => pathText(rule.at))
      yield hit(
        policy,
        `${several(places)} ${places.length === 1 ? 'decides' : 'decide'} nothing for ${several(namesOf(first.uses.map(({ signature }) => signature)))}: rules that are asked before take all of it`,
        `move ${several(places)} of ${policy.ref.kind} \`${policy.ref.name}\` in front of what takes its traffic, or remove it`,
        {
          at: first.rule.at,
          // Somebody relies on a denial that never happens.
          severity: denies ? 'medium' : null,
          witness: `${first.rule.action} at ${places[0]}`,
        },
      )
    }
  },
}

/**
 * It means something, and is among what decides for none of its pods. Asked of rules that an order stands around: those of the
 * tiers, and denials. An allow of a namespace that the platform denies is the platform's will.
 */
const isIdle = ({ policy, rule, uses }: RuleUse, possible: PossibleView): boolean =>
  (policy.place.tier !== 'workload' || rule.action === 'deny') &&
  uses.every(({ signature, item }) => isOrdered(signature) && isSilent(item, signature, possible))

const isOrdered = ({ stacks }: Signature): boolean =>
  [...itemsOf(stacks.counting)].some(({ policy }) => policy.place.tier !== 'workload')

const isSilent = (item: Item, { stacks }: Signature, { engine }: PossibleView): boolean => {
  const { v4, v6, pods, ownNode, otherNode, apiserver } = engine.spaces
  let silent = false
  for (const space of [pods, v4, v6, otherNode, ownNode, apiserver] as readonly Space<unknown>[]) {
    const answer = inSpace(space, item, stacks.counting)
    if (answer === 'decides') return false
    if (answer === 'idle') silent = true
  }
  return silent
}

const inSpace = <S>(
  space: Space<S>,
  item: Item,
  stack: Signature['stacks']['counting'],
): 'decides' | 'idle' | 'nothing' => {
  const { may } = space.stepOf({ action: item.rule.action, items: [item] }, 'strict')
  if (space.algebra.isEmpty(may)) return 'nothing'
  const { items } = decisionOn(space, stack, may, Number.POSITIVE_INFINITY)
  return items.some(one => one.item === item) ? 'decides' : 'idle'
}
