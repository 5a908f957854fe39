import { strict as assert } from 'node:assert'
import type { Algebra, BooleanAlgebra } from '../algebra.ts'

/** The laws of a rung, on three of its sets. Every rung's tests call this with sets of their own making. */
export const assertLaws = <S>(algebra: Algebra<S>, a: S, b: S, c: S): void => {
  const { union, intersect, subtract, isSubset, isEmpty, equals, empty } = algebra
  const same = (x: S, y: S, law: string): void => {
    assert.ok(equals(x, y), law)
    // Equal sets have equal canonical form, however they were made.
    assert.deepEqual(x, y, `canonical form: ${law}`)
  }
  same(union(a, b), union(b, a), 'union commutes')
  same(intersect(a, b), intersect(b, a), 'intersection commutes')
  same(union(union(a, b), c), union(a, union(b, c)), 'union associates')
  same(intersect(intersect(a, b), c), intersect(a, intersect(b, c)), 'intersection associates')
  same(union(a, intersect(a, b)), a, 'union absorbs')
  same(intersect(a, union(a, b)), a, 'intersection absorbs')
  same(intersect(a, union(b, c)), union(intersect(a, b), intersect(a, c)), 'intersection distributes')
  same(union(a, intersect(b, c)), intersect(union(a, b), union(a, c)), 'union distributes')
  same(union(a, empty), a, 'nothing added')
  same(subtract(a, empty), a, 'nothing taken')
  same(subtract(a, a), empty, 'all taken')
  same(intersect(a, empty), empty, 'nothing in common')
  same(union(subtract(a, b), intersect(a, b)), a, 'a set is what it shares and what it does not')
  same(subtract(a, subtract(a, b)), intersect(a, b), 'taking away twice is sharing')
  same(subtract(a, union(b, c)), intersect(subtract(a, b), subtract(a, c)), 'De Morgan of union')
  same(subtract(a, intersect(b, c)), union(subtract(a, b), subtract(a, c)), 'De Morgan of intersection')
  assert.equal(isEmpty(a), equals(a, empty), 'empty')
  assert.equal(isSubset(a, b), isEmpty(subtract(a, b)), 'inclusion is an empty difference')
  assert.equal(isSubset(a, b), equals(union(a, b), b), 'inclusion is an idle union')
  assert.equal(equals(a, b), isSubset(a, b) && isSubset(b, a), 'equality is inclusion both ways')
}

/** The laws that need a universe. */
export const assertComplementLaws = <S>(algebra: BooleanAlgebra<S>, a: S, b: S): void => {
  const { union, intersect, subtract, complement, empty, full, isSubset } = algebra
  assert.deepEqual(complement(complement(a)), a)
  assert.deepEqual(union(a, complement(a)), full)
  assert.deepEqual(intersect(a, complement(a)), empty)
  assert.deepEqual(complement(union(a, b)), intersect(complement(a), complement(b)))
  assert.deepEqual(complement(intersect(a, b)), union(complement(a), complement(b)))
  assert.deepEqual(subtract(a, b), intersect(a, complement(b)))
  assert.ok(isSubset(a, full))
}

/** Every operation against brute force: point by point over a universe small enough to list. */
export const assertPointwise = <S, P>(
  algebra: Algebra<S>,
  points: readonly P[],
  has: (set: S, point: P) => boolean,
  a: S,
  b: S,
): void => {
  for (const point of points) {
    assert.equal(has(algebra.union(a, b), point), has(a, point) || has(b, point))
    assert.equal(has(algebra.intersect(a, b), point), has(a, point) && has(b, point))
    assert.equal(has(algebra.subtract(a, b), point), has(a, point) && !has(b, point))
  }
  assert.equal(
    algebra.isSubset(a, b),
    points.every(point => !has(a, point) || has(b, point)),
  )
  assert.equal(
    algebra.equals(a, b),
    points.every(point => has(a, point) === has(b, point)),
  )
  assert.equal(algebra.isEmpty(a), !points.some(point => has(a, point)))
}
