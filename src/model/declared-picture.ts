import type { Severity } from './finding.ts'
import type { TrafficText } from './reach.ts'

/** Declared beside Possible, by namespace, as the report draws it. */
export interface DeclaredPicture {
  /** How many intents were read; with none of them nothing is declared. */
  readonly intents: number
  /** By cluster, then name. */
  readonly namespaces: readonly PictureNamespace[]
}

export interface PictureNamespace {
  readonly cluster: string
  readonly namespace: string
  readonly groups: readonly PictureGroup[]
}

/** Workloads of whom the same is possible and the same is declared. */
export interface PictureGroup {
  /** Ids, sorted. */
  readonly workloads: readonly string[]
  /** Worst first: undeclared, broken, wider than policy, open, met. */
  readonly ways: readonly PictureWay[]
}

/**
 * `met`: declared, and policy lets it leave. `undeclared`: policy lets it leave, and nobody declared it. `broken`: declared, and
 * policy stops it. `partly`: declared, and policy lets a part of it leave. `open`: declared, and nobody can tell.
 */
export const WAY_STATES = ['undeclared', 'broken', 'partly', 'open', 'met'] as const
export type WayState = (typeof WAY_STATES)[number]

export interface PictureWay {
  readonly state: WayState
  /** Where it leads, in words: `api.stripe.com`, `every address of the IPv4 internet`. */
  readonly place: string
  readonly traffic: readonly TrafficText[]
  /** Of what is undeclared; null of what is declared. */
  readonly severity: Severity | null
  /** Of what is declared. */
  readonly intent: string | null
  readonly owner: string | null
  readonly via: string | null
  readonly until: string | null
}
