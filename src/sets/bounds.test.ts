import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { countUpTo, orderOf, sortedBounds, type Width } from './bounds.ts'

const word = fc.oneof(fc.constantFrom(0, 1, 255, 256, 0x7fffffff, 0x80000000, 0xffffffff), fc.nat(0xffffffff))

/** Few bounds are sorted by moving neighbours, many by bytes: both sizes, against numbers that hold a whole bound. */
const check = (width: Width): void => {
  const bound = fc.array(word, { minLength: width, maxLength: width })
  fc.assert(
    fc.property(fc.array(bound, { maxLength: 80 }), bound, (bounds, point) => {
      const number = (words: readonly number[]): bigint => words.reduce((sum, w) => (sum << 32n) | BigInt(w), 0n)
      const words = Uint32Array.from(bounds.flat())
      const expected = bounds
        .map((one, i) => ({ one: number(one), i }))
        .sort((a, b) => (a.one < b.one ? -1 : a.one > b.one ? 1 : a.i - b.i))
      assert.deepEqual(
        Array.from(orderOf(width, words)),
        expected.map(({ i }) => i),
      )
      const sorted = sortedBounds(width, words)
      assert.deepEqual(
        Array.from(sorted),
        expected.flatMap(({ i }) => bounds[i] ?? []),
      )
      assert.equal(countUpTo(width, sorted, point), bounds.filter(one => number(one) <= number(point)).length)
      assert.deepEqual(words, Uint32Array.from(bounds.flat()))
    }),
  )
}

test('order, sorting and search of one-word bounds', () => check(1))
test('order, sorting and search of four-word bounds', () => check(4))
