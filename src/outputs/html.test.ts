import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { FAMILIES, type FindingsResult, SEVERITIES } from '../model/finding.ts'
import type { Inventory } from '../model/inventory.ts'
import { REPORT_FILES, type ReportAssets, renderHtml } from './html.ts'
import { type ReachSection, reachDataOf } from './html-reach.ts'
import { textOf } from './testing/render.ts'
import { hostileExits, sampleExits } from './testing/sample-exits.ts'
import {
  emptyFindings,
  HOSTILE,
  hostileFindings,
  manyFindings,
  sampleFindings,
  sampleRules,
} from './testing/sample-findings.ts'
import { sampleInventory } from './testing/sample-inventory.ts'
import { hostileReach, reachResult, sampleReach, workload } from './testing/sample-reach.ts'

const folder = join(import.meta.dirname, '../../web/report')
const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
const assets: ReportAssets = {
  template: read(REPORT_FILES.template),
  css: read(REPORT_FILES.css),
  scripts: REPORT_FILES.scripts.map(read),
}

const html = (result: FindingsResult, inventory: Inventory | null = null, reach: ReachSection | null = null): string =>
  textOf(renderHtml(result, inventory, sampleRules, assets, reach))

const sampleSection: ReachSection = {
  result: sampleReach,
  leftOut: ['gke-data/jobs/Job/hourly'],
  bounded: true,
  exits: sampleExits,
}

const element = (text: string, open: string, close: string): string => {
  const from = text.indexOf(open) + open.length
  return text.slice(from, text.indexOf(close, from))
}

const dataIn = (text: string, name: string): unknown =>
  JSON.parse(element(text, `<script type="application/json" id="data-${name}">`, '</script>'))

const check = (result: FindingsResult, expected: readonly RegExp[]): void => {
  const text = html(result)
  for (const pattern of expected) assert.match(text, pattern)
}

describe('the HTML report', () => {
  test('holds the results as they are', () => {
    for (const result of [sampleFindings, emptyFindings, hostileFindings]) {
      assert.deepEqual(dataIn(html(result), 'findings'), result)
    }
    assert.deepEqual(dataIn(html(sampleFindings, sampleInventory), 'inventory'), sampleInventory)
    assert.equal(dataIn(html(sampleFindings), 'inventory'), null)
    assert.deepEqual(dataIn(html(sampleFindings), 'rules'), sampleRules)
    assert.equal(dataIn(html(sampleFindings), 'reach'), null)
    const open = sampleFindings.findings.filter(finding => finding.state === 'open').map(finding => finding.object)
    assert.deepEqual(dataIn(html(sampleFindings, null, sampleSection), 'reach'), reachDataOf(sampleSection, open))
    assert.deepEqual(dataIn(html(sampleFindings, null, sampleSection), 'exits'), sampleExits)
    assert.equal(dataIn(html(sampleFindings), 'exits'), null)
  })

  test('what each workload can reach reads without script', () => {
    const text = html(sampleFindings, null, sampleSection)
    assert.match(
      text,
      /<td>aks-prod-us\/shop\/Deployment\/web-00<\/td><td>names<\/td><td>workloads \(2\)<\/td><td>internet, services \(1\)<\/td>/,
    )
    assert.match(text, /<td>gke-data\/jobs\/Job\/nightly \(windows\)<\/td><td>metadata<\/td>/)
    assert.match(text, /<p>1 workload left out here: ask <code>postern reach --from ID<\/code>/)
  })

  test('the map of exits reads without script, each cluster by namespace', () => {
    const text = html(sampleFindings, null, sampleSection)
    assert.match(
      text,
      /<td>gke-data\/jobs<\/td><td>provider managed of gke-data<\/td><td><\/td><td>3<\/td><td>declared<\/td>/,
    )
    assert.doesNotMatch(text, /<p>No document of the network/)
    const unread = html(sampleFindings, null, { ...sampleSection, exits: { ...sampleExits, networkWasRead: false } })
    assert.match(unread, /<p>No document of the network under the clusters was read: saved output/)
  })

  test('past a thousand workloads the plain table ends, and says so', () => {
    const many = reachResult(Array.from({ length: 1003 }, (_, i) => workload(`c/n/Deployment/w-${i}`, [])))
    const text = html(emptyFindings, null, { result: many, leftOut: [], bounded: true })
    assert.match(text, /<p>3 workloads left out here/)
  })

  test('reads without script', () =>
    check(sampleFindings, [
      /35 open findings, 1 accepted, 1 in the baseline/,
      /<td>critical<\/td><td>PST-N001<\/td><td>open<\/td><td>eks-prod-eu\/payments\/Deployment\/card-tokeniser<\/td><td>team-payments<\/td>/,
      /412 objects read/,
    ]))

  test('says that nothing fired', () => check(emptyFindings, [/<p>No check fired\.<\/p>/]))

  test('its policy allows its own style and script and nothing else', () => {
    const text = html(hostileFindings)
    const hash = (part: string): string => `'sha256-${createHash('sha256').update(part).digest('base64')}'`
    const policy = element(text, 'http-equiv="Content-Security-Policy" content="', '"')
    assert.ok(policy.includes(`style-src ${hash(element(text, '<style>', '</style>'))};`))
    assert.ok(policy.includes(`script-src ${hash(element(text, '<script>', '</script>'))};`))
    assert.match(policy, /^default-src 'none';/)
    assert.doesNotMatch(policy, /unsafe/)
  })

  test('names nothing outside itself', () => {
    const frame = html(emptyFindings)
    assert.doesNotMatch(
      frame,
      /<(?:link|img|iframe|base|object|embed|form)\b|\bsrc=|@import|url\(|\bfetch\(|XMLHttpRequest|innerHTML|insertAdjacentHTML|document\.write/,
    )
  })

  test('hostile texts open no element outside the data', () => {
    const text = html(hostileFindings, null, {
      result: hostileReach,
      leftOut: HOSTILE,
      bounded: true,
      exits: hostileExits(HOSTILE),
    }).replace(/<script type="application\/json"[^>]*>[^<]*<\/script>/g, '')
    const tags = new Set(Array.from(text.matchAll(/<\/?([a-z][a-z0-9]*)/gi), match => (match[1] ?? '').toLowerCase()))
    const own = new Set(
      Array.from(html(sampleFindings, null, sampleSection).matchAll(/<\/?([a-z][a-z0-9]*)/gi), match =>
        (match[1] ?? '').toLowerCase(),
      ),
    )
    assert.deepEqual(
      [...tags].filter(tag => !own.has(tag)),
      [],
    )
  })

  test('a formula is text in the plain table', () => check(hostileFindings, [/<td>&#39;=HYPERLINK/]))

  test('the same input gives the same bytes', () => assert.equal(html(sampleFindings), html(sampleFindings)))
  test('is written in pieces', () => {
    for (const chunk of renderHtml(manyFindings(2000), null, sampleRules, assets)) assert.ok(chunk.length < 300_000)
  })

  test('every script of the folder is in the list', () =>
    assert.deepEqual(
      [...REPORT_FILES.scripts].toSorted(),
      readdirSync(folder)
        .filter(name => name.endsWith('.js'))
        .toSorted(),
    ))

  test('its words for families and severities are the model’s', () => {
    const data = read('data.js')
    for (const [letter, words] of Object.entries(FAMILIES)) assert.ok(data.includes(`${letter}: '${words}'`), letter)
    assert.ok(data.includes(`[${SEVERITIES.map(severity => `'${severity}'`).join(', ')}]`))
  })

  test('it shows the same invisible characters as the other outputs', () => {
    const pattern = /const INVISIBLE = (.*)/
    const here = readFileSync(join(import.meta.dirname, 'text-safety.ts'), 'utf8')
    assert.equal(read('dom.js').match(pattern)?.[1], here.match(pattern)?.[1])
  })

  test('an asset that would end its own element is a bug', () =>
    assert.throws(
      () => textOf(renderHtml(sampleFindings, null, [], { ...assets, scripts: ['"</script>"'] })),
      /contains/,
    ))
})
