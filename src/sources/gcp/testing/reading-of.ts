import type { JsonObject } from '../../../model/json.ts'
import type { RawDocument } from '../../files/read.ts'
import { type GcpReading, gcpFabric } from '../fabric.ts'

/** Documents as if each were a file of its own: `0.json`, `1.json`. For tests only. */
export const documentsOf = (...bodies: readonly JsonObject[]): readonly RawDocument[] =>
  bodies.map((body, source) => ({
    kind: 'document',
    body,
    origin: { file: `${source}.json`, source, start: 0, end: 1, line: 1, format: 'json', item: null },
    cluster: 'c',
  }))

export const readingOf = (...bodies: readonly JsonObject[]): GcpReading => gcpFabric(documentsOf(...bodies))

/** Why something was not understood in full, in order. */
export const whysOf = (reading: GcpReading): readonly string[] => reading.notes.map(({ why }) => why)
