import type { Addresses } from '../sets/addresses.ts'
import type { NamePattern } from '../sets/name-pattern.ts'
import type { Traffic } from '../sets/traffic.ts'
import type { Hop } from './finding.ts'
import type { DocumentPath, Sourced } from './provenance.ts'
import type { Doubt } from './rule.ts'
import type { Service } from './service.ts'
import type { Workload } from './workload.ts'

/**
 * Something that takes packets in and sends on what they hold, so that who reaches it reaches further than its own policies
 * say. Only known forwarders are relays: that any workload could be taken over is another level, and counted apart.
 */
export interface Relay {
  /** Its id stands in the path. */
  readonly of: Sourced
  readonly entrances: readonly RelayEntrance[]
  readonly grants: readonly RelayGrant[]
  /** What shows that it forwards. */
  readonly because: readonly RelayReason[]
}

export type RelayLevel = 'forwards' | 'pivot'

/** Where it takes packets in. With a doubt it may not listen there. */
export interface RelayEntrance {
  readonly at: /** At its pods; those on the host network listen on their node. */
    | { readonly kind: 'pods'; readonly workload: Workload }
    /** At a port of every node, where only the node of the sender sees the destination behind. */
    | { readonly kind: 'other-nodes' }
    /** At addresses that the sender's own node answers. */
    | { readonly kind: 'addresses'; readonly addresses: Addresses }
    /** At the Service's own address, where policy is asked before translation. */
    | { readonly kind: 'service'; readonly service: Service }
  readonly traffic: Traffic
  readonly doubt: Doubt | null
}

/** What it sends on, for whom. Never more than the sender `as` which it sends may. */
export interface RelayGrant {
  readonly to:
    | { readonly kind: 'addresses'; readonly addresses: Addresses }
    | { readonly kind: 'names'; readonly patterns: readonly NamePattern[] }
    /** The pods behind a Service. */
    | { readonly kind: 'backends'; readonly service: Service }
  readonly traffic: Traffic
  /** Whose egress policies count; null: it leaves as the node, and none does. */
  readonly as: Workload | null
  readonly admits: Admission
  readonly doubts: readonly Doubt[]
  readonly because: readonly RelayReason[]
}

/** Whom it serves. */
export type Admission =
  | { readonly kind: 'everybody' }
  | { readonly kind: 'addresses'; readonly addresses: Addresses }
  /** These certainly; of the others it is not known, and why. */
  | { readonly kind: 'workloads'; readonly workloads: ReadonlySet<Workload>; readonly doubt: Doubt }

export interface RelayReason {
  readonly of: Sourced
  readonly at: DocumentPath
  readonly says: string
}

export interface RelayHop extends Hop {
  readonly hop: 'relay'
  readonly level: RelayLevel
}
