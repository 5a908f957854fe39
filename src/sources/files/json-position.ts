import type { DocumentPath } from '../../model/provenance.ts'

/** Where a value starts, and, if it is a list or an object, where its parts do; each is looked through once. */
interface Part {
  readonly start: number
  parts: ReadonlyMap<string, number> | null
}

const [QUOTE, BACKSLASH, COMMA, COLON, NEWLINE] = [0x22, 0x5c, 0x2c, 0x3a, 0x0a]
const OPEN = new Set([0x5b, 0x7b])
const CLOSE = new Set([0x5d, 0x7d])
const SPACE = new Set([0x20, 0x09, 0x0a, 0x0d])

/**
 * Lines of places in one JSON document, which was parsed before. Gives the line, from 0, on which the value at a path starts, or the
 * last part of the path that is there.
 */
export const jsonLinesIn = (bytes: Uint8Array): ((path: DocumentPath) => number) => {
  const known = new Map<number, Part>()
  const lines = newlinesOf(bytes)
  const partsAt = (start: number): ReadonlyMap<string, number> => {
    const part = known.get(start) ?? { start, parts: null }
    known.set(start, part)
    part.parts ??= partsOf(bytes, start)
    return part.parts
  }
  return path => {
    let at = pastSpace(bytes, 0)
    for (const step of path) {
      const next = OPEN.has(bytes[at] ?? 0) ? partsAt(at).get(String(step)) : undefined
      if (next === undefined) break
      at = next
    }
    return countBefore(lines, at)
  }
}

/** By key, or by number; of keys that are written twice the last counts, as for whoever parses. */
const partsOf = (bytes: Uint8Array, start: number): ReadonlyMap<string, number> => {
  const parts = new Map<string, number>()
  const isList = bytes[start] === 0x5b
  let at = pastSpace(bytes, start + 1)
  for (let n = 0; at < bytes.length && !CLOSE.has(bytes[at] as number); n++) {
    let key = String(n)
    if (!isList) {
      const end = pastString(bytes, at)
      key = JSON.parse(Buffer.from(bytes.subarray(at, end)).toString('utf8')) as string
      at = pastSpace(bytes, end)
      if (bytes[at] === COLON) at = pastSpace(bytes, at + 1)
    }
    parts.set(key, at)
    at = pastSpace(bytes, pastValue(bytes, at))
    if (bytes[at] === COMMA) at = pastSpace(bytes, at + 1)
  }
  return parts
}

const pastValue = (bytes: Uint8Array, start: number): number => {
  let depth = 0
  for (let at = start; at < bytes.length; ) {
    const byte = bytes[at] as number
    if (byte === QUOTE) {
      at = pastString(bytes, at)
      if (depth === 0) return at
      continue
    }
    if (OPEN.has(byte)) depth++
    else if (CLOSE.has(byte)) {
      if (depth === 0) return at
      depth--
      if (depth === 0) return at + 1
    } else if (depth === 0 && byte === COMMA) return at
    at++
  }
  return bytes.length
}

const pastString = (bytes: Uint8Array, start: number): number => {
  let at = start + 1
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return at + 1
}

const pastSpace = (bytes: Uint8Array, start: number): number => {
  let at = start
  while (at < bytes.length && SPACE.has(bytes[at] as number)) at++
  return at
}

const newlinesOf = (bytes: Uint8Array): readonly number[] => {
  const found: number[] = []
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) found.push(at)
  return found
}

const countBefore = (sorted: readonly number[], offset: number): number => {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as number) < offset) low = middle + 1
    else high = middle
  }
  return low
}
