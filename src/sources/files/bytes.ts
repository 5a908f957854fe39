import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** Size of a read: large enough to be quick, small enough to stay in a processor's cache. */
const CHUNK = 1024 * 1024

/** A gzip file that grows beyond this factor, and beyond 64 MB, is taken for a bomb. */
export const MAX_EXPANSION = 200
export const MAX_GUNZIPPED = 2 ** 31

/** The bytes of one file, decompressed: in chunks from the start, or a range again later. */
export interface ByteSource {
  readonly size: number
  /** Each chunk is good until the one after the next is asked for. */
  readonly chunks: () => Iterable<Buffer>
  readonly range: (start: number, end: number) => Buffer
}

/** Errors: throws what the file system throws, and an Error with a plain message for a gzip bomb or broken gzip. */
export const openBytes = (path: string): ByteSource => {
  if (path === '-') return inMemory(decompressed(readFileSync(0)))
  // A pipe, such as the shell's `<(…)`, can be read once only.
  if (!statSync(path).isFile()) return inMemory(decompressed(readFileSync(path)))
  if (isGzip(readRange(path, 0, 2))) return compressed(path)
  const fd = openSync(path, 'r')
  try {
    const size = fstatSync(fd).size
    const range = (start: number, end: number): Buffer => readRange(path, start, end)
    // Most files are small, and there may be many: two buffers each would be all that the machine does.
    return { size, chunks: () => (size <= CHUNK ? [range(0, size)] : chunksOf(path)), range }
  } finally {
    closeSync(fd)
  }
}

/** Decompressed bytes that are held at a time, all files together; what is let go is decompressed again when asked for. */
const MAX_HELD = 256 * 1024 * 1024
const held = new Map<object, Buffer>()

const compressed = (path: string): ByteSource => {
  const key = {}
  const bytes = (): Buffer => {
    const known = held.get(key)
    if (known !== undefined) return known
    const fresh = decompressed(readFileSync(path))
    let total = fresh.length
    for (const other of held.values()) total += other.length
    for (const [oldest, other] of held) {
      if (total <= MAX_HELD) break
      held.delete(oldest)
      total -= other.length
    }
    held.set(key, fresh)
    return fresh
  }
  return {
    size: bytes().length,
    chunks: () => [bytes()],
    range: (start, end) => bytes().subarray(start, end),
  }
}

export const inMemory = (bytes: Buffer): ByteSource => ({
  size: bytes.length,
  chunks: () => [bytes],
  range: (start, end) => bytes.subarray(start, end),
})

const isGzip = (head: Buffer): boolean => head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b

const decompressed = (bytes: Buffer): Buffer => {
  if (!isGzip(bytes)) return bytes
  const limit = Math.min(MAX_GUNZIPPED, Math.max(64 * 1024 * 1024, bytes.length * MAX_EXPANSION))
  try {
    return gunzipSync(bytes, { maxOutputLength: limit })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new Error(`expands to more than ${limit} bytes, ${MAX_EXPANSION} times its size: not read`)
    }
    throw new Error('is not a complete gzip file: compress it again')
  }
}

function* chunksOf(path: string): Generator<Buffer> {
  const fd = openSync(path, 'r')
  try {
    // Two buffers in turn: what is left of one chunk is still needed when the next arrives.
    const buffers = [Buffer.allocUnsafeSlow(CHUNK), Buffer.allocUnsafeSlow(CHUNK)] as const
    for (let turn = 0; ; turn++) {
      const chunk = buffers[turn % 2 === 0 ? 0 : 1]
      const length = readSync(fd, chunk, 0, CHUNK, null)
      if (length === 0) return
      yield length === CHUNK ? chunk : chunk.subarray(0, length)
    }
  } finally {
    closeSync(fd)
  }
}

const readRange = (path: string, start: number, end: number): Buffer => {
  const fd = openSync(path, 'r')
  try {
    const bytes = Buffer.allocUnsafe(end - start)
    let filled = 0
    while (filled < bytes.length) {
      const length = readSync(fd, bytes, filled, bytes.length - filled, start + filled)
      if (length === 0) break
      filled += length
    }
    return bytes.subarray(0, filled)
  } finally {
    closeSync(fd)
  }
}
