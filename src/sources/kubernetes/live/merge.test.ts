import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { mapInParallel, merge } from './merge.ts'

test('every batch of every source comes once, in the order of its source, never more sources open than asked', () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.nat(5), { maxLength: 8 }), fc.integer({ min: 1, max: 4 }), async (lengths, width) => {
      let open = 0
      let most = 0
      const sources = lengths.map(
        (length, s) =>
          async function* () {
            most = Math.max(most, ++open)
            for (let i = 0; i < length; i++) {
              if ((i + s) % 2 === 0) await Promise.resolve()
              yield [s, i] as const
            }
            open--
          },
      )
      const got: (readonly [number, number])[] = []
      for await (const batch of merge(sources, width)) got.push(batch)
      for (const [s, length] of lengths.entries()) {
        assert.deepEqual(
          got.filter(([source]) => source === s).map(([, i]) => i),
          Array.from({ length }, (_, i) => i),
        )
      }
      assert.ok(most <= width)
    }),
  ))

test('who stops early closes all that is open', async () => {
  const closed: number[] = []
  const source = (id: number) =>
    async function* () {
      try {
        for (;;) yield id
      } finally {
        closed.push(id)
      }
    }
  for await (const _ of merge([source(1), source(2), source(3)], 2)) break
  assert.deepEqual(closed.sort(), [1, 2])
})

test('work in parallel keeps the order of the items', async () => {
  const work = async (n: number): Promise<number> => {
    for (let i = 0; i < 10 - n; i++) await Promise.resolve()
    return n * n
  }
  assert.deepEqual(await mapInParallel([1, 2, 3, 4, 5], 2, work), [1, 4, 9, 16, 25])
  assert.deepEqual(await mapInParallel([], 2, work), [])
})
