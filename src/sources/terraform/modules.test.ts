import assert from 'node:assert/strict'
import { test } from 'node:test'
import { moduleReader } from './modules.ts'

test('an address is a way of calls', () => {
  const read = moduleReader()
  const inner = read('module.a["x.module.y"].module.b[2]')
  assert.equal(inner?.path, 'a.b')
  assert.equal(inner?.call, 'b')
  assert.equal(inner?.key, 2)
  assert.equal(inner?.parent?.address, 'module.a["x.module.y"]')
  assert.equal(inner?.parent?.key, 'x.module.y')
  assert.equal(inner?.parent?.parent?.address, '')
  assert.equal(read('module.a["x.module.y"]'), inner?.parent)
})

test('what is none is none', () => {
  const read = moduleReader()
  for (const address of [
    'a',
    'module.',
    'module.a[',
    'module.a.',
    'module.a.b',
    'module.a'.concat('.module.a'.repeat(100)),
  ])
    assert.equal(read(address), null, address)
})
