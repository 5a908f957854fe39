import type { Relay, RelayEntrance, RelayGrant, RelayLevel } from '../model/relay.ts'
import type { Doubt } from '../model/rule.ts'
import type { Workload } from '../model/workload.ts'
import { bothFamilies } from '../sets/addresses.ts'
import type { Family } from '../sets/cidr.ts'
import type { Region } from '../sets/region.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import type { ClusterEngine, Row } from './cluster-engine.ts'
import { addressesOfTexts } from './ground.ts'
import type { OutsideSpace } from './outside.ts'
import type { Subject } from './population.ts'

/** A relay with the pods that it is made of; a workload whose pods differ is several. */
export interface RelayNode {
  readonly number: number
  readonly relay: Relay
  readonly level: RelayLevel
  /** null: a Service at its nodes. */
  readonly subject: Subject | null
  readonly grants: readonly NodeGrant[]
}

export interface NodeGrant {
  readonly grant: RelayGrant
  /** Who sends; null: the node. */
  readonly sender: Subject | null
  readonly traffic: TrafficId
}

/** A packet on its way to a relay: what its sender may send, and of that only some traffic. */
export interface Sending {
  readonly row: Row
  /** null: a node. */
  readonly subject: Subject | null
  readonly cap: TrafficId
}

/** Whether something is certain, and whether it is possible at all; `doubts` are those that are not policy's. */
export interface Arrival {
  readonly must: boolean
  readonly may: boolean
  readonly doubts: readonly Doubt[]
}

export const NO_ARRIVAL: Arrival = { must: false, may: false, doubts: [] }

export const relayNodes = (engine: ClusterEngine, relays: readonly Relay[]): readonly RelayNode[] => {
  const subjectsOf = Map.groupBy(engine.population.subjects, ({ workload }) => workload)
  const nodes: Omit<RelayNode, 'number'>[] = []
  for (const relay of relays) {
    const standing =
      relay.entrances.flatMap(({ at }) => (at.kind === 'pods' ? [at.workload] : []))[0] ?? senderOf(relay)
    const subjects = standing === null ? [null] : (subjectsOf.get(standing) ?? [])
    for (const subject of subjects) {
      const grants = relay.grants.map(
        (grant): NodeGrant => ({
          grant,
          sender: grant.as === null ? null : subject,
          traffic: engine.table.idOf(grant.traffic),
        }),
      )
      nodes.push({ relay, level: 'forwards', subject, grants })
    }
  }
  return nodes.map((node, number) => ({ ...node, number }))
}

const senderOf = ({ grants }: Relay): Workload | null => grants.find(({ as }) => as !== null)?.as ?? null

/** Whether packets arrive at a relay: at one of its entrances. */
export const arrivesAt = (engine: ClusterEngine, sending: Sending, { relay, subject }: RelayNode): Arrival => {
  let best = NO_ARRIVAL
  for (const entrance of relay.entrances) {
    const one = arrivesBy(engine, sending, entrance, subject)
    if (one.must) return one
    if (one.may && !best.may) best = one
  }
  return best
}

const arrivesBy = (
  engine: ClusterEngine,
  { row, subject: from, cap }: Sending,
  { at, traffic, doubt }: RelayEntrance,
  subject: Subject | null,
): Arrival => {
  const { table, spaces, profile, cluster } = engine
  const wanted = table.intersect(table.idOf(traffic), cap)
  if (wanted === table.empty) return NO_ARRIVAL
  const meets = (id: TrafficId): boolean => table.intersect(id, wanted) !== table.empty
  const answer = (must: boolean, may: boolean, more: readonly Doubt[] = []): Arrival => {
    const doubts = [...(doubt === null ? [] : [doubt]), ...more]
    return may ? { must: must && doubts.length === 0, may, doubts } : NO_ARRIVAL
  }
  const outside = (set: ReturnType<typeof addressesOfTexts>): readonly [boolean, boolean] => {
    const at = (part: 'must' | 'may'): boolean =>
      meetsIn(spaces.v4, row.v4[part], set.v4, meets) || meetsIn(spaces.v6, row.v6[part], set.v6, meets)
    return [at('must'), at('may')]
  }
  switch (at.kind) {
    case 'pods': {
      if (subject === null) return NO_ARRIVAL
      if (subject === from) return NO_ARRIVAL
      if (subject.identity !== null) {
        const { relations } = spaces.pods
        const { identity } = subject
        return answer(meets(relations.idAt(row.pods.must, identity)), meets(relations.idAt(row.pods.may, identity)))
      }
      const certain =
        onNodeOf(from, subject) === 'other' ? row.otherNode.must : table.intersect(row.ownNode.must, row.otherNode.must)
      return answer(meets(certain), meets(table.union(row.ownNode.may, row.otherNode.may)))
    }
    case 'other-nodes': {
      const isThere = cluster.nodes.length > 1
      return answer(
        isThere && meets(row.otherNode.must),
        cluster.nodes.length !== 1 && meets(row.otherNode.may),
        isThere ? [] : [NODES_UNREAD],
      )
    }
    case 'addresses':
      return answer(...outside(at.addresses))
    case 'service': {
      if (profile.services === 'after') return NO_ARRIVAL
      const { clusterIPs, externalIPs, loadBalancerAddresses } = at.service
      const [must, may] = outside(addressesOfTexts([...clusterIPs, ...externalIPs, ...loadBalancerAddresses]))
      return answer(must, may, profile.services === 'before' ? [] : [TRANSLATION_OPEN])
    }
  }
}

const meetsIn = <F extends Family>(
  { regions }: OutsideSpace<F>,
  region: Region<F>,
  set: Parameters<typeof regions.within>[1],
  meets: (id: TrafficId) => boolean,
): boolean => set.bounds.length > 0 && regions.boxesOf(regions.within(region, set)).some(({ id }) => meets(id))

/** Pods on two nodes or more are on another one than any single pod. */
const onNodeOf = (from: Subject | null, to: Subject): 'other' | 'either' => {
  const nodes = new Set(to.pods.flatMap(pod => pod.node ?? []))
  const own = new Set(from?.pods.flatMap(pod => pod.node ?? []) ?? [])
  const isElsewhere = own.size === 1 && nodes.size === 1 && ![...nodes].some(node => own.has(node))
  return nodes.size > 1 || isElsewhere ? 'other' : 'either'
}

const NODES_UNREAD: Doubt = {
  level: 'unknown',
  why: 'whether the cluster has another node than the sender’s is not known',
  settledBy: 'the Node documents',
}

const TRANSLATION_OPEN: Doubt = {
  level: 'undefined',
  why: 'whether policy sees the Service’s address or the endpoint behind it differs by network plugin',
  settledBy: 'the network plugin: name its profile with --cni',
}

/** Whether a relay serves a sender, by the address that it sees. */
export const admits = (engine: ClusterEngine, { admits: whom }: RelayGrant, from: Subject | null): Arrival => {
  switch (whom.kind) {
    case 'everybody':
      return CERTAIN
    case 'workloads':
      return from !== null && whom.workloads.has(from.workload)
        ? CERTAIN
        : { must: false, may: true, doubts: [whom.doubt] }
    case 'addresses': {
      const own =
        from === null || from.identity === null
          ? engine.ground.nodes
          : addressesOfTexts(from.pods.flatMap(pod => pod.addresses))
      if (bothFamilies.isEmpty(own)) return { must: false, may: true, doubts: [SOURCE_UNREAD] }
      if (bothFamilies.isSubset(own, whom.addresses)) return CERTAIN
      return bothFamilies.isEmpty(bothFamilies.intersect(own, whom.addresses))
        ? NO_ARRIVAL
        : { must: false, may: true, doubts: [SOME_SOURCES] }
    }
  }
}

const CERTAIN: Arrival = { must: true, may: true, doubts: [] }

const SOURCE_UNREAD: Doubt = {
  level: 'unknown',
  why: 'the relay serves some addresses only, and the sender’s are not known',
  settledBy: 'the status of the sender’s pods',
}

const SOME_SOURCES: Doubt = {
  level: 'unknown',
  why: 'the relay serves some of the sender’s addresses only',
  settledBy: 'the addresses that the relay serves',
}
