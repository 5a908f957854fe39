import type { Subject } from '../engine/population.ts'
import type { Item, Stack } from '../engine/stack.ts'
import type { Stacks } from '../engine/verdict.ts'
import { keyOf, shortIdOf } from '../model/identity.ts'
import { compareText } from '../model/order.ts'
import { pathText } from '../model/provenance.ts'
import type { Rule, RulePolicy } from '../model/rule.ts'

/** Subjects that the same policies select: one answer for all. */
export interface Signature {
  readonly stacks: Stacks
  readonly subjects: readonly Subject[]
}

export interface PolicyUse {
  readonly policy: RulePolicy
  readonly rules: readonly RuleUse[]
  readonly signatures: readonly Signature[]
}

/** One egress rule with the signatures for which it certainly counts. */
export interface RuleUse {
  readonly policy: RulePolicy
  readonly rule: Rule
  readonly uses: readonly { readonly signature: Signature; readonly item: Item }[]
}

/** `shop/Deployment/web` */
export const nameOf = ({ workload }: Subject): string => shortIdOf(workload.ref)

export const namesOf = (signatures: readonly Signature[]): readonly string[] =>
  [...new Set(signatures.flatMap(({ subjects }) => subjects.map(nameOf)))].sort(compareText)

export function* itemsOf(stack: Stack): Generator<Item> {
  for (const tier of stack) for (const group of tier) for (const runs of group) for (const run of runs) yield* run.items
}

const ordered = new WeakMap<Stacks, boolean>()

/** Whether something but the additive policies of namespaces has a word: then the order decides. */
export const isOrdered = ({ stacks }: Signature): boolean => {
  const known = ordered.get(stacks)
  if (known !== undefined) return known
  const made = [...itemsOf(stacks.counting)].some(({ policy }) => policy.place.tier !== 'workload')
  ordered.set(stacks, made)
  return made
}

/** Certain items alone: where a rule may count, nothing is said of it. */
export const policiesOf = (signatures: readonly Signature[]): readonly PolicyUse[] => {
  const found = new Map<
    string,
    {
      policy: RulePolicy
      rules: Map<string, RuleUse & { uses: RuleUse['uses'][number][] }>
      signatures: Set<Signature>
    }
  >()
  const placeIn = memoisedPlaces()
  for (const signature of signatures) {
    for (const item of itemsOf(signature.stacks.counting)) {
      const { policy, rule, kind, doubts } = item
      // What hosts make of packets on the way is theirs, and no pod's policy.
      if (doubts.length > 0 || kind === 'aside' || policy.place.tier === 'hop') continue
      const place = placeIn(policy, rule)
      const key = `${keyOf(policy.ref)} ${pathText(policy.egress.isolatesAt)}`
      const entry = found.get(key) ?? { policy, rules: new Map(), signatures: new Set() }
      found.set(key, entry)
      entry.signatures.add(signature)
      if (place === null) continue
      const known = entry.rules.get(`${pathText(rule.at)} ${place}`)
      if (known === undefined)
        entry.rules.set(`${pathText(rule.at)} ${place}`, { policy, rule, uses: [{ signature, item }] })
      else known.uses.push({ signature, item })
    }
  }
  return [...found]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, { policy, rules, signatures: of }]) => ({ policy, rules: [...rules.values()], signatures: [...of] }))
}

/**
 * Where a rule stands among the egress rules of its policy; null for what selecting alone does. Of Calico's policies a pod has
 * those rules alone that fit its own end: there a rule has its number for itself.
 */
const memoisedPlaces = (): ((policy: RulePolicy, rule: Rule) => number | null) => {
  const known = new WeakMap<RulePolicy, ReadonlyMap<Rule, number>>()
  const numbers = new Map<Rule, number>()
  return (policy, rule) => {
    const places = known.get(policy) ?? new Map(policy.egress.rules.map((one, place) => [one, place]))
    known.set(policy, places)
    const place = places.get(rule) ?? null
    if (place === null || policy.dialect !== 'calico') return place
    const number = numbers.get(rule) ?? numbers.size
    numbers.set(rule, number)
    return number
  }
}
