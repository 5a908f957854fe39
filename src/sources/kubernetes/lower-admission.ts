import type { AdmissionControl } from '../../model/access.ts'
import { keyOf } from '../../model/identity.ts'
import { field, text } from '../../model/json.ts'
import { lowerAdmissionPolicies, type Presence } from './admission/admission-policy.ts'
import { configuredScope, lowerGatekeeper } from './admission/gatekeeper.ts'
import { lowerKyverno } from './admission/kyverno.ts'
import { lowerValidatingPolicy } from './admission/validating-policy.ts'
import { unsure } from './admission/verdicts.ts'
import { gateOf, lowerWebhooks } from './admission/webhooks.ts'
import type { ApiObject } from './object.ts'

/** The documents of one cluster that judge new objects, each list in a stable order. */
export interface AdmissionDocuments {
  readonly policies: readonly ApiObject[]
  readonly bindings: readonly ApiObject[]
  readonly kyverno: readonly ApiObject[]
  readonly kyvernoExceptions: readonly ApiObject[]
  readonly validatingPolicies: readonly ApiObject[]
  readonly validatingPolicyExceptions: readonly ApiObject[]
  readonly constraints: readonly ApiObject[]
  readonly gatekeeperConfigs: readonly ApiObject[]
  readonly webhooks: readonly ApiObject[]
  /** Is an object of this cluster there? */
  readonly present: Presence
}

export const lowerAdmission = (documents: AdmissionDocuments): readonly AdmissionControl[] => {
  const { policies, bindings, kyverno, validatingPolicies, constraints, webhooks } = documents
  const gatekeeper = gateOf(webhooks, 'Gatekeeper')
  const configured = configuredScope(documents.gatekeeperConfigs)
  const kyvernoGates = {
    // Kyverno keeps one webhook for each failure policy, and says so in its name.
    Fail: gateOf(webhooks, 'Kyverno', name => !name.includes('-ignore')),
    Ignore: gateOf(webhooks, 'Kyverno', name => name.includes('-ignore')),
  }
  const controls = [
    ...lowerAdmissionPolicies(policies, bindings, documents.present),
    ...kyverno.flatMap(object => lowerKyverno(object, documents.kyvernoExceptions, policy => kyvernoGates[policy])),
    ...validatingPolicies.flatMap(object =>
      lowerValidatingPolicy(
        object,
        documents.validatingPolicyExceptions,
        kyvernoGates[text(field(object.spec, 'failurePolicy')) === 'Ignore' ? 'Ignore' : 'Fail'],
      ),
    ),
    ...constraints.flatMap(object => lowerGatekeeper(object, gatekeeper, configured)),
    ...webhooks.flatMap(lowerWebhooks),
  ]
  const contested = contestedKeys([...policies, ...bindings, ...kyverno, ...validatingPolicies, ...constraints])
  if (contested.size === 0) return controls
  const policyOf = new Map(bindings.map(binding => [keyOf(binding.ref), text(field(binding.spec, 'policyName'))]))
  const contestedPolicies = new Set(
    policies.filter(policy => contested.has(keyOf(policy.ref))).map(policy => policy.ref.name),
  )
  return controls.map(control => {
    const key = keyOf(control.ref)
    const policy = policyOf.get(key)
    return contested.has(key) || (policy !== undefined && contestedPolicies.has(policy))
      ? unsure(control, 'documents for it differ')
      : control
  })
}

/** Objects for which the input holds documents that differ: each may be the one in force. */
const contestedKeys = (objects: readonly ApiObject[]): ReadonlySet<string> => {
  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const { ref } of objects) {
    const key = keyOf(ref)
    if (seen.has(key)) twice.add(key)
    seen.add(key)
  }
  return twice
}
