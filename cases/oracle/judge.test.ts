import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judge } from './judge.ts'
import { PLATFORM, packet, SMALL } from './testing.ts'

const world = { objects: SMALL, platform: PLATFORM }

test('ingress is null where the destination is no pod', () => {
  assert.equal(judge(world, packet('a/web > 192.0.2.1 tcp 1')).ingress, null)
  assert.equal(judge(world, packet('a/web > n2 tcp 1')).ingress, null)
  assert.equal(judge(world, packet('a/web > b/agent tcp 1')).ingress, null)
  assert.equal(judge(world, packet('a/web > b/web tcp 1')).ingress, 'allowed')
})

test('an end that is not in the world, or an address that cannot be read, is unknown', () => {
  assert.equal(judge(world, packet('a/nobody > 192.0.2.1 tcp 1')).verdict, 'unknown')
  assert.equal(judge(world, packet('a/web > a/nobody tcp 1')).verdict, 'unknown')
  assert.equal(judge(world, packet('a/web > 010.0.0.1 tcp 1')).verdict, 'unknown')
})

test('documents of any shape never throw', () => {
  const odd = [
    null,
    7,
    'text',
    [],
    {},
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { namespace: 'a' },
      spec: { podSelector: [], egress: [null, 7, { to: 'all', ports: [[], 'x'] }] },
    },
  ]
  const both = { ...PLATFORM, enforces: { kubernetes: true, policyApi: true, cilium: true } }
  for (const spec of [
    null,
    7,
    {},
    { endpointSelector: {}, egress: [null, { toPorts: [null, { ports: [null] }], toCIDRSet: [null] }] },
  ])
    for (const kind of ['CiliumNetworkPolicy', 'AdminNetworkPolicy'])
      judge(
        {
          objects: [
            ...SMALL,
            ...odd,
            { apiVersion: 'cilium.io/v2', kind, metadata: { namespace: 'a' }, spec },
            { apiVersion: 'policy.networking.k8s.io/v1alpha1', kind, spec },
          ],
          platform: both,
        },
        packet('a/web > 192.0.2.1 tcp 1'),
      )
})
