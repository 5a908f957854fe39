import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { FindingsResult } from '../model/finding.ts'
import { displayWidth } from './display-width.ts'
import { renderFindingsTable } from './findings-table.ts'
import {
  emptyFindings,
  finding,
  HOSTILE,
  hostileFindings,
  manyFindings,
  resultOf,
  sampleFindings,
} from './testing/sample-findings.ts'

const table = (result: FindingsResult, width = 80, all = false, color = false): string =>
  Array.from(renderFindingsTable(result, { width, color, all })).join('')

const check = (result: FindingsResult, width: number, expected: readonly (string | RegExp)[]): void => {
  const text = table(result, width)
  let from = 0
  for (const part of expected) {
    const at = typeof part === 'string' ? text.indexOf(part, from) : text.slice(from).search(part) + from
    assert.ok(at >= from, `\`${part}\` is missing or out of order in\n${text}`)
    from = at
  }
}

describe('the table of findings', () => {
  test('worst first, each with owner, witness, place, why and remedy', () =>
    check(sampleFindings, 80, [
      'CRITICAL  2 findings',
      'PST-N001  Ordinary workload on the host network (2 objects)',
      /eks-prod-eu\/payments\/Deployment\/card-tokeniser +team-payments/,
      'hostNetwork: true  ·  clusters/eks-prod-eu/card-tokeniser.yaml:12',
      /log-shipper +no owner/,
      'why     `card-tokeniser` runs on the host network',
      'remedy  Remove `hostNetwork: true`',
      'HIGH  2 findings',
      'MEDIUM  1 finding',
      'LOW  30 findings',
      'ACCEPTED  1 finding',
      'until 2027-02-01',
      'BASELINE  1 finding',
      'SUMMARY  35 open findings (2 critical, 2 high, 1 medium, 30 low) in 3 clusters',
      'COVERAGE 412 objects read',
      'gke-batch, the whole cluster',
      '+2 more of 5 notes',
    ]))

  test('thirty equal findings are one group', () => {
    const text = table(sampleFindings)
    assert.equal(text.match(/PST-I004/g)?.length, 1)
    assert.equal(text.match(/Deployment\/web-/g)?.length, 5)
    assert.match(text, /\+25 more \(--all lists them\)/)
    assert.equal(table(sampleFindings, 80, true).match(/Deployment\/web-/g)?.length, 30)
  })

  test('what belongs to no cluster has a row of its own', () => {
    const one = sampleFindings.findings.find(({ state }) => state === 'open') as FindingsResult['findings'][number]
    const beside = [
      { ...one, cluster: '-', severity: 'high' as const },
      { ...one, cluster: '-', severity: 'low' as const },
      { ...one, cluster: '-', severity: 'low' as const, state: 'accepted' as const },
    ]
    const rows = table({ ...sampleFindings, findings: beside }).split('\n')
    // Critical, high, medium, low, info.
    assert.match(rows.find(line => line.includes('in no cluster')) ?? '', /in no cluster +· +· +1 +· +1 +·$/)
    assert.ok(!table(sampleFindings).includes('in no cluster'))
  })
  test('with --all every object says its own why', () => {
    const result = resultOf(
      ['a', 'b'].map(name => finding({ rule: 'PST-N001', object: `c/n/Pod/${name}`, why: `because of ${name}` })),
      { c: 2 },
    )
    assert.match(table(result), /worded for the first object/)
    assert.match(table(result, 80, true), /because of a[\s\S]*because of b/)
  })

  test('no findings says so, and on how much', () =>
    check(emptyFindings, 80, ['no findings: no check fired on 407 objects in 1 cluster']))

  test('nothing read is not called clean', () =>
    check(resultOf([], {}, { ...emptyFindings.coverage, objects: 0 }), 80, ['nothing was read, so nothing was judged']))

  for (const width of [60, 80, 200]) {
    test(`no line is wider than ${width}`, () => {
      for (const result of [sampleFindings, hostileFindings, emptyFindings]) {
        for (const line of table(result, width, true).split('\n')) assert.ok(displayWidth(line) <= width, line)
      }
    })
  }

  test('colour changes nothing but colour', () => {
    const colored = table(sampleFindings, 80, true, true)
    assert.match(colored, /\u001b\[/)
    assert.equal(colored.replace(/\u001b\[[\d;]*m/g, ''), table(sampleFindings, 80, true))
  })

  test('no escape, control or reordering comes through', () => {
    assert.doesNotMatch(table(hostileFindings, 80, true), /[^\P{Cc}\n]|\p{Cf}/u)
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE)), text => {
        const result = resultOf(
          [
            {
              ...finding({ rule: 'PST-N001', object: text, why: text, witness: text, owner: text }),
              title: text,
              id: text,
            },
          ],
          { [text]: 1 },
        )
        assert.doesNotMatch(table(result), /[^\P{Cc}\n]|\p{Cf}/u)
      }),
      { numRuns: 50 },
    )
  })

  test('it is written in pieces', () =>
    assert.ok(Array.from(renderFindingsTable(manyFindings(500), { width: 80, color: false, all: true })).length > 8))
})
