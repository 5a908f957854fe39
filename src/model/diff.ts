import type { Coverage, Diagnostic } from './coverage.ts'

/**
 * What a change of configuration changed. Shape: `postern.dev/diff/v1`, published as
 * docs/reference/schemas/diff.v1.json.
 */
export interface DiffResult {
  readonly schema: 'postern.dev/diff/v1'
  /** The two SOURCEs as given. */
  readonly before: string
  readonly after: string
  /** Regions that became reachable, that stopped being so, and whose way out changed: `unknowns` says why they are empty. */
  readonly gained: readonly never[]
  readonly lost: readonly never[]
  readonly exitChanged: readonly never[]
  readonly inventory: InventoryDiff
  readonly unknowns: readonly { readonly stage: string; readonly why: string; readonly settledBy: string }[]
  readonly coverage: { readonly before: Coverage; readonly after: Coverage }
  readonly diagnostics: readonly Diagnostic[]
}

export interface InventoryDiff {
  /** Sorted by cluster, kind, id. */
  readonly changes: readonly InventoryChange[]
  readonly opened: number
  readonly closed: number
}

export interface InventoryChange {
  readonly cluster: string
  /** `service`, `host privilege`, `default deny`, `setting`, … */
  readonly kind: string
  readonly id: string
  /** null: it was not there. */
  readonly before: string | null
  /** null: it is not there any more. */
  readonly after: string | null
  /** `opens`: a way out or in was added, or a control taken away; `closes`: the other way round; `neutral`: neither. */
  readonly effect: 'opens' | 'closes' | 'neutral'
}
