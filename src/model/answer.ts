import type { Coverage, Diagnostic } from './coverage.ts'
import type { Hop } from './finding.ts'
import type { Because, Enforcement, Exit, ReachEntry, ReachTarget, TrafficText, Unknown, Verdict } from './reach.ts'

/** One question, every stage. Shape: `postern.dev/answer/v1`, published as docs/reference/schemas/answer.v1.json. */
export interface Answer {
  readonly schema: 'postern.dev/answer/v1'
  /** Id of the workload that asks. */
  readonly from: string
  /** As it was asked. */
  readonly to: string
  readonly verdict: Verdict | 'mixed'
  readonly enforcement: Enforcement
  readonly stages: readonly Stage[]
  readonly exit: Exit
  readonly relays: readonly ReachEntry[]
  readonly witness: string | null
  readonly unknowns: readonly Unknown[]
  /** One for each region that the question falls into; more than one where they differ. */
  readonly parts: readonly AnswerPart[]
  /** Of a denied answer: the policies each of which alone keeps it so, sorted; empty where no single one does. */
  readonly openedBy: readonly Opening[]
  readonly coverage: Coverage
  readonly diagnostics: readonly Diagnostic[]
}

export const STAGES = ['pod-policy', 'peer-policy', 'mesh', 'node', 'fabric', 'return'] as const
export type StageName = (typeof STAGES)[number]

export interface Stage {
  readonly stage: StageName
  readonly verdict: Verdict | 'not-assessed' | 'symmetric' | 'asymmetric'
  readonly because: readonly Because[]
  readonly hops: readonly Hop[]
}

/** A policy, and what the answer would be without it. */
export interface Opening {
  /** Id of the document. */
  readonly object: string
  readonly verdict: Exclude<Answer['verdict'], 'denied'>
}

export interface AnswerPart {
  readonly variant: string | null
  readonly to: ReachTarget
  readonly traffic: readonly TrafficText[]
  readonly verdict: Verdict
  readonly enforcement: Enforcement
  /** The way out of this part. */
  readonly exit: Exit
  readonly because: readonly Because[]
  readonly unknowns: readonly Unknown[]
  readonly witness: string | null
}
