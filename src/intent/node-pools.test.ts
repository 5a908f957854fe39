import assert from 'node:assert/strict'
import { test } from 'node:test'
import { poolsOf } from './node-pools.ts'

const check = (labels: Readonly<Record<string, string>>, expected: readonly string[]): void =>
  assert.deepEqual(poolsOf({ labels: new Map(Object.entries(labels)) }), expected)

test('each platform says it by a label of its own', () => {
  check({ 'eks.amazonaws.com/nodegroup': 'blue' }, ['blue'])
  check({ 'karpenter.sh/nodepool': 'spot' }, ['spot'])
  check({ 'kubernetes.azure.com/agentpool': 'np1', agentpool: 'np1' }, ['np1'])
  check({ 'cloud.google.com/gke-nodepool': 'default-pool' }, ['default-pool'])
  check({ 'kops.k8s.io/instancegroup': 'nodes-a' }, ['nodes-a'])
  check({ 'worker.gardener.cloud/pool': 'w1' }, ['w1'])
})

test('a node may be of two that are named apart', () => {
  check({ 'alpha.eksctl.io/nodegroup-name': 'ng', 'eks.amazonaws.com/nodegroup': 'ng-1234' }, ['ng-1234', 'ng'])
})

test('a role stands for a pool where there is none, and only there', () => {
  check({ 'node-role.kubernetes.io/worker': '', 'node-role.kubernetes.io/infra': '' }, ['infra', 'worker'])
  check({ 'node-role.kubernetes.io/worker': '', 'eks.amazonaws.com/nodegroup': 'blue' }, ['blue'])
})

test('nothing says', () => {
  check({}, [])
  check({ 'kubernetes.io/hostname': 'a', 'eks.amazonaws.com/nodegroup': '', 'node-role.kubernetes.io/': '' }, [])
})
