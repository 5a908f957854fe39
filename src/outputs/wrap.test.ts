import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { displayWidth } from './display-width.ts'
import { hanging, wrap } from './wrap.ts'

const check = (text: string, width: number, expected: readonly string[]): void =>
  assert.deepEqual(wrap(text, width), expected)

test('words stay whole', () => check('one two three', 8, ['one two', 'three']))
test('a text that fits is left as it is', () => check('a  b', 8, ['a  b']))
test('an empty text is one empty line', () => check('', 8, ['']))
test('a long id ends its line after a separator', () =>
  check('prod-eu/payments/Deployment', 18, ['prod-eu/payments/', 'Deployment']))
test('a word without a separator is cut', () => check('abcdefgh', 3, ['abc', 'def', 'gh']))
test('wide characters are never cut in half', () => check('漢字漢字', 5, ['漢字', '漢字']))
test('the label hangs', () => assert.deepEqual(hanging('why ', 'one two', 8), ['why one', '    two']))

const line = fc.string({ unit: fc.constantFrom('a', 'b', '/', '-', ' ', '漢', 'é') })

test('no line is wider than asked, and nothing but blanks is lost', () =>
  fc.assert(
    fc.property(line, fc.integer({ min: 2, max: 20 }), (text, width) => {
      const lines = wrap(text, width)
      assert.ok(lines.every(item => displayWidth(item) <= width))
      assert.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''))
    }),
  ))
