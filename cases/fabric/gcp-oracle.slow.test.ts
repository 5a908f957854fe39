import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateCloud } from '../oracle/gcp/generate.ts'
import { packetWay } from '../oracle/gcp/way.ts'
import { asker, fabricOf, trafficOf } from './gcp/asking.ts'
import { ACCEPTED, isSame, toldEnd } from './gcp/judging.ts'

// As in `gcp-oracle-rules.slow.test.ts`, on more networks.

test('the engine and the second evaluator agree on many packets', () => {
  for (let seed = 1000; seed < 5000; seed++) {
    const { documents, sent } = generateCloud(seed, 20)
    const ask = asker(fabricOf(documents))
    for (const one of sent) {
      const [answer, way] = [ask(one), packetWay(documents, one.from, one.packet)]
      assert.ok(answer !== null)
      const isFine = isSame(answer, way) || ACCEPTED.some(({ fits }) => fits({ documents, sent: one, answer }, way))
      assert.ok(
        isFine,
        `seed ${seed}: ${JSON.stringify(one.from)} to ${one.packet.destination} ${trafficOf(one.packet)} is ${toldEnd(answer)}, by the documents ${way.ends.map(toldEnd).join(', or ')}`,
      )
    }
  }
})
