import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { advance, EMPTY_WINDOW } from './byte-window.ts'

/** Feeds `stream` in chunks whose memory is used again, as the reader does, letting go up to each `keep`. */
const check = (steps: readonly { readonly size: number; readonly keep: number }[]): void => {
  const total = steps.reduce((sum, { size }) => sum + size, 0)
  const stream = Buffer.from(Array.from({ length: total }, (_, n) => n % 251))
  const buffers = [Buffer.alloc(64), Buffer.alloc(64)] as const
  let window = EMPTY_WINDOW
  let read = 0
  let kept = 0
  for (const [turn, { size, keep }] of steps.entries()) {
    const chunk = buffers[turn % 2 === 0 ? 0 : 1].subarray(0, size)
    stream.copy(chunk, 0, read, read + size)
    kept = Math.min(read, Math.max(kept, keep))
    window = advance(window, kept, chunk)
    read += size
    assert.equal(window.base, kept)
    assert.deepEqual(window.bytes, stream.subarray(kept, read))
  }
}

test('holds what is kept and what is new, at its offset', () => {
  check([
    { size: 4, keep: 0 },
    { size: 4, keep: 2 },
    { size: 4, keep: 2 },
    { size: 4, keep: 12 },
  ])
})

test('any steps: the window is the stream from the kept offset on', () => {
  const step = fc.record({ size: fc.integer({ min: 0, max: 64 }), keep: fc.integer({ min: 0, max: 600 }) })
  fc.assert(fc.property(fc.array(step, { maxLength: 20 }), check), { numRuns: 2_000 })
})
