import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Node } from '../model/cluster.ts'
import type { PodShape, Toleration, Workload } from '../model/workload.ts'
import { nodesOf } from './placement.ts'

const node = (name: string, labels: Record<string, string> = {}, taints: Node['taints'] = []): Node =>
  ({
    ref: { cluster: 'c', group: '', kind: 'Node', namespace: null, name },
    labels: new Map(Object.entries(labels)),
    taints,
  }) as unknown as Node

const workload = (
  shape: { nodeSelector?: Record<string, string>; tolerations?: readonly Toleration[]; nodeName?: string },
  pods: readonly string[] = [],
): Workload =>
  ({
    pods: pods.map(name => ({ node: name })),
    shape: {
      nodeSelector: new Map(Object.entries(shape.nodeSelector ?? {})),
      tolerations: shape.tolerations ?? [],
      nodeName: shape.nodeName ?? null,
    } as unknown as PodShape,
  }) as unknown as Workload

const dedicated = [{ key: 'dedicated', value: 'egress', effect: 'NoSchedule' }]
const fleet = [
  node('a'),
  node('b', { pool: 'egress' }, dedicated),
  node('c', {}, [{ key: 'x', value: null, effect: 'PreferNoSchedule' }]),
]
const toleration = (more: Partial<Toleration>): Toleration => ({
  key: null,
  operator: 'Equal',
  value: null,
  effect: null,
  ...more,
})

test('pods that are placed say where', () => {
  assert.deepEqual(nodesOf(workload({}, ['z', 'a', 'z']), fleet), ['a', 'z'])
})

test('a template lands where selector and taints let it; a preference keeps nobody away', () => {
  assert.deepEqual(nodesOf(workload({}), fleet), ['a', 'c'])
  assert.deepEqual(nodesOf(workload({ nodeSelector: { pool: 'egress' } }), fleet), [])
  assert.deepEqual(nodesOf(workload({ tolerations: [toleration({ operator: 'Exists' })] }), fleet), ['a', 'b', 'c'])
  assert.deepEqual(nodesOf(workload({ tolerations: [toleration({ key: 'dedicated', value: 'egress' })] }), fleet), [
    'a',
    'b',
    'c',
  ])
  assert.deepEqual(nodesOf(workload({ tolerations: [toleration({ key: 'dedicated', value: 'other' })] }), fleet), [
    'a',
    'c',
  ])
  assert.deepEqual(
    nodesOf(
      workload({ tolerations: [toleration({ key: 'dedicated', operator: 'Exists', effect: 'NoExecute' })] }),
      fleet,
    ),
    ['a', 'c'],
  )
})

test('without nodes nobody knows', () => {
  assert.equal(nodesOf(workload({}), []), null)
})
