import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ClusterEngine, engineOf } from '../../src/engine/cluster-engine.ts'
import { groupByNode, hostGroupsIn } from '../../src/engine/host-groups.ts'
import { nodeHolds } from '../../src/engine/node-holds.ts'
import type { Cluster, Node } from '../../src/model/cluster.ts'
import type { Direction } from '../../src/model/rule.ts'
import { profileNamed } from '../../src/profiles/profiles.ts'
import { clusterOf } from '../../src/sources/kubernetes/testing/estate-of.ts'

const engineFor = (cluster: Cluster, before: ClusterEngine | null = null): ClusterEngine => {
  const profile = profileNamed('cilium')
  assert.ok(profile !== null)
  return engineOf(cluster, { profile, hostNetworkIsOrdinary: false }, before)
}

const node = (name: string, role: string): string => `---
apiVersion: v1
kind: Node
metadata: { name: ${name}, labels: { kubernetes.io/hostname: ${name}, role: ${role} } }
`

const agent = (name: string, on: string): string => `---
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: ops
  ownerReferences: [{ apiVersion: apps/v1, kind: DaemonSet, name: agent, uid: "1", controller: true }]
spec: { hostNetwork: true, ${on === '' ? '' : `nodeName: ${on}, `}containers: [{ name: c, image: registry.example.com/c }] }
status: { phase: Running }
`

const DAEMONS = `---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: ops, uid: "1" }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec: { hostNetwork: true, containers: [{ name: c, image: registry.example.com/c }] }
${agent('agent-1', 'a')}${agent('agent-2', 'b')}${agent('agent-3', 'c')}`

const hostPolicy = (role: string, cidr = '198.51.100.0/24'): string => `---
apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: { name: ${role}-out }
spec: { nodeSelector: { matchLabels: { role: ${role} } }, egress: [{ toCIDR: [${cidr}] }] }
`

const FIREWALL = `---
apiVersion: v1
kind: ConfigMap
metadata: { name: cilium-config, namespace: kube-system }
data: { enable-host-firewall: "true" }
`

const NODES = FIREWALL + node('a', 'edge') + node('b', 'edge') + node('c', 'core')

const groupsIn = (cluster: Cluster) => hostGroupsIn(cluster.rulePolicies, cluster)

test('without host policy, and where all nodes are alike, there are no groups', () => {
  assert.deepEqual(groupsIn(clusterOf(NODES)), [])
  assert.deepEqual(groupsIn(clusterOf(node('a', 'edge') + node('b', 'edge') + hostPolicy('edge'))), [])
})

test('nodes that a policy tells apart are in groups of their own', () => {
  const groups = groupsIn(clusterOf(NODES + hostPolicy('edge')))
  assert.deepEqual(groups, [['a', 'b'], ['c']])
  assert.deepEqual(
    groupByNode(groups),
    new Map([
      ['a', 0],
      ['b', 0],
      ['c', 1],
    ]),
  )
})

test('a node of which two documents differ is in no group', () => {
  const cluster = clusterOf(NODES + hostPolicy('edge'))
  const twice = { ...cluster, nodes: [...cluster.nodes, ...clusterOf(node('c', 'edge')).nodes] }
  assert.deepEqual(groupsIn(twice), [['a', 'b']])
})

const subjectsOf = ({ population }: ClusterEngine) =>
  population.subjects.map(({ pods, variant }) => [pods.map(({ ref }) => ref.name), variant])

const policiesOf = (engine: ClusterEngine, direction: Direction) =>
  engine.population.subjects.map(subject =>
    engine
      .stacksOf(subject, direction)
      .written.flat(3)
      .flatMap(({ items }) =>
        items
          .filter(({ kind }) => kind !== 'aside')
          .map(({ policy, doubts }) => `${policy.ref.name}${doubts.length > 0 ? '?' : ''}`),
      ),
  )

test('pods of one workload on nodes that differ are subjects of their own, and each answer is certain', () => {
  const engine = engineFor(clusterOf(NODES + DAEMONS + hostPolicy('edge')))
  assert.deepEqual(subjectsOf(engine), [
    [['agent-1', 'agent-2'], 'agent-1, agent-2'],
    [['agent-3'], 'agent-3'],
  ])
  assert.deepEqual(
    policiesOf(engine, 'egress').map(names => new Set(names)),
    [new Set(['edge-out']), new Set()],
  )
})

test('they are one subject where no policy tells their nodes apart', () => {
  assert.deepEqual(subjectsOf(engineFor(clusterOf(NODES + DAEMONS))), [[['agent-1', 'agent-2', 'agent-3'], null]])
})

test('of a pod whose node is not known the policy is open', () => {
  const engine = engineFor(clusterOf(NODES + agent('agent-4', '') + hostPolicy('edge')))
  assert.deepEqual(subjectsOf(engine), [[['agent-4'], null]])
  assert.deepEqual(new Set(policiesOf(engine, 'egress')[0]), new Set(['edge-out?']))
})

test('an engine that starts from one before gives the same answers when host policies change', () => {
  const before = engineFor(clusterOf(NODES + DAEMONS))
  const cluster = clusterOf(NODES + DAEMONS + hostPolicy('core'))
  const [after, fresh] = [engineFor(cluster, before), engineFor(cluster)]
  assert.deepEqual(subjectsOf(after), subjectsOf(fresh))
  assert.deepEqual(policiesOf(after, 'egress'), policiesOf(fresh, 'egress'))
})

test('the cluster of a node is the one that policies know it by', () => {
  const [only] = clusterOf(node('a', 'edge')).nodes as readonly [Node]
  const inCluster = (value: string) =>
    nodeHolds({ kind: 'label', of: 'cluster', requirement: { key: '', operator: 'In', values: [value] } }, only, 'east')
  assert.equal(inCluster('east'), true)
  assert.equal(inCluster('west'), false)
  assert.equal(
    nodeHolds({ kind: 'label', of: 'cluster', requirement: { key: '', operator: 'In', values: ['west'] } }, only, {
      not: 'east',
    }),
    null,
  )
})
