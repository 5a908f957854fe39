import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Namespace } from '../model/cluster.ts'
import type { Selector } from '../model/rule.ts'
import { holdsForNamespace, mayHoldForLabels, namespaceKeysOf, partsOf } from './selector-parts.ts'

const label = (of: 'pod' | 'namespace', key: string, ...values: readonly string[]): Selector => ({
  kind: 'label',
  of,
  requirement: { key, operator: values.length === 0 ? 'Exists' : 'In', values },
})
const all = (...of: readonly Selector[]): Selector => ({ kind: 'all', of })

const namespace = (name: string, labels: Readonly<Record<string, string>>): Namespace => ({
  ref: { cluster: 'c', group: '', kind: 'Namespace', namespace: null, name },
  origin: { file: 'f', source: 0, start: 0, end: 0, line: 1, format: 'yaml', item: null },
  labels: new Map(Object.entries(labels)),
  annotations: new Map(),
  read: true,
})

test('what is asked of the namespace is told apart from what is asked of the pod', () => {
  const team = label('namespace', 'team', 'a')
  const app = label('pod', 'app', 'web')
  assert.deepEqual(partsOf(all(all(team), all(app))), { namespaces: all(team), pods: all(app), everyPod: false })
  assert.deepEqual(partsOf(all({ kind: 'namespace', name: 'shop' }, all())), {
    namespaces: all({ kind: 'namespace', name: 'shop' }),
    pods: all(),
    everyPod: true,
  })
  assert.equal(partsOf({ kind: 'not', of: team }).everyPod, true)
  // Either may hold by the pod alone.
  assert.equal(partsOf({ kind: 'any', of: [team, app] }).everyPod, false)
})

test('a namespace is judged by its name and labels', () => {
  const shop = namespace('shop', { team: 'a' })
  assert.equal(holdsForNamespace(label('namespace', 'team', 'a'), shop), true)
  assert.equal(holdsForNamespace(label('namespace', 'team', 'b'), shop), false)
  assert.equal(holdsForNamespace({ kind: 'not', of: label('namespace', 'team') }, shop), false)
  assert.equal(holdsForNamespace(all({ kind: 'namespace', name: 'shop' }, label('namespace', 'zone')), shop), false)
})

test('labels of a pod that a rule asks for', () => {
  const labels = new Map([['app', 'web']])
  assert.equal(mayHoldForLabels(all(label('pod', 'app', 'web')), labels), true)
  assert.equal(mayHoldForLabels(all(label('pod', 'app', 'db')), labels), false)
  assert.equal(mayHoldForLabels({ kind: 'unknown', why: 'unread' }, labels), true)
})

test('keys that somebody has to write on a namespace', () => {
  assert.deepEqual(
    namespaceKeysOf(all(label('namespace', 'zone'), label('namespace', 'kubernetes.io/metadata.name', 'shop'))),
    ['zone'],
  )
})
