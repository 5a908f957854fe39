import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Algebra } from './algebra.ts'
import { type NamePattern, printNamePattern, readName, readNamePattern } from './name-pattern.ts'
import { type Answer, type NameAlgebra, type NameSet, nameSets } from './name-set.ts'
import { fewestPatterns } from './name-text.ts'
import { assertLaws } from './testing/laws.ts'

const names = nameSets()
const pattern = (text: string): NamePattern => {
  const read = readNamePattern(text)
  if (read.kind === 'refused') throw new Error(read.why)
  return read.value
}
const setOf = (...texts: readonly string[]): NameSet => names.ofPatterns(texts.map(pattern))

describe('pattern text', () => {
  const check = (text: string, expected: string | RegExp): void => {
    const read = readNamePattern(text)
    if (read.kind === 'read') assert.equal(printNamePattern(read.value), expected, text)
    else if (typeof expected === 'string') assert.fail(`${text}: ${read.why}`)
    else assert.match(read.why, expected)
  }
  test('one form', () => {
    check('API.Stripe.COM.', 'api.stripe.com')
    check('*.Example.com', '*.example.com')
    check('**.example.com.', '**.example.com')
    check('*', '*')
    check('*.*', '*.*')
    check('**.*', '**.*')
    check('_dmarc.example.com', '_dmarc.example.com')
    check('xn--bcher-kva.example', 'xn--bcher-kva.example')
    check('s3*-eu.*.amazonaws.com', 's3*-eu.*.amazonaws.com')
    check('localhost', 'localhost')
    check(`${'a'.repeat(63)}.com`, `${'a'.repeat(63)}.com`)
    check(`*${'a'.repeat(63)}.com`, `*${'a'.repeat(63)}.com`)
  })
  test('what is no name, or read differently, is refused', () => {
    for (const text of ['', '.', '..', 'a..b', '.a', 'a..', '**', '**.']) check(text, /empty label|`\*\*` in a place/)
    for (const text of ['a.**.b', 'a**b', '**a.b', '**.**.a', '***']) check(text, /`\*\*` in a place/)
    check('bücher.example', /not ASCII/)
    check('a b', /holds ` `/)
    check('https://a.b/', /holds `:`/)
    check('a.b:443', /holds `:`/)
    check('a\u0000.b', /which names do not/)
    check(`${'a'.repeat(64)}.com`, /longer than 63/)
    check(Array.from({ length: 64 }, () => 'abc').join('.'), /longer than 253/)
    // 251 characters leave room for one character and a dot, 252 do not.
    const long = Array.from({ length: 63 }, () => 'abc').join('.')
    check(`**.${long}`, `**.${long}`)
    check(`**.d${long}`, /longer than 253/)
    assert.equal(readName('*.a').kind, 'refused')
    assert.deepEqual(readName('A.b.'), { kind: 'read', value: 'a.b', notes: [] })
  })
})

describe('by hand', () => {
  const check = (pattern: string, inside: readonly string[], outside: readonly string[]): void => {
    for (const name of inside) assert.equal(names.contains(setOf(pattern), name), 'yes', `${name} in ${pattern}`)
    for (const name of outside) assert.equal(names.contains(setOf(pattern), name), 'no', `${name} not in ${pattern}`)
  }
  test('what each wildcard means', () => {
    check('*.example.com', ['a.example.com'], ['example.com', 'a.b.example.com', 'aexample.com'])
    check('**.example.com', ['a.example.com', 'a.b.example.com', 'a.b.c.example.com'], ['example.com', 'xexample.com'])
    check('api-*.example.com', ['api-.example.com', 'api-1.example.com'], ['api.example.com', 'api-1.a.example.com'])
    check('*a*b*.c', ['ab.c', 'xaxbx.c'], ['ba.c', 'a.b.c'])
    check('a.*.c', ['a.b.c', 'a.bb.c'], ['a.c', 'a.b.b.c'])
    check('*', ['a', 'a.b', 'x-1._tcp.example.com'], [])
    check('a.b', ['a.b'], ['a', 'b', 'x.a.b', 'aa.b'])
  })
  const relation = (a: string, b: string, expected: Answer): void =>
    assert.equal(names.isSubset(setOf(a), setOf(b)), expected, `${a} in ${b}`)
  test('inclusion', () => {
    relation('*.example.com', '**.example.com', 'yes')
    relation('**.example.com', '*.example.com', 'no')
    relation('**.a.example.com', '**.example.com', 'yes')
    relation('api.example.com', '*.example.com', 'yes')
    relation('*.example.com', '*', 'yes')
    relation('*', '**.com', 'no')
    relation('a*.com', '*.com', 'yes')
    relation('ab*.com', 'a*.com', 'yes')
    relation('*.*.com', '**.com', 'yes')
    assert.equal(names.equals(setOf('**.com'), setOf('*.com', '**.*.com')), 'yes')
    assert.equal(names.equals(setOf('*'), setOf('*.*', '**.*.*')), 'no')
  })
  test('names that cannot exist make no difference', () => {
    const [a, b] = ['a'.repeat(40), 'b'.repeat(40)]
    assert.equal(names.isEmpty(names.intersect(setOf(`${a}*.com`), setOf(`*${b}.com`))), 'yes')
    assert.equal(names.isEmpty(names.intersect(setOf(`${a}*.com`), setOf(`*${b.slice(17)}.com`))), 'no')
    const full = 'c'.repeat(63)
    assert.equal(names.equals(setOf(`*${full}.com`), setOf(`${full}.com`)), 'yes')
    // 253 characters: one more label before does not fit.
    const long = [full, full, full, 'd'.repeat(61)].join('.')
    assert.equal(long.length, 253)
    assert.equal(names.equals(setOf(`${long.slice(0, -1)}*`), setOf(long, long.slice(0, -1))), 'no')
    assert.equal(names.isSubset(setOf(`*${long}`), setOf(long)), 'yes')
  })
  test('a shortest name, or none', () => {
    assert.deepEqual(names.witnessOf(setOf('**.example.com', 'b.co')), { kind: 'name', name: 'b.co' })
    assert.deepEqual(names.witnessOf(names.empty), { kind: 'none' })
  })
  test('the fewest patterns of a list', () => {
    const few = (...texts: readonly string[]): readonly string[] =>
      fewestPatterns(names, texts.map(pattern)).map(printNamePattern)
    assert.deepEqual(few('a.x.com', '*.x.com', 'x.com', 'X.com.', '**.x.com', 'b*.x.com'), ['**.x.com', 'x.com'])
    assert.deepEqual(few('b.com', 'a.com'), ['a.com', 'b.com'])
    assert.deepEqual(few('*', 'a.com'), ['*'])
  })
})

/** All names over {a, b} of up to three labels of up to two characters. */
const LABELS = ['a', 'b', 'aa', 'ab', 'ba', 'bb']
const UNIVERSE = [
  ...LABELS,
  ...LABELS.flatMap(x => LABELS.map(y => `${x}.${y}`)),
  ...LABELS.flatMap(x => LABELS.flatMap(y => LABELS.map(z => `${x}.${y}.${z}`))),
]

/** The meaning of a pattern said once more, by another engine. */
const expression = (text: string): RegExp => {
  if (text === '*') return /^/
  const below = text.startsWith('**.')
  const labels = (below ? text.slice(3) : text).split('.')
  const each = labels.map(label => (label === '*' ? '[^.]+' : label.replaceAll('*', '[^.]*')))
  return new RegExp(`^${below ? '(?:[^.]+\\.)+' : ''}${each.join('\\.')}$`)
}

const text = fc.oneof(
  { weight: 1, arbitrary: fc.constant('*') },
  {
    weight: 12,
    arbitrary: fc
      .tuple(
        fc.boolean(),
        fc.array(fc.constantFrom('a', 'b', 'ab', '*', 'a*', '*b', '*a*', 'a*b', 'b*', '*ab'), {
          minLength: 1,
          maxLength: 3,
        }),
      )
      .filter(([below, labels]) => below || labels.length > 1 || labels[0] !== '*')
      .map(([below, labels]) => `${below ? '**.' : ''}${labels.join('.')}`),
  },
)
const texts = fc.array(text, { maxLength: 4 })

describe('laws of names', () => {
  const yes = (answer: Answer): boolean => (answer === 'unknown' ? assert.fail('unknown') : answer === 'yes')
  const algebra: Algebra<NameSet> = {
    ...names,
    isSubset: (a, b) => yes(names.isSubset(a, b)),
    isEmpty: a => yes(names.isEmpty(a)),
    equals: (a, b) => yes(names.equals(a, b)),
  }
  test('of every algebra, with canonical form', () => {
    fc.assert(fc.property(texts, texts, texts, (a, b, c) => assertLaws(algebra, setOf(...a), setOf(...b), setOf(...c))))
  })
  test('complement', () => {
    fc.assert(
      fc.property(texts, texts, (x, y) => {
        const [a, b] = [setOf(...x), setOf(...y)]
        assert.deepEqual(names.complement(names.complement(a)), a)
        assert.deepEqual(names.union(a, names.complement(a)), names.full)
        assert.deepEqual(names.complement(names.union(a, b)), names.intersect(names.complement(a), names.complement(b)))
      }),
    )
  })
  test('name by name', () => {
    const has = (set: NameSet, name: string): boolean => yes(names.contains(set, name))
    fc.assert(
      fc.property(texts, texts, (x, y) => {
        const [a, b] = [setOf(...x), setOf(...y)]
        const [inA, inB] = [x, y].map(list => {
          const all = list.map(expression)
          return (name: string): boolean => all.some(one => one.test(name))
        }) as [(name: string) => boolean, (name: string) => boolean]
        const [union, both, only] = [names.union(a, b), names.intersect(a, b), names.subtract(a, b)]
        for (const name of UNIVERSE) {
          assert.equal(has(a, name), inA(name), name)
          assert.equal(has(union, name), inA(name) || inB(name), name)
          assert.equal(has(both, name), inA(name) && inB(name), name)
          assert.equal(has(only, name), inA(name) && !inB(name), name)
        }
        // Questions hold beyond the little universe: a "no" has a name to show, a "yes" has none among these.
        const found = names.witnessOf(only)
        assert.equal(names.isSubset(a, b), found.kind === 'none' ? 'yes' : 'no')
        if (found.kind === 'name') assert.ok(inA(found.name) && !inB(found.name), found.name)
        else assert.ok(UNIVERSE.every(name => !inA(name) || inB(name)))
      }),
    )
  })
  test('text reads back', () => {
    fc.assert(fc.property(text, one => assert.equal(printNamePattern(pattern(one.toUpperCase())), one)))
  })
})

test('many exact names are one small automaton, and each is found', () => {
  const all = Array.from({ length: 3000 }, (_, n) => `host-${n}.team-${n % 7}.example.com`)
  const set = setOf(...all)
  assert.equal(names.contains(set, 'host-2999.team-3.example.com'), 'yes')
  assert.equal(names.contains(set, 'host-2999.team-4.example.com'), 'no')
  assert.equal(names.isSubset(set, setOf('host-*.team-*.example.com')), 'yes')
  assert.deepEqual(setOf(...all.toReversed()), set)
})

describe('past the limits the answer is unknown', () => {
  // Which of the second letters a label has shown, read from its end: twice as many states with each pattern.
  const letters = Array.from({ length: 8 }, (_, i) => ['abcdefgh'[i], '12345678'[i]]).map(([x, y]) =>
    pattern(`*${x}*${y}*.com`),
  )
  const small: NameAlgebra = nameSets({ states: 100, steps: 10_000 })
  const wide = small.ofPatterns(letters)
  test('a value, not an exception', () => {
    assert.equal(wide.kind, 'unknown')
    if (wide.kind === 'unknown') assert.match(wide.why, /more than 100 states or 10000 steps/)
    assert.equal(small.isEmpty(wide), 'unknown')
    assert.equal(small.contains(wide, 'a.com'), 'unknown')
    assert.equal(small.equals(wide, wide), 'unknown')
    assert.equal(small.union(wide, small.ofPatterns([pattern('a.b')])).kind, 'unknown')
    assert.equal(small.complement(wide).kind, 'unknown')
    assert.equal(small.witnessOf(wide).kind, 'unknown')
  })
  test('what follows all the same is known', () => {
    assert.deepEqual(small.intersect(wide, small.empty), small.empty)
    assert.deepEqual(small.union(wide, small.full), small.full)
    assert.deepEqual(small.subtract(wide, small.full), small.empty)
    assert.equal(small.isSubset(wide, small.full), 'yes')
    assert.equal(small.isSubset(small.empty, wide), 'yes')
  })
})
