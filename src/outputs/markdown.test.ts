import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FindingsResult } from '../model/finding.ts'
import { renderFindingsMarkdown } from './markdown.ts'
import { textOf } from './testing/render.ts'
import { emptyFindings, hostileFindings, resultOf, sampleFindings } from './testing/sample-findings.ts'

const markdown = (result: FindingsResult, all = false): string => textOf(renderFindingsMarkdown(result, { all }))

const check = (result: FindingsResult, expected: readonly RegExp[]): void => {
  for (const pattern of expected) assert.match(markdown(result), pattern)
}

describe('Markdown', () => {
  test('the sum, each check with its objects, coverage', () =>
    check(sampleFindings, [
      /^## Postern/,
      /\*\*35 open findings\*\* in 3 clusters\. 1 accepted, 1 in the baseline\./,
      /### 🟥 critical: Ordinary workload on the host network \(PST-N001\)/,
      /\| <code>eks-prod-eu\/payments\/Deployment\/card-tokeniser<\/code> \| team-payments \| <code>hostNetwork&#58; true<\/code> \|/,
      /\+10 more; the json output lists all/,
      /\*\*Remedy:\*\* Give the workload/,
      /<details><summary>1 accepted finding<\/summary>/,
      /### Coverage\n\n412 objects read/,
      /\| aks-prod-us, clusterroles/,
    ]))

  test('no findings', () => check(emptyFindings, [/No open findings on 407 objects in 1 cluster/]))
  test('nothing read', () => check(resultOf([], {}, { ...emptyFindings.coverage, objects: 0 }), [/Nothing was read/]))

  test('hostile texts add no element, cell, link, mention or formula', () => {
    const text = markdown(hostileFindings, true)
    assert.doesNotMatch(text, /<(?!\/?(?:code|details|summary)>)/)
    assert.doesNotMatch(text, /\]\(|https?:\/\/|www\.|@[a-z0-9]|(?<!&)#[a-z0-9]|[^\P{Cc}\n]|\p{Cf}/iu)
    assert.doesNotMatch(text, /\| *(?:<code>)?[=@]/)
    const cells = new Set<number>()
    for (const table of text.split('\n\n').filter(part => part.startsWith('|'))) {
      cells.clear()
      for (const line of table.trimEnd().split('\n')) cells.add(line.split('|').length)
      assert.equal(cells.size, 1, table)
    }
  })
})
