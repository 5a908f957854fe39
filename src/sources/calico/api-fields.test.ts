import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import {
  API_FIELDS_VERSION,
  GLOBAL_NETWORK_POLICY_FIELDS,
  HOST_ENDPOINT_FIELDS,
  NETWORK_POLICY_FIELDS,
  NETWORK_SET_FIELDS,
  TIER_FIELDS,
} from './api-fields.ts'

const STATES = ['understood', 'safely ignorable', 'partly understood', 'not implemented', 'unrecognised']

const page = readFileSync(new URL('support.md', import.meta.url), 'utf8')

/** The rows of the table under a heading: path, state, clause. */
const rowsUnder = (heading: string): readonly (readonly string[])[] => {
  const section = page.split(/^## /m).find(part => part.startsWith(`${heading}\n`)) ?? ''
  return section
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .map(line =>
      line
        .slice(1, -1)
        .split(' | ')
        .map(cell => cell.trim()),
    )
}

const check = (heading: string, fields: readonly string[]): void => {
  const rows = rowsUnder(heading)
  assert.deepEqual(
    rows.map(([path = '']) => path.replaceAll('`', '')),
    fields,
  )
  for (const [path, state, clause] of rows) {
    assert.ok(STATES.includes(state ?? ''), `${path}: ${state}`)
    assert.ok((clause ?? '') !== '', `${path} has no clause`)
  }
}

test('every published field stands in the table, and nothing else does', () => {
  check('NetworkPolicy, GlobalNetworkPolicy', NETWORK_POLICY_FIELDS)
  check('GlobalNetworkPolicy alone', GLOBAL_NETWORK_POLICY_FIELDS)
  check('Tier', TIER_FIELDS)
  check('NetworkSet, GlobalNetworkSet', NETWORK_SET_FIELDS)
  check('HostEndpoint', HOST_ENDPOINT_FIELDS)
})

test('each path once, and the page names the release', () => {
  assert.equal(new Set(NETWORK_POLICY_FIELDS).size, NETWORK_POLICY_FIELDS.length)
  assert.ok(page.includes(API_FIELDS_VERSION))
})
