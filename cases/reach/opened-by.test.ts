import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { can } from '../../src/app/can.ts'
import type { Answer } from '../../src/model/answer.ts'
import { profileNamed } from '../../src/profiles/profiles.ts'
import { generateWorld } from '../oracle/generate.ts'
import { at } from '../oracle/json.ts'
import type { Json } from '../oracle/types.ts'
import { loaded, loadedObjects, namespace, networkPolicy, pod, senderIn } from './estate.ts'

// Layers are independent where no single change opens what is denied.

const OPTIONS = { profile: profileNamed('specification'), compat: null }
const PODS =
  namespace('shop') +
  pod('web', { namespace: 'shop', ip: '10.0.0.1' }) +
  pod('db', { namespace: 'shop', ip: '10.0.0.2' })

const ask = (yaml: string, to: string): Answer => can(loaded({ 'x.yaml': PODS + yaml }), 'web', to, OPTIONS)
const openings = (yaml: string, to: string): readonly string[] =>
  ask(yaml, to).openedBy.map(({ object, verdict }) => `${object.split('/').at(-1)} ${verdict}`)

const policy = (name: string, spec: string): string => networkPolicy(spec, name, 'shop')
const CLOSED = '{podSelector: {}, policyTypes: [Egress]}'

describe('what one change would open', () => {
  test('the only policy that closes', () => {
    assert.deepEqual(openings(policy('deny', CLOSED), '192.0.2.1:443'), ['deny allowed'])
  })
  test('neither of two', () => {
    assert.deepEqual(openings(policy('one', CLOSED) + policy('two', CLOSED), '192.0.2.1:443'), [])
  })
  test('neither end, where both close', () => {
    const into = '{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}'
    assert.deepEqual(openings(policy('out', CLOSED) + policy('in', into), 'shop/Pod/db:5432'), [])
    assert.deepEqual(openings(policy('in', into), 'shop/Pod/db:5432'), ['in allowed'])
  })
  test('a denial before a policy that allows', () => {
    const admin = `
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: admin}
spec:
  priority: 1
  subject: {namespaces: {}}
  egress: [{action: Deny, to: [{networks: [192.0.2.0/24]}]}]
`
    const open = '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 192.0.2.0/25}}]}]}'
    assert.deepEqual(openings(admin + policy('open', open), '192.0.2.1:443'), ['admin allowed'])
    assert.deepEqual(openings(admin + policy('open', open), '192.0.2.200:443'), [])
  })
  test('two kinds of one name are two documents', () => {
    const calico = `
---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: same, namespace: shop}
spec: {selector: all(), types: [Egress], egress: [{action: Deny}]}
`
    const asked = (yaml: string): Answer =>
      can(loaded({ 'x.yaml': PODS + yaml }), 'web', '192.0.2.1:443', {
        profile: profileNamed('calico-iptables'),
        compat: null,
      })
    assert.deepEqual(asked(policy('same', CLOSED) + calico).openedBy, [])
    assert.deepEqual(asked(calico).openedBy, [{ object: 'c/shop/NetworkPolicy/same', verdict: 'allowed' }])
  })
  test('a policy behind a host that only perhaps passes packets on', () => {
    const host = (name: string, spec: string): string => `
---
apiVersion: projectcalico.org/v3
kind: ${name}
metadata: {name: ${name.toLowerCase()}, labels: {role: host}}
spec: ${spec}
`
    const behind = `
---
apiVersion: v1
kind: Node
metadata: {name: n1}
status: {addresses: [{type: InternalIP, address: 192.168.0.11}, {type: InternalIP, address: 192.168.1.11}]}
${host('HostEndpoint', '{node: n1, interfaceName: eth0, expectedIPs: [192.168.0.11]}')}
${host('GlobalNetworkPolicy', "{selector: role == 'host', applyOnForward: true, types: [Egress]}")}
${policy('closed', CLOSED)}
`
    const answer = can(loaded({ 'x.yaml': PODS + behind }), 'web', '192.0.2.1:443', {
      profile: profileNamed('calico-iptables'),
      compat: null,
    })
    // Whether the packet takes eth0 is open; without `closed` so would the answer be.
    assert.deepEqual(answer.openedBy, [{ object: 'c/shop/NetworkPolicy/closed', verdict: 'unknown' }])
  })
  test('nothing is said of what is allowed', () => {
    assert.deepEqual(openings('', '192.0.2.1:443'), [])
  })
})

/** Each policy in turn taken out of the documents, those that no reason names, too. */
test('they are what is found by taking each policy out of the documents', () => {
  let told = 0
  for (const dialects of [
    ['kubernetes', 'policy-api'],
    ['kubernetes', 'cilium'],
    ['kubernetes', 'calico'],
  ] as const) {
    const options = { profile: profileNamed(dialects[1] === 'cilium' ? 'cilium' : 'calico-iptables'), compat: null }
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), seed => {
        const { objects } = generateWorld(seed, dialects).world
        const name = senderIn(objects)
        if (name === null) return
        const verdict = (items: readonly Json[], to: string): Answer => can(loadedObjects(items), name, to, options)
        for (const to of ['192.0.2.1:443', '10.0.0.4:80', '[2001:db8::1]:53/UDP']) {
          const answer = verdict(objects, to)
          if (answer.verdict !== 'denied') continue
          const expected = objects
            .filter(one => String(at(one, 'kind')).endsWith('Policy'))
            .flatMap(one => {
              const without = verdict(
                objects.filter(other => other !== one),
                to,
              ).verdict
              return without === 'denied' ? [] : [`${at(one, 'metadata', 'name')} ${without}`]
            })
          const found = answer.openedBy.map(({ object, verdict: then }) => `${object.split('/').at(-1)} ${then}`)
          assert.deepEqual(found.toSorted(), expected.toSorted(), `seed ${seed}, ${name} to ${to}`)
          told += found.length
        }
      }),
      { numRuns: 25 },
    )
  }
  assert.ok(told > 0)
})
