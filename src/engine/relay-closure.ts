import type { Doubt } from '../model/rule.ts'
import type { ZoneMap } from '../sets/zones.ts'
import type { ClusterEngine, Row } from './cluster-engine.ts'
import type { Subject } from './population.ts'
import type { Backends } from './relay-backends.ts'
import { type Arrival, admits, arrivesAt, NO_ARRIVAL, type NodeGrant, type RelayNode } from './relay-nodes.ts'
import type { Way } from './relay-ways.ts'

/** A relay that a sender reaches, with one predecessor. */
export interface Reached {
  readonly node: RelayNode
  readonly grant: NodeGrant
  /** Every hop up to here certainly passes. */
  readonly certain: boolean
  /** Doubts that are not policy's, of all hops. */
  readonly doubts: readonly Doubt[]
  /** null: the sender itself. */
  readonly previous: Reached | null
}

/** What the relays of one cluster have in common for all who ask. */
export interface Relays {
  readonly engine: ClusterEngine
  readonly zones: ZoneMap
  readonly nodes: readonly RelayNode[]
  readonly backends: Backends
  readonly rowOf: (sender: Subject | null) => Row
  /** Whether what a grant sends on arrives at each of the nodes. */
  readonly onward: (grant: NodeGrant) => readonly Arrival[]
  readonly wayOf: (grant: NodeGrant) => Way
}

/**
 * Breadth first over forwarders: what is certain, then what is possible. Each grant of a relay is reached once, so that cycles
 * end.
 */
export const closureOf = (
  { engine, nodes, backends, onward, rowOf }: Relays,
  subject: Subject,
  row: Row,
): readonly Reached[] => {
  const reached = new Set<NodeGrant>()
  const order: Reached[] = []
  const start = nodes.map(node => arrivesAt(engine, { row, subject, cap: engine.table.full }, node))
  const from = (previous: Reached | null): readonly Arrival[] =>
    previous === null
      ? start
      : previous.grant.grant.to.kind === 'backends'
        ? nodes.map(node => backends.arrivesAt(previous.grant, senderRow(previous, row, rowOf), node))
        : onward(previous.grant)
  const spread = (certain: boolean): void => {
    const queue: (Reached | null)[] = [null, ...order.filter(one => one.certain || !certain)]
    const reach = (node: RelayNode, grant: NodeGrant, arrival: Arrival, previous: Reached | null): void => {
      if (reached.has(grant)) return
      if (node.subject !== null && node.subject === subject) return
      const served = servedBy(engine, grant, subject, previous)
      if (!served.may || (certain && !(served.must && arrival.must && grant.grant.doubts.length === 0))) return
      const doubts = certain
        ? []
        : [...(previous?.doubts ?? []), ...arrival.doubts, ...served.doubts, ...grant.grant.doubts]
      const one: Reached = { node, grant, certain, doubts, previous }
      reached.add(grant)
      order.push(one)
      queue.push(one)
    }
    for (const previous of queue) {
      const arrivals = from(previous)
      for (const node of nodes) {
        const arrival = arrivals[node.number] ?? NO_ARRIVAL
        if (certain ? arrival.must : arrival.may) for (const grant of node.grants) reach(node, grant, arrival, previous)
      }
    }
  }
  spread(true)
  spread(false)
  return order
}

/** The row of who sends to a relay: the sender’s own, or that of the relay before. */
export const senderRow = ({ previous }: Reached, own: Row, rowOf: Relays['rowOf']): Row =>
  previous === null ? own : rowOf(previous.grant.sender)

/** Pods behind a node’s port see the sender, or the node that was asked. */
const servedBy = (engine: ClusterEngine, { grant }: NodeGrant, subject: Subject, previous: Reached | null): Arrival => {
  if (previous === null) return admits(engine, grant, subject)
  const last = admits(engine, grant, previous.grant.sender)
  if (previous.grant.grant.to.kind !== 'backends') return last
  const first = servedBy(engine, { ...previous.grant, grant }, subject, previous.previous)
  return {
    must: first.must && last.must,
    may: first.may || last.may,
    doubts: first.must && last.must ? [] : [SOURCE_OPEN, ...first.doubts, ...last.doubts],
  }
}

const SOURCE_OPEN: Doubt = {
  level: 'unknown',
  why: 'the relay serves some addresses only, and whether it sees the sender’s or a node’s hangs on where it runs',
  settledBy: 'the node that is asked, and the relay’s own',
}
