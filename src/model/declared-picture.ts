import type { Severity } from './finding.ts'
import type { TrafficText } from './reach.ts'

/** Declared beside Possible, by namespace and by pool of nodes, as the report draws it. */
export interface DeclaredPicture {
  /** How many intents were read; with none of them nothing is declared. */
  readonly intents: number
  /** By cluster, then name. */
  readonly namespaces: readonly PictureNamespace[]
  /** Clusters of whose nodes an intent speaks, by name. */
  readonly nodes: readonly PictureNodes[]
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

export interface PictureNodes {
  readonly cluster: string
  readonly pools: readonly PicturePool[]
}

/** Nodes of one pool that the same holds, and of whom the same is declared. */
export interface PicturePool {
  /** null: nothing says what pool they are of. */
  readonly pool: string | null
  /** Names, sorted. */
  readonly nodes: readonly string[]
  /** What limits them inside the cluster: where it is `nothing`, no way of theirs is `met`. */
  readonly hold: 'nothing' | 'policy' | 'firewall' | 'unknown'
  /** Worst first. */
  readonly ways: readonly PictureWay[]
}

/**
 * `met`: declared, and policy lets it leave. `undeclared`: policy lets it leave, and nobody declared it. `broken`: declared, and
 * policy stops it. `partly`: declared, and policy lets a part of it leave. `open`: declared, and nobody can tell. `unheld`: of
 * nodes that nothing limits, declared or not.
 */
export const WAY_STATES = ['undeclared', 'unheld', 'broken', 'partly', 'open', 'met'] as const
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
