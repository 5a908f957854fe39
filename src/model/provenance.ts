import type { ObjectRef } from './identity.ts'

/** A step into a document: an object key or an array index. */
export type PathStep = string | number
export type DocumentPath = readonly PathStep[]

/**
 * Where an object was read. Positions inside the object are looked up only for the objects that a result names.
 */
export interface Origin {
  /** As shown: relative to the SOURCE as given, `live:CONTEXT` for live reads. */
  readonly file: string
  /** Key by which the reader finds the bytes again. */
  readonly source: number
  /** Byte range of the document (of the item, in a JSON list) in the decompressed file. */
  readonly start: number
  readonly end: number
  /** 1-based line of the document's first byte; null where lines mean nothing (live reads). */
  readonly line: number | null
  readonly format: 'json' | 'yaml'
  /** Index into `items` when the document is a YAML `List`. */
  readonly item: number | null
}

/** By place: file, then byte, then item; the same on every machine. */
export const compareOrigins = (a: Origin, b: Origin): number =>
  (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.start - b.start || (a.item ?? 0) - (b.item ?? 0)

/** What every object of the model carries. */
export interface Sourced {
  readonly ref: ObjectRef
  readonly origin: Origin
  readonly labels: ReadonlyMap<string, string>
  readonly annotations: ReadonlyMap<string, string>
}

/** What `Sourced` wants of a larger record, and nothing else of it. */
export const sourcedOf = ({ ref, origin, labels, annotations }: Sourced): Sourced => ({
  ref,
  origin,
  labels,
  annotations,
})

/** `spec.egress[0].to[1]` */
export const pathText = (path: DocumentPath): string =>
  path.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('')
