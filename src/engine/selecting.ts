import type { Profile } from '../model/profile.ts'
import type { Direction, Doubt, RulePolicy, Section, Selector } from '../model/rule.ts'
import { membersOf } from '../sets/bit-set.ts'
import { type Alternative, worldsOf } from './alternatives.ts'
import { withOwnPorts } from './named-ports.ts'
import type { Identity, Placement, Population } from './population.ts'
import type { Selection } from './selection.ts'
import { type Selecting, type Stack, stackOf } from './stack.ts'
import type { Stacks, World } from './verdict.ts'

/** Which policies select whom, and the worlds that documents leave possible: from policies to stacks. */

/** Rules for a direction that `policyTypes` leaves out are no rules, but where the network plugin applies them all the same. */
export const withClaimedRules = (policy: RulePolicy, { appliesUnclaimed }: Profile): RulePolicy => {
  if (appliesUnclaimed || (policy.egress.unclaimed === undefined && policy.ingress.unclaimed === undefined))
    return policy
  const claimed = (section: Section): Section =>
    section.unclaimed === undefined ? section : { ...section, rules: [], isolates: false }
  return { ...policy, egress: claimed(policy.egress), ingress: claimed(policy.ingress) }
}

/** The policies of one identity, and a text that is equal where they are. */
export interface Selected {
  readonly selecting: readonly Selecting[]
  readonly key: string
}

/** For each identity the policies that select it, or may, and have something to say in a direction. */
export const selectingIn = (
  policies: readonly { readonly policy: RulePolicy; readonly alternative: Alternative | null }[],
  direction: Direction,
  selection: Selection,
  { identities }: Population,
): readonly Selected[] => {
  const lists: { selecting: Selecting[]; key: string[] }[] = identities.map(() => ({ selecting: [], key: [] }))
  for (const [number, { policy, alternative }] of policies.entries()) {
    const { rules, isolates } = policy[direction]
    if (policy.selects !== 'pods' || (rules.length === 0 && isolates === false)) continue
    const { must, may } = selection.of(policy.subject)
    const variants = new Map<string, RulePolicy>()
    const namesPorts = direction === 'ingress' && rules.some(rule => rule.traffic.named.length > 0)
    for (const member of membersOf(may)) {
      const isCertain = selection.bits.has(must, member)
      const { namedPorts } = identities[member] as Identity
      const ports = namesPorts ? JSON.stringify(namedPorts) : ''
      const own = variants.get(ports) ?? (namesPorts ? withOwnPorts(policy, namedPorts) : policy)
      variants.set(ports, own)
      const list = lists[member] as (typeof lists)[number]
      list.selecting.push({ policy: own, alternative, doubts: isCertain ? [] : selectionDoubts(policy) })
      list.key.push(`${number}${isCertain ? '' : '?'}${ports}`)
    }
  }
  return lists.map(({ selecting, key }) => ({ selecting, key: key.join(',') }))
}

/** What the selector itself says of its doubts, else what makes any selector uncertain. */
const selectionDoubts = ({ subject }: RulePolicy): readonly Doubt[] => {
  const reasons = reasonsOf(subject)
  return reasons.length === 0
    ? [SELECTION_OPEN]
    : reasons.map(why => ({ level: 'unknown', why, settledBy: 'a document in the published form of its API' }))
}

const reasonsOf = (selector: Selector): readonly string[] => {
  switch (selector.kind) {
    case 'unknown':
      return [selector.why]
    case 'all':
    case 'any':
      return selector.of.flatMap(reasonsOf)
    case 'not':
      return reasonsOf(selector.of)
    default:
      return []
  }
}

const SELECTION_OPEN: Doubt = {
  level: 'unknown',
  why: 'whether this policy selects the pod hangs on labels that were not read',
  settledBy: 'the Namespace documents, with their labels',
}

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
