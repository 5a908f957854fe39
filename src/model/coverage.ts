/**
 * What was read and how well it was understood. Nothing that was read is dropped in silence: every object is in
 * exactly one of five states, and every result carries the sum.
 */

export type SupportState = 'understood' | 'ignorable' | 'partly' | 'notImplemented' | 'unrecognised'

export interface CoverageNote {
  readonly state: SupportState
  /** Object id; null for a file that holds no object. */
  readonly object: string | null
  readonly file: string
  readonly line: number | null
  readonly why: string
}

/** A read that did not happen: a forbidden resource, an unreachable cluster, an unreadable file. */
export interface Gap {
  readonly cluster: string | null
  /** `pods`, `networkpolicies.networking.k8s.io`; null when the whole cluster is missing. */
  readonly resource: string | null
  readonly why: string
  /** What would settle it: the verb, the role rule, the file. */
  readonly settledBy: string
}

export interface Coverage {
  readonly objects: number
  readonly understood: number
  readonly ignorable: number
  readonly partly: number
  readonly notImplemented: number
  readonly unrecognised: number
  /** Every note of a state other than understood or ignorable, sorted by file, line, object. */
  readonly notes: readonly CoverageNote[]
  readonly gaps: readonly Gap[]
}

/** Trouble with the input: a value, not an exception. `error` makes the exit code 2. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning'
  readonly file: string
  readonly line: number | null
  readonly column: number | null
  readonly message: string
}
