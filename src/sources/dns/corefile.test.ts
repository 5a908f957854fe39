import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type CorefileBlock, parseCorefile, parsePlugins } from './corefile.ts'

const shown = (blocks: readonly CorefileBlock[]): readonly string[] =>
  blocks.map(({ labels, plugins }) => {
    const each = plugins.map(({ name, args, block }) => {
      const inner = block.length === 0 ? '' : ` [${block.map(words => words.join(' ')).join('; ')}]`
      return `${[name, ...args].join(' ')}${inner}`
    })
    return `${labels.join(' ')}: ${each.join(', ')}`
  })

const check = (text: string, expected: readonly string[]): void =>
  assert.deepEqual(shown(parseCorefile(text, () => [])), expected)

// Source: coredns.io/manual/configuration.
describe('server blocks', () => {
  test('zones, plugins and their blocks', () =>
    check(
      '.:53 {\n    errors\n    forward . 8.8.8.8 8.8.4.4 {\n        force_tcp\n        max_concurrent 1000\n    }\n    cache 30\n}\n',
      ['.:53: errors, forward . 8.8.8.8 8.8.4.4 [force_tcp; max_concurrent 1000], cache 30'],
    ))
  test('several zones on one block, by blanks or commas', () =>
    check('example.org, a.b:1053 c {\n whoami\n}', ['example.org a.b:1053 c: whoami']))
  test('several blocks', () => check('. {\n log\n}\nx.y {\n errors\n}', ['.: log', 'x.y: errors']))
  test('a file of one block without braces', () => check('.:53\nlog\nerrors', ['.:53: log, errors']))
  test('comments and quotes', () =>
    check('# first\n. { # here\n log . "{a b}" # there\n #errors\n foo#bar\n}', ['.: log . {a b}, foo#bar']))
  test('CRLF', () => check('. {\r\n log\r\n}\r\n', ['.: log']))
  test('a closing brace at the end of a line', () => check('. {\n log }\nx {\n errors\n}', ['.: log', 'x: errors']))
  test('nested blocks', () => check('. {\n a {\n b {\n c\n }\n }\n d\n}', ['.: a [b; c], d']))
  test('nothing', () => check('', []))
})

describe('imports', () => {
  test('a snippet is spliced in where it is named', () =>
    check('(logged) {\n log\n errors\n}\n. {\n import logged\n cache\n}\nx {\n import logged\n}', [
      '.: log, errors, cache',
      'x: log, errors',
    ]))
  test('files give plugins inside a block and blocks outside', () => {
    const importer = (name: string): readonly string[] =>
      name.endsWith('.override') ? ['log'] : name.endsWith('.server') ? ['x {\n errors\n}'] : []
    const text = '. {\n import custom/*.override\n}\nimport custom/*.server\n'
    assert.deepEqual(shown(parseCorefile(text, importer)), ['.: log', 'x: errors'])
  })
  test('what imports itself ends', () => {
    assert.ok(parseCorefile('import a', () => ['import a\n. {\n log\n}']).length < 20)
    assert.ok(parsePlugins('import a\nlog', () => ['import a\nlog']).length < 20)
  })
})

describe('what does not parse', () => {
  test('an end that is missing', () => check('. {\n log\n forward . 1.1.1.1 {', ['.: log, forward . 1.1.1.1']))
  test('a brace too many ends the reading', () => check('. {\n log\n}\n}\nx {\n errors\n}', ['.: log']))
  test('anything at all, without an exception', () => {
    const noise = fc.array(fc.constantFrom('.', '{', '}', '\n', ' ', '"', '#', 'import', '(s)', 'log', '\\', ','), {
      maxLength: 40,
    })
    fc.assert(
      fc.property(noise, parts => void parseCorefile(parts.join(''), () => ['log\n}'])),
      { numRuns: 3_000 },
    )
  })
})
