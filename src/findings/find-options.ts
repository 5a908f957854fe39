import type { Profile } from '../model/profile.ts'
import type { DocumentPath, Origin } from '../model/provenance.ts'

export interface FindOptions {
  /** RFC 3339; expiry is judged on its day. */
  readonly now: string
  /** Fingerprints that are known and do not count. */
  readonly baseline: ReadonlySet<string>
  /** null, or not given: the profile of each cluster’s own network plugin. */
  readonly profile?: Profile | null
  readonly lineOf: (origin: Origin, path: DocumentPath) => number | null
}
