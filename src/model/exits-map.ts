import type { Exit, Unknown } from './reach.ts'

/** Who leaves by which way out, over the whole fleet, as the report draws it: added up, so that a large fleet is a small map. */
export interface ExitsMap {
  /** Whether a document shows the network under any cluster. Without one a way is followed to the cluster's own exits, no further. */
  readonly networkWasRead: boolean
  /** How many intents were read; with none of them no link has a state. */
  readonly intents: number
  /** Workloads that the map speaks of, and those of them that may leave at all. */
  readonly workloads: number
  readonly leaving: number
  /** Workloads whose ways were not computed. */
  readonly leftOut: number
  /** Not known first; then by kind and id. */
  readonly exits: readonly MapExit[]
  /** The fleet by cluster, where there are several; then each cluster by namespace. */
  readonly scenes: readonly MapScene[]
}

export interface MapExit {
  readonly kind: Exit['kind']
  readonly id: string | null
  /** Of an exit without an id: whose it is. null: of no one cluster. */
  readonly cluster: string | null
  /** The first of those that the world sees. */
  readonly addresses: readonly string[]
  readonly moreAddresses: number
  /** Of what is not known: the reasons that speak of most workloads. */
  readonly unknowns: readonly Unknown[]
  readonly workloads: number
}

export interface MapScene {
  /** null: the fleet. */
  readonly cluster: string | null
  /** Clusters of the fleet, namespaces of a cluster. */
  readonly sources: readonly MapSource[]
  /** By source, then exit, then state. */
  readonly links: readonly MapLink[]
}

export interface MapSource {
  readonly name: string
  readonly workloads: number
  /** Those of them that may leave at all. */
  readonly leaving: number
}

/** Workloads of one source with one way out. A workload counts once for each exit. */
export interface MapLink {
  /** Places in `sources` and `exits`. */
  readonly source: number
  readonly exit: number
  readonly state: LinkState | null
  readonly workloads: number
  /** Of these, those of whom it is not certain that anything leaves here. */
  readonly perhaps: number
  /** Where this leads: zones of addresses, `names`. */
  readonly toward: readonly string[]
}

/**
 * `undeclared`: some of what leaves here nobody declared. `declared`: all of it is declared. `unjudged`: nobody holds it against
 * what is declared: add-ons, the host network, policies that are not evaluated, places that lead nowhere. Worst first.
 */
export const LINK_STATES = ['undeclared', 'unjudged', 'declared'] as const
export type LinkState = (typeof LINK_STATES)[number]
