import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { jsonFault } from './json-fault.ts'

/** `before` is the text up to the fault. */
const check = (text: string, before: string | null, why: string | null = null): void => {
  const fault = jsonFault(text)
  assert.equal(fault === null ? null : text.slice(0, fault.offset), before, text)
  if (why !== null) assert.match(fault?.why ?? '', new RegExp(why), text)
}

test('valid JSON has no fault', () => {
  for (const text of ['{}', '[]', ' 1 ', '"a\\u00e9\\n"', '[1,-0.5e+3,true,null,{"a":[]}]', '{"a":{"b":1},"c":2}\n']) {
    check(text, null)
  }
})

test('the fault is where RFC 8259 stops', () => {
  check('{"a":1,}', '{"a":1,', 'a key in double quotes is missing')
  check('[1,]', '[1,', 'a value is missing')
  check('[1 2]', '[1 ', 'a comma or a closing bracket')
  check('{"a" 1}', '{"a" ', 'a colon')
  check('{"a":}', '{"a":', 'a value is missing')
  check("{'a':1}", '{', 'double quotes')
  check('{a:1}', '{', 'double quotes')
  check('{"a":"b\nc"}', '{"a":"b', 'line break')
  check('{"a":"\\x"}', '{"a":"', 'escape')
  check('{"a":"\\u12"}', '{"a":"', 'escape')
  check('{"a":01}', '{"a":0', 'comma or a closing bracket')
  check('{"a":truex}', '{"a":', 'a value is missing')
  check('{"a":1] ', '{"a":1', 'closing bracket')
  check('{"a":1} x', '{"a":1} ', 'more after the end')
  check('// no\n{}', '', 'a value is missing')
  check('{"a":[1', '{"a":[1', 'ends too early')
  check('{"a":"b', '{"a":"b', 'closing quote')
  check('', '', 'ends too early')
})

test('it refuses exactly what JSON.parse refuses', () => {
  const text = fc
    .array(fc.constantFrom(...'{}[]",:\\ \n\t0123.eE+-truefalsn'.split(''), '"a"', 'null', '\\u0041'), {
      maxLength: 12,
    })
    .map(all => all.join(''))
  const parses = (source: string): boolean => {
    try {
      JSON.parse(source)
      return true
    } catch {
      return false
    }
  }
  fc.assert(
    fc.property(
      fc.oneof(
        text,
        fc.json(),
        fc.json().chain(source => fc.nat(source.length).map(n => source.slice(0, n))),
      ),
      source => {
        assert.equal(jsonFault(source) === null, parses(source))
      },
    ),
    { numRuns: 20_000 },
  )
})

test('a very long string and very deep nesting are walked, not recursed', () => {
  check(`"${'x'.repeat(2_000_000)}`, `"${'x'.repeat(2_000_000)}`, 'closing quote')
  check('['.repeat(200_000), '['.repeat(200_000), 'ends too early')
})
