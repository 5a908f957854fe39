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

test('Kyverno: each rule has its own action, and what it only says to people is no rule', () => {
  const kyverno = (rules: string): string =>
    `apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: k}\nspec: {rules: [${rules}]}\n`
  const labels =
    '{validate: {failureAction: Enforce, message: no hostNetwork, pattern: {metadata: {labels: {a: "?*"}}}}}'
  const host = '{validate: {failureAction: Audit, pattern: {spec: {"=(hostNetwork)": false}}}}'
  const path = '{validate: {failureAction: Enforce, pattern: {spec: {"=(volumes)": [{"X(hostPath)": "null"}]}}}}'
  check(kyverno(`${labels}, ${host}`), ['Kyverno k hostNetwork false Audit'])
  check(kyverno(`${host}, ${path}`), ['Kyverno k hostNetwork false Audit', 'Kyverno k hostPath true Enforce'])
})

test('Kyverno: the Pod Security Standards by level, without what is excluded', () => {
  const kyverno = (podSecurity: string): string =>
    `apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: k}\nspec: {validationFailureAction: Enforce, rules: [{validate: {podSecurity: ${podSecurity}}}]}\n`
  const all = 'hostNetwork+hostPID+hostIPC+privileged+capabilities+hostPath+hostPort'
  check(kyverno('{level: baseline, version: latest}'), [`Kyverno k ${all} true Enforce`])
  check(kyverno('{level: restricted}'), [`Kyverno k ${all} true Enforce`])
  check(kyverno('{level: privileged}'), [])
  check(
    kyverno('{level: baseline, exclude: [{controlName: Host Namespaces}, {controlName: Host Ports, images: ["x"]}]}'),
    ['Kyverno k privileged+capabilities+hostPath+hostPort true Enforce'],
  )
})

const constraint = (kind: string, spec = ''): string =>
  `apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: ${kind}\nmetadata: {name: g}\nspec: {${spec}}\n`

test('Gatekeeper: known by the exact kind, deny is the default', () => {
  check(constraint('K8sPSPPrivilegedContainer'), ['Gatekeeper g privileged true deny'])
  check(constraint('K8sPSPHostNamespace'), ['Gatekeeper g hostPID+hostIPC true deny'])
  check(constraint('K8sPSPHostNetworkingPorts', 'enforcementAction: dryrun'), [
    'Gatekeeper g hostNetwork+hostPort false dryrun',
  ])
  check(constraint('K8sPSPHostNetworkingPorts', 'parameters: {hostNetwork: true}'), ['Gatekeeper g hostPort true deny'])
  check(constraint('K8sAzureV3HostNetworkingPorts', 'parameters: {allowHostNetwork: true}'), [
    'Gatekeeper g hostPort true deny',
  ])
  check(constraint('K8sAzureV2BlockHostNamespace'), ['Gatekeeper g hostPID+hostIPC true deny'])
  check(constraint('K8sBlockNodePort'), ['Gatekeeper g nodePorts true deny'])
  check(constraint('K8sRequiredLabels'), [])
})

test('Gatekeeper: a kind that nobody described is known by its words, and enforces nobody knows what', () => {
  check(constraint('NoHostNetwork'), ['Gatekeeper g hostNetwork null deny'])
  check(constraint('NoHostNetwork', 'enforcementAction: warn'), ['Gatekeeper g hostNetwork false warn'])
})

test('Gatekeeper: scoped actions count where they deny at the webhook', () => {
  const scoped = (actions: string): string =>
    constraint('K8sPSPHostNamespace', `enforcementAction: scoped, scopedEnforcementActions: [${actions}]`)
  const points = (action: string, name: string): string => `{action: ${action}, enforcementPoints: [{name: "${name}"}]}`
  const rows = (enforces: string): readonly string[] => [`Gatekeeper g hostPID+hostIPC ${enforces} scoped`]
  check(scoped(points('deny', 'validation.gatekeeper.sh')), rows('true'))
  check(scoped(points('deny', '*')), rows('true'))
  check(scoped(points('warn', 'validation.gatekeeper.sh')), rows('false'))
  check(scoped(points('deny', 'audit.gatekeeper.sh')), rows('false'))
  check(scoped(points('deny', 'vap.k8s.io')), rows('null'))
})

test('parameters that are absent and may be: the deny never fires', () => {
  const bound = (more: string, rest = ''): string =>
    policy(HOST, ', paramKind: {apiVersion: v1, kind: ConfigMap}') +
    `---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\nmetadata: {name: b}\nspec: {policyName: p, validationActions: [Deny], paramRef: {name: x, namespace: rules, ${more}}}\n${rest}`
  const map = (name: string): string =>
    `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: rules}\n`
  const rows = (enforces: string): readonly string[] => [`ValidatingAdmissionPolicy b hostNetwork ${enforces} Deny`]
  check(bound('parameterNotFoundAction: Allow', map('kube-root-ca.crt')), rows('false'))
  check(bound('parameterNotFoundAction: Allow', map('kube-root-ca.crt') + map('x')), rows('true'))
  // Nothing shows that ConfigMaps were listed there.
  check(bound('parameterNotFoundAction: Allow'), rows('null'))
  check(bound('parameterNotFoundAction: Allow', map('other')), rows('null'))
  check(bound('parameterNotFoundAction: Deny', map('kube-root-ca.crt')), rows('null'))
})

test('documents for one object that differ: which of them enforces is unknown', () =>
  check(`${constraint('K8sPSPHostNamespace')}---\n${constraint('K8sPSPHostNamespace', 'enforcementAction: warn')}`, [
    'Gatekeeper g hostPID+hostIPC null deny',
    'Gatekeeper g hostPID+hostIPC false warn',
  ]))

test('a webhook on the creation of pods may stop anything: unknown', () => {
  const webhook = (rules: string, more = ''): string =>
    `apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: w}\nwebhooks: [{name: x${more}, rules: ${rules}}]\n`
  check(webhook('[{resources: [pods], operations: [CREATE]}]'), ['webhook w  null Fail'])
  check(webhook('[{resources: ["*/*"], operations: ["*"]}]', ', failurePolicy: Ignore'), ['webhook w  null Ignore'])
  check(webhook('[{resources: [configmaps], operations: [CREATE]}]'), [])
  check(webhook('[{resources: [pods], operations: [DELETE]}]'), [])
})
