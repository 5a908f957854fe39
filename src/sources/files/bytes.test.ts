import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { inMemory, openBytes } from './bytes.ts'

const folder = mkdtempSync(join(tmpdir(), 'postern-bytes-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const written = (name: string, content: Buffer): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** The source gives `expected` whole and in any range, again and again. */
const check = (path: string, expected: Buffer): void => {
  const source = openBytes(path)
  assert.equal(source.size, expected.length)
  for (let again = 0; again < 2; again++) {
    // A chunk's memory is used again: copy it before the next.
    const chunks = Array.from(source.chunks(), chunk => Buffer.from(chunk))
    assert.ok(Buffer.concat(chunks).equals(expected))
  }
  const middle = Math.floor(expected.length / 2)
  assert.ok(source.range(middle, middle + 10).equals(expected.subarray(middle, middle + 10)))
  assert.ok(source.range(0, expected.length).equals(expected))
}

const refuses = (path: string, why: RegExp): void => {
  assert.throws(
    () => openBytes(path),
    (error: Error) => why.test(error.message),
  )
}

/** Larger than two reads and no multiple of one. */
const LARGE = Buffer.from(Array.from({ length: 3_000_001 }, (_, n) => (n * 7919) % 256))

test('a file, whole and by range', () => check(written('plain', LARGE), LARGE))
test('an empty file', () => check(written('empty', Buffer.alloc(0)), Buffer.alloc(0)))
test('a file of one byte, which cannot be gzip', () => check(written('one', Buffer.from([0x1f])), Buffer.from([0x1f])))
test('a gzip file is known by its content', () => check(written('packed.yaml', gzipSync(LARGE)), LARGE))
test('several gzip members are one stream', () =>
  check(written('members', Buffer.concat([gzipSync('ab'), gzipSync('cd')])), Buffer.from('abcd')))
test('bytes in memory', () => {
  const source = inMemory(Buffer.from('abcdef'))
  assert.equal(source.range(2, 4).toString(), 'cd')
  assert.equal(source.range(0, Number.MAX_SAFE_INTEGER).toString(), 'abcdef')
})

test('a gzip file that is cut off is refused', () => {
  const packed = gzipSync(LARGE)
  for (const length of [2, 10, 18, Math.floor(packed.length / 2), packed.length - 1]) {
    refuses(written('cut', packed.subarray(0, length)), /^is not a complete gzip file: compress it again$/)
  }
})

test('a gzip file with a byte changed is refused', () => {
  const packed = gzipSync(LARGE)
  packed[packed.length - 5] = (packed.at(-5) ?? 0) ^ 0xff
  refuses(written('changed', packed), /^is not a complete gzip file/)
})

test('a gzip bomb is refused before it fills the memory', () => {
  const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024))
  assert.ok(bomb.length < 200_000)
  refuses(written('bomb', bomb), /^expands to more than 67108864 bytes, 200 times its size: not read$/)
})

test('many large gzip files are not held in memory all at once, and each is still there when asked', () => {
  const content = (n: number): Buffer => Buffer.alloc(40 * 1024 * 1024, 65 + n)
  const sources = Array.from({ length: 10 }, (_, n) =>
    openBytes(written(`many${n}`, gzipSync(content(n), { level: 1 }))),
  )
  for (const [n, source] of sources.entries()) assert.equal(source.range(5, 6).toString(), String.fromCharCode(65 + n))
})

test('a file that is not there throws what the file system says', () => {
  assert.throws(() => openBytes(join(folder, 'none')), { code: 'ENOENT' })
})
