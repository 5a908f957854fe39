import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { approved, NETWORK, planOf, route } from '../cases/plan/plans.ts'
import type { JsonObject } from '../src/model/json.ts'
import { run, tree } from './support/run.ts'

/** `postern plan`, from the command line: guardrails decide the exit code. */

const OUT = { ...NETWORK, 'aws_route.out': route('rtb-1', '0.0.0.0/0', { gateway_id: 'igw-1' }) }
const folder = (plan: JsonObject, more: Readonly<Record<string, string>> = {}): string =>
  tree({ 'plan.json': JSON.stringify(plan, null, 2), ...more })

const BREAKS = folder(planOf(NETWORK, OUT))
const NOTHING = folder(planOf(NETWORK, NETWORK))
const KEPT = folder(
  planOf(NETWORK, { ...NETWORK, 'aws_route.out': route('rtb-1', '0.0.0.0/0', { nat_gateway_id: 'nat-1' }) }),
  {
    'exits.yaml': approved('nat-1'),
  },
)

const root = join(import.meta.dirname, '..')
const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true })
const schemaOf = (name: string): object =>
  JSON.parse(readFileSync(join(root, `docs/reference/schemas/${name}.v1.json`), 'utf8')) as object
for (const name of ['findings', 'reach']) ajv.addSchema(schemaOf(name))
const validate = ajv.compile(schemaOf('plan'))

const check = async (argv: readonly string[], code: number): Promise<string> => {
  const done = await run(['plan', ...argv, '--now', '2026-11-20'])
  assert.equal(done.code, code, `${done.out}\n${done.err}`)
  return done.out
}

describe('exit codes', () => {
  test('1: a guardrail is broken, unless the threshold is above it', async () => {
    await check([BREAKS], 1)
    await check([BREAKS, '--fail-on', 'critical'], 0)
    await check([BREAKS, '--fail-on', 'none'], 0)
  })
  test('0: nothing changes, or every guardrail is kept', async () => {
    assert.match(await check([NOTHING], 0), /opens nothing and closes nothing/)
    await check([KEPT], 0)
  })
  test('3: something is not told, and that is asked for', async () => {
    await check([KEPT, '--strict'], 3)
    await check([NOTHING, '--strict'], 0)
  })
  test('2: a plan that failed, and no plan at all', async () => {
    const failed = await run(['plan', folder(planOf(NETWORK, OUT, { errored: true }))])
    assert.deepEqual([failed.code, /the plan failed/.test(failed.err)], [2, true])
    const none = await run(['plan', tree({ 'exits.yaml': approved('nat-1') })])
    assert.deepEqual([none.code, /none of the sources is a plan/.test(none.err)], [2, true])
    assert.equal((await run(['plan'])).code, 2)
  })
})

describe('outputs', () => {
  test('json follows the published schema, and is a baseline', async () => {
    for (const [path, code] of [
      [BREAKS, 1],
      [NOTHING, 0],
      [KEPT, 0],
    ] as const) {
      const out = await check([path, '-o', 'json'], code)
      assert.ok(validate(JSON.parse(out)), JSON.stringify(validate.errors?.slice(0, 3), null, 2))
    }
    const known = tree({ 'known.json': await check([BREAKS, '-o', 'json'], 1) })
    await check([BREAKS, '--baseline', join(known, 'known.json')], 0)
  })
  test('table fits 80 columns', async () => {
    const lines = (await check([BREAKS, '--no-color'], 1)).split('\n')
    assert.deepEqual(
      lines.filter(line => [...line].length > 80),
      [],
    )
    assert.ok(lines.some(line => line.includes('PST-G001 high, broken: aws_route.out')))
  })
  test('markdown and junit name guardrail and resource', async () => {
    assert.match(await check([BREAKS, '-o', 'markdown'], 1), /### 1 guardrail broken[\s\S]*PST-G001/)
    const junit = await check([BREAKS, '-o', 'junit'], 1)
    assert.match(junit, /<testsuites name="postern plan" tests="1" failures="1"/)
    assert.match(junit, /name="aws_route.out"/)
  })
  test('sarif has the resource, and the line of its change', async () => {
    const { runs } = JSON.parse(await check([BREAKS, '-o', 'sarif'], 1)) as {
      runs: {
        results: {
          ruleId: string
          locations: {
            physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } }
            logicalLocations: { fullyQualifiedName: string }[]
          }[]
        }[]
      }[]
    }
    const [result] = runs[0]?.results ?? []
    const [location] = result?.locations ?? []
    assert.equal(result?.ruleId, 'PST-G001')
    assert.equal(location?.logicalLocations[0]?.fullyQualifiedName, 'aws_route.out')
    assert.match(location?.physicalLocation.artifactLocation.uri ?? '', /plan\.json$/)
    assert.ok((location?.physicalLocation.region.startLine ?? 0) > 100)
  })
  test('html is one page', async () => {
    assert.match(await check([BREAKS, '-o', 'html'], 1), /PST-G001/)
  })
})
