import type { Coverage, Diagnostic } from './coverage.ts'
import type { RegionChange } from './diff.ts'

/** What a proposed change opens and closes against the Declared. Shape: `postern.dev/change/v1`. */
export interface ProposedChange {
  readonly schema: 'postern.dev/change/v1'
  readonly now: string
  readonly before: string
  readonly after: string
  /** Intents after the change; with none of them everything that opens is undeclared. */
  readonly intents: number
  /** What opens toward places outside the cluster and nobody declares after the change. */
  readonly undeclared: readonly OwnedChange[]
  /** What opens and is declared, by whom. */
  readonly declared: readonly DeclaredChange[]
  /** What was declared before, stays open, and is declared by nobody after the change. */
  readonly withdrawn: readonly OwnedChange[]
  /** What opens toward pods, Services and nodes of the cluster. */
  readonly inside: readonly OwnedChange[]
  readonly closed: readonly OwnedChange[]
  readonly coverage: { readonly before: Coverage; readonly after: Coverage }
  readonly diagnostics: readonly Diagnostic[]
}

export interface OwnedChange extends RegionChange {
  readonly owner: string | null
}

export interface DeclaredChange extends OwnedChange {
  /** Ids of the intents that declare it. */
  readonly intents: readonly string[]
}
