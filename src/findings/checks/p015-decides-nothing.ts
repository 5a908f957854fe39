import type { Space } from '../../engine/space.ts'
import type { Item, Run } from '../../engine/stack.ts'
import { keyOf } from '../../model/identity.ts'
import { pathText } from '../../model/provenance.ts'
import type { RulePolicy } from '../../model/rule.ts'
import { takenBy } from '../asked.ts'
import { lacksTier } from '../calico-tiers.ts'
import { type Check, type Hit, hit, several } from '../check.ts'
import { type NeverAsked, neverAskedIn } from '../never-asked.ts'
import type { PossibleView } from '../possible-view.ts'
import { isOrdered, namesOf, type RuleUse, type Signature } from '../signatures.ts'

export const decidesNothing: Check = {
  id: 'PST-P015',
  title: 'Rule that decides nothing',
  severity: 'low',
  why: 'Policies with an order are asked in it, by tier and priority, and the first rule that matches decides. A rule behind one that takes all of its traffic is read in reviews and never in the kernel.',
  remedy: 'Move the rule in front of those that take its traffic, let the tier before it pass, or remove it.',
  references: [
    'https://network-policy-api.sigs.k8s.io/api-overview/',
    'https://docs.tigera.io/calico/latest/reference/resources/tier',
  ],
  *run(view) {
    const possible = view.possible()
    const never = neverAskedIn(possible.engine)
    // Of a policy whose tier is not there that is said.
    yield* never.filter(({ policy }) => !lacksTier(policy.place)).map(toldNever)
    const told = new Set(never.map(({ policy }) => keyOf(policy.ref)))
    for (const { policy, rules } of possible.policies) {
      if (told.has(keyOf(policy.ref))) continue
      // A rule may stand there in parts, for pods that its own end fits in other ways.
      const byPlace = [...Map.groupBy(rules, ({ rule }) => pathText(rule.at))]
      const idle = byPlace.filter(([, parts]) => parts.every(use => isIdle(use, possible)))
      const [first] = idle[0]?.[1] ?? []
      if (first === undefined) continue
      const denies = idle.some(([, parts]) => parts.some(({ rule }) => rule.action === 'deny'))
      const places = idle.map(([place]) => place)
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

const toldNever = ({ policy, names, last }: NeverAsked): Hit => {
  const what = last === null ? null : takerOf(last)
  return hit(
    policy,
    `no TCP or UDP packet of ${several(names)} comes to it${what === null ? '' : `: ${what.says}`}`,
    `${what === null ? 'put it in front of what takes its traffic' : what.remedy}, or remove ${policy.ref.kind} \`${policy.ref.name}\``,
    {
      at: policy.egress.rules[0]?.at ?? policy.egress.isolatesAt,
      key: 'never asked',
      severity: policy.egress.rules.some(({ action }) => action === 'deny') ? 'medium' : null,
      witness: what?.says ?? null,
    },
  )
}

/** What takes the last packet: the end of a tier, or rules. */
const takerOf = ({ items, action }: Run): { readonly says: string; readonly remedy: string } => {
  const all = [...new Set(items.map(({ policy }) => policy.ref.name))].sort()
  const [names, isOne] = [several(all), all.length === 1]
  const tier = tierOf(items[0]?.policy)
  return items.every(({ kind }) => kind === 'default')
    ? {
        says: `${tier === null ? 'the tier before' : `tier \`${tier}\``} ends in Deny for what ${names} ${isOne ? 'leaves' : 'leave'}`,
        remedy: `let ${tier === null ? 'that tier' : `tier \`${tier}\``} end in Pass`,
      }
    : {
        says: `${names} ${(isOne ? ONE : MANY)[action]} the last of them before`,
        remedy: `put it in front of ${names}`,
      }
}

const ONE: Readonly<Record<Run['action'], string>> = { allow: 'allows', deny: 'denies', pass: 'passes' }
const MANY: typeof ONE = { allow: 'allow', deny: 'deny', pass: 'pass' }

const tierOf = (policy: RulePolicy | undefined): string | null =>
  policy === undefined || policy.place.tier !== 'calico'
    ? policy?.dialect === 'kubernetes'
      ? 'default'
      : null
    : policy.place.name

/**
 * It means something, and is among what decides for none of its pods. Asked of rules that an order stands around: those of the
 * tiers, and denials. An allow of a namespace that the platform denies is the platform's will.
 */
const isIdle = ({ policy, rule, uses }: RuleUse, possible: PossibleView): boolean =>
  (rule.action === 'deny' || isOfPlatform(policy)) &&
  uses.every(({ signature, item }) => isOrdered(signature) && isSilent(item, signature, possible))

const isOfPlatform = ({ place, ref }: RulePolicy): boolean =>
  place.tier === 'admin' || place.tier === 'baseline' || (place.tier === 'calico' && ref.namespace === null)

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
  return space.algebra.isEmpty(takenBy(space, stack, item, may)) ? 'idle' : 'decides'
}
