import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runsText } from './runs.ts'

const check = (numbers: readonly number[], expected: string): void => assert.equal(runsText(numbers), expected)

test('runs', () => {
  check([], '')
  check([7], '7')
  check([0, 1], '0-1')
  check([0, 2, 3, 4, 9], '0,2-4,9')
})
