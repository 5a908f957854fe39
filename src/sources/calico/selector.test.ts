import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { calicoSelects, keysOf, parseCalicoSelector } from './selector.ts'

/** Whether the selector holds for the labels; null when it is no selector. */
const check = (selector: string, labels: Readonly<Record<string, string>>, expected: boolean | null): void => {
  const parsed = parseCalicoSelector(selector)
  assert.equal(parsed === null ? null : calicoSelects(parsed, new Map(Object.entries(labels))), expected, selector)
}

// Expected values: docs.tigera.io, NetworkPolicy reference, "Selectors".
describe('each operator', () => {
  test('all, global, has', () => {
    check('', {}, true)
    check('  ', {}, true)
    check('all()', {}, true)
    check('global()', { a: 'b' }, false)
    check('has(a)', { a: '' }, true)
    check('has(a)', {}, false)
    check('has(k8s-app.io/x_y-z)', { 'k8s-app.io/x_y-z': '1' }, true)
  })
  test('equality: an absent label is not equal', () => {
    check("a == 'b'", { a: 'b' }, true)
    check('a == "b"', { a: 'c' }, false)
    check("a == 'b'", {}, false)
    check("a != 'b'", { a: 'c' }, true)
    check("a != 'b'", { a: 'b' }, false)
    check("a != 'b'", {}, true)
    check("a=='b'", { a: 'b' }, true)
  })
  test('sets: an absent label is in none', () => {
    check("a in {'b', 'c'}", { a: 'c' }, true)
    check("a in {'b'}", {}, false)
    check("a not in {'b', 'c'}", { a: 'd' }, true)
    check("a not in {'b'}", {}, true)
    check("a not   in {'b'}", { a: 'b' }, false)
    check('a in {}', { a: 'b' }, false)
  })
  test('parts of a value', () => {
    check("a contains 'b'", { a: 'abc' }, true)
    check("a starts with 'ab'", { a: 'abc' }, true)
    check("a ends with 'bc'", { a: 'abc' }, true)
    check("a ends with 'ab'", { a: 'abc' }, false)
    check("a contains ''", {}, false)
  })
})

describe('combinations', () => {
  test('and binds tighter than or', () => {
    check("a == '1' || b == '1' && c == '1'", { a: '1' }, true)
    check("(a == '1' || b == '1') && c == '1'", { a: '1' }, false)
    check("a == '1' && b == '1' || c == '1'", { c: '1' }, true)
  })
  test('not binds tightest', () => {
    check("!has(a) && b == '1'", { b: '1' }, true)
    check('!has(a) || has(b)', { a: '1', b: '1' }, true)
    check('!(has(a) || has(b))', { b: '1' }, false)
    check('!!has(a)', { a: '1' }, true)
    check('! has(a)', {}, true)
  })
  test('keys that look like words of the language', () => {
    check("all == 'x'", { all: 'x' }, true)
    check("has == 'x'", { has: 'x' }, true)
    check("in == 'x'", { in: 'x' }, true)
    check("a == 'all() || has(b)'", { a: 'all() || has(b)' }, true)
  })
})

test('what is no selector', () => {
  for (const text of [
    'a',
    'a ==',
    "== 'b'",
    'a == b',
    "a == 'b",
    "a = 'b'",
    "a == 'b' &&",
    "&& a == 'b'",
    "a == 'b' c == 'd'",
    "(a == 'b'",
    "a == 'b')",
    'has()',
    'has(a',
    'has(&&)',
    'all',
    'all(',
    "a in {'b'",
    'a in b',
    "a in {'b' 'c'}",
    'a not {}',
    '!',
    'a ~ 1',
    '\u0000',
    '('.repeat(10_000),
    '!'.repeat(10_000),
  ]) {
    check(text, {}, null)
  }
})

test('the labels it looks at', () => {
  const parsed = parseCalicoSelector("a == '1' && (!has(b) || c in {'d'}) && all()")
  assert.deepEqual(parsed && keysOf(parsed), ['a', 'b', 'c'])
})

/** A selector as text and, worked out by hand while it is written, whether it holds. */
const LABELS: Readonly<Record<string, string>> = { a: '1', b: '2' }
const holding = fc.letrec<{ readonly node: readonly [string, boolean] }>(tie => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc
      .tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'))
      .map(([key, value]) => [`${key} == '${value}'`, LABELS[key] === value] as const),
    fc.constantFrom('a', 'c').map(key => [`has(${key})`, key in LABELS] as const),
    tie('node').map(([text, holds]) => [`!(${text})`, !holds] as const),
    fc.tuple(tie('node'), tie('node')).map(([[left, l], [right, r]]) => [`(${left}) && (${right})`, l && r] as const),
    fc.tuple(tie('node'), tie('node')).map(([[left, l], [right, r]]) => [`(${left}) || (${right})`, l || r] as const),
  ),
})).node

test('any combination holds when its parts say so', () => {
  fc.assert(fc.property(holding, ([text, holds]) => check(text, LABELS, holds)))
})

test('any text is a selector or none, without an exception', () => {
  const noise = fc.array(
    fc.constantFrom('a', 'has', 'in', 'not in', '(', ')', '{', '}', "'x'", "'", '&&', '||', '!', '==', ',', ' '),
  )
  fc.assert(
    fc.property(noise, parts => {
      const parsed = parseCalicoSelector(parts.join(''))
      if (parsed !== null) assert.equal(typeof calicoSelects(parsed, new Map()), 'boolean')
    }),
    { numRuns: 3_000 },
  )
})
