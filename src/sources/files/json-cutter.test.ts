import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { cutJson, MAX_JSON_DEPTH, startsLikeJson } from './json-cutter.ts'

const inChunks = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => bytes.subarray(n * size, (n + 1) * size))

/** The pieces as a reader sees them: kind, text, line, column; faults by their words. */
const cut = (text: string | Buffer, size = 1 << 20): readonly string[] => {
  const bytes = Buffer.from(text as string)
  const whole = bytes.toString('latin1')
  // Mapped one by one: a piece's bytes are good until the next is asked for.
  return Array.from(cutJson(inChunks(bytes, size)), piece => {
    if ('why' in piece) return `${piece.kind} ${piece.line}:${piece.column} ${piece.why}`
    const shown = piece.bytes.toString('utf8')
    // An envelope is the one piece whose bytes are not those of its place.
    if (piece.kind !== 'envelope') {
      assert.equal(piece.bytes.toString('latin1'), whole.slice(piece.start, piece.end), 'offsets name the bytes')
    }
    const before = whole.slice(0, piece.start)
    assert.equal(piece.line, before.split('\n').length, 'the line is counted')
    assert.equal(piece.column, piece.start - before.lastIndexOf('\n'), 'the column is counted')
    return `${piece.kind} ${piece.line}:${piece.column} ${shown.trim()}`
  })
}

/** Whatever the chunks, the pieces are the same. */
const check = (text: string | Buffer, expected: readonly string[]): void => {
  for (const size of [1, 2, 3, 5, 1 << 20]) assert.deepEqual(cut(text, size), expected, `chunks of ${size}`)
}

describe('a JSON stream is cut into', () => {
  test('one value', () => check('{"a":[1,{"items":[2]}]}', ['value 1:1 {"a":[1,{"items":[2]}]}']))
  test('values one after the other, with positions', () =>
    check('{"a":1}\n{"b":2}\r\n  {"c":3}', ['value 1:1 {"a":1}', 'value 2:1 {"b":2}', 'value 3:3 {"c":3}']))
  test('values without anything between', () => check('{}{}[]', ['value 1:1 {}', 'value 1:3 {}', 'envelope 1:5 []']))
  test('scalars', () => check(' 12 "a b" null', ['value 1:2 12', 'value 1:5 "a b"', 'value 1:11 null']))
  test('a value after a byte order mark', () => check('\ufeff{"a":1}', ['value 1:4 {"a":1}']))
  test('nothing, for an empty stream', () => check('', []))
  test('nothing, for white space', () => check(' \r\n\t', []))
})

describe('`items` is cut', () => {
  test('and its envelope comes last, emptied', () =>
    check('{"kind":"List",\n "items": [ {"a":1},\n{"b":[2]} ],\n "x":1}', [
      'item 2:13 {"a":1}',
      'item 3:1 {"b":[2]}',
      'envelope 1:1 {"kind":"List",\n "items": [],\n "x":1}',
    ]))
  test('when it comes first, and when it is empty', () => {
    check('{"items":[{}],"kind":"List"}', ['item 1:11 {}', 'envelope 1:1 {"items":[],"kind":"List"}'])
    check('{"items":[]}', ['envelope 1:1 {"items":[]}'])
  })
  test('twice, when it is there twice', () =>
    check('{"items":[{"a":1}],"items":[{"b":1}]}', [
      'item 1:11 {"a":1}',
      'item 1:29 {"b":1}',
      'envelope 1:1 {"items":[],"items":[]}',
    ]))
  test('element by element, scalars and arrays among them', () =>
    check('{"items":[1, null ,"x",[2,{}],{"a":1},true]}', [
      'item 1:11 1',
      'item 1:14 null',
      'item 1:20 "x"',
      'item 1:24 [2,{}]',
      'item 1:31 {"a":1}',
      'item 1:39 true',
      'envelope 1:1 {"items":[]}',
    ]))
  test('not below the top, not as a value, not when it is no array', () => {
    for (const text of [
      '{"a":{"items":[{"b":1}]}}',
      '{"a":"items","b":[{"c":1}]}',
      '{"items":{"a":[1]}}',
      '{"items":"x","b":[1]}',
      '{"items2":[{}]}',
    ]) {
      check(text, [`value 1:1 ${text}`])
    }
  })
  test('not when its key is written with an escape: then it is one value', () =>
    check('{"it\\u0065ms":[{"a":1}]}', ['value 1:1 {"it\\u0065ms":[{"a":1}]}']))
  test('and quotes, brackets and backslashes in strings are text', () =>
    check('{"items":[{"a":"]}\\"\\\\"},{"b\\\\":"[{"}]}', [
      'item 1:11 {"a":"]}\\"\\\\"}',
      'item 1:26 {"b\\\\":"[{"}',
      'envelope 1:1 {"items":[]}',
    ]))
  test('an `items` inside an item stays whole', () =>
    check('{"items":[{"items":[{"a":1}]}]}', ['item 1:11 {"items":[{"a":1}]}', 'envelope 1:1 {"items":[]}']))
})

describe('a top-level array is cut', () => {
  test('into its elements', () =>
    check('[{"a":1},\n{"b":2}]', ['item 1:2 {"a":1}', 'item 2:1 {"b":2}', 'envelope 1:1 []']))
  test('and one in it is an element', () =>
    check('[[1,[2]],"items",[3]]', ['item 1:2 [1,[2]]', 'item 1:10 "items"', 'item 1:18 [3]', 'envelope 1:1 []']))
})

describe('what no JSON has is a fault', () => {
  const rest = ['item 1:2 {"a":1}', 'item 1:10 {"b":2}', 'envelope 1:1 []']
  test('a missing comma', () =>
    check('[{"a":1} {"b":2}]', [
      rest[0] as string,
      'fault 1:10 a comma is missing between two elements',
      ...rest.slice(1),
    ]))
  test('a comma too many', () => {
    check('[,{"a":1}]', ['fault 1:2 a comma with nothing before it', 'item 1:3 {"a":1}', 'envelope 1:1 []'])
    check('[{"a":1},,{"b":2}]', [
      'item 1:2 {"a":1}',
      'fault 1:10 a comma with nothing before it',
      'item 1:11 {"b":2}',
      'envelope 1:1 []',
    ])
    check('[{"a":1},]', ['item 1:2 {"a":1}', 'fault 1:10 a comma with nothing after it', 'envelope 1:1 []'])
  })
  test('a comment between elements is one element that is no JSON', () =>
    check('[// one two\n{"a":1}]', [
      'item 1:2 // one two',
      'fault 2:1 a comma is missing between two elements',
      'item 2:1 {"a":1}',
      'envelope 1:1 []',
    ]))
  test('a closing bracket too many ends the cutting', () =>
    check('{}}{}', ['value 1:1 {}', 'broken 1:3 unexpected `}`']))
  test('nesting past the limit costs its element only', () => {
    const deep = `${'['.repeat(MAX_JSON_DEPTH)}${']'.repeat(MAX_JSON_DEPTH)}`
    const why = `nested deeper than ${MAX_JSON_DEPTH} levels`
    check(`{"items":[{"a":1},{"x":${deep}},\n{"b":2}]}`, [
      'item 1:11 {"a":1}',
      `fault 1:19 ${why}`,
      'item 2:1 {"b":2}',
      'envelope 1:1 {"items":[]}',
    ])
    check(`{"x":${deep}}{"b":2}`, [`fault 1:${MAX_JSON_DEPTH + 5} ${why}`, `value 1:${2 * MAX_JSON_DEPTH + 7} {"b":2}`])
    check(deep, ['item 1:2 '.concat(deep.slice(1, -1)), 'envelope 1:1 []'])
  })
  test('a string without its closing quote spoils its piece, not the rest', () =>
    check('{"items":[\n{"a":"x,\n "b":[1]},\n{"c":3}]}', [
      'item 2:1 {"a":"x,\n "b":[1]}',
      'item 4:1 {"c":3}',
      'envelope 1:1 {"items":[]}',
    ]))
})

describe('a stream that is cut off', () => {
  const off = 'the file ends before the document does: it is cut off'
  test('gives what came before', () => check('{"items":[{"a":1},{"b"', ['item 1:11 {"a":1}', `broken 1:23 ${off}`]))
  test('names the line it ends on', () => check('{"a":1}\n{"b":\n[', ['value 1:1 {"a":1}', `broken 3:2 ${off}`]))
  test('inside a string', () => check('{"a":"b', ['broken 1:8 the file ends inside a string']))
  test('behind a backslash', () => check('{"a":"b\\', ['broken 1:9 the file ends inside a string']))
  test('still says what list it was', () => {
    const pieces = [...cutJson([Buffer.from('{"kind":"PodList","items":[{"a":1},{"b"')])]
    const last = pieces.at(-1)
    assert.ok(last !== undefined && 'why' in last)
    assert.equal(last.around?.toString(), '{"kind":"PodList","items":[]}')
  })
})

/** Puts the pieces together again as `JSON.parse` would have seen the whole. */
const together = (text: string, size: number): unknown => {
  const items: unknown[] = []
  let whole: unknown
  for (const piece of cutJson(inChunks(Buffer.from(text), size))) {
    assert.ok(!('why' in piece), 'valid JSON has no fault')
    const value = JSON.parse(piece.bytes.toString()) as unknown
    if (piece.kind === 'item') items.push(value)
    else if (piece.kind === 'value') whole = value
    else whole = Array.isArray(value) ? items : { ...(value as object), items }
  }
  return whole
}

// No backslash in keys: V8 of Node 24 gives the key `"` the name of a sibling's key `\\`, whoever cuts.
const key = fc.oneof(
  fc.constantFrom('items', 'kind', 'a', '', '"', '{', ']'),
  fc.string().filter(name => !name.includes('\\')),
)
const scalar = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)
const json = fc.letrec(tie => ({
  value: fc.oneof({ maxDepth: 5 }, scalar, tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 5 }),
  object: fc.dictionary(key, tie('value'), { maxKeys: 4 }),
})).value

test('any JSON value, cut with any chunks and put together again, is the value', () => {
  fc.assert(
    fc.property(json, fc.integer({ min: 1, max: 40 }), fc.constantFrom(0, 2, '\t', '\r\n'), (value, size, indent) => {
      const text = JSON.stringify(value, null, indent === '\r\n' ? 1 : indent)
      const written = indent === '\r\n' ? text.replaceAll('\n', '\r\n') : text
      assert.deepEqual(together(written, size), JSON.parse(text))
    }),
    { numRuns: 2_000 },
  )
})

test('any bytes at all are cut without an exception, the same with any chunks', () => {
  const noise = fc
    .array(fc.constantFrom(...'{}[]",:\\ \n1aé"items"'.split('')), { maxLength: 60 })
    .map(all => all.join(''))
  fc.assert(
    fc.property(noise, fc.integer({ min: 1, max: 9 }), (text, size) => {
      assert.deepEqual(cut(text, size), cut(text))
    }),
    { numRuns: 5_000 },
  )
})

test('what starts like JSON', () => {
  for (const [text, expected] of [
    ['{"a":1}', true],
    ['\ufeff \r\n\t[', true],
    ['{', true],
    ['{{- if .Values.x }}', false],
    ['---\n{', false],
    ['a: {', false],
    ['', false],
  ] as const) {
    assert.equal(startsLikeJson(Buffer.from(text)), expected, text)
  }
})
