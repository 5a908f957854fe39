import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathText } from '../model/provenance.ts'
import { estateOf } from '../sources/kubernetes/testing/estate-of.ts'
import { problemsIn } from './problems.ts'

const document = (kind: string, name: string, spec: string): string =>
  `---\napiVersion: postern.dev/v1alpha1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}\n`

const intent = (allow: string, name = 'x', from = '{namespaces: [a]}'): string =>
  document('EgressIntent', name, `{from: ${from}, allow: ${allow}}`)

const FULL = 'owner: team, justification: why'

const problems = (text: string, today = '2026-11-20'): readonly string[] =>
  problemsIn(estateOf({ 'x.yaml': text }).intents, today).map(({ kind, at }) => `${kind} ${pathText(at)}`)

test('nobody answers for it, and it says no reason', () =>
  assert.deepEqual(problems(intent('[{to: {names: [a.com]}}]')), [
    'unowned spec.allow[0]',
    'unjustified spec.allow[0]',
  ]))

test('the last day still holds, the day after does not', () => {
  const text = intent(`[{to: {names: [a.com]}, ${FULL}, expires: 2026-11-20}]`)
  assert.deepEqual(problems(text, '2026-11-20'), [])
  assert.deepEqual(problems(text, '2026-11-21'), ['expired spec.allow[0].expires'])
})

test('a review is due on its day', () => {
  const text = intent(`[{to: {names: [a.com]}, ${FULL}, reviewBy: 2026-11-20}]`)
  assert.deepEqual(problems(text, '2026-11-20'), [])
  assert.deepEqual(problems(text, '2026-11-21'), ['past-review spec.allow[0].reviewBy'])
})

test('what it leans on must be there', () => {
  const text = intent(`[{to: {privateEndpoint: s3}, ${FULL}, via: hub}]`)
  assert.deepEqual(problems(text), [
    'refers-to-nothing spec.allow[0].via',
    'refers-to-nothing spec.allow[0].to.privateEndpoint',
  ])
  const there =
    document('ApprovedExit', 'hub', '{ids: [nat-*]}') + document('PrivateEndpoint', 's3', '{names: [s3.amazonaws.com]}')
  assert.deepEqual(problems(text + there), [])
})

test('said twice, and said within something wider', () => {
  assert.deepEqual(
    problems(
      intent(`[{to: {names: [a.com]}, ports: [443/TCP], ${FULL}}, {to: {names: [A.com.]}, ports: ["443"], ${FULL}}]`),
    ),
    ['duplicate spec.allow[1]'],
  )
  assert.deepEqual(
    problems(
      intent(`[{to: {cidrs: [10.1.0.0/16]}, ports: [443/TCP], ${FULL}}]`, 'x') +
        intent(`[{to: {cidrs: [10.0.0.0/8]}, ${FULL}}]`, 'z'),
    ),
    ['overlapping spec.allow[0]'],
  )
  assert.deepEqual(
    problems(
      intent(`[{to: {cidrs: [10.1.0.0/16]}, ${FULL}}]`, 'x') +
        intent(`[{to: {cidrs: [10.0.0.0/8]}, ${FULL}}]`, 'z', '{namespaces: [b]}'),
    ),
    [],
    'other subjects',
  )
})

test('a wider name, one of several, and places of other kinds', () => {
  const of = (...entries: readonly string[]): readonly string[] =>
    problems(intent(`[${entries.map(to => `{to: {${to}}, ${FULL}}`).join(', ')}]`))
  assert.deepEqual(of('names: [a.b.com]', 'names: ["**.b.com"]'), ['overlapping spec.allow[0]'])
  assert.deepEqual(of('names: [a.com, b.com]', 'names: [b.com]'), ['overlapping spec.allow[1]'])
  assert.deepEqual(of('names: [a.com]', 'names: [b.com]'), [])
  assert.deepEqual(of('names: ["*.b.com"]', 'names: [a.b.com, c.b.com]'), ['overlapping spec.allow[1]'])
  assert.deepEqual(of('services: [a, b]', 'services: [b]', 'workloads: [b]'), ['overlapping spec.allow[1]'])
  assert.deepEqual(of('names: [a.com], cidrs: [10.0.0.0/8]', 'cidrs: [10.0.0.0/16]'), ['overlapping spec.allow[1]'])
})

test('ten thousand entries for the same subject are compared in no more than seconds', () => {
  const documents = Array.from({ length: 40 }, (_, k) =>
    intent(
      `[${Array.from({ length: 250 }, (_, i) => `{to: {names: [n${i}.x${k}.example.com]}, ${FULL}}`).join(', ')}]`,
      `x${k}`,
    ),
  )
  const { intents } = estateOf({ 'x.yaml': documents.join('') })
  const start = performance.now()
  assert.deepEqual(problemsIn(intents, '2026-11-20'), [])
  assert.ok(performance.now() - start < 20_000)
})
