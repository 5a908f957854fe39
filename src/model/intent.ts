import type { Addresses } from '../sets/addresses.ts'
import type { NamePattern } from '../sets/name-pattern.ts'
import type { Traffic } from '../sets/traffic.ts'
import type { DocumentPath, Sourced } from './provenance.ts'

/** The Declared: what owners say may leave, and what they lean on. Lists of texts are globs unless said otherwise. */

/** Something in a document that cannot be read, or that its schema refuses. What it was to say is not declared. */
export interface Fault {
  readonly at: DocumentPath
  readonly says: string
}

export interface IntentDocument extends Sourced {
  readonly faults: readonly Fault[]
}

export interface EgressIntent extends IntentDocument {
  /** The namespace that the document itself stands in; null where none is written. */
  readonly namespace: string | null
  /** null: it cannot be read, so nothing is declared for anybody. */
  readonly from: IntentSubject | null
  readonly allow: readonly Allowance[]
}

/** All given keys must match; null: not given. */
export type IntentSubject =
  | {
      readonly kind: 'workloads'
      readonly clusters: readonly string[] | null
      readonly namespaces: readonly string[] | null
      readonly serviceAccounts: readonly string[] | null
      readonly workloads: readonly string[] | null
      readonly labels: ReadonlyMap<string, string>
    }
  | { readonly kind: 'nodes'; readonly nodePools: readonly string[]; readonly clusters: readonly string[] | null }
  | {
      readonly kind: 'functions'
      readonly functions: readonly string[] | null
      readonly accounts: readonly string[] | null
    }

/** One entry of `allow`. */
export interface Allowance {
  readonly names: readonly NamePattern[]
  readonly addresses: Addresses
  readonly services: readonly string[]
  readonly workloads: readonly string[]
  /** Name of a PrivateEndpoint. */
  readonly privateEndpoint: string | null
  readonly traffic: Traffic
  /** Name of an ApprovedExit; null: any approved exit. */
  readonly via: string | null
  readonly owner: string | null
  readonly justification: string | null
  /** `2027-02-01` */
  readonly reviewBy: string | null
  readonly expires: string | null
  readonly at: DocumentPath
}

export interface ApprovedExit extends IntentDocument {
  readonly addresses: Addresses
  readonly ids: readonly string[]
  readonly names: readonly string[]
  readonly tags: ReadonlyMap<string, string>
  readonly environment: string | null
  readonly inspectsTls: boolean | null
  readonly owner: string | null
}

export interface Environment extends IntentDocument {
  readonly clusters: readonly string[]
  readonly networks: readonly string[]
  readonly tiers: readonly string[]
  readonly defaultRouteTables: readonly string[]
  /** Clusters of one list know each other’s pods by identity. */
  readonly meshes: readonly (readonly string[])[]
  readonly baseline: Baseline
  readonly owner: string | null
}

/** What every cluster of an environment must have. */
export interface Baseline {
  readonly policies: readonly BaselinePolicy[]
  readonly nameAllowlisting: boolean
  readonly logging: readonly BaselineLogging[]
}

export interface BaselinePolicy {
  readonly kind: string
  readonly name: string
  /** Namespaces that must each have it; null: a cluster-scoped kind. */
  readonly namespaces: readonly string[] | null
  readonly at: DocumentPath
}

export const BASELINE_LOGGING = ['dns', 'policy', 'flow', 'mesh-access'] as const
export type BaselineLogging = (typeof BASELINE_LOGGING)[number]

export interface PrivateEndpointDocument extends IntentDocument {
  readonly service: string | null
  readonly names: readonly NamePattern[]
  readonly addresses: Addresses
  readonly ids: readonly string[]
  readonly environment: string | null
}

export interface ResolverDocument extends IntentDocument {
  readonly addresses: Addresses
  /** null: all clusters. */
  readonly clusters: readonly string[] | null
  readonly logs: boolean | null
  readonly filters: boolean | null
}

export interface EgressPattern extends IntentDocument {
  readonly pattern: 'centralised' | 'per-cluster' | null
  readonly clusters: readonly string[] | null
  readonly environment: string | null
  readonly via: readonly string[]
  readonly decision: string | null
  readonly reviewBy: string | null
  readonly owner: string | null
}

/** Every document of the Declared that an estate holds, each list sorted by name. */
export interface IntentDocuments {
  readonly intents: readonly EgressIntent[]
  readonly exits: readonly ApprovedExit[]
  readonly environments: readonly Environment[]
  readonly endpoints: readonly PrivateEndpointDocument[]
  readonly resolvers: readonly ResolverDocument[]
  readonly patterns: readonly EgressPattern[]
  /** Of exceptions and standards, which have readers of their own. */
  readonly otherFaults: readonly IntentDocument[]
}
