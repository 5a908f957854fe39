import type { Coverage, Diagnostic } from './coverage.ts'
import type { Hop } from './finding.ts'

/**
 * The Possible, as a result: for each workload every destination region with its traffic, way out and reason. Shape:
 * `postern.dev/reach/v1`, published as docs/reference/schemas/reach.v1.json.
 */
export interface ReachResult {
  readonly schema: 'postern.dev/reach/v1'
  /** By id, then variant. */
  readonly workloads: readonly WorkloadReach[]
  /** With `--by class` only: the regions stand here, once for all workloads that share them. */
  readonly classes?: readonly ClassReach[]
  readonly coverage: Coverage
  readonly diagnostics: readonly Diagnostic[]
}

export interface WorkloadReach {
  readonly id: string
  /** What tells rows of one id apart; null where there is one. */
  readonly variant: string | null
  readonly cluster: string
  readonly namespace: string
  readonly kind: string
  readonly name: string
  readonly serviceAccount: string
  /** Workloads of one class have the same regions. */
  readonly class: string
  readonly hostNetwork: boolean
  readonly pods: number
  readonly egress?: readonly ReachEntry[]
  readonly relayed?: readonly ReachEntry[]
  /** Where it is asked for: by object. */
  readonly layers?: readonly Layer[]
}

/** One document, and what it alone holds closed: it would leave, or might, if that document were not there. */
export interface Layer {
  readonly object: string
  readonly opens: readonly ReachEntry[]
}

export interface ClassReach {
  readonly id: string
  readonly workloads: readonly string[]
  readonly egress: readonly ReachEntry[]
}

/** One region of a workload. Regions of a workload never overlap. */
export interface ReachEntry {
  readonly to: ReachTarget
  readonly traffic: readonly TrafficText[]
  readonly verdict: Verdict
  readonly enforcement: Enforcement
  readonly path: readonly WayHop[]
  readonly exit: Exit
  readonly because: readonly Because[]
  readonly unknowns: readonly Unknown[]
  /** `10.244.1.9 -> 1.1.1.1:443/TCP` */
  readonly witness: string | null
}

export interface WayHop extends Hop {
  /** Of a relay: `forwards`, by its purpose, or `pivot`, if it were taken over. */
  readonly level?: string
}

export type Verdict = 'allowed' | 'denied' | 'unknown'
export type Enforcement = 'enforced' | 'cooperative' | 'undefined' | 'not-enforced' | 'unknown'

export type ReachTarget =
  | { readonly kind: 'addresses'; readonly zone: string; readonly ranges: readonly string[] }
  | { readonly kind: 'names'; readonly patterns: readonly string[] }
  | { readonly kind: 'workloads'; readonly ids: readonly string[] }
  | { readonly kind: 'service'; readonly id: string }
  | { readonly kind: 'nodes'; readonly nodes: 'own' | 'other' }
  | { readonly kind: 'apiserver' }
  | { readonly kind: 'class'; readonly id: string }

export interface TrafficText {
  readonly protocol: string
  /** `80,443,8000-8080` */
  readonly ports?: string
  /** `8/0,3/*`, or `*` */
  readonly types?: string
}

export interface Exit {
  readonly kind: ExitKind
  readonly id: string | null
  readonly sourceAddresses: readonly string[]
}

export type ExitKind =
  | 'in-cluster'
  | 'node'
  | 'nat'
  | 'internet-gateway'
  | 'egress-only-gateway'
  | 'load-balancer-outbound'
  | 'egress-gateway'
  | 'proxy'
  | 'firewall'
  | 'private-endpoint'
  | 'peer-network'
  | 'transit'
  | 'on-premises'
  | 'provider-managed'
  | 'blackhole'
  | 'unknown'

/** What decided: a rule, the default where no rule matches, the network plugin, or something that is missing. */
export interface Because {
  readonly kind: 'rule' | 'default' | 'profile' | 'missing'
  /** Id of the object that says so; null where no object does. */
  readonly object: string | null
  readonly file: string | null
  readonly line: number | null
  /** `spec.egress[0].to[1]`; null for what stands in no document. */
  readonly rule: string | null
  /** In words: `allows`, `denies what no rule allows`. */
  readonly says: string
}

export interface Unknown {
  readonly stage: string
  readonly why: string
  readonly settledBy: string
}
