import type { Relay } from '../model/relay.ts'
import type { ZoneMap } from '../sets/zones.ts'
import type { ClusterEngine, Row } from './cluster-engine.ts'
import { withoutNames } from './names.ts'
import type { Subject } from './population.ts'
import { closureOf, type Reached, type Relays } from './relay-closure.ts'
import { admits, type NodeGrant, relayNodes } from './relay-nodes.ts'
import { type Way, wayOf } from './relay-ways.ts'
import { relaysIn } from './relays.ts'
import { passing } from './verdict.ts'

/** The ways of a sender through some relays of a cluster, whoever else may lead to the same places. */
export interface ThroughRelays {
  /** Those that are meant, as far as the sender reaches them, and those behind them. */
  readonly reached: (subject: Subject, row: Row, isMeant: (relay: Relay) => boolean) => readonly Reached[]
  readonly wayOf: (grant: NodeGrant) => Way
  /** The same as if the sender’s rules about names let nothing pass. */
  readonly plainWayOf: (grant: NodeGrant) => Way
}

/** null: the cluster has no relay. */
export const throughRelays = (
  engine: ClusterEngine,
  zones: ZoneMap,
  relays: readonly Relay[],
): ThroughRelays | null => {
  const nodes = relayNodes(engine, relays)
  if (nodes.length === 0) return null
  const all = relaysIn(engine, zones, nodes)
  const plain = new Map<NodeGrant, Way>()
  return {
    reached: (subject, row, isMeant) => behind(all, closureOf(all, subject, row), isMeant),
    wayOf: all.wayOf,
    plainWayOf: grant => {
      const made = plain.get(grant) ?? plainWay(all, grant)
      plain.set(grant, made)
      return made
    },
  }
}

/** A node has no rules about names. */
const plainWay = ({ engine, zones, rowOf, wayOf: known }: Relays, grant: NodeGrant): Way => {
  if (grant.sender === null) return known(grant)
  const stacks = withoutNames(engine.stacksOf(grant.sender, 'egress'))
  const { v4, v6 } = engine.spaces
  const row: Row = { ...rowOf(grant.sender), v4: passing(v4, stacks), v6: passing(v6, stacks) }
  return wayOf(engine, zones, row, stacks, grant)
}

/**
 * The closure tells one predecessor of each relay, which need not be one that is meant: so what lies behind those is walked
 * again. What is certain takes the place of what was possible, once, so that cycles end.
 */
const behind = (
  { engine, nodes, onward }: Relays,
  order: readonly Reached[],
  isMeant: (relay: Relay) => boolean,
): readonly Reached[] => {
  const meant = order.filter(({ node }) => isMeant(node.relay))
  if (meant.length === order.length) return order
  const found = new Map(meant.map(one => [one.grant, one]))
  const queue = [...meant]
  for (const previous of queue) {
    const arrivals = onward(previous.grant)
    for (const node of nodes) {
      const arrival = arrivals[node.number]
      if (arrival === undefined || !arrival.may) continue
      for (const grant of node.grants) {
        const served = admits(engine, grant.grant, previous.grant.sender)
        if (!served.may) continue
        const certain = previous.certain && arrival.must && served.must && grant.grant.doubts.length === 0
        const known = found.get(grant)
        if (known !== undefined && (known.certain || !certain)) continue
        const doubts = [...previous.doubts, ...arrival.doubts, ...served.doubts, ...grant.grant.doubts]
        const one: Reached = { node, grant, certain, doubts: certain ? [] : doubts, previous }
        found.set(grant, one)
        queue.push(one)
      }
    }
  }
  return [...found.values()]
}
