import assert from 'node:assert/strict'
import { test } from 'node:test'
import { printAddresses } from '../sets/address-text.ts'
import { trafficElements } from '../sets/traffic-text.ts'
import { estateOf } from '../sources/kubernetes/testing/estate-of.ts'
import { brokenForNodes, declaredNodesIn, undeclaredNodesIn } from './declared-nodes.ts'
import { nodeGroupsIn, nodesText } from './node-groups.ts'
import { possibleView } from './possible-view.ts'

const TODAY = '2026-11-20'

const node = (name: string, pool: string | null): string => `---
apiVersion: v1
kind: Node
metadata: { name: ${name}, labels: { kubernetes.io/hostname: ${name}${pool === null ? '' : `, eks.amazonaws.com/nodegroup: ${pool}`} } }
`

const FIREWALL = `---
apiVersion: v1
kind: ConfigMap
metadata: { name: cilium-config, namespace: kube-system }
data: { enable-host-firewall: "true" }
`

const policy = (pool: string, cidr: string): string => `---
apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: { name: ${pool}-out }
spec:
  nodeSelector: { matchLabels: { eks.amazonaws.com/nodegroup: ${pool} } }
  egress: [{ toCIDR: [${cidr}], toPorts: [{ ports: [{ port: "443", protocol: TCP }] }] }]
`

const intent = (name: string, from: string, to: string, more = ''): string => `---
apiVersion: postern.dev/v1alpha1
kind: EgressIntent
metadata: { name: ${name} }
spec: { from: ${from}, allow: [{ to: ${to}, ports: [443/TCP], owner: team-nodes${more} }] }
`

const NODES = FIREWALL + node('b', 'blue') + node('a', 'blue') + node('c', 'green') + node('d', null)

const loaded = (yaml: string) => {
  const estate = estateOf({ 'x.yaml': yaml })
  const [cluster] = estate.clusters
  assert.ok(cluster !== undefined)
  return { estate, view: possibleView(cluster) }
}

const groups = (yaml: string) =>
  nodeGroupsIn(loaded(yaml).view).map(({ pool, nodes, hold }) => [pool, nodes.map(({ ref }) => ref.name), hold])

const undeclared = (yaml: string) => {
  const { estate, view } = loaded(yaml)
  return undeclaredNodesIn(estate, view, TODAY).map(({ pool, openings }) => [
    pool,
    openings.flatMap(({ to, traffic }) =>
      to.kind === 'addresses' ? [printAddresses(to.addresses).join(), trafficElements(traffic)] : [],
    ),
  ])
}

const broken = (yaml: string) => {
  const { estate, view } = loaded(yaml)
  return [...brokenForNodes({ estate, today: TODAY, possible: () => view })].map(
    ({ object, says, remedy, at, owner }) => ({
      object: object.ref.name,
      says,
      remedy,
      at: at.join('.'),
      owner,
    }),
  )
}

test('nodes stand together by pool and by what holds them', () => {
  assert.deepEqual(groups(NODES + policy('blue', '20.60.0.0/24')), [
    ['blue', ['a', 'b'], 'policy'],
    ['green', ['c'], 'nothing'],
    [null, ['d'], 'nothing'],
  ])
})

test('in words', () => {
  const { view } = loaded(NODES)
  assert.equal(nodesText(nodeGroupsIn(view)), 'nodes of the pools `blue` and `green` and node `d`')
})

test('nothing is compared where no intent speaks of the nodes of the cluster', () => {
  const open = NODES + policy('blue', '20.60.0.0/24')
  const about = (from: string): number => {
    const { estate, view } = loaded(open + intent('i', from, '{ cidrs: [20.61.0.0/24] }'))
    return declaredNodesIn(estate, view, TODAY).length
  }
  assert.equal(about('{ namespaces: [shop] }'), 0)
  assert.equal(about('{ nodePools: [violet] }'), 0)
  assert.equal(about('{ nodePools: ["*"], clusters: [other] }'), 0)
  // The pool is gone, and the cluster is one that somebody speaks of.
  assert.equal(about('{ nodePools: [violet], clusters: [c] }'), 3)
  assert.equal(about('{ nodePools: [green] }'), 3)
})

test('what policy lets leave and nobody declared, exactly', () => {
  const open = NODES + policy('blue', '20.60.0.0/24')
  const https = [{ protocol: 'TCP', ports: '443' }]
  assert.deepEqual(undeclared(open + intent('i', '{ nodePools: [blue] }', '{ cidrs: [20.60.0.0/25] }')), [
    ['blue', ['20.60.0.128-20.60.0.255', https]],
  ])
  assert.deepEqual(undeclared(open + intent('i', '{ nodePools: [blue] }', '{ cidrs: [20.60.0.0/24] }')), [])
  // Of one pool somebody speaks: the other has nothing declared.
  assert.deepEqual(undeclared(open + intent('i', '{ nodePools: [green] }', '{ cidrs: [20.60.0.0/24] }')), [
    ['blue', ['20.60.0.0-20.60.0.255', https]],
  ])
  // What has ended declares nothing.
  assert.deepEqual(
    undeclared(open + intent('i', '{ nodePools: [blue] }', '{ cidrs: [20.60.0.0/24] }', ', expires: 2026-11-19')),
    [['blue', ['20.60.0.0-20.60.0.255', https]]],
  )
})

test('where it is open whether the host firewall is on, what the policy allows passes all the same', () => {
  const open = NODES.replace(FIREWALL, '') + policy('blue', '20.60.0.0/24')
  assert.deepEqual(undeclared(open + intent('i', '{ nodePools: [blue] }', '{ cidrs: [20.61.0.0/24] }')), [
    ['blue', ['20.60.0.0-20.60.0.255', [{ protocol: 'TCP', ports: '443' }]]],
  ])
})

test('a declared place that policy for hosts stops', () => {
  const open = NODES + policy('blue', '20.60.0.0/24')
  assert.deepEqual(broken(open + intent('i', '{ nodePools: [blue] }', '{ cidrs: [20.61.0.0/24] }')), [
    {
      object: 'i',
      says: 'policy for hosts stops nodes of pool `blue` from reaching `20.61.0.0-20.61.0.255`',
      remedy: 'allow it in a policy for hosts, or remove it from EgressIntent `i`',
      at: 'spec.allow.0',
      owner: 'team-nodes',
    },
  ])
  assert.equal(broken(open + intent('i', '{ nodePools: [blue] }', '{ names: [api.example.com] }')).length, 1)
  // In part, for some nodes, or for nodes that nothing holds, it is not broken.
  for (const [from, to] of [
    ['{ nodePools: [blue] }', '{ cidrs: [20.60.0.0/16] }'],
    ['{ nodePools: ["*"] }', '{ cidrs: [20.61.0.0/24] }'],
    ['{ nodePools: [green] }', '{ cidrs: [20.61.0.0/24] }'],
  ] as const)
    assert.deepEqual(broken(open + intent('i', from, to)), [])
})

test('of a policy whose effect is open nothing is claimed', () => {
  // Whether a zone counts for policy, the version decides, which is not known here.
  const perhaps = policy('blue', '20.60.0.0/24').replace(
    'eks.amazonaws.com/nodegroup: blue',
    'topology.kubernetes.io/zone: eu-1',
  )
  const zoned = node('a', 'blue').replace('nodegroup: blue', 'nodegroup: blue, topology.kubernetes.io/zone: eu-1')
  const open = FIREWALL + zoned + perhaps
  for (const to of ['{ cidrs: [20.61.0.0/24] }', '{ names: [api.example.com] }'])
    assert.deepEqual(broken(open + intent('i', '{ nodePools: [blue] }', to)), [])
  // What the policy allows passes whether it counts or not.
  assert.deepEqual(undeclared(open + intent('i', '{ nodePools: [blue] }', '{ cidrs: [20.61.0.0/24] }')), [
    ['blue', ['20.60.0.0-20.60.0.255', [{ protocol: 'TCP', ports: '443' }]]],
  ])
})

test('Calico’s failsafe ports are open before any policy is asked', () => {
  const calico = `---
apiVersion: projectcalico.org/v3
kind: HostEndpoint
metadata: { name: a, labels: { host: yes1 } }
spec: { node: a, interfaceName: "*" }
`
  const declared = intent('i', '{ nodePools: [blue] }', '{ cidrs: [20.61.0.0/24] }')
  assert.match(JSON.stringify(undeclared(node('a', 'blue') + calico + declared)), /"protocol":"UDP","ports":"53,67"/)
})
