import { field, isObject, type Json, list } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import {
  type CalicoPlace,
  type Direction,
  EVERY,
  type Rule,
  type RulePolicy,
  type Section,
  type Selector,
} from '../../model/rule.ts'
import { type ApiObject, sourced } from '../kubernetes/object.ts'
import { lowerOpaquePolicy } from '../kubernetes/opaque-policy.ts'
import { both, silent, unreadable } from '../kubernetes/rule-parts.ts'
import type { CalicoContext } from './context.ts'
import { podSelectorOf } from './endpoint-selector.ts'
import { refusedFor } from './refused.ts'
import { lowerRule } from './rule.ts'
import { misshapenIn } from './shape.ts'
import { directionsOf, isForHostsOnly, subjectSelectorOf, tierOf } from './subject.ts'
import { numberOf, placeOfTier } from './tiers.ts'

/**
 * NetworkPolicy and GlobalNetworkPolicy of either API group, for the pods that they select. The first rule that matches
 * decides; Pass goes on with the next tier. A policy that could not be read to its end may do anything to whom it selects.
 * Not here: staged policies, which do nothing; policies before address translation or connection tracking, which are for host
 * endpoints alone.
 * Source: docs.tigera.io, NetworkPolicy, GlobalNetworkPolicy, Tier; libcalico-go, updateprocessors; felix/calc, PolicySorter.
 */
export const lowerCalicoRules = (object: ApiObject, context: CalicoContext): readonly RulePolicy[] => {
  const { spec, ref } = object
  if (ref.kind.startsWith('Staged')) return []
  if (field(spec, 'doNotTrack') === true || field(spec, 'preDNAT') === true || isForHostsOnly(object, context))
    return []
  const misshapen = misshapenIn(spec)
  const tier = tierOf(spec)
  const namespace = ref.kind === 'NetworkPolicy' ? (ref.namespace ?? 'default') : null
  if (misshapen !== null)
    return [
      unclear(object, inScope(namespace, MISSHAPEN), null, `\`${misshapen}\` has not the type that the API takes`),
    ]
  const subject = subjectOf(spec, namespace, context)
  const directions = directionsOf(object)
  const order = field(spec, 'order') ?? null
  if (directions === null) return [unclear(object, subject, null, '`types` holds more than `Ingress` and `Egress`')]
  if (order !== null && numberOf(order) === undefined)
    return [unclear(object, subject, directions, '`order` is no number')]
  const place: CalicoPlace = {
    tier: 'calico',
    name: tier,
    ...placeOfTier(tier, context.tiers),
    order: numberOf(order ?? undefined) ?? Number.POSITIVE_INFINITY,
    names: namesOf(object, namespace),
  }
  const sections = { egress: silent('egress'), ingress: silent('ingress') }
  let refused = refusedFor(object)
  for (const direction of ['egress', 'ingress'] as const) {
    const { rules, fault } = rulesIn(spec, direction, direction, namespace, context)
    const isAbout = directions.includes(direction)
    if (fault !== null && isAbout && !fault.isIdle) return [unclear(object, subject, directions, fault.why)]
    refused ??= fault?.why ?? null
    if (isAbout)
      sections[direction] = sectionOf(rules, place, field(spec, 'types') === undefined ? ['spec'] : ['spec', 'types'])
    else if (list(field(spec, direction)).length > 0)
      // The API takes rules of a direction that `types` leaves out (validateNetworkPolicySpec only refuses a word twice), and
      // no agent applies them (felix/calc, ExtractPolicyMetadata): none is kept.
      sections[direction] = { ...silent(direction), unclaimed: true }
  }
  return [
    {
      ...sourced(object),
      dialect: 'calico',
      place,
      selects: 'pods',
      subject: refused === null ? subject : both(subject, { kind: 'unknown', why: `${refused}${SO_REFUSED}` }),
      ...sections,
      inert: null,
    },
  ]
}

/** The whole policy may not be there; if it is, it does what it says. */
export const SO_REFUSED = ': Calico may refuse the policy as a whole, and then it is not there'

const MISSHAPEN: Selector = { kind: 'unknown', why: 'the policy has a member of a type that the API does not take' }

const inScope = (namespace: string | null, selector: Selector): Selector =>
  both(namespace === null ? EVERY : { kind: 'namespace', name: namespace }, selector)

/** Calico may refuse it as a whole, or take it in a way that nobody wrote: it may let pass or stop anything. */
const unclear = (
  object: ApiObject,
  subject: Selector,
  directions: readonly Direction[] | null,
  why: string,
): RulePolicy => {
  const policy = lowerOpaquePolicy(object, 'calico', subject, directions ?? ['ingress', 'egress'])
  const told = (section: Section): Section => ({
    ...section,
    rules: section.rules.map(rule => ({ ...rule, peers: [{ kind: 'unknown', doubt: unreadable(why) }] })),
  })
  return { ...policy, egress: told(policy.egress), ingress: told(policy.ingress) }
}

/** Being selected closes a direction where the tier ends in Deny; how one ends that may be anywhere nobody knows. */
const sectionOf = (rules: readonly Rule[], { end, earlier }: CalicoPlace, isolatesAt: DocumentPath): Section => ({
  rules,
  isolates: earlier?.tierOrder === null ? 'unknown' : end === 'deny',
  isolatesAt,
})

export interface RulesRead {
  readonly rules: readonly Rule[]
  /** Why one of them could not be read, with its place. `isIdle`: none that could not be read takes anything. */
  readonly fault: { readonly why: string; readonly isIdle: boolean } | null
}

/** `seenFrom`: for `egress` a rule's peers are its destination, for `ingress` its source, whichever direction it is written for. */
export const rulesIn = (
  spec: Json | undefined,
  direction: Direction,
  seenFrom: Direction,
  namespace: string | null,
  context: CalicoContext,
): RulesRead => {
  const rules: Rule[] = []
  const faults: NonNullable<RulesRead['fault']>[] = []
  for (const [i, rule] of list(field(spec, direction)).entries()) {
    const read = lowerRule(isObject(rule) ? rule : {}, ['spec', direction, i], seenFrom, namespace, context)
    if (read.kind === 'read') rules.push(...read.rules)
    else faults.push({ why: `${direction}[${i}]: ${read.why}`, isIdle: field(rule, 'action') === 'Log' })
  }
  return { rules, fault: faults.find(({ isIdle }) => !isIdle) ?? faults[0] ?? null }
}

/** A namespaced policy selects in its own namespace; a global one everywhere, unless a selector of namespaces says where. */
const subjectOf = (spec: Json | undefined, namespace: string | null, context: CalicoContext): Selector => {
  const read = subjectSelectorOf(spec, namespace)
  return read === null
    ? both(namespace === null ? EVERY : { kind: 'namespace', name: namespace }, {
        kind: 'unknown',
        why: 'a selector that Calico would not take',
      })
    : podSelectorOf(read, context)
}

/**
 * What decides between equal orders. Up to 3.31 namespace and name as one text, and a name in the tier `default` has that
 * word in front; from 3.32 the name as it stands, then the namespace, then the kind.
 * Source: libcalico-go, lib/names, TieredPolicyName; felix/calc, PolKVLess.
 */
export const namesOf = ({ ref }: ApiObject, namespace: string | null): readonly string[] => {
  const tiered = ref.name.includes('.') ? ref.name : `default.${ref.name}`
  const path = namespace === null ? '' : `${namespace}/`
  return [`${path}${tiered}`, `${ref.name}/${namespace ?? ''}/${ref.kind}`]
}
