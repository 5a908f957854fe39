import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { HOSTILE } from './testing/sample-findings.ts'
import { htmlText, markdownCode, markdownText, notAFormula, terminalSafe, xmlText } from './text-safety.ts'

const check = (render: (text: string) => string, input: string, expected: string): void =>
  assert.equal(render(input), expected)

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.constantFrom(...HOSTILE))

describe('text for a terminal', () => {
  test('an escape sequence is shown, not sent', () => check(terminalSafe, '\u001b[31mred', '\\x1b[31mred'))
  test('the one-byte control sequence introducer too', () => check(terminalSafe, '\u009b2J', '\\x9b2J'))
  test('reordering is shown', () => check(terminalSafe, 'a\u202eb', 'a\\u202eb'))
  test('zero width is shown', () => check(terminalSafe, 'a\u200bb\ufeff', 'a\\u200bb\\ufeff'))
  test('a tag character is shown', () => check(terminalSafe, '\u{e0041}', '\\u{e0041}'))
  test('half a character is shown', () => check(terminalSafe, '\ud800', '\\ud800'))
  test('line breaks stay on the line', () => check(terminalSafe, 'a\nb\tc', 'a\\nb\\tc'))
  test('other scripts pass', () => check(terminalSafe, 'שלום 漢字 é', 'שלום 漢字 é'))
  test('nothing that acts is left of any text', () =>
    fc.assert(fc.property(anyText, text => !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(terminalSafe(text)))))
})

describe('text for HTML', () => {
  test('markup is text', () => check(htmlText, '<b a="1">&\'', '&lt;b a=&quot;1&quot;&gt;&amp;&#39;'))
  test('no text opens an element or ends an attribute', () =>
    fc.assert(fc.property(anyText, text => !/[<>"']|&(?!(amp|lt|gt|quot|#39);)/.test(htmlText(text)))))
})

describe('text for XML', () => {
  test('breaks stay, characters outside Char go', () => check(xmlText, 'a\nb\u0000\ufffe', 'a\nb\\x00\\ufffe'))
  test('only characters of the Char production', () =>
    fc.assert(
      fc.property(anyText, text => /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u.test(xmlText(text))),
    ))
})

describe('text for Markdown', () => {
  test('emphasis, links and cells are text', () =>
    check(markdownText, 'a*b* [x](y) |', 'a&#42;b&#42; &#91;x&#93;&#40;y&#41; &#124;'))
  test('nobody is mentioned', () => check(markdownText, '@everyone #1', '&#8203;@&#8203;everyone &#8203;#&#8203;1'))
  test('a bare address is no link', () =>
    check(markdownText, 'http://a www.b', 'http&#8203;:&#8203;//a www&#8203;.&#8203;b'))
  test('the start of a line is no list', () => check(markdownText, '- a', '&#8203;-&#8203; a'))
  test('code holds every character', () => check(markdownCode, 'a`|<', '<code>a&#96;&#124;&#60;</code>'))
  test('no raw punctuation of Markdown is left of any text', () =>
    fc.assert(fc.property(anyText, text => !/[\\`*_{}[\]<>|~\n]|&(?!#\d+;)/.test(markdownText(text)))))
})

describe('text for a spreadsheet', () => {
  for (const start of ['=', '+', '-', '@', ' =']) {
    test(`\`${start}\` starts no formula`, () => check(notAFormula, `${start}cmd`, `'${start}cmd`))
  }
  test('other text is left alone', () => check(notAFormula, 'a=b', 'a=b'))
})
