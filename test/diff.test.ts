import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { DiffResult } from '../src/model/diff.ts'
import { deployment, documents, namespace } from './support/manifests.ts'
import { run, tree } from './support/run.ts'

/** `postern diff`, from the command line: what was gained decides the exit code. */

const policy = (cidr: string): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: ${cidr}}}]}]}
`
const estate = (cidr: string): string =>
  tree({ 'all.yaml': documents(namespace('shop'), deployment('web', 'shop'), policy(cidr)) })

const NARROW = estate('20.0.0.0/8')
const WIDE = estate('20.0.0.0/7')

const check = async (argv: readonly string[], code: number): Promise<string> => {
  const done = await run(['diff', ...argv])
  assert.equal(done.code, code, `${done.out}\n${done.err}`)
  return done.out
}

const root = join(import.meta.dirname, '..')
const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true })
const schemaOf = (name: string): object =>
  JSON.parse(readFileSync(join(root, `docs/reference/schemas/${name}.v1.json`), 'utf8')) as object
for (const name of ['findings', 'reach']) ajv.addSchema(schemaOf(name))
const validate = ajv.compile(schemaOf('diff'))

const resultOf = (out: string): DiffResult => {
  const result = JSON.parse(out) as DiffResult
  assert.ok(validate(result), JSON.stringify(validate.errors?.slice(0, 3), null, 2))
  return result
}

describe('exit codes', () => {
  test('1: a region was gained, though nothing of the inventory changed', async () => {
    const { gained, lost, inventory } = resultOf(await check([NARROW, WIDE, '-o', 'json'], 1))
    assert.deepEqual(
      gained.map(({ workload, to, verdict }) => [workload.split('/').slice(1).join('/'), to, verdict]),
      [
        [
          'shop/Deployment/web',
          { kind: 'addresses', zone: 'internet', ranges: ['21.0.0.0-21.255.255.255'] },
          'allowed',
        ],
      ],
    )
    assert.deepEqual([lost.length, inventory.changes.length], [0, 0])
  })
  test('0: something was lost, or nothing changed', async () => {
    const { gained, lost } = resultOf(await check([WIDE, NARROW, '-o', 'json'], 0))
    assert.deepEqual([gained.length, lost.length], [0, 1])
    resultOf(await check([NARROW, NARROW, '-o', 'json'], 0))
  })
  test('2: a profile that does not exist', async () => {
    await check([NARROW, WIDE, '--cni', 'no-such-plugin'], 2)
  })
})

test('--cni: what the same documents change on another network plugin', async () => {
  // Flannel enforces no policy: the same holds before and after.
  const { gained } = resultOf(await check([NARROW, WIDE, '-o', 'json', '--cni', 'flannel'], 0))
  assert.deepEqual(gained, [])
})

test('every output says what was gained', async () => {
  for (const output of ['table', 'yaml', 'markdown'])
    assert.match(await check([NARROW, WIDE, '-o', output], 1), /21\.0\.0\.0-21\.255\.255\.255/)
})

test('the example estate against nothing, and against itself', async () => {
  const example = join(root, 'examples/estate')
  const { gained, lost } = resultOf(await check([tree({ 'README.md': 'nothing\n' }), example, '-o', 'json'], 1))
  assert.ok(gained.length > 0 && lost.length === 0)
  const none = resultOf(await check([example, example, '-o', 'json'], 0))
  assert.deepEqual([none.gained, none.lost, none.inventory.changes, none.unknowns], [[], [], [], []])
})
