import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PolicySpec } from '../../model/policy.ts'
import { clusterOf } from '../kubernetes/testing/estate-of.ts'

const policy = (spec: string, kind = 'NetworkPolicy', more = '') => {
  const found = clusterOf(
    `apiVersion: projectcalico.org/v3\nkind: ${kind}\nmetadata: {name: p, namespace: ns}\nspec: ${spec}\n${more}`,
  ).policies[0]
  assert.ok(found?.specs[0])
  return { ...found, spec: found.specs[0] }
}

const check = (spec: string, expected: Partial<PolicySpec>): void => {
  const { spec: lowered } = policy(spec)
  for (const [key, value] of Object.entries(expected))
    assert.equal(lowered[key as keyof PolicySpec], value, `${key} of ${spec}`)
}

const EVERYWHERE = '{action: Allow, destination: {nets: [0.0.0.0/0]}}'

describe('which direction is closed', () => {
  test('`types` absent: egress alone is Egress, none is Ingress, both are both', () => {
    check('{}', { isolatesEgress: false, isolatesIngress: true })
    check('{egress: [{action: Allow, protocol: TCP}]}', { isolatesEgress: true, isolatesIngress: false })
    check('{egress: [{action: Allow, protocol: TCP}], ingress: [{action: Allow}]}', {
      isolatesEgress: true,
      isolatesIngress: true,
    })
    check('{types: [Egress]}', { isolatesEgress: true, isolatesIngress: false })
    check('{types: [Ingress], egress: [{action: Deny}]}', { isolatesEgress: false })
  })
  test('stored without `types`: both', () => {
    const stored = (spec: string) =>
      clusterOf(
        `apiVersion: crd.projectcalico.org/v1\nkind: NetworkPolicy\nmetadata: {name: default.p, namespace: ns}\nspec: ${spec}\n`,
      ).policies[0]?.specs[0]
    for (const spec of ['{}', '{ingress: [{action: Allow}]}', '{egress: [{action: Allow, protocol: TCP}]}'])
      assert.deepEqual([stored(spec)?.isolatesEgress, stored(spec)?.isolatesIngress], [true, true], spec)
    assert.equal(stored('{types: [Ingress]}')?.isolatesEgress, false)
  })
  test('an Allow or a Pass of everything opens, however it is stored', () => {
    for (const rule of [
      '{action: Allow}',
      '{action: Allow, source: {}, destination: {}}',
      '{action: Allow, metadata: {annotations: {a: b}}}',
    ]) {
      check(`{types: [Egress], egress: [${rule}]}`, {
        isolatesEgress: false,
        allowsAllEgress: 0,
        opensEverything: true,
      })
    }
    check('{types: [Egress], egress: [{action: Pass}]}', {
      isolatesEgress: false,
      allowsAllEgress: null,
      opensEverything: false,
    })
  })
  test('a Deny of everything before it closes, a Log does nothing', () => {
    check('{types: [Egress], egress: [{action: Deny}, {action: Allow}]}', { isolatesEgress: true })
    check('{types: [Egress], egress: [{action: Log}, {action: Deny}]}', { isolatesEgress: true })
    check('{types: [Egress], egress: [{action: Log}]}', { isolatesEgress: true })
  })
  test('toward every address, on some port or all', () => {
    check(`{types: [Egress], egress: [${EVERYWHERE}]}`, { opensEverything: true, isolatesEgress: true })
    check('{types: [Egress], egress: [{action: Allow, destination: {ports: [443]}}]}', { opensEverything: true })
    check('{types: [Egress], egress: [{action: Allow, destination: {notNets: [10.0.0.0/8]}}]}', {
      opensEverything: true,
    })
    check('{types: [Egress], egress: [{action: Allow, destination: {nets: [10.0.0.0/8]}}]}', { opensEverything: false })
    check(`{types: [Egress], egress: [{action: Allow, destination: {selector: "all()"}}]}`, { opensEverything: false })
    check('{types: [Egress], egress: [{action: Deny}]}', { opensEverything: false })
  })
})

describe('tiers', () => {
  const tiered = (tier: string, more = '') => policy(`{types: [Egress], tier: ${tier}}`, 'GlobalNetworkPolicy', more)
  const document = (defaultAction: string): string =>
    `---\napiVersion: projectcalico.org/v3\nkind: Tier\nmetadata: {name: security}\nspec: {order: 1${defaultAction}}\n`

  test('one that no document shows may close; where all are known it comes last, and does', () => {
    assert.equal(tiered('security').inert, null)
    assert.equal(tiered('security').spec.isolatesEgress, 'unknown')
    const known =
      '---\napiVersion: crd.projectcalico.org/v1\nkind: Tier\nmetadata: {name: default}\nspec: {order: 1000000}\n'
    assert.equal(tiered('security', known).inert, null)
    assert.equal(tiered('security', known).spec.isolatesEgress, true)
  })
  test('one that passes does not close', () => {
    assert.equal(tiered('security', document(', defaultAction: Pass')).spec.isolatesEgress, false)
    assert.equal(tiered('security', document(', defaultAction: Deny')).spec.isolatesEgress, true)
    assert.equal(tiered('security', document('')).spec.isolatesEgress, true)
    assert.equal(tiered('default').spec.isolatesEgress, true)
    assert.equal(tiered('kube-baseline').spec.isolatesEgress, false)
  })
  test('staged policies do nothing', () =>
    assert.match(policy('{types: [Egress]}', 'StagedNetworkPolicy').inert ?? '', /^staged/))
})

describe('whom it selects', () => {
  const selects = (spec: string, expected: boolean | 'unknown', kind = 'NetworkPolicy', more: object = {}): void => {
    const pod = {
      namespace: 'ns',
      namespaceLabels: new Map([['env', 'prod']]),
      labels: new Map([['app', 'web']]),
      serviceAccount: 'sa',
    }
    assert.equal(policy(spec, kind).spec.subject.matches({ ...pod, ...more }), expected, spec)
  }
  test('a NetworkPolicy its own namespace, a GlobalNetworkPolicy any', () => {
    selects('{}', true)
    selects('{}', false, 'NetworkPolicy', { namespace: 'other' })
    selects('{}', true, 'GlobalNetworkPolicy', { namespace: 'other' })
  })
  test('by labels, namespaces and the labels Calico adds', () => {
    selects(`{selector: "app == 'web'"}`, true)
    selects(`{selector: "app == 'db'"}`, false)
    selects(`{selector: "projectcalico.org/namespace == 'ns'"}`, true, 'GlobalNetworkPolicy')
    selects(`{namespaceSelector: "env == 'prod'"}`, true, 'GlobalNetworkPolicy')
    selects(`{namespaceSelector: "projectcalico.org/name == 'x'"}`, false, 'GlobalNetworkPolicy')
  })
  test('unknown where the selector cannot be read or looks at what is not here', () => {
    selects('{selector: "app = web"}', 'unknown')
    selects(`{serviceAccountSelector: "role == 'x'"}`, 'unknown')
    selects(`{selector: "app == 'db'", serviceAccountSelector: "role == 'x'"}`, false)
  })
})

test('settings are read as written', () => {
  const { calico } = clusterOf(`apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata: {name: default}
spec: {bpfEnabled: true, defaultEndpointToHostAction: Accept, failsafeOutboundHostPorts: [{port: 53}]}
---
apiVersion: projectcalico.org/v3
kind: IPPool
metadata: {name: p}
spec: {cidr: 10.0.0.0/16, natOutgoing: false, ipipMode: Never, vxlanMode: CrossSubnet}
`)
  assert.deepEqual(
    [...(calico.felix[0]?.settings ?? [])],
    [
      ['bpfEnabled', 'true'],
      ['defaultEndpointToHostAction', 'Accept'],
      ['failsafeOutboundHostPorts', '[{"port":53}]'],
    ],
  )
  const pool = calico.pools[0]
  assert.deepEqual([pool?.cidr, pool?.natOutgoing, pool?.encapsulation], ['10.0.0.0/16', false, 'vxlan CrossSubnet'])
})
