import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { DocumentPath } from '../../model/provenance.ts'
import { jsonLinesIn } from './json-position.ts'

const lineOf = (text: string, path: DocumentPath): number => jsonLinesIn(Buffer.from(text))(path)

const TEXT = `{
  "Tables": [
    { "Id": "a" },
    {
      "Id": "b \\" } ] é",
      "Routes": [
        "x", [1, 2],
        {"to": null}
      ]
    }
  ],
  "Next": {}, "Last": "y"
}`

test('the line on which a value starts', () => {
  assert.equal(lineOf(TEXT, []), 0)
  assert.equal(lineOf(TEXT, ['Tables']), 1)
  assert.equal(lineOf(TEXT, ['Tables', 0]), 2)
  assert.equal(lineOf(TEXT, ['Tables', 1]), 3)
  assert.equal(lineOf(TEXT, ['Tables', 1, 'Routes', 1]), 6)
  assert.equal(lineOf(TEXT, ['Tables', 1, 'Routes', 2, 'to']), 7)
  assert.equal(lineOf(TEXT, ['Last']), 11)
})

test('of a path that ends early, the last part that is there', () => {
  assert.equal(lineOf(TEXT, ['Tables', 1, 'Id', 'more']), 4)
  assert.equal(lineOf(TEXT, ['Tables', 7]), 1)
  assert.equal(lineOf(TEXT, ['gone', 'Tables']), 0)
})

/** Every value of a document, with its path. */
const places = (
  value: unknown,
  path: DocumentPath = [],
): readonly { readonly path: DocumentPath; readonly value: unknown }[] => [
  { path, value },
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, part]) => places(part, [...path, Array.isArray(value) ? Number(key) : key]))
    : []),
]

// Indented, every part of a list or an object stands on a line of its own: a value takes as many lines as its own text has.
test('whatever the document holds', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), drawn => {
      const value: unknown = JSON.parse(JSON.stringify(drawn))
      const lines = JSON.stringify(value, null, 1).split('\n')
      const find = jsonLinesIn(Buffer.from(lines.join('\n')))
      for (const { path, value: part } of places(value)) {
        const from = find(path)
        const text = JSON.stringify(part, null, 1).split('\n')
        const there = lines.slice(from, from + text.length).join('\n')
        assert.ok(
          there.includes(text.map((line, i) => (i === 0 ? line : `${' '.repeat(path.length)}${line}`)).join('\n')),
          `${path.join('.')} on line ${from}`,
        )
      }
    }),
  )
})
