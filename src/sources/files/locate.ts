import type { DocumentPath, Origin } from '../../model/provenance.ts'
import type { ByteSource } from './bytes.ts'
import { jsonLinesIn } from './json-position.ts'
import { linesIn } from './yaml-position.ts'

/** Documents longer than this keep the line they start on: an exact line would cost more than it tells. */
const MAX_EXACT = 64 * 1024 * 1024

/** 1-based line of a place in a document; null where lines mean nothing. */
export type Locate = (origin: Origin, path: DocumentPath) => number | null

/**
 * A document is read again, for those that a result names and no others; the one asked for last is kept, since a `List`, or
 * the output of a tool, is asked for once for each of its items.
 */
export const locator = (bytesOf: (source: number) => ByteSource | null): Locate => {
  let last: {
    readonly bytes: ByteSource
    readonly start: number
    readonly lineOf: (path: DocumentPath) => number
  } | null = null
  return (origin, path) => {
    if (origin.line === null) return null
    const bytes = bytesOf(origin.source)
    if (bytes === null || origin.end - origin.start > MAX_EXACT) return origin.line
    if (last?.bytes !== bytes || last.start !== origin.start) {
      last = { bytes, start: origin.start, lineOf: linesOf(bytes.range(origin.start, origin.end), origin.format) }
    }
    // JSON is cut into its items, each of which is a document of its own.
    const full: DocumentPath = origin.item === null || origin.format === 'json' ? path : ['items', origin.item, ...path]
    return origin.line + last.lineOf(full)
  }
}

/** From 0. */
const linesOf = (bytes: Buffer, format: Origin['format']): ((path: DocumentPath) => number) => {
  if (format === 'json') return jsonLinesIn(bytes)
  const lineOf = linesIn(bytes.toString('utf8'))
  return path => lineOf(path) - 1
}
