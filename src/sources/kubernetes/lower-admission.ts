import type { AdmissionControl } from '../../model/access.ts'
import { at, field, isObject, type Json, list, text, texts } from '../../model/json.ts'
import { type ApiObject, lowerSelector, sourced } from './object.ts'

type Controlled = AdmissionControl['controls'][number]

/** Words by which a rule shows what it looks at; a rule that mentions none of them is not about a way out. */
const WORDS: readonly (readonly [RegExp, Controlled])[] = [
  [/hostNetwork|host-network|hostnamespaces?|host-namespaces?/i, 'hostNetwork'],
  [/hostPID|hostIPC|hostnamespaces?|host-namespaces?/i, 'hostPID'],
  [/privileged/i, 'privileged'],
  [/capabilities/i, 'capabilities'],
  [/hostPath|host-path|hostfilesystem/i, 'hostPath'],
  [/hostPort|host-ports/i, 'hostPort'],
  [/NodePort|LoadBalancer|externalIPs/i, 'services'],
]

const controlsIn = (rule: string): readonly Controlled[] =>
  WORDS.filter(([word]) => word.test(rule)).map(([, what]) => what)

/**
 * A ValidatingAdmissionPolicy acts only through its bindings, and a binding that only audits or warns stops nothing.
 * Source: k8s.io/api/admissionregistration/v1, ValidatingAdmissionPolicyBindingSpec.validationActions.
 */
export const lowerAdmissionPolicies = (
  policies: readonly ApiObject[],
  bindings: readonly ApiObject[],
): readonly AdmissionControl[] =>
  policies.flatMap(policy => {
    const controls = controlsIn(JSON.stringify(field(policy.spec, 'validations') ?? null))
    if (controls.length === 0) return []
    const own = bindings.filter(binding => text(field(binding.spec, 'policyName')) === policy.ref.name)
    const base = {
      engine: 'ValidatingAdmissionPolicy' as const,
      controls,
      failOpen: text(field(policy.spec, 'failurePolicy')) === 'Ignore',
      excludedNamespaces: [],
      includedNamespaces: [],
    }
    if (own.length === 0) {
      return [{ ...sourced(policy), ...base, enforces: false, action: 'no binding', namespaceSelector: null }]
    }
    return own.map(binding => {
      const actions = texts(field(binding.spec, 'validationActions'))
      return {
        ...sourced(binding),
        ...base,
        enforces: actions.includes('Deny'),
        action: actions.join(', '),
        namespaceSelector: lowerSelector(at(binding.spec, 'matchResources', 'namespaceSelector')),
      }
    })
  })

/**
 * Kyverno ClusterPolicy and Policy: `validationFailureAction`, in newer versions per rule (`failureAction`). Only rules
 * that look at a way out count: another rule's action says nothing about them.
 * Source: kyverno.io, "Validate Rules", sections "Failure Action" and "Pod Security".
 */
export const lowerKyverno = (object: ApiObject): readonly AdmissionControl[] => {
  const fallback = text(field(object.spec, 'validationFailureAction')) ?? 'Audit'
  const judging = list(field(object.spec, 'rules')).flatMap(rule => {
    const validate = field(rule, 'validate')
    const podSecurity = field(validate, 'podSecurity')
    const controls =
      podSecurity === undefined ? controlsIn(JSON.stringify(validate ?? null)) : podSecurityControls(podSecurity)
    return controls.length === 0 ? [] : [{ rule, controls, action: text(field(validate, 'failureAction')) ?? fallback }]
  })
  const included = object.ref.kind === 'Policy' && object.ref.namespace !== null ? [object.ref.namespace] : []
  return [...Map.groupBy(judging, ({ action }) => action)].map(([action, own]) => ({
    ...sourced(object),
    engine: 'Kyverno',
    controls: [...new Set(own.flatMap(({ controls }) => controls))],
    enforces: action.toLowerCase() === 'enforce',
    action,
    namespaceSelector: null,
    excludedNamespaces: own.flatMap(({ rule }) => [
      ...texts(at(rule, 'exclude', 'resources', 'namespaces')),
      ...list(at(rule, 'exclude', 'any')).flatMap(entry => texts(at(entry, 'resources', 'namespaces'))),
    ]),
    includedNamespaces: included,
    failOpen: text(field(object.spec, 'failurePolicy')) === 'Ignore',
  }))
}

/** What the Pod Security Standards look at from `baseline` on, by the names that exclusions use. */
const POD_SECURITY: readonly (readonly [string, readonly Controlled[]])[] = [
  ['Host Namespaces', ['hostNetwork', 'hostPID']],
  ['Privileged Containers', ['privileged']],
  ['Capabilities', ['capabilities']],
  ['HostPath Volumes', ['hostPath']],
  ['Host Ports', ['hostPort']],
]

/** An exclusion for some images only is taken for one of all: what it lets through is a way out. */
const podSecurityControls = (podSecurity: Json | undefined): readonly Controlled[] => {
  const level = text(field(podSecurity, 'level'))
  if (level !== 'baseline' && level !== 'restricted') return []
  const excluded = list(field(podSecurity, 'exclude')).flatMap(entry => text(field(entry, 'controlName')) ?? [])
  return POD_SECURITY.filter(([name]) => !excluded.includes(name)).flatMap(([, controls]) => controls)
}

/** A Gatekeeper constraint: what it looks at is known from the name of its template's kind. */
export const lowerGatekeeper = (object: ApiObject): readonly AdmissionControl[] => {
  const controls = controlsIn(object.ref.kind.replace(/^K8sPSP/, ''))
  if (controls.length === 0) return []
  const action = text(field(object.spec, 'enforcementAction')) ?? 'deny'
  return [
    {
      ...sourced(object),
      engine: 'Gatekeeper',
      controls,
      enforces: action === 'deny',
      action,
      namespaceSelector: lowerSelector(at(object.spec, 'match', 'namespaceSelector')),
      excludedNamespaces: texts(at(object.spec, 'match', 'excludedNamespaces')),
      includedNamespaces: texts(at(object.spec, 'match', 'namespaces')),
      failOpen: false,
    },
  ]
}

/** A validating webhook on pods may stop anything or nothing: its rules live in the server behind it. */
export const lowerWebhooks = (object: ApiObject): readonly AdmissionControl[] =>
  list(field(object.body, 'webhooks')).flatMap(webhook => {
    if (!list(field(webhook, 'rules')).some(watchesPodCreation)) return []
    return [
      {
        ...sourced(object),
        engine: 'webhook' as const,
        controls: [],
        enforces: null,
        action: text(field(webhook, 'failurePolicy')) ?? 'Fail',
        namespaceSelector: lowerSelector(field(webhook, 'namespaceSelector')),
        excludedNamespaces: [],
        includedNamespaces: [],
        failOpen: text(field(webhook, 'failurePolicy')) === 'Ignore',
      },
    ]
  })

const watchesPodCreation = (rule: Json): boolean => {
  const resources = texts(field(rule, 'resources'))
  const operations = texts(field(rule, 'operations'))
  return (
    isObject(rule) &&
    resources.some(resource => resource === 'pods' || resource === '*' || resource === '*/*') &&
    operations.some(operation => operation === 'CREATE' || operation === '*')
  )
}
