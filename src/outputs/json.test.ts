import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { jsonChunks, renderJson } from './json.ts'
import { HOSTILE, hostileFindings, manyFindings, sampleFindings } from './testing/sample-findings.ts'

const check = (value: object, indent: number, expected: string): void =>
  assert.equal(Array.from(jsonChunks(value, indent)).join(''), expected)

test('the same bytes as JSON.stringify, for any value', () =>
  fc.assert(
    fc.property(fc.object({ maxDepth: 7 }), fc.constantFrom(0, 2), (value, indent) => {
      const plain = JSON.parse(JSON.stringify(value)) as object
      check(plain, indent, JSON.stringify(plain, null, indent))
    }),
  ))

test('a generator is an array', () => {
  const lazy = (function* () {
    yield { a: 1 }
    yield { a: 2 }
  })()
  check({ runs: [{ lazy }] }, 0, '{"runs":[{"lazy":[{"a":1},{"a":2}]}]}')
})

test('a result ends with a line break and reads back as itself', () => {
  const text = Array.from(renderJson(sampleFindings)).join('')
  assert.ok(text.endsWith('}\n'))
  assert.deepEqual(JSON.parse(text), sampleFindings)
})

test('what acts on a terminal is escaped and reads back the same', () => {
  const text = Array.from(renderJson(hostileFindings)).join('')
  assert.doesNotMatch(text, /[^\P{Cc}\n]|\p{Cf}/u)
  assert.deepEqual(JSON.parse(text), hostileFindings)
  assert.ok(HOSTILE.length > 0)
})

test('no chunk holds more than a few findings', () => {
  for (const chunk of renderJson(manyFindings(2000))) assert.ok(chunk.length < 200_000)
})
