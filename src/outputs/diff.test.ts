import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { DiffResult } from '../model/diff.ts'
import { renderDiffMarkdown, renderDiffTable } from './diff.ts'
import { displayWidth } from './display-width.ts'
import { textOf } from './testing/render.ts'
import { change, diffResult, hostileDiff, sampleDiff } from './testing/sample-diff.ts'

const table = (result: DiffResult, width = 80, all = false): string =>
  textOf(renderDiffTable(result, { width, color: false, all }))

const inOrder = (text: string, expected: readonly string[]): void => {
  let from = 0
  for (const part of expected) {
    const at = text.indexOf(part, from)
    assert.ok(at >= 0, `\`${part}\` is missing or out of order in\n${text}`)
    from = at + part.length
  }
}

test('what opened comes first, the most severe workload and region before others, doubt last', () =>
  inOrder(table(sampleDiff), [
    'GAINED\n',
    'prod/shop/Deployment/web ───',
    '+  allowed  internet 21.0.0.0-21.255.255.255  TCP 443',
    '+  allowed  names *.example.com',
    '+  allowed  metadata 169.254.169.254',
    'for one: 10.244.1.9 -> 1.1.1.1:443/TCP',
    'prod/shop/Deployment/api ───',
    '+  allowed  workloads prod/shop/StatefulSet/db',
    'prod/shop/Deployment/cron ───',
    '+  unknown  internet',
    'OPENED\n',
    '+ default deny prod shop  full → partial',
    'OTHER WAY OUT\n',
    '~ prod/shop/Deployment/web internet 20.0.0.0-20.255.255.255',
    'nat nat-0ab\n  → internet-gateway igw-1\n',
    'LOST\n',
    'prod/shop/Deployment/old (old-1) ───',
    '-  allowed  private 10.0.0.0-10.255.255.255',
    'CHANGED\n',
    '~ setting prod mtu  1500 → 9000',
    '5 regions gained by 3 workloads, 1 lost by 1 workload\n',
    '1 way opened, 0 closed, 2 changes in all\n',
    'not assessed: nothing of the network was read\n',
  ]))

test('nothing changed', () => {
  assert.equal(table(diffResult({})), 'no workload reaches more or less than before\nno difference in the inventory\n')
  assert.equal(
    textOf(renderDiffMarkdown(diffResult({}))),
    '**no workload reaches more or less than before; 0 ways opened, 0 closed**\n\n',
  )
})

test('no line is wider than the terminal, and nothing acts in it', () => {
  for (const result of [sampleDiff, hostileDiff])
    for (const width of [60, 80, 132])
      for (const line of table(result, width, true).split('\n')) {
        assert.ok(displayWidth(line) <= width, `${width}: ${line}`)
        assert.doesNotMatch(line, /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
      }
})

test('many workloads: the first twenty, and how many more', () => {
  const gained = Array.from({ length: 50 }, (_, n) =>
    change(`prod/shop/Deployment/w${n}`, { kind: 'service', id: 'prod/shop/Service/s' }),
  )
  const text = table(diffResult({ gained }))
  assert.equal(text.match(/Deployment\/w\d+ ─/g)?.length, 20)
  assert.match(text, /\+30 more \(--all lists them\)/)
  assert.equal(table(diffResult({ gained }), 80, true).match(/Deployment\/w\d+ ─/g)?.length, 50)
})

test('Markdown: a row a region, gained before lost, nothing of it acts, and no more than a comment holds', () => {
  inOrder(textOf(renderDiffMarkdown(sampleDiff)), [
    '**5 regions gained by 3 workloads, 1 lost by 1 workload; 1 way opened, 0 closed**',
    '| prod/shop/Deployment/web | internet 21.0.0.0-21.255.255.255 | TCP 443 | allowed |',
    '| prod/shop/Deployment/cron | internet',
    '| prod/shop/Deployment/old &#40;old-1&#41; | private',
    'nat nat-0ab → internet-gateway igw-1',
    '| default deny | shop | full | partial |',
    '_not assessed: nothing of the network was read._',
  ])
  const hostile = textOf(renderDiffMarkdown(hostileDiff))
  assert.doesNotMatch(hostile, /<(?!\/?code)|\u202e|javascript:\/\//)
  const gained = Array.from({ length: 5000 }, (_, n) => change(`c/n/Deployment/${n}`, { kind: 'apiserver' }))
  const many = textOf(renderDiffMarkdown(diffResult({ gained })))
  assert.ok(many.length < 60_000)
  assert.match(many, /4900 more/)
})

test('the published schema holds for results, and refuses what is none', () => {
  const schema = (name: string) =>
    JSON.parse(
      readFileSync(join(import.meta.dirname, `../../docs/reference/schemas/${name}.v1.json`), 'utf8'),
    ) as object
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true })
  for (const name of ['findings', 'reach']) ajv.addSchema(schema(name))
  const validate = ajv.compile(schema('diff'))
  for (const result of [sampleDiff, hostileDiff, diffResult({})])
    assert.ok(validate(result), JSON.stringify(validate.errors))
  const [first] = sampleDiff.gained
  assert.ok(!validate({ ...sampleDiff, gained: [{ ...first, verdict: 'denied' }] }))
  assert.ok(!validate({ ...sampleDiff, gained: [{ ...first, extra: 1 }] }))
})
