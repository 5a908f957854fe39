import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { intervalIndex } from './interval-index.ts'

const words = (...bounds: readonly number[]): Uint32Array => Uint32Array.from(bounds)

test('touching is not meeting, and a set without an end meets all that comes after', () => {
  const find = intervalIndex([words(10, 20), words(20, 30), words(5, 8, 40, 50), words(45), words()])
  assert.deepEqual(find(words(20, 25)), [1])
  assert.deepEqual(find(words(19, 21)), [0, 1])
  assert.deepEqual(find(words(8, 10)), [])
  assert.deepEqual(find(words(49, 50)), [2, 3])
  assert.deepEqual(find(words(60)), [3])
  assert.deepEqual(find(words(0)), [0, 1, 2, 3])
  assert.deepEqual(find(words()), [])
})

const bounds = fc
  .uniqueArray(fc.nat(60), { maxLength: 7 })
  .map(points => Uint32Array.from(points.toSorted((a, b) => a - b)))

/** The points of a line of 70. */
const pointsOf = (set: Uint32Array): ReadonlySet<number> => {
  const points = new Set<number>()
  for (let i = 0; i < set.length; i += 2)
    for (let point = set[i] as number; point < (set[i + 1] ?? 70); point++) points.add(point)
  return points
}

test('many sets and few: the same as asking point by point', () => {
  fc.assert(
    fc.property(fc.array(bounds, { maxLength: 60 }), bounds, (sets, asked) => {
      const wanted = pointsOf(asked)
      assert.deepEqual(
        intervalIndex(sets)(asked),
        sets.flatMap((set, place) => (pointsOf(set).isDisjointFrom(wanted) ? [] : [place])),
      )
    }),
  )
})
