import type { Sourced } from './provenance.ts'

/**
 * A policy document as far as isolation goes: whom it selects and whether being selected closes egress by default.
 * What its rules allow is the engine's business.
 */
export interface Policy extends Sourced {
  readonly dialect: 'kubernetes' | 'policy-api' | 'cilium' | 'calico' | 'other'
  /** null: every namespace that `subject` admits. */
  readonly namespace: string | null
  /** Several when one document carries several specs. */
  readonly specs: readonly PolicySpec[]
  /** Staged, rejected by its own controller, in a tier that does not exist: it stands there and does nothing. */
  readonly inert: string | null
}

export interface PolicySpec {
  readonly subject: PodMatcher
  /** Does selecting a pod close its egress but for what rules allow? `unknown` when the selection cannot be read. */
  readonly isolatesEgress: boolean | 'unknown'
  readonly isolatesIngress: boolean | 'unknown'
  /** Index into `spec.egress` of a rule that lets everything out, if there is one. */
  readonly allowsAllEgress: number | null
  /** Has a rule that lets out toward every address of a family, on some port or all. What exactly is the engine's business. */
  readonly opensEverything: boolean
  /** For host endpoints or nodes, not for pods. */
  readonly selectsNodes: boolean
}

/** Decides whether a policy's subject holds for a pod; `unknown` when the selector could not be read. */
export interface PodMatcher {
  /** The selector as its author wrote it. */
  readonly text: string
  /** True when the matcher looks at nothing but the pod's own labels. */
  readonly podLabelsOnly: boolean
  readonly matches: (pod: PodIdentity) => boolean | 'unknown'
}

export interface PodIdentity {
  readonly namespace: string
  readonly namespaceLabels: ReadonlyMap<string, string>
  readonly labels: ReadonlyMap<string, string>
  readonly serviceAccount: string
}
