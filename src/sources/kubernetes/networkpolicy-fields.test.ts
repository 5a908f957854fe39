import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { FIELDS } from './networkpolicy-fields.ts'

const STATES = ['understood', 'safely ignorable', 'partly understood', 'not implemented', 'unrecognised']
const rows = readFileSync(new URL('support-networkpolicy.md', import.meta.url), 'utf8')
  .split('\n')
  .flatMap(line => {
    const row = /^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$/.exec(line)
    return row ? [{ path: row[1] ?? '', state: row[2] ?? '' }] : []
  })

test('the table names every field, and only fields', () => {
  assert.deepEqual(
    rows.map(row => row.path),
    FIELDS.paths,
  )
})

test('each field has one of the five states', () => {
  for (const { path, state } of rows) assert.ok(STATES.includes(state), `${path}: ${state}`)
})

test('paths are written once and name the fields of the types', () => {
  assert.equal(new Set(FIELDS.paths).size, FIELDS.paths.length)
  for (const path of [
    'spec.podSelector.matchExpressions[].values[]',
    'spec.policyTypes[]',
    'spec.ingress[].from[].namespaceSelector.matchLabels',
    'spec.ingress[].ports[].protocol',
    'spec.egress[].to[].ipBlock.cidr',
    'spec.egress[].to[].ipBlock.except[]',
    'spec.egress[].ports[].endPort',
  ]) {
    assert.ok(FIELDS.paths.includes(path), path)
  }
})
