import type { Sourced } from './provenance.ts'

/**
 * A signed-off deviation: the findings it names become `accepted` until it expires. HostAccessException is the
 * special form for workloads that need the host.
 */
export interface ExceptionDocument extends Sourced {
  readonly kind: 'Exception' | 'HostAccessException'
  /** Globs over finding ids; for HostAccessException the host-privilege findings. */
  readonly findings: readonly string[]
  /** Globs over object ids; empty: every object that `match` admits. */
  readonly objects: readonly string[]
  readonly match: ExceptionMatch
  readonly owner: string | null
  readonly justification: string | null
  readonly ticket: string | null
  /** `2027-02-01` */
  readonly expires: string | null
}

/** Globs; all given keys must match. */
export interface ExceptionMatch {
  readonly clusters: readonly string[]
  readonly namespaces: readonly string[]
  readonly kinds: readonly string[]
  readonly names: readonly string[]
}
