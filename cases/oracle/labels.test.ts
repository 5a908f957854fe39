import assert from 'node:assert/strict'
import { test } from 'node:test'
import { selects } from './labels.ts'
import type { Json } from './types.ts'

const WEB = { known: new Map([['app', 'web']]), complete: true }
const requirement = (key: string, operator: string, ...values: string[]): Json => ({
  matchExpressions: [{ key, operator, ...(values.length > 0 ? { values } : {}) }],
})

test('an empty selector selects everything', () => assert.equal(selects({}, WEB), 'yes'))

test('all requirements must hold', () => {
  assert.equal(selects({ matchLabels: { app: 'web' } }, WEB), 'yes')
  assert.equal(selects({ matchLabels: { app: 'web', tier: 'front' } }, WEB), 'no')
  assert.equal(selects({ matchLabels: { app: 'web' }, ...(requirement('tier', 'Exists') as object) }, WEB), 'no')
})

test('In needs the key, NotIn and DoesNotExist hold without it', () => {
  assert.equal(selects(requirement('app', 'In', 'db', 'web'), WEB), 'yes')
  assert.equal(selects(requirement('tier', 'In', 'front'), WEB), 'no')
  assert.equal(selects(requirement('app', 'NotIn', 'web'), WEB), 'no')
  assert.equal(selects(requirement('tier', 'NotIn', 'front'), WEB), 'yes')
  assert.equal(selects(requirement('app', 'Exists'), WEB), 'yes')
  assert.equal(selects(requirement('tier', 'DoesNotExist'), WEB), 'yes')
})

test('what cannot be read or is not known stays open', () => {
  assert.equal(selects(requirement('app', 'Gt', '1'), WEB), 'unknown')
  assert.equal(selects({ matchLabels: { app: true } }, WEB), 'unknown')
  assert.equal(selects({ matchLabels: { team: 'x' } }, { known: new Map(), complete: false }), 'unknown')
})
