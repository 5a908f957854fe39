import { compareOrigins } from '../model/provenance.ts'
import type { RawDocument } from './files/read.ts'

/** In the order of their places; one that was handed over twice counts once. */
export const oncePerPlace = (documents: readonly RawDocument[]): readonly RawDocument[] => {
  const sorted = documents.toSorted((a, b) => compareOrigins(a.origin, b.origin) || a.origin.source - b.origin.source)
  return sorted.filter((document, i) => {
    const before = sorted[i - 1]
    return before === undefined || before.body !== document.body
  })
}
