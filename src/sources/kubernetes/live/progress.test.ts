import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LiveProgress } from './event.ts'
import { progressLine } from './progress.ts'

const at = (cluster: string, done: number, total: number, objects: number): LiveProgress => ({
  cluster,
  context: cluster,
  resource: 'pods',
  done,
  total,
  objects,
})
const check = (latest: readonly LiveProgress[], columns: number, expected: string): void =>
  assert.equal(progressLine(latest, columns), expected)

test('one cluster', () => check([at('a', 5, 10, 1234567)], 100, '[##########..........] 1,234,567 objects a: pods'))
test('several clusters, one of them read', () =>
  check([at('a', 10, 10, 7), at('b', 0, 10, 0)], 100, '[##########..........] 1/2 clusters 7 objects b: pods'))
test('the end', () => check([at('a', 10, 10, 7)], 100, '[####################] 7 objects'))
test('nothing yet', () => check([], 100, '[....................] 0/0 clusters 0 objects'))
test('no wider than the terminal, and no escapes from a name', () => {
  check([at('a', 5, 10, 1)], 12, '[##########.')
  check([at('\u001b[2Ja\nb', 0, 1, 0)], 100, '[....................] 0 objects [2Ja b: pods')
})
