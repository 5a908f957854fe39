import type { Coverage, Diagnostic } from './coverage.ts'
import type { Because, Enforcement, Exit, ReachTarget, TrafficText, Unknown, Verdict } from './reach.ts'

/**
 * What a change of configuration changed. Shape: `postern.dev/diff/v1`, published as
 * docs/reference/schemas/diff.v1.json.
 */
export interface DiffResult {
  readonly schema: 'postern.dev/diff/v1'
  /** The two SOURCEs as given. */
  readonly before: string
  readonly after: string
  /** What may leave after and could not before; by workload, variant, destination. */
  readonly gained: readonly RegionChange[]
  /** What might leave before and cannot any more. */
  readonly lost: readonly RegionChange[]
  readonly exitChanged: readonly ExitChange[]
  readonly inventory: InventoryDiff
  readonly unknowns: readonly Unknown[]
  readonly coverage: { readonly before: Coverage; readonly after: Coverage }
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * A region that one side lets leave and the other does not. Both sides are read at their widest: what was `unknown` before and
 * is `allowed` now was told before, and is no gain.
 */
export interface RegionChange {
  readonly workload: string
  /** null where the workload has one row. */
  readonly variant: string | null
  readonly to: ReachTarget
  readonly traffic: readonly TrafficText[]
  /** Of what is gained after, of what is lost before; never `denied`. */
  readonly verdict: Verdict
  readonly enforcement: Enforcement
  readonly exit: Exit
  /** Why it may leave: of what is gained after, of what is lost before. */
  readonly because: readonly Because[]
  readonly unknowns: readonly Unknown[]
  readonly witness: string | null
}

/** A region that stays and leaves by another way. */
export interface ExitChange {
  readonly workload: string
  readonly variant: string | null
  readonly to: ReachTarget
  readonly traffic: readonly TrafficText[]
  readonly before: Exit
  readonly after: Exit
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
