import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import { type Reference, referencesIn } from './references.ts'

const check = (references: readonly string[], ...expected: readonly Reference[]): void => {
  assert.deepEqual(referencesIn({ references } as JsonObject), expected)
}

test('of a run from the most to the least specific the first counts', () => {
  check(['aws_vpc.a[0].id', 'aws_vpc.a[0]', 'aws_vpc.a'], {
    kind: 'resource',
    type: 'aws_vpc',
    name: 'a',
    key: 0,
    path: 'id',
  })
  check(
    ['module.m["x.y"].out', 'module.m["x.y"]', 'module.m', 'var.v', 'local.l.deep', 'local.l'],
    { kind: 'module', call: 'm', key: 'x.y', output: 'out', path: null },
    { kind: 'variable', name: 'v' },
    { kind: 'local', name: 'l' },
  )
})

test('a name that only begins like another one is another one', () => {
  check(
    ['aws_vpc.ab', 'aws_vpc.a'],
    { kind: 'resource', type: 'aws_vpc', name: 'ab', path: null },
    { kind: 'resource', type: 'aws_vpc', name: 'a', path: null },
  )
})

test('what repeats, data, and what nobody can read', () => {
  check(
    ['count.index', 'each.key', 'each.value.id', 'each.value', 'path.module', 'data.aws_vpc.a.id', 'data.aws_vpc.a'],
    { kind: 'index' },
    { kind: 'index' },
    { kind: 'value' },
    { kind: 'nothing' },
    { kind: 'data', text: 'data.aws_vpc.a.id' },
  )
  check(['aws_vpc', 'a b'], { kind: 'unread', text: 'aws_vpc' }, { kind: 'unread', text: 'a b' })
  check(['aws_vpc.a.b.c'], { kind: 'resource', type: 'aws_vpc', name: 'a', path: { other: 'b' } })
  assert.deepEqual(referencesIn({ constant_value: 1 }), [])
  assert.deepEqual(referencesIn(undefined), [])
})
