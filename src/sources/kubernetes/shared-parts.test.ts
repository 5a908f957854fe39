import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sharing } from './shared-parts.ts'

test('equal values are one, and of others the equal parts are', () => {
  const older = { a: { b: [1, 2] }, labels: new Map([['k', 'v']]), c: 'x' }
  assert.equal(sharing(older, structuredClone(older)), older)
  const fresh = { a: { b: [1, 2] }, labels: new Map([['k', 'v']]), c: 'y' }
  const shared = sharing(older, fresh)
  assert.deepEqual(shared, fresh)
  assert.equal(shared.a, older.a)
  assert.equal(shared.labels, older.labels)
})

test('maps of another order stay apart', () => {
  const [older, fresh] = [
    new Map([
      ['a', 1],
      ['b', 2],
    ]),
    new Map([
      ['b', 2],
      ['a', 1],
    ]),
  ]
  assert.equal(sharing(older, fresh), fresh)
})

test('a key that is not there is not one without a value', () => {
  const fresh: { readonly a?: undefined } = { a: undefined }
  assert.deepEqual(Object.keys(sharing({}, fresh)), ['a'])
  assert.deepEqual(Object.keys(sharing(fresh, {})), [])
})

test('what comes out says what went in, whatever was there before', () => {
  const value = fc.jsonValue({ maxDepth: 4 })
  fc.assert(
    fc.property(value, value, (older, fresh) => {
      assert.deepEqual(sharing<unknown>(older, fresh), fresh)
      const again = structuredClone(fresh)
      if (typeof fresh === 'object') assert.equal(sharing<unknown>(fresh, again), fresh)
    }),
  )
})
