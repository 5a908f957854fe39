import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { ADMIN_FIELDS, BASELINE_FIELDS, CLUSTER_FIELDS } from './api-fields.ts'

const STATES = ['understood', 'safely ignorable', 'partly understood', 'not implemented', 'unrecognised']
const sections = new Map(
  readFileSync(new URL('support.md', import.meta.url), 'utf8')
    .split('\n## ')
    .slice(1)
    .map(section => [section.slice(0, section.indexOf('\n')), section]),
)
const rowsOf = (kind: string) =>
  (sections.get(kind) ?? '').split('\n').flatMap(line => {
    const row = /^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$/.exec(line)
    return row ? [{ path: row[1] ?? '', state: row[2] ?? '' }] : []
  })

const KINDS = [
  ['AdminNetworkPolicy', ADMIN_FIELDS],
  ['BaselineAdminNetworkPolicy', BASELINE_FIELDS],
  ['ClusterNetworkPolicy', CLUSTER_FIELDS],
] as const

test('there is a table for each kind and no other', () => {
  assert.deepEqual(
    [...sections.keys()],
    KINDS.map(([kind]) => kind),
  )
})

for (const [kind, fields] of KINDS) {
  test(`${kind}: the table names every field, and only fields, each with one of the five states`, () => {
    const rows = rowsOf(kind)
    assert.deepEqual(
      rows.map(row => row.path),
      fields.paths,
    )
    for (const { path, state } of rows) assert.ok(STATES.includes(state), `${path}: ${state}`)
    assert.equal(new Set(fields.paths).size, fields.paths.length)
  })
}

test('what tells the kinds apart', () => {
  const check = (path: string, kinds: readonly string[]) =>
    assert.deepEqual(
      KINDS.filter(([, fields]) => fields.paths.includes(path)).map(([kind]) => kind),
      kinds,
      path,
    )
  const ALL = KINDS.map(([kind]) => kind)
  check('spec.tier', ['ClusterNetworkPolicy'])
  check('spec.priority', ['AdminNetworkPolicy', 'ClusterNetworkPolicy'])
  check('spec.egress[].ports[].portRange.end', ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'])
  check('spec.egress[].protocols[].sctp.destinationPort.range.start', ['ClusterNetworkPolicy'])
  check('spec.ingress[].protocols[].destinationNamedPort', ['ClusterNetworkPolicy'])
  check('spec.egress[].to[].networks[]', ALL)
  check('spec.egress[].to[].nodes.matchLabels', ALL)
  // Sources are pods: no version of the types lets ingress rules name ranges, nodes or names.
  check('spec.ingress[].from[].networks[]', [])
  check('spec.ingress[].from[].nodes', [])
  check('spec.ingress[].from[].domainNames[]', [])
})
