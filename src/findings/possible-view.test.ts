import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blocksOf } from '../sets/testing/blocks.ts'
import { clusterOf } from '../sources/kubernetes/testing/estate-of.ts'
import { HTTPS } from './known-traffic.ts'
import { possibleView } from './possible-view.ts'
import { namesOf } from './signatures.ts'

const deployment = (name: string, more = ''): string => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { ${more} containers: [{ name: c, image: registry.example.com/c }] }
`

const WEB_OUT = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web-out, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Egress]
  egress: [{ to: [{ ipBlock: { cidr: 198.51.100.0/24, except: [198.51.100.0/28] } }], ports: [{ port: 443 }] }]
`

test('subjects that the same policies select are one signature; pods on the host network are in none', () => {
  const view = possibleView(
    clusterOf(
      deployment('web') + deployment('a') + deployment('b') + deployment('tap', 'hostNetwork: true,') + WEB_OUT,
    ),
  )
  assert.deepEqual(view.signatures.map(signature => namesOf([signature])).sort(), [
    ['shop/Deployment/a', 'shop/Deployment/b'],
    ['shop/Deployment/web'],
  ])
  assert.deepEqual(
    view.policies.map(({ policy, rules }) => [policy.ref.name, rules.length]),
    [['web-out', 1]],
  )
})

test('yes, no and neither', () => {
  const view = possibleView(clusterOf(deployment('web') + WEB_OUT))
  const [web] = view.signatures
  assert.ok(web !== undefined)
  assert.equal(view.passes(web, blocksOf('198.51.100.128/25'), HTTPS), 'unknown')
  const [use] = view.policies[0]?.rules ?? []
  assert.ok(use !== undefined)
  const { exact } = use.rule.traffic
  assert.equal(view.passes(web, blocksOf('198.51.100.128/25'), exact), 'yes')
  assert.equal(view.passes(web, blocksOf('198.51.100.0/28'), exact), 'no')
  assert.equal(view.passes(web, blocksOf('198.51.100.0/24'), exact), 'unknown')
  // 240 of 256, and none of IPv6.
  assert.equal(view.mostly(web, blocksOf('198.51.100.0/24'), exact), true)
  assert.equal(view.mostly(web, blocksOf('198.51.100.0/24', '2001:db8::/32'), exact), false)
  assert.equal(view.mostly(web, blocksOf('198.51.100.0/27'), exact), false)
})

test('nothing is said where a policy is not evaluated', () => {
  const calico = `---
apiVersion: crd.projectcalico.org/v1
kind: GlobalNetworkPolicy
metadata: { name: default.deny }
spec: { selector: all(), types: [Egress], order: 10, egress: [{ action: Allow, destination: { domains: [example.com] } }] }
`
  const cluster = clusterOf(deployment('web') + calico)
  assert.ok(cluster.rulePolicies.some(policy => policy.dialect === 'calico' && policy.opaque))
  assert.equal(possibleView(cluster).signatures.length, 0)
})

test('nothing is said where policies could not be read', () => {
  const cluster = clusterOf(deployment('web'))
  assert.equal(possibleView(cluster).signatures.length, 1)
  assert.equal(possibleView({ ...cluster, unread: new Set(['networkpolicies']) }).signatures.length, 0)
  assert.equal(possibleView({ ...cluster, unread: new Set(['validatingadmissionpolicies']) }).signatures.length, 1)
})
