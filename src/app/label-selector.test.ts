import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseLabelSelector, SelectorError } from './label-selector.ts'

/** null: no selector. */
const check = (selector: string, labels: Readonly<Record<string, string>>, expected: boolean | null): void => {
  if (expected === null) assert.throws(() => parseLabelSelector(selector), SelectorError, selector)
  else assert.equal(parseLabelSelector(selector)(new Map(Object.entries(labels))), expected, selector)
}

// Source: kubernetes.io, "Labels and Selectors": an absent key satisfies != and notin.
test('each form', () => {
  check('', {}, true)
  check('a=b', { a: 'b' }, true)
  check('a==b', { a: 'b' }, true)
  check('a=b', {}, false)
  check('a!=b', {}, true)
  check('a!=b', { a: 'b' }, false)
  check('a=', { a: '' }, true)
  check('a in (b,c)', { a: 'c' }, true)
  check('a in (b, c)', {}, false)
  check('a notin (b,c)', {}, true)
  check('a notin (b)', { a: 'b' }, false)
  check('a', { a: '' }, true)
  check('!a', {}, true)
  check('app.kubernetes.io/name=web', { 'app.kubernetes.io/name': 'web' }, true)
})

test('all parts hold', () => {
  check('a=b,c!=d', { a: 'b' }, true)
  check('a=b,c in (d,e),!f', { a: 'b', c: 'e' }, true)
  check('a in (b,c),d', { a: 'b' }, false)
  check(' a = b , c ', { a: 'b', c: '' }, true)
})

test('what is no selector', () => {
  for (const text of [
    ',',
    'a,',
    'a,,b',
    '(',
    'a b',
    'a in b',
    'a in (b',
    'a = b = c',
    '=b',
    '!',
    'a>1',
    'a in (b) c',
    '()',
  ])
    check(text, {}, null)
})
