import type { Profile } from '../model/profile.ts'
import type { RulePolicy, Section } from '../model/rule.ts'
import { type Alternative, alternativesOf } from './alternatives.ts'
import { isSame } from './same.ts'

/** A policy that stands in the estate and does something, as the network plugin takes it. */
export interface Documented {
  readonly policy: RulePolicy
  /** Set where other documents say something else about the same object. */
  readonly alternative: Alternative | null
  /** Tells it from every other policy of this engine and of those before it. */
  readonly number: number
}

/** Those of a cluster in their order. What was there before, word for word, stays the same object. */
export interface DocumentedPolicies {
  readonly all: readonly Documented[]
  readonly bySource: ReadonlyMap<RulePolicy, Documented>
  readonly next: number
}

export const documentedIn = (
  found: readonly RulePolicy[],
  profile: Profile,
  before: DocumentedPolicies | null,
): DocumentedPolicies => {
  const sources = asBefore(
    found.filter(policy => policy.inert === null),
    before,
  )
  const alternatives = alternativesOf(sources)
  let next = before?.next ?? 0
  const bySource = new Map<RulePolicy, Documented>()
  for (const source of sources) {
    const alternative = alternatives.get(source) ?? null
    const known = before?.bySource.get(source)
    bySource.set(
      source,
      known !== undefined && isSame(known.alternative, alternative)
        ? known
        : { policy: withClaimedRules(source, profile), alternative, number: next++ },
    )
  }
  return { all: [...bySource.values()], bySource, next }
}

/** Policies that were read again and say the same are the ones from before. */
const asBefore = (policies: readonly RulePolicy[], before: DocumentedPolicies | null): readonly RulePolicy[] => {
  if (before === null || policies.every(policy => before.bySource.has(policy))) return policies
  const byPlace = Map.groupBy(before.bySource.keys(), placeOf)
  const taken = new Set(policies.filter(policy => before.bySource.has(policy)))
  return policies.map(policy => {
    if (taken.has(policy)) return policy
    const known = byPlace.get(placeOf(policy))?.find(other => !taken.has(other) && isSame(other, policy))
    if (known === undefined) return policy
    taken.add(known)
    return known
  })
}

const placeOf = ({ ref, origin }: RulePolicy): string =>
  [ref.kind, ref.namespace, ref.name, origin.source, origin.start, origin.item].join('|')

/** Rules for a direction that `policyTypes` leaves out are no rules, but where the network plugin applies them all the same. */
const withClaimedRules = (policy: RulePolicy, { appliesUnclaimed }: Profile): RulePolicy => {
  if (appliesUnclaimed || (policy.egress.unclaimed === undefined && policy.ingress.unclaimed === undefined))
    return policy
  const claimed = (section: Section): Section =>
    section.unclaimed === undefined ? section : { ...section, rules: [], isolates: false }
  return { ...policy, egress: claimed(policy.egress), ingress: claimed(policy.ingress) }
}
