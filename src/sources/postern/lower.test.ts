import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DEFAULT_STANDARD } from '../../model/standard.ts'
import { estateOf } from '../kubernetes/testing/estate-of.ts'

const document = (kind: string, spec: string): string =>
  `apiVersion: postern.dev/v1alpha1\nkind: ${kind}\nmetadata: {name: x}\nspec: ${spec}\n`

const exceptionOf = (kind: string, spec: string) => {
  const [found] = estateOf({ 'x.yaml': document(kind, spec) }).exceptions
  assert.ok(found)
  return found
}

test('an exception as written', () => {
  const { findings, match, owner, justification, ticket, expires } = exceptionOf(
    'Exception',
    '{findings: [PST-N0*], match: {clusters: [prod-*], namespaces: [a], kinds: [Pod], names: [x]}, owner: team, justification: why, ticket: T-1, expires: "2027-02-01T00:00:00Z"}',
  )
  assert.deepEqual(findings, ['PST-N0*'])
  assert.deepEqual(match, { clusters: ['prod-*'], namespaces: ['a'], kinds: ['Pod'], names: ['x'] })
  assert.deepEqual([owner, justification, ticket, expires], ['team', 'why', 'T-1', '2027-02-01'])
})

test('an unquoted date is text in Kubernetes YAML, and so it is here', () =>
  assert.equal(exceptionOf('Exception', '{expires: 2027-02-01}').expires, '2027-02-01'))

test('fields of another type, empty or no date are absent', () => {
  const { findings, owner, expires, match } = exceptionOf(
    'Exception',
    '{findings: PST-N001, match: [x], owner: "", justification: 5, expires: soon}',
  )
  assert.deepEqual([findings, owner, expires, match.names], [[], null, null, []])
})

test('HostAccessException covers the host findings unless it names others', () => {
  assert.ok(exceptionOf('HostAccessException', '{}').findings.includes('PST-N001'))
  assert.deepEqual(exceptionOf('HostAccessException', '{findings: [PST-N002]}').findings, ['PST-N002'])
})

test('a standard replaces what it names and keeps the rest', () => {
  const { standard } = estateOf({
    'x.yaml': document('Standard', '{owner: {labels: [squad], namespaces: {a: team-a}}, namespaceLabels: [tier]}'),
  })
  assert.deepEqual(standard?.ownerLabels, ['squad'])
  assert.deepEqual(standard?.ownerAnnotations, DEFAULT_STANDARD.ownerAnnotations)
  assert.deepEqual([...(standard?.ownerOfNamespace ?? [])], [['a', 'team-a']])
  assert.deepEqual(standard?.namespaceLabels, ['tier'])
  assert.equal(estateOf({}).standard, null)
})

test('an exception covers nothing where what it covers cannot be read', () => {
  const complete = 'owner: team, justification: why, expires: 2027-02-01'
  const findingsOf = (spec: string) => exceptionOf('Exception', `{findings: [PST-N001], ${complete}, ${spec}}`).findings
  assert.deepEqual(findingsOf('match: {namespaces: [a]}'), ['PST-N001'])
  assert.deepEqual(findingsOf('ticket: 5'), ['PST-N001'])
  for (const spec of ['mach: {namespaces: [a]}', 'match: {namespace: [a]}', 'match: {namespaces: a}', 'objects: x'])
    assert.deepEqual(findingsOf(spec), [], spec)
  assert.deepEqual(exceptionOf('HostAccessException', `{${complete}, match: [x]}`).findings, [])
})

test('two exceptions of one name that differ cover nothing', () => {
  const spec = '{findings: [PST-N001], owner: team, justification: why, expires: 2027-02-01}'
  const { exceptions } = estateOf({
    'a.yaml': document('Exception', spec),
    'b.yaml': document('Exception', spec.replace('N001', 'N002')),
  })
  assert.deepEqual(
    exceptions.map(({ findings }) => findings),
    [[], []],
  )
})

test('an exception whose last day no calendar has is without one', () =>
  assert.equal(exceptionOf('Exception', '{expires: 2027-13-45}').expires, null))
