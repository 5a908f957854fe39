import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import { blocksOf } from '../sets/testing/blocks.ts'
import type { Ground } from './ground.ts'
import { podAddresses } from './pod-addresses.ts'
import type { Identity } from './population.ts'

const identity = (addresses: readonly string[], number: number): Identity => ({
  number,
  namespace: 'n',
  labels: new Map(),
  account: 'default',
  namedPorts: [],
  runsOn: null,
  host: null,
  resolvers: null,
  addresses,
})

const groundWith = (podRanges: Addresses | null): Ground => ({ podRanges }) as Ground

test('whoever looks at every address of every pod says the same', () => {
  const address = fc.oneof(
    fc.nat(63).map(n => `10.0.0.${n}`),
    fc.nat(63).map(n => `fd00::${n.toString(16)}`),
  )
  const block = fc.oneof(
    fc.tuple(fc.nat(63), fc.integer({ min: 26, max: 32 })).map(([n, prefix]) => `10.0.0.${n}/${prefix}`),
    fc.tuple(fc.nat(63), fc.integer({ min: 122, max: 128 })).map(([n, prefix]) => `fd00::${n.toString(16)}/${prefix}`),
    fc.constantFrom('0.0.0.0/0', '::/0', '10.0.1.0/24'),
  )
  fc.assert(
    fc.property(
      fc.array(fc.array(address, { maxLength: 3 }), { maxLength: 12 }),
      fc.array(block, { minLength: 1, maxLength: 3 }),
      (pods, texts) => {
        const held = podAddresses(pods.map(identity), groundWith(null))(blocksOf(...texts))
        const inside = pods.map(own =>
          own.map(
            one =>
              !bothFamilies.isEmpty(
                bothFamilies.intersect(blocksOf(...texts), blocksOf(`${one}/${one.includes(':') ? 128 : 32}`)),
              ),
          ),
        )
        const isFull = bothFamilies.equals(blocksOf(...texts), bothFamilies.full)
        const numbers = (holds: (own: readonly boolean[]) => boolean): readonly number[] =>
          inside.flatMap((own, number) => (holds(own) ? [number] : []))
        assert.deepEqual(
          held.all,
          numbers(own => (own.length === 0 ? isFull : own.every(Boolean))),
        )
        // A pod without an address may get any.
        assert.deepEqual(
          held.some,
          numbers(own => own.length === 0 || own.some(Boolean)),
        )
      },
    ),
  )
})

test('a pod without an address gets one of the ranges of the nodes', () => {
  const held = podAddresses([identity([], 0)], groundWith(blocksOf('10.244.0.0/16')))
  assert.deepEqual(held(blocksOf('10.0.0.0/8')), { all: [0], some: [0] })
  assert.deepEqual(held(blocksOf('10.244.7.0/24')), { all: [], some: [0] })
  assert.deepEqual(held(blocksOf('192.0.2.0/24')), { all: [], some: [] })
})

test('nobody, and nothing', () => {
  assert.deepEqual(podAddresses([], groundWith(null))(blocksOf('0.0.0.0/0', '::/0')), { all: [], some: [] })
})
