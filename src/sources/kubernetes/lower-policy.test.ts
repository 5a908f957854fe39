import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PolicySpec } from '../../model/policy.ts'
import { clusterOf } from './testing/estate-of.ts'

const specOf = (spec: string, apiVersion = 'networking.k8s.io/v1', kind = 'NetworkPolicy'): PolicySpec => {
  const [policy] = clusterOf(
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: p, namespace: ns}\nspec: ${spec}\n`,
  ).policies
  assert.ok(policy?.specs[0])
  return policy.specs[0]
}

const check = (spec: string, expected: Partial<PolicySpec>): void => {
  const lowered = specOf(spec)
  for (const [key, value] of Object.entries(expected))
    assert.equal(lowered[key as keyof PolicySpec], value, `${key} of ${spec}`)
}

const selects = (
  spec: string,
  labels: Readonly<Record<string, string>>,
  expected: boolean,
  more: object = {},
): void => {
  const pod = {
    namespace: 'ns',
    namespaceLabels: new Map([['env', 'prod']]),
    labels: new Map(Object.entries(labels)),
    serviceAccount: 'sa',
  }
  assert.equal(specOf(spec).subject.matches({ ...pod, ...more }), expected, spec)
}

// Source: k8s.io/api/networking/v1, NetworkPolicySpec; what the API server stores for each.
describe('NetworkPolicy', () => {
  test('`policyTypes` absent: Egress only where there is a rule', () => {
    check('{podSelector: {}}', { isolatesEgress: false, isolatesIngress: true })
    check('{podSelector: {}, egress: []}', { isolatesEgress: false, isolatesIngress: true })
    check('{podSelector: {}, egress: [{to: [{podSelector: {}}]}]}', { isolatesEgress: true, isolatesIngress: true })
    check('{podSelector: {}, policyTypes: [Egress]}', { isolatesEgress: true, isolatesIngress: false })
    check('{podSelector: {}, policyTypes: [Ingress], egress: [{}]}', { isolatesEgress: false, allowsAllEgress: null })
  })
  test('a rule without peers and ports allows everything', () => {
    check('{policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}, {}]}', {
      allowsAllEgress: 1,
      opensEverything: true,
    })
    check('{policyTypes: [Egress], egress: [{to: [], ports: []}]}', { allowsAllEgress: 0 })
    check('{policyTypes: [Egress], egress: [{ports: [{port: 53}]}]}', { allowsAllEgress: null, opensEverything: true })
    check('{policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}', {
      allowsAllEgress: null,
      opensEverything: true,
    })
    check('{policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}', {
      allowsAllEgress: null,
      opensEverything: false,
    })
    check('{policyTypes: [Egress]}', { allowsAllEgress: null, opensEverything: false })
  })
  test('its subject is in its own namespace; an absent or empty selector is every pod', () => {
    selects('{}', {}, true)
    selects('{podSelector: {}}', { a: 'b' }, true)
    selects('{podSelector: {}}', {}, false, { namespace: 'other' })
  })
  test('expressions: an absent key satisfies NotIn and DoesNotExist', () => {
    const by = (expression: string): string => `{podSelector: {matchExpressions: [${expression}]}}`
    selects(by('{key: a, operator: In, values: [b, c]}'), { a: 'c' }, true)
    selects(by('{key: a, operator: In, values: [b]}'), {}, false)
    selects(by('{key: a, operator: NotIn, values: [b]}'), {}, true)
    selects(by('{key: a, operator: NotIn, values: [b]}'), { a: 'b' }, false)
    selects(by('{key: a, operator: Exists}'), { a: '' }, true)
    selects(by('{key: a, operator: DoesNotExist}'), {}, true)
    selects(by('{key: a, operator: Exists}, {key: b, operator: DoesNotExist}'), { a: '1', b: '2' }, false)
    selects('{podSelector: {matchLabels: {a: b}, matchExpressions: [{key: c, operator: Exists}]}}', { a: 'b' }, false)
  })
  test('a requirement that cannot be read covers nobody', () =>
    selects('{podSelector: {matchExpressions: [{key: a, operator: Near, values: [b]}]}}', { a: 'b' }, false))
})

// Source: sigs.k8s.io/network-policy-api.
describe('AdminNetworkPolicy and its siblings', () => {
  const admin = (spec: string, kind = 'AdminNetworkPolicy'): PolicySpec =>
    specOf(spec, 'policy.networking.k8s.io/v1alpha1', kind)
  test('closes egress only where a rule denies it all', () => {
    assert.equal(admin('{subject: {namespaces: {}}}').isolatesEgress, false)
    assert.equal(
      admin('{subject: {namespaces: {}}, egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}]}').isolatesEgress,
      true,
    )
    assert.equal(
      admin(
        '{subject: {namespaces: {}}, egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}], ports: [{portNumber: {port: 1}}]}]}',
      ).isolatesEgress,
      false,
    )
    assert.equal(
      admin('{subject: {namespaces: {}}, egress: [{action: Deny, to: [{namespaces: {}}]}]}').isolatesEgress,
      false,
    )
  })
  test('Allow and Accept toward everywhere open', () => {
    for (const [kind, action] of [
      ['AdminNetworkPolicy', 'Allow'],
      ['ClusterNetworkPolicy', 'Accept'],
    ] as const) {
      const spec = admin(`{subject: {namespaces: {}}, egress: [{action: ${action}, to: [{networks: ["::/0"]}]}]}`, kind)
      assert.equal(spec.opensEverything, true)
    }
  })
  test('subjects: namespaces, pods in namespaces, or nothing that can be read', () => {
    const pod = {
      namespace: 'ns',
      namespaceLabels: new Map([['env', 'prod']]),
      labels: new Map([['app', 'web']]),
      serviceAccount: 'sa',
    }
    const matches = (subject: string) => admin(`{subject: ${subject}}`).subject.matches(pod)
    assert.equal(matches('{namespaces: {matchLabels: {env: prod}}}'), true)
    assert.equal(matches('{namespaces: {matchLabels: {env: dev}}}'), false)
    assert.equal(matches('{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}}'), true)
    assert.equal(matches('{pods: {namespaceSelector: {matchLabels: {env: dev}}, podSelector: {}}}'), false)
    assert.equal(matches('{somethingNew: {}}'), 'unknown')
  })
})
