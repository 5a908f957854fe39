import type { Coverage, Diagnostic } from './coverage.ts'
import type { ExceptionRef, FindingState, Hop, Severity } from './finding.ts'
import type { JsonObject } from './json.ts'
import type { Exit, TrafficText, Unknown } from './reach.ts'

/** One resource that a plan changes. */
export interface PlannedChange {
  /** As the plan names it: `module.vpc.aws_route.public[0]`. */
  readonly address: string
  /** `create`, `update`, `delete`, `forget`; a replacement is two of them, in the order in which they happen. */
  readonly actions: readonly string[]
  readonly file: string
}

/** One managed resource of a plan, as it is and as it will be. */
export interface PlannedResource extends PlannedChange {
  readonly type: string
  /** Where the plan tells of its change; else of the document. null: lines mean nothing there. */
  readonly line: number | null
  /** Something of it changes that networks hang on: tags alone do not. */
  readonly isChanged: boolean
  /** What is known and may be shown; null: it is not there. */
  readonly before: JsonObject | null
  readonly after: JsonObject | null
  /** The shape of `after` with `true` where a value is not known until it is applied. */
  readonly unknown: JsonObject
  /** Attributes for which the configuration has an expression. */
  readonly written: ReadonlySet<string>
  /** What attributes name: ids as the platform writes them, or addresses of what has none yet. */
  readonly names: readonly NamedByAttribute[]
}

export interface NamedByAttribute {
  readonly attribute: string
  readonly when: 'before' | 'after'
  readonly ids: readonly string[]
  /** Not null: it names some of these beside, and the plan does not tell which. */
  readonly open: { readonly why: string; readonly among: readonly string[] } | null
}

/** `broken`: the plan does what the rule forbids. `unresolved`: it may, and the plan does not tell. */
export type GuardrailVerdict = 'kept' | 'broken' | 'unresolved'

/** What one guardrail says of one resource that the plan changes. */
export interface GuardrailResult {
  readonly id: string
  /** The guardrail in a few words. */
  readonly rule: string
  readonly address: string
  readonly verdict: GuardrailVerdict
  readonly severity: Severity
  readonly state: FindingState
  readonly file: string
  readonly line: number | null
  /** What is so; null where it is kept. */
  readonly why: string | null
  /** Subnets, machines or networks that it concerns, by id. */
  readonly concerns: readonly string[]
  readonly path: readonly Hop[]
  readonly witness: string | null
  readonly remedy: string | null
  /** Of what is unresolved: what would settle it. */
  readonly settledBy: string | null
  readonly owner: string | null
  readonly fingerprint: string
  readonly exception: ExceptionRef | null
}

/** What packets from some places may do after the plan and could not before; in `lost` the other way round. */
export interface PlanWay {
  /** Subnets and machines, by id. */
  readonly from: readonly string[]
  /** Clusters of the other SOURCEs whose nodes stand there. */
  readonly clusters: readonly string[]
  readonly to: { readonly kind: 'addresses'; readonly zone: string; readonly ranges: readonly string[] }
  readonly traffic: readonly TrafficText[]
  readonly verdict: 'allowed' | 'unknown'
  /** The way out: after, of what is gained; before, of what is lost. */
  readonly exit: Exit
  /** Of what leaves by another way than before: the way that it left by; null: it did not leave. */
  readonly before: Exit | null
  readonly unknowns: readonly Unknown[]
  readonly witness: string | null
  /** Addresses of what the plan changes that decides it. */
  readonly because: readonly string[]
}

/** What the plan does not tell. */
export interface PlanUnresolved extends Unknown {
  /** The resource that it is about; null: no single one. */
  readonly address: string | null
  readonly from: readonly string[]
  readonly witness: string | null
}

/** What a plan opens and closes. Shape: `postern.dev/plan/v1`, published as docs/reference/schemas/plan.v1.json. */
export interface PlanResult {
  readonly schema: 'postern.dev/plan/v1'
  /** The day on which exceptions were judged. */
  readonly now: string
  /** Files that hold a plan. */
  readonly plans: readonly string[]
  /** How many resources they change. */
  readonly changes: number
  readonly guardrails: readonly GuardrailResult[]
  readonly gained: readonly PlanWay[]
  readonly lost: readonly PlanWay[]
  readonly unresolved: readonly PlanUnresolved[]
  readonly coverage: Coverage
  readonly diagnostics: readonly Diagnostic[]
}
