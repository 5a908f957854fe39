import type { RuleDescription } from './finding.ts'

export type Explanation =
  | { readonly kind: 'finding'; readonly rule: RuleDescription }
  | { readonly kind: 'term'; readonly term: string; readonly means: string }
  | { readonly kind: 'unknown'; readonly near: readonly string[] }
