import assert from 'node:assert/strict'
import { test } from 'node:test'
import { load } from 'js-yaml'
import { hostileFindings, sampleFindings } from './testing/sample-findings.ts'
import { bareCluster, inventoryOf, sampleInventory } from './testing/sample-inventory.ts'
import { renderYaml } from './yaml.ts'

const check = (result: object, expected: unknown): void =>
  assert.deepEqual(load(Array.from(renderYaml(result)).join('')), expected)

test('findings read back as themselves', () => check(sampleFindings, sampleFindings))
test('an inventory reads back as itself', () => check(sampleInventory, sampleInventory))
test('empty lists stay lists', () => check(inventoryOf([bareCluster('c')]), inventoryOf([bareCluster('c')])))
test('hostile texts read back as themselves', () => check(hostileFindings, hostileFindings))

test('texts that some reader would take for something else are quoted', () => {
  const words = [
    'on',
    'no',
    'y',
    '1:30',
    '012',
    '0x1F',
    '1e3',
    '~',
    'null',
    '',
    '2027-02-01',
    '- a',
    '#x',
    'a: b',
    'a\nb\n',
    ' a ',
  ]
  check({ words }, { words })
  assert.match(Array.from(renderYaml({ words })).join(''), /- 'on'\n {2}- 'no'\n {2}- 'y'\n {2}- '1:30'/)
})

test('nothing that acts on a terminal', () => {
  assert.doesNotMatch(Array.from(renderYaml(hostileFindings)).join(''), /[^\P{Cc}\n]/u)
})

test('nothing that hides in an editor or turns its text around', () => {
  const words = [
    'a\u202eb',
    'a\u200bb',
    '\ufeffa',
    'a\u{e0041}b',
    'two\nlines\u2066',
    'it is "\u202d\\u202d"',
    '\u00ad',
  ]
  const result = { words, '\u202ekey': { 'a\u200d': 1 } }
  check(result, result)
  assert.doesNotMatch(Array.from(renderYaml(result)).join(''), /\p{Cf}/u)
})
