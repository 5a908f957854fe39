import type { DocumentPath, Origin } from '../../model/provenance.ts'
import type { ByteSource } from './bytes.ts'
import { lineOfOffset, offsetOfPath } from './yaml-position.ts'

/** YAML documents longer than this keep the line they start on: an exact line would cost more than it tells. */
const MAX_EXACT = 8 * 1024 * 1024

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
  const text = bytes.range(origin.start, origin.end).toString('utf8')
  const full: DocumentPath = origin.item === null ? path : ['items', origin.item, ...path]
  return origin.line + lineOfOffset(text, offsetOfPath(text, full)) - 1
}
