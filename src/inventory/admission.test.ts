import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clusterOf } from '../sources/kubernetes/testing/estate-of.ts'
import { hostGateOf } from './admission.ts'

const RULES = 'resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]'

const namespace = (labels = ''): string =>
  `---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {${labels}}}\n`
const policy = (more = '', constraints = RULES, matches = '{}'): string =>
  `---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: {name: p}\nspec: {matchConstraints: {${constraints}}, validations: [{expression: "!object.spec.?hostNetwork.orValue(false)"}]${more}}\n` +
  `---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\nmetadata: {name: b}\nspec: {policyName: p, validationActions: [Deny], matchResources: ${matches}}\n`
const kyverno = (rule: string, spec = '', match = 'any: [{resources: {kinds: [Pod]}}]'): string =>
  `---\napiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: k}\nspec: {${spec}rules: [{name: r, match: {${match}}, ${rule}validate: {failureAction: Enforce, pattern: {spec: {"=(hostNetwork)": "false"}}}}]}\n`
const constraint = (match: string, parameters = '{}', kind = 'K8sPSPHostNetworkingPorts'): string =>
  `---\napiVersion: constraints.gatekeeper.sh/v1beta1\nkind: ${kind}\nmetadata: {name: g}\nspec: {match: {${match}}, parameters: ${parameters}}\n`
const webhook = (name: string, more = '', resources = 'pods'): string =>
  `---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: w}\nwebhooks: [{name: ${name}, ${more}rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [${resources}]}]}]\n`

const check = (yaml: string, expected: string, labels = ''): void => {
  const cluster = clusterOf(namespace(labels) + yaml)
  const shop = cluster.namespaces.get('shop')
  assert.ok(shop)
  assert.equal(hostGateOf(cluster, shop).state, expected, yaml)
}

test('Pod Security closes by an enforced level only', () => {
  check('', 'closed', 'pod-security.kubernetes.io/enforce: baseline')
  check('', 'invited', 'pod-security.kubernetes.io/enforce: privileged')
  check('', 'open', 'pod-security.kubernetes.io/warn: restricted, pod-security.kubernetes.io/enforce-version: v1.31')
})

test('ValidatingAdmissionPolicy: where it certainly judges new pods', () => {
  check(policy(), 'closed')
  check(policy('', RULES.replace('[pods]', '[deployments]')), 'open')
  check(policy('', RULES.replace('[CREATE]', '[UPDATE]')), 'open')
  check(
    policy(
      '',
      RULES,
      '{resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}]}',
    ),
    'open',
  )
  check(policy('', `${RULES}, namespaceSelector: {matchLabels: {a: b}}`), 'open')
  check(policy('', `${RULES}, namespaceSelector: {matchLabels: {a: b}}`), 'closed', 'a: b')
  check(policy('', `${RULES}, objectSelector: {matchLabels: {a: b}}`), 'unknown')
  check(policy('', RULES, '{objectSelector: {matchLabels: {a: b}}}'), 'unknown')
  check(policy('', RULES, '{objectSelector: {}, namespaceSelector: {}}'), 'closed')
  check(
    policy(
      '',
      `${RULES}, excludeResourceRules: [{apiGroups: [""], apiVersions: [v1], operations: ["*"], resources: [pods]}]`,
    ),
    'open',
  )
  check(policy(`, matchConditions: [{name: x, expression: "request.userInfo.username != 'admin'"}]`), 'unknown')
  check(policy(`, matchConditions: [{name: x, expression: "request.operation == 'DELETE'"}]`), 'open')
})

test('Kyverno: match, exclude and what is not evaluated', () => {
  check(kyverno(''), 'closed')
  check(kyverno('', '', 'any: [{resources: {kinds: [Deployment]}}]'), 'open')
  check(kyverno('', '', 'any: [{resources: {kinds: [v1/Pod], namespaces: [sh*]}}]'), 'closed')
  check(kyverno('', '', 'any: [{resources: {kinds: [Pod], namespaces: [other]}}]'), 'open')
  check(
    kyverno('', '', 'all: [{resources: {kinds: [Pod]}}, {resources: {namespaceSelector: {matchLabels: {a: b}}}}]'),
    'open',
  )
  check(kyverno('', '', 'any: [{resources: {kinds: [Pod], selector: {matchLabels: {a: b}}}}]'), 'unknown')
  check(kyverno('', '', 'resources: {kinds: [Pod]}'), 'closed')
  check(kyverno('exclude: {any: [{resources: {namespaces: [shop]}}]}, '), 'open')
  check(kyverno('exclude: {any: [{resources: {kinds: [Job], namespaces: [shop]}}]}, '), 'closed')
  check(kyverno('exclude: {any: [{subjects: [{kind: User, name: x}]}]}, '), 'unknown')
  check(kyverno('preconditions: {all: [{key: a, operator: Equals, value: b}]}, '), 'unknown')
  check(kyverno('', 'admission: false, '), 'open')
})

test('Kyverno: overrides of the policy’s action, the first that matches', () => {
  const audited = (overrides: string): string =>
    kyverno('', `validationFailureAction: Audit, validationFailureActionOverrides: [${overrides}], `).replace(
      'failureAction: Enforce, ',
      '',
    )
  check(audited('{action: Enforce, namespaces: [shop]}'), 'closed')
  check(audited('{action: Enforce, namespaces: [other]}'), 'open')
  check(audited('{action: Audit, namespaces: [shop]}, {action: Enforce, namespaces: ["*"]}'), 'open')
})

test('Kyverno: an exception may be honoured or not', () => {
  const exception = (rule: string, namespaces: string): string =>
    `---\napiVersion: kyverno.io/v2\nkind: PolicyException\nmetadata: {name: x, namespace: shop}\nspec: {exceptions: [{policyName: k, ruleNames: [${rule}]}], match: {any: [{resources: {kinds: [Pod], namespaces: [${namespaces}]}}]}}\n`
  check(kyverno('') + exception('r', 'shop'), 'unknown')
  check(kyverno('') + exception('r', 'other'), 'closed')
  check(kyverno('') + exception('s', 'shop'), 'closed')
})

test('Kyverno: a ValidatingPolicy carries its own actions', () => {
  const vpol = (actions: string, more = ''): string =>
    `---\napiVersion: policies.kyverno.io/v1\nkind: ValidatingPolicy\nmetadata: {name: v}\nspec: {validationActions: ${actions}, matchConstraints: {${RULES}}, validations: [{expression: "!object.spec.?hostNetwork.orValue(false)"}]${more}}\n`
  check(vpol('[Deny]'), 'closed')
  check(vpol('[Audit]'), 'open')
  check(vpol('[Deny]', ', evaluation: {admission: {enabled: false}}'), 'open')
  check(vpol('[Deny]') + webhook('vpol.validate.kyverno.svc-fail'), 'closed')
})

test('Gatekeeper: match, parameters and kinds', () => {
  check(constraint('kinds: [{apiGroups: [""], kinds: [Pod]}]'), 'closed')
  check(constraint(''), 'closed')
  check(constraint('kinds: [{apiGroups: [apps], kinds: [Deployment]}]'), 'open')
  check(constraint('namespaces: [sh*]'), 'closed')
  check(constraint('excludedNamespaces: ["*op"]'), 'open')
  check(constraint('namespaceSelector: {matchLabels: {a: b}}'), 'open')
  check(constraint('labelSelector: {matchLabels: {a: b}}'), 'unknown')
  check(constraint('scope: Cluster'), 'open')
  check(constraint('', '{hostNetwork: true}'), 'open')
  check(constraint('', '{}', 'K8sPSPHostNamespace'), 'open')
  check(constraint('', '{}', 'NoHostNetwork'), 'unknown')
})

test('an engine is asked only where its webhook sends it new pods', () => {
  const asked = constraint('')
  check(asked + webhook('validation.gatekeeper.sh'), 'closed')
  check(asked + webhook('validation.gatekeeper.sh', '', 'services'), 'open')
  const ignoring =
    'namespaceSelector: {matchExpressions: [{key: admission.gatekeeper.sh/ignore, operator: DoesNotExist}]}, '
  check(asked + webhook('validation.gatekeeper.sh', ignoring), 'closed')
  check(asked + webhook('validation.gatekeeper.sh', ignoring), 'open', 'admission.gatekeeper.sh/ignore: "yes"')
  check(asked + webhook('validation.gatekeeper.sh', 'objectSelector: {matchLabels: {a: b}}, '), 'unknown')
  // As Gatekeeper ships it, if nobody changed it.
  check(asked, 'unknown', 'admission.gatekeeper.sh/ignore: "yes"')
  // Webhooks were read, and Gatekeeper's is not among them.
  check(asked + webhook('another.example.com'), 'unknown')
  check(kyverno('') + webhook('validate.kyverno.svc-fail'), 'closed')
  check(kyverno('') + webhook('validate.kyverno.svc-fail', '', 'services'), 'open')
})

test('Gatekeeper leaves alone what its Config excludes', () => {
  const config = (names: string, process = '"*"', name = 'config'): string =>
    `---\napiVersion: config.gatekeeper.sh/v1alpha1\nkind: Config\nmetadata: {name: ${name}, namespace: gatekeeper-system}\nspec: {match: [{excludedNamespaces: [${names}], processes: [${process}]}]}\n`
  check(constraint('') + config('shop'), 'open')
  check(constraint('') + config('"sh*"', 'webhook'), 'open')
  check(constraint('') + config('shop', 'audit'), 'closed')
  check(constraint('') + config('other'), 'closed')
  check(constraint('') + config('shop', '"*"', 'mine'), 'closed')
})
