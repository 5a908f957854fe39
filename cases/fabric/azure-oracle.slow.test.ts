import assert from 'node:assert/strict'
import { test } from 'node:test'
import { comparedIn, wayOf } from './azure/asking.ts'
import { ACCEPTED, isSame, KNOWN, toldEnd } from './azure/judging.ts'

// As in `azure-oracle-rules.slow.test.ts`, on more networks.

test('the engine and the second evaluator agree on many packets', () => {
  for (let seed = 1000; seed < 6000; seed++)
    for (const one of comparedIn(seed, 20)) {
      const way = wayOf(one)
      assert.ok(
        isSame(one.answer, way) || [...ACCEPTED, ...KNOWN].some(({ fits }) => fits(one, way)),
        `${one.where} is ${toldEnd(one.answer)} in the engine and by the documents ${way.ends.map(toldEnd).join(', or ')}`,
      )
    }
})
