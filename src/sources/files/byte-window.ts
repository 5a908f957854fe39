/**
 * The part of a stream that somebody still needs, as one contiguous buffer: bytes are appended at the end and let
 * go at the front. Appending is linear in the bytes appended, however long a piece is held, and memory is used again:
 * a window's bytes are good until it is advanced.
 */
export interface ByteWindow {
  readonly bytes: Buffer
  /** Stream offset of `bytes[0]`. */
  readonly base: number
  /** Memory that belongs to the window alone. */
  readonly own: Buffer
}

export const EMPTY_WINDOW: ByteWindow = { bytes: Buffer.alloc(0), base: 0, own: Buffer.alloc(0) }

/** Lets go of everything before stream offset `keep`, then appends `chunk`. The old window must not be used again. */
export const advance = (window: ByteWindow, keep: number, chunk: Buffer): ByteWindow => {
  const { bytes, base, own } = window
  const kept = Math.max(0, base + bytes.length - keep)
  const from = base + bytes.length - kept
  if (kept === 0) return { bytes: chunk, base: from, own }
  const needed = kept + chunk.length
  const room = own.length >= needed ? own : Buffer.allocUnsafeSlow(needed * 2)
  // Source and target may be the same memory: `copy` moves overlapping bytes as if through a copy. What stands at the
  // front already is left there: a piece that is held for long is moved once.
  if (bytes.buffer !== room.buffer || kept < bytes.length) bytes.copy(room, 0, bytes.length - kept)
  chunk.copy(room, kept)
  return { bytes: room.subarray(0, needed), base: from, own: room }
}
