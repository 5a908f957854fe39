import type { Service, ServicePort } from '../model/service.ts'
import type { Container } from '../model/workload.ts'
import { readAddress } from '../sets/cidr.ts'
import { portRange } from '../sets/port-set.ts'
import { type PortProtocol, portProtocolNamed } from '../sets/protocol.ts'
import { portTraffic } from '../sets/traffic.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import type { ClusterEngine, Row } from './cluster-engine.ts'
import { addressesOfTexts, coverOf } from './ground.ts'
import type { Passing } from './verdict.ts'

/** One of the places that a Service may send a packet to, with the traffic that arrives there. */
export type ServiceEnd =
  | { readonly kind: 'pod'; readonly identity: number; readonly traffic: TrafficId }
  | { readonly kind: 'node'; readonly traffic: TrafficId }
  | { readonly kind: 'address'; readonly address: string; readonly traffic: TrafficId }

export interface ServiceReach {
  readonly passing: Passing<TrafficId>
  readonly ends: readonly ServiceEnd[]
}

/**
 * What passes to a Service, in its own ports. Behind it stands one of several endpoints: all must let a packet pass for it
 * to pass certainly, and one for it to pass possibly. Where the network plugin asks policy before translation, policy sees
 * the Service's own address instead. A Service with nothing behind it takes nothing.
 * Source: k8s.io/api/core/v1, types ServiceSpec, ServicePort; kubernetes.io, "Virtual IPs and Service Proxies".
 */
export const serviceReach = (engine: ClusterEngine, row: Row, service: Service): ServiceReach => {
  const { table } = engine
  const ends: ServiceEnd[] = []
  let passing: Passing<TrafficId> = NOTHING(table.empty)
  for (const port of service.ports) {
    const protocol = portProtocolNamed(port.protocol)
    const asked = protocol === null ? null : idOf(engine, protocol, port.port)
    if (protocol === null || asked === null) continue
    const behind = endsOf(engine, service, port, protocol)
    ends.push(...behind)
    const passes = portReach(engine, row, service, asked, behind)
    passing = each(passing, (known, part) => (passes[part] ? table.union(known, asked) : known))
  }
  return { passing, ends }
}

/** The traffic that a Service has a port for. */
export const servicePorts = (engine: ClusterEngine, { ports }: Service): TrafficId =>
  ports
    .flatMap(({ protocol, port }) => {
      const known = portProtocolNamed(protocol)
      return known === null ? [] : (idOf(engine, known, port) ?? [])
    })
    .reduce(engine.table.union, engine.table.empty)

const NOTHING = <T>(value: T): Passing<T> => ({ must: value, lenient: value, may: value, written: value })

const each = <T, U>(of: Passing<T>, change: (value: T, part: keyof Passing<T>) => U): Passing<U> => ({
  must: change(of.must, 'must'),
  lenient: change(of.lenient, 'lenient'),
  may: change(of.may, 'may'),
  written: change(of.written, 'written'),
})

const portReach = (
  engine: ClusterEngine,
  row: Row,
  service: Service,
  asked: TrafficId,
  behind: readonly ServiceEnd[],
): Passing<boolean> => {
  if (behind.length === 0) return NOTHING(false)
  const ends = behind.map(end => endReach(engine, row, end))
  const after = each(NOTHING(false), (_, part) =>
    part === 'may' ? ends.some(end => end.may) : ends.every(end => end[part]),
  )
  if (engine.profile.services === 'after' || service.headless) return after
  const before = addressReach(engine, row, service.clusterIPs, asked)
  // Where it is open which of the two policy sees, what both let pass is certain.
  return each(after, (yes, part) =>
    engine.profile.services === 'unknown' && (part === 'may' || part === 'lenient')
      ? yes || before[part]
      : yes && before[part],
  )
}

const endReach = (engine: ClusterEngine, row: Row, end: ServiceEnd): Passing<boolean> => {
  const { table, spaces } = engine
  const arrives = (whole: TrafficId): boolean => table.isSubset(end.traffic, whole)
  switch (end.kind) {
    case 'pod':
      return each(row.pods, relation => arrives(spaces.pods.relations.idAt(relation, end.identity)))
    case 'node':
      return onSomeNode(row, table, arrives)
    case 'address':
      return addressReach(engine, row, [end.address], end.traffic)
  }
}

const onSomeNode = (row: Row, table: TrafficTable, arrives: (whole: TrafficId) => boolean): Passing<boolean> =>
  each(row.ownNode, (own, part) => arrives((part === 'may' ? table.union : table.intersect)(own, row.otherNode[part])))

const idOf = ({ table }: ClusterEngine, protocol: PortProtocol, port: number): TrafficId | null => {
  const read = portRange(port)
  return read.kind === 'refused' ? null : table.idOf(portTraffic(protocol, read.value))
}

const endsOf = (
  engine: ClusterEngine,
  service: Service,
  port: ServicePort,
  protocol: PortProtocol,
): readonly ServiceEnd[] => {
  const { selector } = service
  if (selector === null) {
    const traffic = idOf(engine, protocol, service.headless ? port.port : (numberOf(port) ?? port.port))
    return traffic === null
      ? []
      : service.endpoints.map(({ address }): ServiceEnd => ({ kind: 'address', address, traffic }))
  }
  const ends = new Map<string, ServiceEnd>()
  for (const { workload, shape, identity } of engine.population.subjects) {
    if (workload.namespace !== service.namespace) continue
    if (![...selector].every(([key, value]) => shape.labels.get(key) === value)) continue
    const target = targetOf(service, port, shape.containers)
    const traffic = target === null ? null : idOf(engine, protocol, target)
    if (traffic === null) continue
    const end: ServiceEnd = identity === null ? { kind: 'node', traffic } : { kind: 'pod', identity, traffic }
    ends.set(JSON.stringify(end), end)
  }
  return [...ends.values()]
}

/** A headless Service is a name for its endpoints, and nothing translates: the packet arrives at the port it was sent to. */
const targetOf = (service: Service, port: ServicePort, containers: readonly Container[]): number | null =>
  service.headless ? port.port : (numberOf(port) ?? namedOn(containers, port))

const numberOf = ({ port, targetPort }: ServicePort): number | null =>
  targetPort === null ? port : /^\d+$/.test(targetPort) ? Number(targetPort) : null

/** Source: ServicePort, `targetPort`: "If this is a string, it will be looked up as a named port in the target Pod's container ports". */
const namedOn = (containers: readonly Container[], { targetPort, protocol }: ServicePort): number | null => {
  for (const container of containers)
    for (const port of container.ports) if (port.name === targetPort && port.protocol === protocol) return port.port
  return null
}

/** Whether traffic passes to addresses: to all of them certainly, to any possibly; pods and nodes stand for theirs. */
export const addressReach = (
  engine: ClusterEngine,
  row: Row,
  texts: readonly string[],
  traffic: TrafficId,
): Passing<boolean> => {
  const { table, spaces, ground, population } = engine
  const arrives = (whole: TrafficId): boolean => table.isSubset(traffic, whole)
  const all = texts.flatMap((text): readonly Passing<boolean>[] => {
    const read = readAddress(text)
    if (read.kind === 'refused') return []
    const pod = population.identities.find(identity => identity.addresses.includes(text))
    if (pod !== undefined) return [endReach(engine, row, { kind: 'pod', identity: pod.number, traffic })]
    if (coverOf(addressesOfTexts([text]), ground.nodes) === 'all') return [onSomeNode(row, table, arrives)]
    const address = read.value
    return [
      address.family === 4
        ? each(row.v4, region => arrives(spaces.v4.regions.idAt(region, address)))
        : each(row.v6, region => arrives(spaces.v6.regions.idAt(region, address))),
    ]
  })
  // No address to look at: nothing is certain.
  if (all.length === 0) return { ...NOTHING(false), may: true }
  return each(NOTHING(false), (_, part) => (part === 'may' ? all.some(one => one.may) : all.every(one => one[part])))
}
