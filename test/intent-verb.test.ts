import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { loadAll } from 'js-yaml'
import { run } from './support/run.ts'

/** `postern intent` as a stranger runs it: what it prints, how it ends, and that its json follows the published schemas. */

const root = join(import.meta.dirname, '..')
const estate = join(root, 'examples/estate')
const folder = mkdtempSync(join(tmpdir(), 'postern-intent-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const INTENT = `apiVersion: postern.dev/v1alpha1
kind: EgressIntent
metadata: { name: worker }
spec:
  from: { namespaces: [pay] }
  allow:
    - to: { names: [api.example.com] }
      ports: [443/TCP]
      owner: team-pay
      justification: card payments
`

const schema = (name: string) =>
  new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
    JSON.parse(readFileSync(join(root, `docs/reference/schemas/${name}.json`), 'utf8')) as object,
  )

const follows = (name: string, text: string): unknown => {
  const validate = schema(name)
  const value = JSON.parse(text) as unknown
  assert.ok(validate(value), JSON.stringify(validate.errors?.slice(0, 5), null, 2))
  return value
}

describe('intent lint', () => {
  test('documents without fault end with 0', async () => {
    const { out, code } = await run(['intent', 'lint', file('good.yaml', INTENT)])
    assert.equal(code, 0)
    assert.match(out, /1 document read: 1 EgressIntent\. No problem\./)
  })
  test('a fault has its line, and ends with 1', async () => {
    const bad = file('bad.yaml', INTENT.replace('ports:', 'port:'))
    const { out, code } = await run(['intent', 'lint', bad])
    assert.equal(code, 1)
    assert.match(out, /8 {2}high {2}default\/EgressIntent\/worker spec\.allow\[0\]\.port\b/)
    assert.equal((await run(['intent', 'lint', bad, '--fail-on', 'none'])).code, 0)
  })
  test('no document at all', async () => {
    const { out, code } = await run(['intent', 'lint', file('none.yaml', '')])
    assert.equal(code, 0)
    assert.match(out, /No intent was read/)
  })
  test('json follows its schema, and lines fit 80 columns', async () => {
    const bad = file(
      'worse.yaml',
      `${INTENT.replace('[pay]', '[pay], nmae: x')}    - to: { cidrs: ["${'9'.repeat(60)}"] }\n`,
    )
    const { out } = await run(['intent', 'lint', bad, '-o', 'json'])
    follows('intent-lint.v1', out)
    for (const line of (await run(['intent', 'lint', bad])).out.split('\n')) assert.ok(line.length <= 80, line)
  })
})

describe('intent show', () => {
  test('what is declared stands with the workload that it speaks of', async () => {
    const pod = file(
      'pod.yaml',
      'apiVersion: v1\nkind: Pod\nmetadata: { name: worker, namespace: pay }\nspec: { containers: [{ name: w, image: w }] }\n',
    )
    const { out, code } = await run(['intent', 'show', pod, '--intent', file('good.yaml', INTENT), '-o', 'json'])
    assert.equal(code, 0)
    const { workloads, others } = follows('declared.v1', out) as {
      workloads: { id: string; allow: { to: { names: string[] }; owner: string; line: number }[] }[]
      others: unknown[]
    }
    assert.deepEqual(others, [])
    const [only] = workloads
    assert.equal(only?.id, 'pod.yaml/pay/Pod/worker')
    assert.deepEqual(only?.allow[0]?.to.names, ['api.example.com'])
    assert.deepEqual([only?.allow[0]?.owner, only?.allow[0]?.line], ['team-pay', 7])
  })
  test('intents by themselves', async () => {
    const { out, code } = await run(['intent', 'show', file('good.yaml', INTENT)])
    assert.equal(code, 0)
    assert.match(out, /speaks of nobody here/)
    assert.match(out, /api\.example\.com +TCP 443/)
  })
})

describe('intent init', () => {
  test('drafts of the example lint, and leave nothing undeclared', async () => {
    const { out, code } = await run(['intent', 'init', estate, '--quiet'])
    assert.equal(code, 0)
    const validate = schema('egress-intent.v1alpha1')
    const documents = loadAll(out)
    assert.ok(documents.length > 20)
    for (const document of documents) assert.ok(validate(document), JSON.stringify(validate.errors))
    const drafts = file('drafts.yaml', out)
    assert.equal((await run(['intent', 'lint', drafts])).code, 0)
    const scanned = await run(['scan', estate, '--intent', drafts, '-o', 'json', '--quiet'])
    const { findings } = JSON.parse(scanned.out) as { findings: { id: string; file: string }[] }
    // The example has intents of its own, which are another matter.
    const wrong = findings.filter(
      ({ id, file: of }) => id === 'PST-I020' || (/PST-I0(12|13|19|21|22)/.test(id) && of === 'drafts.yaml'),
    )
    assert.deepEqual(wrong, [])
  })
  test('json follows its schema', async () => {
    const { out } = await run(['intent', 'init', estate, '-o', 'json', '--quiet'])
    follows('intent-draft.v1', out)
  })
})

test('anything else is no part of it', async () => {
  for (const what of [[], ['draft'], ['--all']]) assert.equal((await run(['intent', ...what])).code, 2)
})
