import { field } from '../../model/json.ts'
import {
  type Direction,
  type Doubt,
  EVERY,
  type PolicyDialect,
  type Rule,
  type RulePolicy,
  type Section,
  type Selector,
} from '../../model/rule.ts'
import { type ApiObject, lowerSelector, sourced } from './object.ts'
import { ALL_TRAFFIC, both, selectorOf, silent } from './rule-parts.ts'

/** Whatever they speak of may pass or be stopped. */
export const anyRules = (doubt: Doubt): readonly Rule[] =>
  (['allow', 'deny'] as const).map(action => ({
    action,
    peers: [{ kind: 'unknown', doubt }],
    traffic: ALL_TRAFFIC,
    limit: null,
    at: ['spec'],
    doubt: null,
  }))

/**
 * A policy whose rules are not read: for whom it selects, whatever it speaks of may pass or be stopped, and nobody here can
 * tell. It stands before all others, so that nothing that they say stays certain.
 */
export const lowerOpaquePolicy = (
  object: ApiObject,
  dialect: PolicyDialect,
  subject: Selector,
  directions: readonly Direction[],
): RulePolicy => {
  const doubt: Doubt = {
    level: 'unknown',
    why: `${object.ref.kind} of ${object.ref.group} is recognised, and its rules are not evaluated`,
    settledBy: 'a version of this program that evaluates them, or a probe',
  }
  const section = (direction: Direction): Section =>
    directions.includes(direction)
      ? { rules: anyRules(doubt), isolates: false, isolatesAt: ['spec'] }
      : silent(direction)
  return {
    ...sourced(object),
    dialect,
    // Lower than any priority of the policy API.
    place: { tier: 'admin', priority: -1 },
    selects: 'pods',
    subject,
    egress: section('egress'),
    ingress: section('ingress'),
    inert: null,
    opaque: true,
  }
}

/** By the selectors that most of these kinds share; what has none may speak of everybody in its reach. */
export const lowerForeignRules = (object: ApiObject): RulePolicy => {
  const { namespace } = object.ref
  const pods = lowerSelector(field(object.spec, 'podSelector'))
  return lowerOpaquePolicy(
    object,
    'other',
    both(
      namespace === null ? EVERY : { kind: 'namespace', name: namespace },
      pods === null ? EVERY : selectorOf('pod', pods),
    ),
    ['egress', 'ingress'],
  )
}

/** Kinds of other vendors that may stop or let out a pod's packets. */
export const FOREIGN_POLICIES: readonly string[] = [
  'networking.gke.io/FQDNNetworkPolicy',
  'networking.k8s.aws/ApplicationNetworkPolicy',
  'networking.k8s.aws/ClusterNetworkPolicy',
  'k8s.ovn.org/EgressFirewall',
  'crd.antrea.io/NetworkPolicy',
  'crd.antrea.io/ClusterNetworkPolicy',
  'cilium.io/CiliumLocalRedirectPolicy',
]
