import type { Direction, Doubt, RulePolicy, Selector } from '../model/rule.ts'
import { type Bits, membersOf } from '../sets/bit-set.ts'
import type { Documented } from './documented.ts'
import { withOwnPorts } from './named-ports.ts'
import { type Fit, fitsOf, withOwnSide } from './own-side.ts'
import type { Identity } from './population.ts'
import type { Selection } from './selection.ts'
import type { Selecting } from './stack.ts'

/** For each identity the policies that select it, or may, and have something to say in a direction. */
export interface Selected {
  readonly policies: readonly Documented[]
  readonly lists: readonly SelectedList[]
}

/** The policies of one identity in their order, and a text that is equal where they are. */
export interface SelectedList {
  readonly by: readonly SelectedBy[]
  readonly key: string
}

interface SelectedBy {
  readonly documented: Documented
  readonly selecting: Selecting
  readonly key: string
}

/**
 * From the lists before, which differ only for identities that a policy selects which came, went or changed. Where policies
 * stand in another order, or nothing was before, all lists are made.
 */
export const selectedIn = (
  policies: readonly Documented[],
  direction: Direction,
  selection: Selection,
  identities: readonly Identity[],
  before: Selected | null,
): Selected => {
  const start = before !== null && keepsOrder(before.policies, policies) ? before : nobody(identities)
  const known = new Set(start.policies)
  const order = new Map(policies.map((documented, place) => [documented, place]))
  const place = ({ documented }: SelectedBy): number => order.get(documented) as number
  const added = policies.filter(one => !known.has(one))
  const extra = new Map<number, SelectedBy[]>()
  for (const { policy } of start.policies.filter(one => !order.has(one)))
    for (const member of membersOf(membersFor(policy, direction, selection))) extra.set(member, [])
  for (const documented of added) contribute(documented, direction, selection, identities, extra)
  const lists = start.lists.slice()
  for (const [member, more] of extra) {
    const { by } = lists[member] as SelectedList
    const kept = by.filter(one => order.has(one.documented))
    const all = kept.length === 0 ? more : [...kept, ...more].sort((a, b) => place(a) - place(b))
    lists[member] = { by: all, key: all.map(one => one.key).join(',') }
  }
  return { policies, lists }
}

const nobody = (identities: readonly Identity[]): Selected => ({
  policies: [],
  lists: identities.map(() => ({ by: [], key: '' })),
})

const keepsOrder = (before: readonly Documented[], now: readonly Documented[]): boolean => {
  const [old, current] = [new Set(before), new Set(now)]
  const stayed = now.filter(one => old.has(one))
  return before.filter(one => current.has(one)).every((one, place) => one === stayed[place])
}

/** Whom a policy may select with something to say. */
const membersFor = (policy: RulePolicy, direction: Direction, { of, bits }: Selection): Bits => {
  const { rules, isolates } = policy[direction]
  return policy.selects === 'nodes' || (rules.length === 0 && isolates === false) ? bits.empty : of(policy.subject).may
}

const contribute = (
  documented: Documented,
  direction: Direction,
  selection: Selection,
  identities: readonly Identity[],
  lists: Map<number, SelectedBy[]>,
): void => {
  const { policy, alternative, number } = documented
  const { must } = selection.of(policy.subject)
  const variant = (key: string, isCertain: boolean, identity: Identity, fits: readonly Fit[]): SelectedBy => {
    const named = namesPorts ? withOwnPorts(policy, identity.namedPorts) : policy
    const own = limitsOwn ? withOwnSide(named, direction, fits) : named
    return {
      documented,
      selecting: { policy: own, alternative, doubts: isCertain ? [] : selectionDoubts(policy) },
      key,
    }
  }
  const namesPorts = direction === 'ingress' && policy.ingress.rules.some(rule => rule.traffic.named.length > 0)
  const limitsOwn = policy[direction].rules.some(rule => rule.own !== undefined)
  // Members of whom it says the same share it, so that what is made of it is made once.
  const variants = new Map<string, SelectedBy>()
  const variantFor = (identity: Identity, isCertain: boolean): SelectedBy => {
    const fits = limitsOwn ? fitsOf(policy[direction], identity, selection) : []
    const ports = `${namesPorts ? JSON.stringify(identity.namedPorts) : ''}${fits.join('')}`
    const key = `${number}${isCertain ? '' : '?'}${ports}`
    const by = variants.get(key) ?? variant(key, isCertain, identity, fits)
    variants.set(key, by)
    return by
  }
  // Mostly it says the same of all.
  const saysOne = !namesPorts && !limitsOwn
  const one: { sure: SelectedBy | null; open: SelectedBy | null } = { sure: null, open: null }
  for (const member of membersOf(membersFor(policy, direction, selection))) {
    const isCertain = selection.bits.has(must, member)
    const part = isCertain ? 'sure' : 'open'
    const by = (saysOne ? one[part] : null) ?? variantFor(identities[member] as Identity, isCertain)
    one[part] = by
    const list = lists.get(member)
    if (list === undefined) lists.set(member, [by])
    else list.push(by)
  }
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
