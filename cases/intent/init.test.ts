import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lintIntents } from '../../src/app/intent.ts'
import { draftIntents } from '../../src/app/intent-init.ts'
import { scan } from '../../src/app/scan.ts'
import { renderDrafts } from '../../src/outputs/intent-draft.ts'
import { generateWorld } from '../oracle/generate.ts'
import { loaded } from '../reach/estate.ts'

const NOW = '2026-11-20'

/** What is drafted from an estate and put beside it: nothing is undeclared, nothing is broken, nothing is unreadable. */
for (const dialects of [['kubernetes'], ['kubernetes', 'policy-api'], ['kubernetes', 'cilium']] as const)
  test(`drafts cover exactly what is possible: ${dialects.join(' and ')}`, () => {
    let drafted = 0
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), seed => {
        const estate = JSON.stringify({
          apiVersion: 'v1',
          kind: 'List',
          items: generateWorld(seed, dialects).world.objects,
        })
        const drafts = [...renderDrafts(draftIntents(loaded({ 'x.json': estate }), NOW))].join('')
        const both = loaded({ 'x.json': estate, 'intents.yaml': drafts })
        drafted += both.estate.intents.intents.length
        const problems = lintIntents(both, NOW).problems.filter(({ severity }) => severity === 'high')
        assert.deepEqual(problems, [])
        const { findings } = scan(both, { now: NOW, baseline: new Set() }).findings
        const wrong = findings.filter(({ id }) =>
          ['PST-I012', 'PST-I019', 'PST-I020', 'PST-I021', 'PST-I022'].includes(id),
        )
        assert.deepEqual(
          wrong.map(({ id, object, why }) => `${id} ${object} ${why}`),
          [],
        )
      }),
      { numRuns: 100 },
    )
    assert.ok(drafted > 50, `${drafted} drafts only`)
  })
