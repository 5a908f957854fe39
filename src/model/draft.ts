import type { Coverage, Diagnostic } from './coverage.ts'

/** Intents drafted from what is possible. Shape: `postern.dev/intent-draft/v1`. */
export interface DraftResult {
  readonly schema: 'postern.dev/intent-draft/v1'
  readonly now: string
  readonly intents: readonly DraftedIntent[]
  readonly coverage: Coverage
  readonly diagnostics: readonly Diagnostic[]
}

/** A document as somebody would write it, with what a person should know before keeping it. */
export interface DraftedIntent {
  readonly notes: readonly string[]
  readonly document: {
    readonly apiVersion: string
    readonly kind: 'EgressIntent'
    readonly metadata: { readonly name: string }
    readonly spec: {
      readonly from: Readonly<Record<string, readonly string[]>>
      readonly allow: readonly Readonly<Record<string, unknown>>[]
    }
  }
}
