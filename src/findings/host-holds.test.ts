import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Cluster } from '../model/cluster.ts'
import { clusterOf } from '../sources/kubernetes/testing/estate-of.ts'
import { readIptablesSave } from '../sources/node/iptables-save.ts'
import { holdsIn, hostPolicyOf } from './host-holds.ts'

const node = (name: string, pool: string): string => `---
apiVersion: v1
kind: Node
metadata: { name: ${name}, labels: { kubernetes.io/hostname: ${name}, eks.amazonaws.com/nodegroup: ${pool} } }
`
const NODES = node('a', 'blue') + node('b', 'blue') + node('c', 'green')

const cilium = (hostFirewall: string): string => `---
apiVersion: v1
kind: ConfigMap
metadata: { name: cilium-config, namespace: kube-system }
data: { enable-host-firewall: "${hostFirewall}" }
---
apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: { name: green-nodes }
spec:
  nodeSelector: { matchLabels: { eks.amazonaws.com/nodegroup: green } }
  egress: [{ toCIDR: [198.51.100.0/24] }]
`

const endpoint = (of: string, more = ''): string => `---
apiVersion: projectcalico.org/v3
kind: HostEndpoint
metadata: { name: ${of}, labels: { host: yes1 } }
spec: { node: ${of}, interfaceName: "*", ${more} }
`
const AUTOMATIC = 'profiles: [projectcalico-default-allow]'

const check = (cluster: Cluster, expected: readonly string[]): void =>
  assert.deepEqual(cluster.nodes.map(holdsIn(cluster)), expected)

test('no policy for hosts', () => {
  check(clusterOf(NODES), ['nothing', 'nothing', 'nothing'])
})

test('a policy of Cilium holds the nodes that it selects, while the host firewall is on', () => {
  check(clusterOf(NODES + cilium('true')), ['nothing', 'nothing', 'policy'])
  check(clusterOf(NODES + cilium('false')), ['nothing', 'nothing', 'nothing'])
})

test('of two documents of one node each may be the true one', () => {
  const cluster = clusterOf(NODES + cilium('true'))
  const [other] = clusterOf(node('a', 'green')).nodes
  assert.ok(other !== undefined)
  check({ ...cluster, nodes: [...cluster.nodes, other] }, ['policy', 'nothing', 'policy', 'policy'])
})

test('ingress alone limits nothing that a node sends', () => {
  check(clusterOf(NODES + cilium('true').replace('egress: [{ toCIDR', 'ingress: [{ fromCIDR')), [
    'nothing',
    'nothing',
    'nothing',
  ])
})

test('Calico holds nodes by their host endpoints', () => {
  const policy = `---
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: { name: hosts }
spec: { selector: has(host), types: [Egress], egress: [{ action: Allow, destination: { nets: [198.51.100.0/24] } }] }
`
  check(clusterOf(NODES + endpoint('a', AUTOMATIC) + policy), ['policy', 'nothing', 'nothing'])
  check(clusterOf(NODES + endpoint('a', AUTOMATIC)), ['nothing', 'nothing', 'nothing'])
  check(clusterOf(NODES + endpoint('a')), ['policy', 'nothing', 'nothing'])
})

test('nobody can tell where policies were not read, or are for endpoints that were not', () => {
  const cluster = clusterOf(NODES)
  for (const resource of ['*', 'hostendpoints', 'globalnetworkpolicies', 'ciliumclusterwidenetworkpolicies'])
    check({ ...cluster, unread: new Set([resource]) }, ['unknown', 'unknown', 'unknown'])
  check({ ...cluster, unread: new Set(['ingresses']) }, ['nothing', 'nothing', 'nothing'])
  const early = `---
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: { name: early }
spec: { selector: has(host), doNotTrack: true, applyOnForward: true, types: [Egress], egress: [{ action: Deny }] }
`
  check(clusterOf(NODES + early), ['unknown', 'unknown', 'unknown'])
})

test('a firewall that one node showed, all of its pool may have', () => {
  const { value: chains } = readIptablesSave('*filter\n:OUTPUT DROP [0:0]\nCOMMIT\n', 'f')
  const facts = {
    ...{ cluster: 'c', listeners: [], sysctls: [], interfaces: [], routes: [], rules: [], nat: [], connections: [] },
    ...{ missing: [], chains },
  }
  const cluster = clusterOf(NODES)
  check({ ...cluster, nodeFacts: [{ ...facts, node: 'a' }] }, ['firewall', 'firewall', 'nothing'])
  check({ ...cluster, nodeFacts: [{ ...facts, node: null }] }, ['nothing', 'nothing', 'nothing'])
})

test('what to limit them with hangs on the network plugin', () => {
  assert.match(hostPolicyOf(clusterOf(NODES + cilium('true'))) ?? '', /^a CiliumClusterwideNetworkPolicy /)
  assert.equal(hostPolicyOf(clusterOf(NODES)), null)
})
