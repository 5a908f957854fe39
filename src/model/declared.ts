import type { Coverage, Diagnostic } from './coverage.ts'
import type { Severity } from './finding.ts'
import type { TrafficText } from './reach.ts'

/** What is wrong with the documents of the Declared. Shape: `postern.dev/intent-lint/v1`. */
export interface LintResult {
  readonly schema: 'postern.dev/intent-lint/v1'
  readonly now: string
  /** Documents by kind. */
  readonly documents: Readonly<Record<string, number>>
  readonly problems: readonly LintProblem[]
  readonly coverage: Coverage
  readonly diagnostics: readonly Diagnostic[]
}

export interface LintProblem {
  readonly kind: string
  readonly severity: Severity
  /** `namespace/Kind/name`, `-` for no namespace. */
  readonly object: string
  readonly file: string
  readonly line: number | null
  /** `spec.allow[2].to` */
  readonly path: string
  readonly says: string
  readonly remedy: string
}

/** The merged Declared. Shape: `postern.dev/declared/v1`. */
export interface DeclaredResult {
  readonly schema: 'postern.dev/declared/v1'
  readonly now: string
  readonly workloads: readonly DeclaredWorkload[]
  /** Intents that speak of nobody who was read: of other workloads, of nodes, of functions. */
  readonly others: readonly DeclaredIntent[]
  readonly coverage: Coverage
  readonly diagnostics: readonly Diagnostic[]
}

export interface DeclaredWorkload {
  readonly id: string
  readonly variant: string | null
  readonly owner: string | null
  readonly allow: readonly DeclaredEntry[]
}

export interface DeclaredIntent {
  readonly intent: string
  readonly file: string
  readonly line: number | null
  /** As its author wrote it. */
  readonly from: Readonly<Record<string, readonly string[]>>
  readonly allow: readonly DeclaredEntry[]
}

export interface DeclaredEntry {
  readonly to: {
    readonly names: readonly string[]
    readonly ranges: readonly string[]
    readonly services: readonly string[]
    readonly workloads: readonly string[]
    readonly privateEndpoint: string | null
  }
  readonly traffic: readonly TrafficText[]
  /** null: any approved exit. */
  readonly via: string | null
  readonly owner: string | null
  readonly justification: string | null
  readonly reviewBy: string | null
  readonly expires: string | null
  readonly intent: string
  readonly file: string
  readonly line: number | null
}
