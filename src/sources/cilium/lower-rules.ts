import { field, isObject, type Json, type JsonObject, list, at as valueAt } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import { type Direction, EVERY, NONE, type RulePolicy, type Section, type Selector } from '../../model/rule.ts'
import { type ApiObject, sourced } from '../kubernetes/object.ts'
import { type CiliumContext, isOn, since } from './context.ts'
import { allOf } from './expressions.ts'
import { POD_NAMESPACE, readSelector } from './label-selector.ts'
import type { Note } from './reached.ts'
import { lowerRule } from './rule.ts'
import { hostSelector, podSelector } from './selectors.ts'
import { enforcementOf } from './valid.ts'

/**
 * CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy, one policy for `spec` and for each of `specs`. All are additive:
 * deny goes before allow, across every policy of the cluster. What the agent turns away it turns away as a whole object.
 * Not here: setting `enable-policy` and audit mode, which override every policy.
 * Source: docs.cilium.io, "Network Policy"; pkg/policy/api, type Rule.
 */
export const lowerCiliumRules = (
  object: ApiObject,
  context: CiliumContext,
): { readonly policies: readonly RulePolicy[]; readonly notes: readonly Note[] } => {
  const namespace = object.ref.kind === 'CiliumNetworkPolicy' ? (object.ref.namespace ?? 'default') : null
  const enforced = enforcementOf(object, specsOf(object), context)
  const lowered = specsOf(object).map(({ spec, at }) => lowerSpec(object, spec, at, namespace, context))
  const unclear: readonly Selector[] = enforced.kind === 'unclear' ? [{ kind: 'unknown', why: enforced.why }] : []
  return {
    policies: lowered.map(({ policy }) => ({
      ...policy,
      subject: allOf([policy.subject, ...unclear]),
      inert: enforced.kind === 'refused' ? `not enforced: ${enforced.why}` : policy.inert,
    })),
    notes: lowered.flatMap(({ notes }) => notes),
  }
}

export interface Spec {
  readonly spec: JsonObject
  readonly at: DocumentPath
}

/** `spec` first, then each of `specs`: both may stand in one object. */
export const specsOf = (object: ApiObject): readonly Spec[] => {
  const one = field(object.body, 'spec')
  return [
    ...(isObject(one) ? [{ spec: one, at: ['spec'] }] : []),
    ...list(field(object.body, 'specs')).flatMap((spec, i) => (isObject(spec) ? [{ spec, at: ['specs', i] }] : [])),
  ]
}

interface Lowered {
  readonly policy: RulePolicy
  readonly notes: readonly Note[]
}

const lowerSpec = (
  object: ApiObject,
  spec: JsonObject,
  at: DocumentPath,
  namespace: string | null,
  context: CiliumContext,
): Lowered => {
  const nodes = isObject(field(spec, 'nodeSelector'))
  const egress = lowerSection(spec, at, 'egress', namespace, context)
  const ingress = lowerSection(spec, at, 'ingress', namespace, context)
  // A policy for nodes is about the host firewall, which is off unless somebody asks for it.
  const firewall = nodes ? isOn(context, 'enable-host-firewall', false) : 'yes'
  const subject = nodes ? nodeSubject(spec, context) : podSubject(spec, namespace, context)
  const unsure: Selector = {
    kind: 'unknown',
    why: 'whether the host firewall is on: enable-host-firewall in cilium-config',
  }
  return {
    policy: {
      ...sourced(object),
      dialect: 'cilium',
      place: { tier: 'workload' },
      selects: nodes ? 'nodes' : 'pods',
      subject: firewall === 'unknown' ? allOf([subject, unsure]) : subject,
      egress: egress.section,
      ingress: ingress.section,
      inert: firewall === 'no' ? 'not enforced: the host firewall is off (enable-host-firewall)' : null,
    },
    notes: [...egress.notes, ...ingress.notes],
  }
}

/**
 * In a namespaced policy a namespace that matchLabels names is put aside: it is always the policy's own.
 * Source: pkg/k8s/apis/cilium.io/utils, ParseToCiliumRule.
 */
const podSubject = (spec: JsonObject, namespace: string | null, context: CiliumContext): Selector => {
  const read = readSelector(field(spec, 'endpointSelector'))
  if (read.kind === 'refused') return NONE
  if (namespace === null) return podSelector(read.value, context)
  const kept = read.value.filter(({ source, key, plain }) => !(plain && source === 'k8s' && key === POD_NAMESPACE))
  return allOf([podSelector(kept, context), { kind: 'namespace', name: namespace }])
}

const nodeSubject = (spec: JsonObject, context: CiliumContext): Selector => {
  const read = readSelector(field(spec, 'nodeSelector'))
  return read.kind === 'refused' ? NONE : read.value.length === 0 ? EVERY : hostSelector(read.value, context)
}

/**
 * Deny rules and allow rules of one direction. One rule, of either kind and even an empty one, closes the direction by
 * default; `enableDefaultDeny` (since 1.16) can leave it open, unless that is switched off.
 * Source: docs.cilium.io, "Policy Enforcement Modes"; pkg/policy, computePolicyEnforcementAndRules.
 */
const lowerSection = (
  spec: JsonObject,
  at: DocumentPath,
  direction: Direction,
  namespace: string | null,
  context: CiliumContext,
): { section: Section; notes: readonly Note[] } => {
  const lowered = (['deny', 'allow'] as const).flatMap(action => {
    const name = action === 'deny' ? `${direction}Deny` : direction
    const place = { direction, action, namespace, context }
    return rulesOf(spec, name).map((rule, i) => lowerRule(isObject(rule) ? rule : {}, [...at, name, i], place))
  })
  const [allow, deny] = [rulesOf(spec, direction), rulesOf(spec, `${direction}Deny`)]
  return {
    section: {
      rules: lowered.flatMap(({ rules }) => rules),
      isolates: allow.length + deny.length > 0 && closes(spec, direction, context),
      isolatesAt: [...at, allow.length === 0 && deny.length > 0 ? `${direction}Deny` : direction],
    },
    notes: lowered.flatMap(({ notes }) => notes),
  }
}

const rulesOf = (spec: JsonObject, name: string): readonly Json[] => list(field(spec, name))

const closes = (spec: JsonObject, direction: Direction, context: CiliumContext): boolean => {
  if (valueAt(spec, 'enableDefaultDeny', direction) !== false) return true
  if (since(context, 16) === 'no') return true
  // On by default. Where no setting was read it is taken for on.
  return isOn(context, 'enable-non-default-deny-policies', true) === 'no'
}
