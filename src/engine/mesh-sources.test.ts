import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readRanges } from '../sets/address-text.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import { addressesOfTexts } from './ground.ts'
import { sourcesOf } from './mesh-sources.ts'

const PODS = addressesOfTexts(['10.1.0.5', 'fd00:1::5'])
const NODES = addressesOfTexts(['10.0.0.1', 'fd00::1'])
const NONE = bothFamilies.empty

const rangeOf = (text: string): Addresses => {
  const read = readRanges([text])
  assert.ok(read.kind === 'read')
  return read.value
}

const check = (purpose: string, sources: readonly Addresses[], expected: readonly string[]): void => {
  test(purpose, () => {
    assert.equal(sources.length, expected.length)
    for (const [i, text] of expected.entries())
      assert.ok(bothFamilies.equals(sources[i] ?? NONE, addressesOfTexts([text])))
  })
}

check('the pod’s address, or its node’s', sourcesOf(4, PODS, { nodes: NODES }, false), ['10.1.0.5', '10.0.0.1'])
check('of one family', sourcesOf(6, PODS, { nodes: NODES }, false), ['fd00:1::5', 'fd00::1'])
check('the pod’s alone where it keeps it', sourcesOf(4, PODS, { nodes: NODES }, true), ['10.1.0.5'])

for (const [purpose, [sources = NONE]] of [
  ['nobody knows the pod’s', sourcesOf(4, NONE, { nodes: NODES }, true)],
  ['nobody knows the nodes’', sourcesOf(4, PODS, { nodes: NONE }, false)],
] as const)
  test(`any address where ${purpose}`, () => {
    assert.ok(bothFamilies.isSubset(rangeOf('203.0.114.0-203.0.114.255'), sources))
    assert.ok(bothFamilies.isSubset(rangeOf('10.0.0.0-10.255.255.255'), sources))
    assert.ok(bothFamilies.isEmpty(bothFamilies.intersect(rangeOf('169.254.169.254-169.254.169.254'), sources)))
  })
