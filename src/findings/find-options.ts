import type { DocumentPath, Origin } from '../model/provenance.ts'

export interface FindOptions {
  /** RFC 3339; expiry is judged on its day. */
  readonly now: string
  /** Fingerprints that are known and do not count. */
  readonly baseline: ReadonlySet<string>
  readonly lineOf: (origin: Origin, path: DocumentPath) => number | null
}
