import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clusterOf } from './testing/estate-of.ts'

/** `engine object controls enforces action` of every control. */
const check = (yaml: string, expected: readonly string[]): void =>
  assert.deepEqual(
    clusterOf(yaml).admission.map(
      ({ engine, ref, controls, enforces, action }) =>
        `${engine} ${ref.name} ${controls.join('+')} ${enforces} ${action}`,
    ),
    expected,
  )

const policy = (validations: string, more = ''): string =>
  `apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: {name: p}\nspec: {validations: [${validations}]${more}}\n`
const binding = (actions: string, name = 'b', of = 'p'): string =>
  `---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\nmetadata: {name: ${name}}\nspec: {policyName: ${of}, validationActions: ${actions}}\n`
const HOST = '{expression: "!object.spec.?hostNetwork.orValue(false)"}'

test('a ValidatingAdmissionPolicy acts through its bindings', () => {
  check(policy(HOST) + binding('[Deny]'), ['ValidatingAdmissionPolicy b hostNetwork true Deny'])
  check(policy(HOST) + binding('[Warn, Audit]'), ['ValidatingAdmissionPolicy b hostNetwork false Warn, Audit'])
  check(policy(HOST) + binding('[Audit]', 'a') + binding('[Deny]', 'b'), [
    'ValidatingAdmissionPolicy a hostNetwork false Audit',
    'ValidatingAdmissionPolicy b hostNetwork true Deny',
  ])
  check(policy(HOST), ['ValidatingAdmissionPolicy p hostNetwork false no binding'])
  check(policy(HOST) + binding('[Deny]', 'b', 'other'), ['ValidatingAdmissionPolicy p hostNetwork false no binding'])
  check(policy('{expression: "object.spec.replicas <= 5"}') + binding('[Deny]'), [])
})

test('Kyverno: the rule’s own action wins, Audit is the default', () => {
  const kyverno = (rule: string, more = ''): string =>
    `apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: k}\nspec: {${more}rules: [{validate: {${rule}pattern: {spec: {"=(hostNetwork)": false}}}}]}\n`
  check(kyverno(''), ['Kyverno k hostNetwork false Audit'])
  check(kyverno('', 'validationFailureAction: Enforce, '), ['Kyverno k hostNetwork true Enforce'])
  check(kyverno('', 'validationFailureAction: enforce, '), ['Kyverno k hostNetwork true enforce'])
  check(kyverno('failureAction: Audit, ', 'validationFailureAction: Enforce, '), ['Kyverno k hostNetwork false Audit'])
  check('apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: k}\nspec: {rules: [{mutate: {}}]}\n', [])
})

test('Kyverno: the action of a rule about something else says nothing', () => {
  const kyverno = (rules: string): string =>
    `apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: k}\nspec: {rules: [${rules}]}\n`
  const labels = '{validate: {failureAction: Enforce, message: labels}}'
  const host = '{validate: {failureAction: Audit, message: hostNetwork}}'
  const path = '{validate: {failureAction: Enforce, message: hostPath}}'
  check(kyverno(`${labels}, ${host}`), ['Kyverno k hostNetwork false Audit'])
  check(kyverno(`${host}, ${path}`), ['Kyverno k hostNetwork false Audit', 'Kyverno k hostPath true Enforce'])
})

test('Kyverno: the Pod Security Standards by level, without what is excluded', () => {
  const kyverno = (podSecurity: string): string =>
    `apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: k}\nspec: {validationFailureAction: Enforce, rules: [{validate: {podSecurity: ${podSecurity}}}]}\n`
  const all = 'hostNetwork+hostPID+privileged+capabilities+hostPath+hostPort'
  check(kyverno('{level: baseline, version: latest}'), [`Kyverno k ${all} true Enforce`])
  check(kyverno('{level: restricted}'), [`Kyverno k ${all} true Enforce`])
  check(kyverno('{level: privileged}'), [])
  check(
    kyverno('{level: baseline, exclude: [{controlName: Host Namespaces}, {controlName: Host Ports, images: ["x"]}]}'),
    ['Kyverno k privileged+capabilities+hostPath true Enforce'],
  )
})

test('Gatekeeper: known by the kind, deny is the default', () => {
  const constraint = (kind: string, spec = ''): string =>
    `apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: ${kind}\nmetadata: {name: g}\nspec: {${spec}}\n`
  check(constraint('K8sPSPPrivilegedContainer'), ['Gatekeeper g privileged true deny'])
  check(constraint('K8sPSPHostNetworkingPorts', 'enforcementAction: dryrun'), ['Gatekeeper g hostNetwork false dryrun'])
  check(constraint('K8sRequiredLabels'), [])
})

test('a webhook on the creation of pods may stop anything: unknown', () => {
  const webhook = (rules: string, more = ''): string =>
    `apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: w}\nwebhooks: [{name: x${more}, rules: ${rules}}]\n`
  check(webhook('[{resources: [pods], operations: [CREATE]}]'), ['webhook w  null Fail'])
  check(webhook('[{resources: ["*/*"], operations: ["*"]}]', ', failurePolicy: Ignore'), ['webhook w  null Ignore'])
  check(webhook('[{resources: [configmaps], operations: [CREATE]}]'), [])
  check(webhook('[{resources: [pods], operations: [DELETE]}]'), [])
})
