import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { field } from '../../model/json.ts'
import { cutYaml, MAX_YAML_DEPTH, parseYaml } from './yaml-documents.ts'

const check = (text: string, expected: unknown): void => {
  const result = parseYaml(text)
  assert.ok(result.kind === 'value', JSON.stringify(result))
  assert.deepEqual(JSON.parse(JSON.stringify(result.value)), expected)
}

const refuses = (text: string, why: RegExp, line: number | null = null, column: number | null = null): void => {
  const result = parseYaml(text)
  assert.ok(result.kind === 'broken', text.slice(0, 80))
  assert.match(result.why, why)
  if (line !== null) assert.equal(result.line, line)
  if (column !== null) assert.equal(result.column, column)
}

// Expected values: sigs.k8s.io/yaml/goyaml.v2, resolve.go, and what kubectl sends for such text.
describe('scalars are those of Kubernetes', () => {
  test('YAML 1.1 booleans', () => {
    for (const word of ['yes', 'Yes', 'YES', 'y', 'Y', 'on', 'On', 'ON', 'true', 'True', 'TRUE']) check(word, true)
    for (const word of ['no', 'No', 'NO', 'n', 'N', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE']) check(word, false)
    for (const word of ['yES', 'nO', 'oN', 'tRUE', '"yes"', "'on'"]) check(word, word.replace(/["']/g, ''))
  })
  test('integers', () => {
    check('017', 15)
    check('-017', -15)
    check('0o17', 15)
    check('0x1F', 31)
    check('0b101', 5)
    check('1_000', 1000)
    check('+5', 5)
    check('0', 0)
    // Not octal, so it is the decimal number that the float rule reads.
    check('08', 8)
    check('"017"', '017')
  })
  test('floats', () => {
    check('1e3', 1000)
    check('0.5', 0.5)
    check('.5', 0.5)
    check('1.', 1)
  })
  test('sexagesimals, versions, addresses and timestamps stay text', () => {
    for (const word of [
      '22:22',
      '190:20:30',
      '2001-12-14',
      '2001-12-14T21:59:43Z',
      '1.2.3',
      '10.0.0.1',
      '::1',
      '0x',
      '1e',
    ]) {
      check(`a: ${word}`, { a: word })
    }
  })
  test('nothing', () => check('a: ~\nb: null\nc:\nd: ""', { a: null, b: null, c: null, d: '' }))
  test('keys are text, whatever they look like', () =>
    check('1: a\nyes: b\n0x10: c', { '1': 'a', true: 'b', '16': 'c' }))
  test('block scalars', () => check('a: |\n  x\n  y\nb: >-\n  x\n  y\n', { a: 'x\ny\n', b: 'x y' }))
  test('`!!str` and `!!binary`', () => check('a: !!str 12\nb: !!binary aGk=', { a: '12', b: 'hi' }))
  test('anchors, aliases and merge keys', () =>
    check('a: &a {x: 1, z: 2}\nb: *a\nc: {<<: *a, z: 3}', { a: { x: 1, z: 2 }, b: { x: 1, z: 2 }, c: { x: 1, z: 3 } }))
  test('CRLF and a byte order mark', () => check('\ufeffa: 1\r\nb:\r\n  - c\r\n', { a: 1, b: ['c'] }))
})

test('keys that objects are born with are only keys', () => {
  const result = parseYaml('__proto__: {polluted: yes}\nconstructor: 1\nhasOwnProperty: 2\ntoString: 3')
  assert.ok(result.kind === 'value')
  assert.deepEqual(field(field(result.value, '__proto__'), 'polluted'), true)
  assert.equal(field(result.value, 'constructor'), 1)
  assert.equal(field(result.value, 'valueOf'), undefined)
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined)
  const merged = parseYaml('a: &a {__proto__: {polluted: yes}}\nb: {<<: *a}')
  assert.ok(merged.kind === 'value')
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined)
  assert.equal(field(field(merged.value, 'b'), 'polluted'), undefined)
})

describe('what is refused is told with its place', () => {
  test('a tab as indentation', () => refuses('a:\n  b: 1\n\tc: 2', /tab/, 3, 1))
  test('a key twice', () => refuses('a: 1\nb: 2\na: 3', /duplicated mapping key/, 3, 1))
  test('bad indentation', () => refuses('a:\n  b: 1\n c: 2', /indentation/, 3))
  test('an alias to nothing', () => refuses('a: 1\nb: *none', /alias/, 2))
  test('a string without its end', () => refuses('a: "x\nb: 1', /./))
  test('a bracket without its end', () => refuses('a: [1, 2\nb: 3', /./))
})

describe('documents that grow when they are read', () => {
  test('aliases of aliases', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    for (let n = 1; n < 12; n++)
      lines.push(
        `a${n}: &a${n} [${Array(10)
          .fill(`*a${n - 1}`)
          .join(', ')}]`,
      )
    refuses(lines.join('\n'), /^aliases expand to more than 5000000 nodes$/)
  })
  test('aliases of a long text', () => {
    const text = `a: &a "${'x'.repeat(1_000_000)}"\nb: [${Array(900).fill('*a').join(', ')}]`
    refuses(text, /^aliases expand to more than 134217728 characters$/)
  })
  test('aliases that nest', () => {
    const lines = [`a0: &a0 ${'['.repeat(90)}x${']'.repeat(90)}`]
    for (let n = 1; n < 60; n++) lines.push(`a${n}: &a${n} ${'['.repeat(90)}*a${n - 1}${']'.repeat(90)}`)
    refuses(lines.join('\n'), /^aliases nest deeper than 1000 levels$/)
  })
  test('more aliases than anybody writes', () => refuses(`a: &a 1\nb: [${Array(2_000).fill('*a').join(', ')}]`, /./))
  test('an alias inside what it names', () => {
    refuses('a: &a [*a]', /aliases expand/)
    refuses('a: &a {b: {c: *a}}', /aliases expand/)
  })
  test('a merge of what is being written', () => {
    const result = parseYaml('a: &a\n  <<: *a\n  b: 1')
    assert.ok(result.kind === 'broken' || JSON.stringify(result.value) === '{"a":{"b":1}}')
  })
  test('merges of merges', () => {
    const lines = ['a0: &a0 {x: 1}']
    for (let n = 1; n < 40; n++)
      lines.push(
        `a${n}: &a${n} {<<: [${Array(8)
          .fill(`*a${n - 1}`)
          .join(', ')}], k${n}: 1}`,
      )
    const result = parseYaml(lines.join('\n'))
    assert.ok(result.kind === 'value' || result.why !== '')
  })
  test('nesting', () => {
    check(`${'['.repeat(50)}${']'.repeat(50)}`, JSON.parse(`${'['.repeat(50)}${']'.repeat(50)}`))
    refuses(`${'['.repeat(MAX_YAML_DEPTH + 1)}`, /./)
    refuses('['.repeat(100_000), /./)
    refuses('- '.repeat(100_000), /./)
    refuses(Array.from({ length: 5_000 }, (_, n) => `${' '.repeat(n)}a:`).join('\n'), /./)
  })
})

describe('a stream is cut at its markers', () => {
  /** `LINE TEXT` of each slice. */
  const cut = (text: string): readonly string[] => {
    const bytes = Buffer.from(text)
    return [...cutYaml(bytes)].map(({ start, end, line }) => `${line} ${bytes.toString('utf8', start, end)}`)
  }
  const slices = (text: string, expected: readonly string[]): void => assert.deepEqual(cut(text), expected)

  test('one document', () => slices('a: 1\n', ['1 a: 1\n']))
  test('several, each with the line it starts on', () =>
    slices('a: 1\n---\nb: 1\n\n---\n\n\nc: 1', ['1 a: 1\n', '3 b: 1\n\n', '8 c: 1']))
  test('a marker first, and last', () => slices('---\na: 1\n---\n', ['2 a: 1\n']))
  test('content on the marker’s line', () => slices('--- {a: 1}\n--- b\n', ['1  {a: 1}\n', '2  b\n']))
  test('a comment on the marker’s line', () => slices('--- # first\na: 1', ['2 a: 1']))
  test('`...` ends a document', () => slices('a: 1\n...\nb: 2\n...\n', ['1 a: 1\n', '3 b: 2\n']))
  test('documents of comments and white space are none', () => slices('# x\n---\n\n  # y\n---\n \n', []))
  test('comments before a document stay outside', () => slices('# x\n\na: 1 # y\n', ['3 a: 1 # y\n']))
  test('CRLF', () => slices('a: 1\r\n---\r\nb: 2\r\n', ['1 a: 1\r\n', '3 b: 2\r\n']))
  test('a marker must start the line and end with white space', () =>
    slices('a: |\n  ---\nb: ----\n---x: 1\n', ['1 a: |\n  ---\nb: ----\n---x: 1\n']))
  test('directives are no document', () => slices('%YAML 1.1\n%TAG ! x\n---\na: 1\n', ['4 a: 1\n']))
  test('an empty stream', () => slices('', []))
  test('every slice of a stream with a byte order mark parses', () => {
    const bytes = Buffer.from('\ufeff---\na: 1\n---\nb: 2\n')
    const values = [...cutYaml(bytes)].map(({ start, end }) => parseYaml(bytes.toString('utf8', start, end)))
    assert.deepEqual(values, [
      { kind: 'value', value: { a: 1 } },
      { kind: 'value', value: { b: 2 } },
    ])
  })
})
