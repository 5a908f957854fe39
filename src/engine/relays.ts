import type { Relay } from '../model/relay.ts'
import type { ZoneMap } from '../sets/zones.ts'
import type { ClusterEngine, Row } from './cluster-engine.ts'
import { keptBy } from './lazily.ts'
import { pivotsIn } from './pivots.ts'
import type { Subject } from './population.ts'
import { backendsIn } from './relay-backends.ts'
import { closureOf, type Relays } from './relay-closure.ts'
import { type NodeGrant, type RelayNode, relayNodes } from './relay-nodes.ts'
import { onwardTo } from './relay-onward.ts'
import { wayOf } from './relay-ways.ts'
import { type RelayedEntry, relayedEntries } from './relayed-entries.ts'

export interface RelayOptions {
  /** Whatever a workload reaches might be taken over: that counts, too. */
  readonly pivots: boolean
}

/** Entries of a sender through relays; what it may send directly is not among them. */
export const relayedIn = (
  engine: ClusterEngine,
  zones: ZoneMap,
  relays: readonly Relay[],
  options: RelayOptions,
): ((subject: Subject, row: Row) => readonly RelayedEntry[]) => {
  const nodes = relayNodes(engine, relays)
  if (nodes.length === 0 && !options.pivots) return () => []
  const all = relaysIn(engine, zones, nodes)
  const entries = relayedEntries(all)
  const withPivots = options.pivots ? pivotsIn(all) : null
  return (subject, row) => {
    const reached = closureOf(all, subject, row)
    return entries(subject, row, withPivots === null ? reached : withPivots(subject, row, reached))
  }
}

/** What relays of a cluster have in common for all who ask, worked out as it is asked for. */
export const relaysIn = (engine: ClusterEngine, zones: ZoneMap, nodes: readonly RelayNode[]): Relays => {
  const rowOf = keptBy((sender: Subject | null) => engine.rowOf(sender ?? NODE))
  return {
    engine,
    zones,
    nodes,
    rowOf,
    backends: backendsIn(engine, rowOf),
    onward: keptBy((grant: NodeGrant) => nodes.map(node => onwardTo(engine, rowOf, grant, node))),
    wayOf: keptBy(grant =>
      wayOf(engine, zones, rowOf(grant.sender), engine.stacksOf(grant.sender ?? NODE, 'egress'), grant),
    ),
  }
}

/** A node sends without policy; nothing else of a subject is asked. */
const NODE = { identity: null } as Subject
