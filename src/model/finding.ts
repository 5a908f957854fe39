import type { Coverage, Diagnostic } from './coverage.ts'

/** Shape: `postern.dev/findings/v1`, published as docs/reference/schemas/findings.v1.json. */

export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const
export type Severity = (typeof SEVERITIES)[number]

/** The letter after `PST-`. An id never changes its meaning. */
export const FAMILIES = {
  N: 'node surface and host privilege',
  P: 'pod policy',
  D: 'DNS',
  M: 'mesh and proxy',
  C: 'cloud routing',
  S: 'serverless',
  R: 'relay',
  A: 'asymmetry and anomalies',
  I: 'intent and identity',
  T: 'telemetry gaps',
  E: 'evidence',
  G: 'guardrail on a plan',
} as const
export type Family = keyof typeof FAMILIES

/** A check as its page tells it: what a viewer shows beside each of its findings. */
export interface RuleDescription {
  /** `PST-N001` */
  readonly id: string
  readonly title: string
  readonly severity: Severity
  readonly why: string
  readonly remedy: string
  readonly references: readonly string[]
}

export type FindingState = 'open' | 'accepted' | 'baseline'

export interface ExceptionRef {
  readonly name: string
  readonly kind: 'Exception' | 'HostAccessException'
  readonly owner: string
  readonly justification: string
  readonly ticket: string | null
  /** RFC 3339 date. */
  readonly expires: string
}

/** One element of the way a packet takes: `{ hop: 'pod', id }`, `{ hop: 'node', id }`, `{ hop: 'service', id }`. */
export interface Hop {
  readonly hop: string
  readonly id: string
}

export interface Finding {
  /** `PST-N001` */
  readonly id: string
  /** 32 hex digits over id, cluster, object and the check's own key: stable under moves, edits elsewhere, order. */
  readonly fingerprint: string
  readonly title: string
  readonly severity: Severity
  readonly state: FindingState
  readonly cluster: string
  /** Object id, `cluster/namespace/Kind/name`. */
  readonly object: string
  readonly file: string
  readonly line: number | null
  /** Who answers for it, by configurable labels and annotations; null when nobody is named. */
  readonly owner: string | null
  /** What is so, here: one or two sentences that name the fact. */
  readonly why: string
  /** The way out that this opens, where the check knows it. */
  readonly path: readonly Hop[]
  /** The value that proves it: `hostNetwork: true`, `0.0.0.0/0`, a packet. */
  readonly witness: string | null
  /** The change that closes it, naming the object. */
  readonly remedy: string
  readonly references: readonly string[]
  readonly exception: ExceptionRef | null
}

export interface FindingsSummary {
  readonly open: Readonly<Record<Severity, number>>
  readonly accepted: number
  readonly baseline: number
  readonly clusters: readonly {
    readonly cluster: string
    readonly workloads: number
    readonly open: Readonly<Record<Severity, number>>
  }[]
}

export interface FindingsResult {
  readonly schema: 'postern.dev/findings/v1'
  /** The day on which expiry was judged, RFC 3339. */
  readonly now: string
  /** Worst first; then by cluster, object, id, fingerprint. */
  readonly findings: readonly Finding[]
  readonly summary: FindingsSummary
  readonly coverage: Coverage
  readonly diagnostics: readonly Diagnostic[]
}
