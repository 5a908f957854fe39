import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readNamePattern } from '../sets/name-pattern.ts'
import { fixedEnd } from './name-rules.ts'
import { isPublicSuffix } from './public-suffixes.ts'

const endOf = (text: string): readonly string[] | null => {
  const read = readNamePattern(text)
  assert.ok(read.kind === 'read', text)
  return fixedEnd(read.value)
}

test('the end that a pattern fixes is what stands after its last wildcard', () => {
  const check = (text: string, expected: readonly string[] | null): void =>
    assert.deepEqual(endOf(text), expected, text)
  check('*', [])
  check('*.com', ['com'])
  check('**.example.com', ['example', 'com'])
  check('api-*.example.com', ['example', 'com'])
  check('*.eu.*.example.com', ['example', 'com'])
  check('example.*', [])
  check('api.example.com', null)
})

test('an ending is public where registries sell names below it', () => {
  const check = (text: string, expected: boolean): void => assert.equal(isPublicSuffix(text.split('.')), expected, text)
  check('com', true)
  check('dev', true)
  check('co.uk', true)
  check('example.com', false)
  check('example.co.uk', false)
  // Kept for private use: nobody sells names there.
  check('internal', false)
  check('local', false)
  assert.equal(isPublicSuffix([]), true)
})
