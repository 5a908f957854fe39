import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { run } from './support/run.ts'

/** What the program really prints follows the published schemas. */

const root = join(import.meta.dirname, '..')
const estate = join(root, 'examples/estate')

const validator = (name: string) =>
  new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
    JSON.parse(readFileSync(join(root, `docs/reference/schemas/${name}.v1.json`), 'utf8')) as object,
  )

const reach = validator('reach')
const answer = validator('answer')

const check = async (validate: typeof reach, argv: readonly string[], code: number): Promise<void> => {
  const { out, code: given } = await run([...argv, '-o', 'json', '--quiet'])
  assert.equal(given, code, argv.join(' '))
  assert.ok(validate(JSON.parse(out)), `${argv.join(' ')}: ${JSON.stringify(validate.errors?.slice(0, 5), null, 2)}`)
}

for (const flags of [[], ['--all'], ['--from', 'shop-web'], ['--cni', 'specification'], ['--by', 'class']])
  test(`reach ${flags.join(' ')}`, () => check(reach, ['reach', estate, ...flags], 0))

// Both families, a block, a Service and a name: of a workload that policy leaves alone, and of one that a rule lets out.
for (const [from, to, code] of [
  ['devtools/netdebug-marta', '1.1.1.1:443', 0],
  ['devtools/netdebug-marta', '[2606:4700::1111]:53/udp', 0],
  ['shop-web', '1.1.1.1:443', 0],
  ['shop-web', '10.0.0.0/8', null],
  ['shop-web', 'svc:aks-retail-us/loyalty/points-cache', null],
  ['shop-web', 'api.example.com:443', null],
] as const)
  test(`can ${from} ${to}`, async () => {
    const argv = ['can', from, to, estate]
    await check(answer, argv, code ?? (await run([...argv, '-o', 'json', '--quiet'])).code)
  })
