import type { Service, ServicePort } from '../model/service.ts'
import { readAddress } from '../sets/cidr.ts'
import { portRange } from '../sets/port-set.ts'
import { type PortProtocol, SCTP, TCP, UDP } from '../sets/protocol.ts'
import { portTraffic } from '../sets/traffic.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import type { ClusterEngine, Row } from './cluster-engine.ts'
import { addressesOfTexts, coverOf } from './ground.ts'
import type { Identity } from './population.ts'
import type { Passing } from './verdict.ts'

/**
 * What passes to a Service, in its own ports. Behind it stands one of several endpoints: all must let a packet pass for it
 * to pass certainly, and one for it to pass possibly. Where the network plugin asks policy before translation, policy sees
 * the Service's own address instead. A Service with nothing behind it takes nothing.
 * Source: k8s.io/api/core/v1, types ServiceSpec, ServicePort; kubernetes.io, "Service", "Virtual IPs and Service Proxies".
 */
export const serviceReach = (engine: ClusterEngine, row: Row, service: Service): Passing<TrafficId> => {
  const { table } = engine
  const nothing: Passing<TrafficId> = {
    must: table.empty,
    lenient: table.empty,
    may: table.empty,
    written: table.empty,
  }
  return service.ports
    .map(port => portReach(engine, row, service, port))
    .reduce(
      (a, b) => ({
        must: table.union(a.must, b.must),
        lenient: table.union(a.lenient, b.lenient),
        may: table.union(a.may, b.may),
        written: table.union(a.written, b.written),
      }),
      nothing,
    )
}

const PROTOCOLS: Readonly<Record<string, PortProtocol>> = { TCP, UDP, SCTP }

const portReach = (engine: ClusterEngine, row: Row, service: Service, port: ServicePort): Passing<TrafficId> => {
  const { table, profile } = engine
  const protocol = PROTOCOLS[port.protocol]
  const outside = protocol === undefined ? null : idOf(engine, protocol, port.port)
  const empty: Passing<TrafficId> = { must: table.empty, lenient: table.empty, may: table.empty, written: table.empty }
  if (protocol === undefined || outside === null) return empty
  const ends = endpointsOf(engine, row, service, port, protocol)
  if (ends.length === 0) return empty
  const every = (pick: keyof Passing<boolean>): boolean => ends.every(end => end[pick])
  const after: Passing<boolean> = {
    must: every('must'),
    lenient: every('lenient'),
    may: ends.some(end => end.may),
    written: every('written'),
  }
  const before = addressReach(engine, row, service.clusterIPs, outside)
  const passes: Passing<boolean> =
    profile.services === 'after' || service.headless
      ? after
      : profile.services === 'before'
        ? {
            must: after.must && before.must,
            lenient: after.lenient && before.lenient,
            may: after.may && before.may,
            written: after.written && before.written,
          }
        : {
            must: after.must && before.must,
            lenient: after.must || before.must,
            may: after.may || before.may,
            written: after.written && before.written,
          }
  const as = (yes: boolean): TrafficId => (yes ? outside : table.empty)
  return { must: as(passes.must), lenient: as(passes.lenient), may: as(passes.may), written: as(passes.written) }
}

const idOf = ({ table }: ClusterEngine, protocol: PortProtocol, port: number): TrafficId | null => {
  const read = portRange(port)
  return read.kind === 'refused' ? null : table.idOf(portTraffic(protocol, read.value))
}

/** Whether one packet passes to each endpoint. */
const endpointsOf = (
  engine: ClusterEngine,
  row: Row,
  service: Service,
  port: ServicePort,
  protocol: PortProtocol,
): readonly Passing<boolean>[] => {
  if (service.selector === null) {
    const target = numberOf(port) ?? port.port
    const id = idOf(engine, protocol, target)
    return id === null ? [] : service.endpoints.map(({ address }) => addressReach(engine, row, [address], id))
  }
  const { table, population, spaces } = engine
  const selector = service.selector
  const ends: Passing<boolean>[] = []
  for (const subject of population.subjects) {
    if (subject.workload.namespace !== service.namespace) continue
    if (![...selector].every(([key, value]) => subject.shape.labels.get(key) === value)) continue
    const { identity } = subject
    const identityOf = identity === null ? null : (population.identities[identity] as Identity)
    const target = numberOf(port) ?? namedOn(subject.shape.containers, port)
    const id = target === null ? null : idOf(engine, protocol, target)
    if (id === null) continue
    const within = (whole: TrafficId): boolean => table.isSubset(id, whole)
    if (identityOf === null) {
      const [own, other] = [row.ownNode, row.otherNode]
      ends.push({
        must: within(own.must) && within(other.must),
        lenient: within(own.lenient) && within(other.lenient),
        may: within(own.may) || within(other.may),
        written: within(own.written) && within(other.written),
      })
    } else {
      const at = (part: keyof Passing<unknown>): boolean =>
        within(spaces.pods.relations.idAt(row.pods[part], identityOf.number))
      ends.push({ must: at('must'), lenient: at('lenient'), may: at('may'), written: at('written') })
    }
  }
  return ends
}

const numberOf = ({ port, targetPort }: ServicePort): number | null =>
  targetPort === null ? port : /^\d+$/.test(targetPort) ? Number(targetPort) : null

const namedOn = (
  containers: readonly {
    readonly ports: readonly { readonly name: string | null; readonly protocol: string; readonly port: number }[]
  }[],
  { targetPort, protocol }: ServicePort,
): number | null => {
  for (const container of containers)
    for (const port of container.ports) if (port.name === targetPort && port.protocol === protocol) return port.port
  return null
}

/** Whether traffic passes to addresses: all of them certainly, any of them possibly; pods and nodes stand for theirs. */
export const addressReach = (
  engine: ClusterEngine,
  row: Row,
  texts: readonly string[],
  id: TrafficId,
): Passing<boolean> => {
  const { table, spaces, ground, population } = engine
  const known = texts.flatMap(text => {
    const read = readAddress(text)
    return read.kind === 'refused' ? [] : [{ text, address: read.value }]
  })
  // No address to look at: nothing is certain.
  if (known.length === 0) return { must: false, lenient: false, may: true, written: false }
  const each = known.map(({ text, address }): Passing<boolean> => {
    const own = addressesOfTexts([text])
    const within = (whole: TrafficId): boolean => table.isSubset(id, whole)
    const pod = population.identities.find(identity => identity.addresses.includes(text))
    const by = (at: (part: keyof Passing<unknown>) => TrafficId): Passing<boolean> => ({
      must: within(at('must')),
      lenient: within(at('lenient')),
      may: within(at('may')),
      written: within(at('written')),
    })
    if (pod !== undefined) return by(part => spaces.pods.relations.idAt(row.pods[part], pod.number))
    if (coverOf(own, ground.nodes) === 'all')
      return by(part => (part === 'may' ? table.union : table.intersect)(row.ownNode[part], row.otherNode[part]))
    return address.family === 4
      ? by(part => spaces.v4.regions.idAt(row.v4[part], address))
      : by(part => spaces.v6.regions.idAt(row.v6[part], address))
  })
  return {
    must: each.every(one => one.must),
    lenient: each.every(one => one.lenient),
    may: each.some(one => one.may),
    written: each.every(one => one.written),
  }
}
