import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSelector } from './calico-selector.ts'
import type { Tri } from './types.ts'

const LABELS: Readonly<Record<string, string>> = { app: 'web', tier: 'front', 'example.com/in': 'yes' }

const check = (selector: string, expected: Tri | null): void => {
  const read = readSelector(selector)
  assert.equal(
    read === null ? null : read(key => LABELS[key] ?? (key === 'hidden' ? undefined : null)),
    expected,
    selector,
  )
}

test('comparisons; a label that is not there is unequal to everything', () => {
  check("app == 'web'", 'yes')
  check('app=="web"', 'yes')
  check("app == 'we'", 'no')
  check("app != 'web'", 'no')
  check("role != 'web'", 'yes')
  check("role == ''", 'no')
  check("app contains 'e'", 'yes')
  check("role contains ''", 'no')
  check("app starts with 'we'", 'yes')
  check("app starts with 'eb'", 'no')
  check("app ends  with 'eb'", 'yes')
})

test('sets', () => {
  check("app in {'db', 'web'}", 'yes')
  check("app in {'db', 'web',}", 'yes')
  check('app in {}', 'no')
  check("app not in {'db'}", 'yes')
  check("app notin {'web'}", 'no')
  check("role not in {'web'}", 'yes')
})

test('presence, all and nothing', () => {
  check('has(app)', 'yes')
  check('has( role )', 'no')
  check('!has(role)', 'yes')
  check('! ! has(role)', 'no')
  check('has(example.com/in)', 'yes')
  check('all()', 'yes')
  check('', 'yes')
  check('  ', 'yes')
  check('!all()', 'no')
})

test('and binds more than or, and not most', () => {
  check("has(role) && has(role) || app == 'web'", 'yes')
  check("has(role) && (has(role) || app == 'web')", 'no')
  check("!has(role) && app == 'web'", 'yes')
  check("!(has(role) || app == 'web')", 'no')
})

test('words that look like operators are labels where a label stands', () => {
  check("in == 'x'", 'no')
  check("example.com/in in {'yes'}", 'yes')
  check("contains contains 'x'", 'no')
})

test('what is not known stays so, unless the rest decides', () => {
  check('has(hidden)', 'unknown')
  check("hidden != 'x'", 'unknown')
  check("hidden == 'x' || app == 'web'", 'yes')
  check("hidden == 'x' && app == 'db'", 'no')
  check('global()', 'unknown')
})

test('what cannot be read', () => {
  for (const text of [
    'app',
    'app = "web"',
    'app == web',
    "app == 'web",
    'has()',
    'has(app',
    '(all()',
    'all())',
    'app in [a]',
    "app & 'web'",
    "== 'web'",
    'app == "web" app',
    "app not 'x'",
    "'app' == 'web'",
    "app in {'a' 'b'}",
  ])
    check(text, null)
})
