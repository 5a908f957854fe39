import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sharedBy } from './shared-by.ts'

test('one value for each sequence', () => {
  const [a, b] = [{}, {}]
  const shared = sharedBy<object, object>()
  const of = (...keys: readonly object[]): object => shared(keys, () => ({}))
  assert.equal(of(a, b), of(a, b))
  assert.equal(of(), of())
  const all = [of(), of(a), of(b), of(a, b), of(b, a), of(a, a)]
  assert.equal(new Set(all).size, all.length)
})

test('a value that is undefined is made once, too', () => {
  const shared = sharedBy<object, undefined>()
  let made = 0
  const make = (): undefined => {
    made++
  }
  shared([], make)
  shared([], make)
  assert.equal(made, 1)
})
