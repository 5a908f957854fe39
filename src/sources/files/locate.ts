import type { DocumentPath, Origin } from '../../model/provenance.ts'
import type { ByteSource } from './bytes.ts'
import { linesIn } from './yaml-position.ts'

/** YAML documents longer than this keep the line they start on: an exact line would cost more than it tells. */
const MAX_EXACT = 64 * 1024 * 1024

/**
 * 1-based line of a place in a document. JSON gives the object's own line (counted while cutting); YAML is read again,
 * for the documents that a result names and no others. null where lines mean nothing.
 */
export const lineOf = (
  origin: Origin,
  path: DocumentPath,
  bytesOf: (source: number) => ByteSource | null,
): number | null => {
  if (origin.line === null || origin.format === 'json') return origin.line
  const bytes = bytesOf(origin.source)
  if (bytes === null || origin.end - origin.start > MAX_EXACT) return origin.line
  const full: DocumentPath = origin.item === null ? path : ['items', origin.item, ...path]
  return origin.line + linesOf(bytes, origin)(full) - 1
}

/** The document asked for last: a `List` is asked for once for each of its items that a result names. */
let last: { readonly bytes: ByteSource; readonly start: number; readonly lines: ReturnType<typeof linesIn> } | null =
  null

const linesOf = (bytes: ByteSource, { start, end }: Origin): ReturnType<typeof linesIn> => {
  if (last?.bytes !== bytes || last.start !== start) {
    last = { bytes, start, lines: linesIn(bytes.range(start, end).toString('utf8')) }
  }
  return last.lines
}
