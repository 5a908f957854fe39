import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { loadAll } from 'js-yaml'
import { SaxesParser } from 'saxes'
import { loadEstate } from '../src/app/load.ts'
import { RULES, scan } from '../src/app/scan.ts'
import { reportAssets } from '../src/cli/assets.ts'
import { renderFindingsTable } from '../src/outputs/findings-table.ts'
import { renderHtml } from '../src/outputs/html.ts'
import { renderInventoryTable } from '../src/outputs/inventory-table.ts'
import { renderJson } from '../src/outputs/json.ts'
import { renderJunit } from '../src/outputs/junit.ts'
import { renderFindingsMarkdown } from '../src/outputs/markdown.ts'
import { renderSarif } from '../src/outputs/sarif.ts'
import { renderYaml } from '../src/outputs/yaml.ts'
import { ESTATE } from './support/estate-files.ts'
import { tree } from './support/run.ts'

/**
 * Real documents, spoilt: bytes flipped, cut, doubled; values swapped, nested, made another type. Whatever comes out, it
 * is loaded, judged and rendered in every form without an exception. The seed is printed; POSTERN_FUZZ_SEED runs it again.
 */
const BUDGET_MS = 75_000

const seed = Number(process.env['POSTERN_FUZZ_SEED'] ?? Date.now() % 2 ** 31)

const NAMES = Object.keys(ESTATE)
const PIECES = [
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  ':',
  ',',
  '\n',
  '---\n',
  '\t',
  '\\',
  '&a ',
  '*a',
  '<<: *a',
  '!!int ',
  '|',
  '>',
  '# ',
  '{{',
  '\u0000',
  '\ufeff',
  '\u202e',
  '😀',
  '\ud800',
  'null',
  'true',
  '1e999',
  '__proto__',
  '0x',
  '- ',
  '  ',
]

/** One change to text; the numbers say where, as a share of its length. */
type Change =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'cut'; readonly at: number; readonly length: number }
  | { readonly kind: 'double'; readonly at: number; readonly length: number }
  | { readonly kind: 'insert'; readonly at: number; readonly piece: string }
  | { readonly kind: 'truncate'; readonly at: number }
  | { readonly kind: 'indent'; readonly at: number; readonly by: number }

const share = fc.double({ min: 0, max: 1, noNaN: true })
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: share, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('cut' as const), at: share, length: fc.nat(60) }),
  fc.record({ kind: fc.constant('double' as const), at: share, length: fc.nat(400) }),
  fc.record({ kind: fc.constant('insert' as const), at: share, piece: fc.constantFrom(...PIECES) }),
  fc.record({ kind: fc.constant('truncate' as const), at: share }),
  fc.record({ kind: fc.constant('indent' as const), at: share, by: fc.nat(3) }),
)

const changed = (bytes: Buffer, step: Change): Buffer => {
  const at = Math.floor(step.at * bytes.length)
  const before = bytes.subarray(0, at)
  const after = bytes.subarray(at)
  switch (step.kind) {
    case 'flip': {
      const copy = Buffer.from(bytes)
      if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << step.bit)
      return copy
    }
    case 'cut':
      return Buffer.concat([before, after.subarray(step.length)])
    case 'double':
      return Buffer.concat([before, after.subarray(0, step.length), after])
    case 'insert':
      return Buffer.concat([before, Buffer.from(step.piece), after])
    case 'truncate':
      return before
    case 'indent': {
      const line = bytes.lastIndexOf(0x0a, at) + 1
      return Buffer.concat([bytes.subarray(0, line), Buffer.alloc(step.by, 0x20), bytes.subarray(line)])
    }
  }
}

/** Documents as values, with nodes replaced by others of any type: past the parser, into the lowering. */
const anyValue = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    1.5,
    '',
    'x',
    '*',
    '0.0.0.0/0',
    [],
    {},
    [null],
    [[]],
    { matchLabels: [] },
    { labels: 'x' },
    [{}],
  ),
  fc.jsonValue({ maxDepth: 3 }),
)

const spoil = (value: unknown, target: number, replacement: unknown, count = { n: 0 }): unknown => {
  if (count.n++ === target) return replacement
  if (Array.isArray(value)) return value.map(element => spoil(element, target, replacement, count))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, spoil(child, target, replacement, count)]),
  )
}

const assets = reportAssets()
const NOW = '2026-11-20'

/** Everything that a user could make of the folder. */
const judge = (folder: string): void => {
  const loaded = loadEstate([{ path: folder, cluster: null }])
  const { findings, inventory } = scan(loaded, { now: NOW, baseline: new Set() })
  for (const { file, line, column, message } of findings.diagnostics) {
    assert.ok(NAMES.includes(file), `a diagnostic names the file: ${file}`)
    assert.ok(line === null || line >= 1)
    assert.ok(column === null || column >= 1)
    assert.ok(message.length > 0 && message.length < 1_000)
  }
  const { objects, understood, ignorable, partly, notImplemented, unrecognised } = findings.coverage
  assert.equal(objects, understood + ignorable + partly + notImplemented + unrecognised)
  const text = (chunks: Iterable<string>): string => Array.from(chunks).join('')
  JSON.parse(text(renderJson(findings)))
  JSON.parse(text(renderJson(inventory)))
  JSON.parse(text(renderSarif(findings, RULES, { version: '0', filePrefix: '' })))
  text(renderYaml(findings))
  text(renderFindingsTable(findings, { width: 80, color: true, all: true }))
  text(renderInventoryTable(inventory, { width: 80, color: false, all: true, wide: true }))
  text(renderFindingsMarkdown(findings, { all: true }))
  text(renderHtml(findings, inventory, RULES, assets))
  const parser = new SaxesParser()
  parser.on('error', error => assert.fail(error))
  parser.write(text(renderJunit(findings, { threshold: 'high' }))).close()
}

const folder = tree(ESTATE, 'fuzz')

const attempt = (name: string, content: Buffer): void => {
  writeFileSync(join(folder, name), content)
  try {
    judge(folder)
  } catch (error) {
    const kept = `${folder}-${name}`
    writeFileSync(kept, content)
    throw new Error(`seed ${seed}, ${name} kept at ${kept}`, { cause: error })
  } finally {
    writeFileSync(join(folder, name), ESTATE[name] ?? '')
  }
}

test('the documents as they are', t => {
  t.diagnostic(`seed ${seed}`)
  judge(folder)
})

test('any change to the bytes of any file', t => {
  const input = fc.tuple(fc.constantFrom(...NAMES), fc.array(change, { minLength: 1, maxLength: 6 }))
  const runs = { n: 0 }
  fc.assert(
    fc.property(input, ([name, steps]) => {
      runs.n++
      attempt(name, steps.reduce(changed, Buffer.from(ESTATE[name] ?? '')))
    }),
    { seed, numRuns: 1_000_000, interruptAfterTimeLimit: BUDGET_MS / 2, markInterruptAsFailure: false },
  )
  t.diagnostic(`${runs.n} runs, seed ${seed}`)
})

test('any node of any document replaced by anything', t => {
  const values = NAMES.map(name => [name, loadAll(ESTATE[name] ?? '')] as const)
  const input = fc.tuple(
    fc.constantFrom(...values),
    fc.array(fc.tuple(fc.nat(120), anyValue), { minLength: 1, maxLength: 4 }),
  )
  const runs = { n: 0 }
  fc.assert(
    fc.property(input, ([[name, value], changes]) => {
      runs.n++
      const spoilt = changes.reduce<unknown>((sum, [target, other]) => spoil(sum, target, other), value)
      const texts = (Array.isArray(spoilt) ? spoilt : [spoilt]).map(document => JSON.stringify(document) ?? '')
      attempt(name, Buffer.from(texts.join('\n---\n')))
    }),
    { seed, numRuns: 1_000_000, interruptAfterTimeLimit: BUDGET_MS / 2, markInterruptAsFailure: false },
  )
  t.diagnostic(`${runs.n} runs, seed ${seed}`)
})

test('the fixtures are whole again', () => {
  for (const name of NAMES) assert.equal(readFileSync(join(folder, name), 'utf8'), ESTATE[name])
})
