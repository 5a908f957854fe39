import type { DocumentPath, Origin } from '../../model/provenance.ts'
import type { ByteSource } from './bytes.ts'
import { linesIn } from './yaml-position.ts'

/** YAML documents longer than this keep the line they start on: an exact line would cost more than it tells. */
const MAX_EXACT = 64 * 1024 * 1024

/** 1-based line of a place in a document; null where lines mean nothing. */
export type Locate = (origin: Origin, path: DocumentPath) => number | null

/**
 * JSON gives the object's own line, counted while cutting. YAML is read again, for the documents that a result names
 * and no others; the document asked for last is kept, since a `List` is asked for once for each of its items.
 */
export const locator = (bytesOf: (source: number) => ByteSource | null): Locate => {
  let last: { readonly bytes: ByteSource; readonly start: number; readonly lineOf: ReturnType<typeof linesIn> } | null =
    null
  return (origin, path) => {
    if (origin.line === null || origin.format === 'json') return origin.line
    const bytes = bytesOf(origin.source)
    if (bytes === null || origin.end - origin.start > MAX_EXACT) return origin.line
    if (last?.bytes !== bytes || last.start !== origin.start) {
      const text = bytes.range(origin.start, origin.end).toString('utf8')
      last = { bytes, start: origin.start, lineOf: linesIn(text) }
    }
    const full: DocumentPath = origin.item === null ? path : ['items', origin.item, ...path]
    return origin.line + last.lineOf(full) - 1
  }
}
