import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ReachResult } from '../src/model/reach.ts'
import type { ReachData } from '../src/outputs/html-reach.ts'
import { run } from './support/run.ts'

/** The report of a real estate holds what `reach` says of each of its workloads. */

const estate = join(import.meta.dirname, '../examples/estate')
const report = async (...flags: readonly string[]): Promise<ReachData> => {
  const { out } = await run(['scan', estate, '-o', 'html', '--quiet', '--fail-on', 'none', ...flags])
  const [, data = 'null'] = out.match(/<script type="application\/json" id="data-reach">([^<]*)</) ?? []
  return JSON.parse(data) as ReachData
}
const reach = async (...flags: readonly string[]): Promise<ReachResult> =>
  JSON.parse((await run(['reach', estate, '-o', 'json', '--all', '--quiet', ...flags])).out) as ReachResult

for (const flags of [[], ['-n', 'shop'], ['--cni', 'specification']])
  test(`every workload, with all of its regions ${flags.join(' ')}`, async () => {
    const [data, { workloads }] = [await report(...flags), await reach(...flags)]
    assert.ok(workloads.length > 0)
    assert.deepEqual(data.leftOut, [])
    assert.deepEqual(
      data.workloads.map(one => [data.ids[one.id], data.rows[one.row]?.egress.length]),
      workloads.map(one => [one.id, one.egress?.length]),
    )
  })

test('a profile that does not exist is refused', async () => {
  const { code, err } = await run(['scan', estate, '-o', 'html', '--cni', 'nonsense', '--quiet'])
  assert.equal(code, 2)
  assert.match(err, /`nonsense` is no profile/)
})
