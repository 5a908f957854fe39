import type { RelayGrant } from '../model/relay.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import type { ClusterEngine, Row } from './cluster-engine.ts'
import type { Subject } from './population.ts'
import { type Arrival, NO_ARRIVAL, type NodeGrant, type RelayNode } from './relay-nodes.ts'
import { serviceReach } from './services.ts'

/** What arrives at the pods behind a Service by a port of some node. */
export interface Backends {
  /** Whether there is a pod behind to which a row does not certainly let everything pass that the Service sends. */
  readonly addTo: (grant: NodeGrant, row: Row) => boolean
  /** What the node lets through to them for a sender, by the sender’s row. */
  readonly passing: (grant: NodeGrant, sender: Row) => readonly BackendPassing[]
  readonly arrivesAt: (grant: NodeGrant, sender: Row, node: RelayNode) => Arrival
}

export interface BackendPassing {
  readonly identity: number
  readonly must: TrafficId
  readonly may: TrafficId
}

/**
 * The node that was asked chooses the pod. On itself the pod still sees the client’s address, since sources are rewritten
 * last; on another node it sees the first one’s, unless the Service keeps to its own. So both must let a packet in.
 * Source: kubernetes.io, "Using Source IP", Services with Type=NodePort; k8s.io/api/core/v1, ServiceSpec, `externalTrafficPolicy`.
 */
export const backendsIn = (engine: ClusterEngine, rowOf: (sender: Subject | null) => Row): Backends => {
  const { table, spaces } = engine
  const { relations } = spaces.pods
  const ends = new Map<RelayGrant, readonly { readonly identity: number; readonly traffic: TrafficId }[]>()
  const endsOf = (grant: RelayGrant) => {
    const known = ends.get(grant)
    if (known !== undefined) return known
    const made =
      grant.to.kind !== 'backends'
        ? []
        : serviceReach(engine, rowOf(null), grant.to.service).ends.flatMap(end => (end.kind === 'pod' ? [end] : []))
    ends.set(grant, made)
    return made
  }
  const known = new WeakMap<Row, Map<RelayGrant, readonly BackendPassing[]>>()
  const passing: Backends['passing'] = ({ grant }, sender) => {
    const ofSender = known.get(sender) ?? new Map<RelayGrant, readonly BackendPassing[]>()
    known.set(sender, ofSender)
    const made = ofSender.get(grant) ?? passingTo(grant, sender)
    ofSender.set(grant, made)
    return made
  }
  const passingTo = (grant: RelayGrant, sender: Row): readonly BackendPassing[] => {
    const own = sender.fromPods()
    const keeps = grant.to.kind === 'backends' && grant.to.service.externalTrafficPolicy === 'Local'
    const node = rowOf(null).pods
    return endsOf(grant).map(({ identity, traffic }) => {
      const must = [relations.idAt(own.must, identity), ...(keeps ? [] : [relations.idAt(node.must, identity)])]
      const may = [relations.idAt(own.may, identity), ...(keeps ? [] : [relations.idAt(node.may, identity)])]
      return {
        identity,
        must: table.intersect(traffic, must.reduce(table.intersect)),
        may: table.intersect(traffic, may.reduce(table.union)),
      }
    })
  }
  return {
    addTo: ({ grant }, row) =>
      endsOf(grant).some(({ identity, traffic }) => !table.isSubset(traffic, relations.idAt(row.pods.must, identity))),
    passing,
    arrivesAt: (grant, sender, { subject, relay }) => {
      const identity = subject?.identity ?? null
      if (identity === null) return NO_ARRIVAL
      const there = passing(grant, sender).filter(one => one.identity === identity)
      for (const { at, traffic, doubt } of relay.entrances) {
        if (at.kind !== 'pods') continue
        const wanted = table.idOf(traffic)
        const meets = (id: TrafficId): boolean => table.intersect(id, wanted) !== table.empty
        if (there.some(one => meets(one.may)))
          return {
            must: doubt === null && there.some(one => meets(one.must)),
            may: true,
            doubts: doubt === null ? [] : [doubt],
          }
      }
      return NO_ARRIVAL
    },
  }
}
