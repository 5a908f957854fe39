import type { Space } from '../../engine/space.ts'
import type { Item } from '../../engine/stack.ts'
import { inCalicoOrder } from '../../engine/stack-calico-order.ts'
import { keyOf } from '../../model/identity.ts'
import { compareText } from '../../model/order.ts'
import type { PolicyPlace, Rule, RulePolicy } from '../../model/rule.ts'
import { type Check, hit } from '../check.ts'
import type { PossibleView } from '../possible-view.ts'

/**
 * Source: sigs.k8s.io/network-policy-api, `priority`: with one priority "the implementation can apply any of the matching
 * policies"; felix/calc/policy_sorter.go, PolKVLess, which names decide between equal orders, and otherwise from one version to
 * another.
 */
export const ambiguousPriority: Check = {
  id: 'PST-P016',
  title: 'Two policies of one priority that disagree',
  severity: 'medium',
  why: 'Which of two cluster-wide policies of one tier and priority is asked first is left to the network plugin. Where one allows what the other denies, the answer may change with an upgrade or a restart.',
  remedy: 'Give the policies priorities of their own.',
  references: [
    'https://network-policy-api.sigs.k8s.io/reference/spec/',
    'https://docs.tigera.io/calico/latest/reference/resources/globalnetworkpolicy',
  ],
  *run(view) {
    const ordered = view.cluster.rulePolicies.filter(
      policy =>
        policy.place.tier !== 'workload' &&
        policy.selects === 'pods' &&
        policy.inert === null &&
        policy.egress.rules.length > 0,
    )
    if (ordered.length < 2) return
    const possible = view.possible()
    for (const policies of Map.groupBy(ordered, ({ place }) => JSON.stringify(wordsOf(place))).values()) {
      if (policies.length < 2) continue
      const [tier, key, priority] = wordsOf((policies[0] as RulePolicy).place)
      const sorted = policies.toSorted((a, b) => compareText(keyOf(a.ref), keyOf(b.ref)))
      for (const [number, one] of sorted.entries()) {
        for (const other of sorted.slice(number + 1)) {
          const clash = isOpen(one, other) && overlap(one, other, possible) ? clashOf(one, other, possible) : null
          if (clash === null) continue
          yield hit(
            one,
            `it and \`${other.ref.name}\` have ${priority === null ? `no ${key}` : `${key} ${priority}`} in the ${tier} tier, select the same pods and disagree: one says ${clash.own.action}, the other ${clash.others.action}`,
            `give \`${one.ref.name}\` or \`${other.ref.name}\` ${priority === null ? 'an' : 'another'} ${key}`,
            {
              at: clash.own.at,
              key: `${other.ref.kind} ${other.ref.name}`,
              witness: priority === null ? `no ${key}` : `${key}: ${priority}`,
            },
          )
        }
      }
    }
  },
}

/** The tier, the field that orders it, and its value; null: none is given. */
const wordsOf = (place: PolicyPlace): readonly [tier: string, key: string, value: number | null] => {
  switch (place.tier) {
    case 'calico':
      return [`\`${place.name}\``, 'order', Number.isFinite(place.order) ? place.order : null]
    case 'workload':
    case 'hop':
      return [place.tier, 'priority', null]
    default:
      return [place.tier, 'priority', place.priority]
  }
}

/** Calico orders equal ones by their names: not all of its versions by the same. */
const isOpen = (a: RulePolicy, b: RulePolicy): boolean =>
  a.place.tier !== 'calico' ||
  inCalicoOrder([a, b].map(policy => ({ policy, doubts: [], alternative: null }))).tiers.some(({ policies }) =>
    policies.some(together => together.length > 1),
  )

const overlap = (a: RulePolicy, b: RulePolicy, { engine: { selection } }: PossibleView): boolean => {
  const { bits, of } = selection
  return !bits.isEmpty(bits.intersect(of(a.subject).must, of(b.subject).must))
}

/** Two rules of different actions that certainly match a packet each. */
const clashOf = (
  a: RulePolicy,
  b: RulePolicy,
  { engine: { spaces } }: PossibleView,
): { readonly own: Rule; readonly others: Rule } | null => {
  const all = [spaces.v4, spaces.v6, spaces.pods, spaces.otherNode] as readonly Space<unknown>[]
  for (const own of a.egress.rules) {
    for (const others of b.egress.rules) {
      if (own.action === others.action) continue
      if (all.some(space => meetsIn(space, asItem(a, own), asItem(b, others)))) return { own, others }
    }
  }
  return null
}

const asItem = (policy: RulePolicy, rule: Rule): Item => ({ policy, rule, kind: 'rule', doubts: [] })

const meetsIn = <S>(space: Space<S>, a: Item, b: Item): boolean => {
  const [x, y] = [a, b].map(item => space.stepOf({ action: item.rule.action, items: [item] }, 'strict').must)
  return !space.algebra.isEmpty(space.algebra.intersect(x as S, y as S))
}
