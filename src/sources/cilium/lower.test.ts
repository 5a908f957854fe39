import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PolicySpec } from '../../model/policy.ts'
import { clusterOf } from '../kubernetes/testing/estate-of.ts'

const policy = (body: string, kind = 'CiliumNetworkPolicy') => {
  const [found] = clusterOf(
    `apiVersion: cilium.io/v2\nkind: ${kind}\nmetadata: {name: p, namespace: ns}\n${body}\n`,
  ).policies
  assert.ok(found)
  return found
}

const check = (spec: string, expected: Partial<PolicySpec>): void => {
  const [lowered] = policy(`spec: ${spec}`).specs
  assert.ok(lowered)
  for (const [key, value] of Object.entries(expected))
    assert.equal(lowered[key as keyof PolicySpec], value, `${key} of ${spec}`)
}

// Source: docs.cilium.io, "Policy Enforcement Modes" and "Layer 3 Policies".
test('a section with a rule closes its direction, an empty one leaves it alone', () => {
  check('{endpointSelector: {}, egress: [{}]}', { isolatesEgress: true, isolatesIngress: false })
  check('{endpointSelector: {}, egress: []}', { isolatesEgress: false })
  check('{endpointSelector: {}, egressDeny: [{toEntities: [world]}]}', { isolatesEgress: true })
  check('{endpointSelector: {}, egress: [{}], enableDefaultDeny: {egress: false}}', { isolatesEgress: false })
  check('{endpointSelector: {}, egress: [{}], enableDefaultDeny: {ingress: false}}', { isolatesEgress: true })
})

test('what opens everything', () => {
  for (const rule of [
    '{toEntities: [world]}',
    '{toEntities: [all]}',
    '{toEntities: [world-ipv6]}',
    '{toCIDR: [0.0.0.0/0]}',
    '{toCIDRSet: [{cidr: "::/0"}]}',
  ]) {
    check(`{endpointSelector: {}, egress: [${rule}]}`, { opensEverything: true })
  }
  for (const rule of ['{}', '{toEntities: [cluster]}', '{toCIDR: [10.0.0.0/8]}', '{toEndpoints: [{}]}']) {
    check(`{endpointSelector: {}, egress: [${rule}]}`, { opensEverything: false })
  }
})

test('several specs, and policies for nodes', () => {
  assert.equal(
    policy('spec: {endpointSelector: {}}\nspecs: [{endpointSelector: {}}, {endpointSelector: {}}]').specs.length,
    3,
  )
  const [host] = policy('spec: {nodeSelector: {}, egress: [{}]}', 'CiliumClusterwideNetworkPolicy').specs
  assert.equal(host?.selectsNodes, true)
  assert.equal(
    host?.subject.matches({ namespace: 'ns', namespaceLabels: new Map(), labels: new Map(), serviceAccount: 'x' }),
    false,
  )
})

test('the agent’s own verdict makes a policy do nothing', () => {
  assert.equal(policy('spec: {}').inert, null)
  assert.match(
    policy('spec: {}\nstatus: {conditions: [{type: Valid, status: "False", message: mixed rules}]}').inert ?? '',
    /^rejected by the agent: mixed rules$/,
  )
  assert.equal(policy('spec: {}\nstatus: {conditions: [{type: Valid, status: "True"}]}').inert, null)
})

test('whom it selects: label sources, what Cilium adds, its own namespace', () => {
  const selects = (selector: string, expected: boolean, kind = 'CiliumNetworkPolicy', namespace = 'ns'): void => {
    const pod = {
      namespace,
      namespaceLabels: new Map([['env', 'prod']]),
      labels: new Map([['app', 'web']]),
      serviceAccount: 'sa',
    }
    assert.equal(
      policy(`spec: {endpointSelector: ${selector}}`, kind).specs[0]?.subject.matches(pod),
      expected,
      selector,
    )
  }
  selects('{matchLabels: {app: web}}', true)
  selects('{matchLabels: {"k8s:app": web}}', true)
  selects('{matchLabels: {"any:app": web}}', true)
  selects('{matchLabels: {app: web}}', false, 'CiliumNetworkPolicy', 'other')
  selects('{matchLabels: {app: web}}', true, 'CiliumClusterwideNetworkPolicy', 'other')
  selects('{matchLabels: {"k8s:io.kubernetes.pod.namespace": ns}}', true, 'CiliumClusterwideNetworkPolicy')
  selects('{matchLabels: {io.cilium.k8s.policy.serviceaccount: sa}}', true)
  selects('{matchLabels: {io.cilium.k8s.namespace.labels.env: prod}}', true, 'CiliumClusterwideNetworkPolicy')
  selects('{matchExpressions: [{key: app, operator: NotIn, values: [db]}]}', true)
})

test('an egress gateway policy, in both forms', () => {
  const { egressGateways } = clusterOf(`apiVersion: cilium.io/v2
kind: CiliumEgressGatewayPolicy
metadata: {name: g}
spec:
  destinationCIDRs: [0.0.0.0/0]
  egressGateway: {nodeSelector: {matchLabels: {a: b}}, egressIP: 192.0.2.1}
  egressGateways: [{nodeSelector: {matchLabels: {c: d}}, egressIP: 192.0.2.2}]
`)
  assert.deepEqual(egressGateways[0]?.egressAddresses, ['192.0.2.1', '192.0.2.2'])
  assert.deepEqual(
    egressGateways[0]?.nodeSelectors.map(selector => selector.requirements[0]?.key),
    ['a', 'c'],
  )
})
