import assert from 'node:assert/strict'
import { test } from 'node:test'
import { supportPageBeside } from '../testing/support-page.ts'
import { ADMIN_FIELDS, BASELINE_FIELDS, CLUSTER_FIELDS } from './api-fields.ts'

const page = supportPageBeside(import.meta.url)

const KINDS = [
  ['AdminNetworkPolicy', ADMIN_FIELDS],
  ['BaselineAdminNetworkPolicy', BASELINE_FIELDS],
  ['ClusterNetworkPolicy', CLUSTER_FIELDS],
] as const

test('there is a table for each kind and no other', () => {
  assert.deepEqual(
    page.headings,
    KINDS.map(([kind]) => kind),
  )
})

for (const [kind, fields] of KINDS) {
  test(`${kind}: the table names every field, and only fields, each with one of the five states`, () => {
    page.checkTable(kind, fields.paths)
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
