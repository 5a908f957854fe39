import type { ClusterEngine, Row } from '../engine/cluster-engine.ts'
import { servicePorts, serviceReach } from '../engine/services.ts'
import type { Allowance } from '../model/intent.ts'
import type { Service } from '../model/service.ts'
import type { Workload } from '../model/workload.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import { type Meeting, meetingWith } from './declared-meeting.ts'
import { placesInside } from './declared-places.ts'
import type { PossibleView } from './possible-view.ts'
import { mayBeSelectedUnseen } from './unseen-policies.ts'

/**
 * Declared less Possible inside a cluster: a connection needs the egress of one end and the ingress of the other. A Service is
 * asked on its own ports alone, and what is behind it decides. What is not there, or has nothing behind it, is not policy’s doing.
 * Source: kubernetes.io, "Network Policies", the two sorts of pod isolation; "Virtual IPs and Service Proxies".
 */
export const insideMeetingsIn = (
  view: PossibleView,
): ((row: Row, allowance: Allowance, namespace: string) => readonly Meeting[]) => {
  const { engine } = view
  const { cluster, table, spaces, population } = engine
  const unseen = mayBeSelectedUnseen(cluster, engine.profile)
  const subjectsOf = Map.groupBy(population.subjects, ({ workload }) => workload)
  const workloadsOf = Map.groupBy(population.subjects, ({ identity }) => identity)
  const isUnseen = (identity: number): boolean =>
    (workloadsOf.get(identity) ?? []).some(({ workload }) => unseen(workload))

  const toWorkload = (row: Row, workload: Workload, wanted: TrafficId): readonly Meeting[] =>
    unseen(workload)
      ? ['open']
      : (subjectsOf.get(workload) ?? []).map(({ identity }) =>
          meetingWith(table, wanted, {
            must: identity === null ? onNode(row, 'must', table) : spaces.pods.relations.idAt(row.pods.must, identity),
            may: identity === null ? onNode(row, 'may', table) : spaces.pods.relations.idAt(row.pods.may, identity),
          }),
        )

  const toService = (row: Row, service: Service, wanted: TrafficId): readonly Meeting[] => {
    const asked = service.ports
      .map(port => ({ ...service, ports: [port] }))
      .filter(one => table.intersect(servicePorts(engine, one), wanted) !== table.empty)
    // What it stands for is a name of somewhere else, or it has no such port: nothing of this is policy’s.
    if (service.type === 'ExternalName' || asked.length === 0) return ['open']
    return asked.map((one): Meeting => {
      const { passing, ends } = serviceReach(engine, row, one)
      if (ends.length === 0 || ends.some(end => end.kind === 'pod' && isUnseen(end.identity))) return 'open'
      if (passing.must !== table.empty) return 'met'
      if (passing.may === table.empty) return 'broken'
      // Where it is open what policy sees of the way there, the pods behind are asked all the same.
      const seen = engine.profile.services === 'after' || one.headless ? row.pods : row.fromPods()
      const stopped = ends.filter(
        end => end.kind === 'pod' && !table.isSubset(end.traffic, spaces.pods.relations.idAt(seen.may, end.identity)),
      )
      if (stopped.length === ends.length) return 'broken'
      return stopped.length > 0 ? 'partly' : 'open'
    })
  }

  return (row, allowance, namespace) => {
    if (allowance.services.length + allowance.workloads.length === 0) return []
    const { services, workloads, isElsewhere } = placesInside(allowance, cluster, namespace)
    const wanted = table.idOf(allowance.traffic)
    return [
      ...services.flatMap(service => toService(row, service, wanted)),
      ...workloads.flatMap(workload => toWorkload(row, workload, wanted)),
      ...(isElsewhere ? (['open'] as const) : []),
    ]
  }
}

/** Pods on the host network are their nodes, and on which node they are seen from here is not asked. */
const onNode = (row: Row, part: 'must' | 'may', table: ClusterEngine['table']): TrafficId =>
  part === 'may'
    ? table.union(row.ownNode.may, row.otherNode.may)
    : table.intersect(row.ownNode.must, row.otherNode.must)
