import assert from 'node:assert/strict'
import { test } from 'node:test'
import { possibleView } from '../findings/possible-view.ts'
import { clusterOf } from '../sources/kubernetes/testing/estate-of.ts'
import { nodeDrafts } from './draft-nodes.ts'
import { withOwnNames } from './draft-parts.ts'

const node = (name: string, label = ''): string => `---
apiVersion: v1
kind: Node
metadata: { name: ${name}, labels: { kubernetes.io/hostname: ${name}, ${label} } }
`

const pool = (name: string): string => `cloud.google.com/gke-nodepool: ${name}`

const policy = (label: string, cidr: string): string => `---
apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: { name: nodes-out }
spec:
  nodeSelector: { matchLabels: { ${label} } }
  egress: [{ toCIDR: [${cidr}], toPorts: [{ ports: [{ port: "443", protocol: TCP }] }] }]
`

const FIREWALL = `---
apiVersion: v1
kind: ConfigMap
metadata: { name: cilium-config, namespace: kube-system }
data: { enable-host-firewall: "true" }
`

const drafts = (yaml: string) =>
  nodeDrafts(possibleView(clusterOf(yaml)), '2027-02-18').map(({ name, from, allow }) => ({
    name,
    pools: from.nodePools,
    to: allow.flatMap(({ to }) => [...(to.names ?? []), ...(to.cidrs ?? [])]),
  }))

test('where nothing limits nodes, what the platform’s nodes need, for all of them', () => {
  const [only, ...more] = drafts(node('a', pool('blue')) + node('b', pool('green')))
  assert.deepEqual(more, [])
  assert.deepEqual([only?.name, only?.pools], ['c-nodes', ['*']])
  assert.ok(only?.to.includes('**.gcr.io'))
})

test('a pool that policy limits has exactly what may leave; the others start as before', () => {
  const [held, free, ...more] = drafts(
    FIREWALL + node('a', pool('blue')) + node('b', pool('green')) + policy(pool('blue'), '20.60.0.0/24'),
  )
  assert.deepEqual(more, [])
  assert.deepEqual(held, { name: 'c-nodes-1', pools: ['blue'], to: ['20.60.0.0/24'] })
  assert.deepEqual([free?.name, free?.pools], ['c-nodes-2', ['green']])
  assert.ok(free?.to.includes('**.gcr.io'))
})

test('of a pool that policy tells apart the nodes are named, and so are those of no pool', () => {
  assert.deepEqual(
    drafts(
      FIREWALL +
        node('a', `${pool('blue')}, edge: "1"`) +
        node('b', pool('blue')) +
        node('d', 'edge: "1"') +
        policy('edge: "1"', '20.60.0.0/24'),
    ).map(({ pools }) => pools),
    [['a', 'd'], ['b']],
  )
})

test('nothing to say where no platform is known and nothing limits', () => {
  assert.deepEqual(drafts(node('a')), [])
  assert.deepEqual(drafts(FIREWALL), [])
})

test('what a policy perhaps limits starts as before, with what certainly passes', () => {
  const [only, ...more] = drafts(node('a', pool('blue')) + policy(pool('blue'), '20.60.0.0/24'))
  assert.deepEqual(more, [])
  assert.equal(only?.to[0], '20.60.0.0/24')
  assert.ok(only?.to.includes('**.gcr.io'))
})

test('two drafts of one name would declare nothing', () => {
  const draft = (name: string) => ({ name, from: {}, allow: [] })
  assert.deepEqual(
    withOwnNames(['a', 'a-2', 'a', 'b', 'a'].map(draft)).map(({ name }) => name),
    ['a', 'a-2', 'a-3', 'b', 'a-4'],
  )
  const long = 'x'.repeat(253)
  assert.deepEqual(
    withOwnNames([long, long].map(draft)).map(({ name }) => name.length),
    [253, 253],
  )
})
