/**
 * The part of a stream that somebody still needs, as one contiguous buffer: bytes are appended at the end and let
 * go at the front. Appending is linear in the bytes appended, however long a piece is held.
 */
export interface ByteWindow {
  readonly bytes: Buffer
  /** Stream offset of `bytes[0]`. */
  readonly base: number
}

export const EMPTY_WINDOW: ByteWindow = { bytes: Buffer.alloc(0), base: 0 }

/** Lets go of everything before stream offset `keep`, then appends `chunk`. */
export const advance = (window: ByteWindow, keep: number, chunk: Buffer): ByteWindow => {
  const { bytes, base } = window
  const kept = Math.max(0, base + bytes.length - keep)
  if (kept === 0) return { bytes: chunk, base: base + bytes.length }
  const from = bytes.length - kept
  const needed = kept + chunk.length
  const room = bytes.buffer.byteLength - bytes.byteOffset - from
  // Room behind the window belongs to it alone when the window made the allocation itself (below).
  if (OWN.has(bytes.buffer) && room >= needed) {
    const grown = Buffer.from(bytes.buffer, bytes.byteOffset + from, needed)
    chunk.copy(grown, kept)
    return { bytes: grown, base: base + from }
  }
  const own = new ArrayBuffer(needed * 2)
  OWN.add(own)
  const grown = Buffer.from(own, 0, needed)
  bytes.copy(grown, 0, from)
  chunk.copy(grown, kept)
  return { bytes: grown, base: base + from }
}

/** Allocations made here, which nobody else can see. */
const OWN = new WeakSet<ArrayBufferLike>()
