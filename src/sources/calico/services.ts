import { field, isObject, type Json, list, text } from '../../model/json.ts'
import type { Doubt, Peer, RuleTraffic } from '../../model/rule.ts'
import type { Service, ServicePort } from '../../model/service.ts'
import { addressesOfCidrs } from '../../sets/addresses.ts'
import { portRange } from '../../sets/port-set.ts'
import { portProtocolNamed } from '../../sets/protocol.ts'
import { portTraffic, protocolTraffic, traffics } from '../../sets/traffic.ts'
import { trafficOf } from '../kubernetes/rule-parts.ts'
import type { CalicoContext } from './context.ts'
import { readNets } from './network-sets.ts'

/** What the Services of a rule limit each end to; null: nothing. */
export interface ServiceWay {
  readonly source: Peer | null
  readonly destination: Peer | null
  readonly traffic: RuleTraffic
}

export type ServicesRead =
  | { readonly kind: 'read'; readonly ways: readonly ServiceWay[] }
  | { readonly kind: 'refused'; readonly why: string }

/**
 * `services` names a Service: at the destination its endpoints each with the Service's port, at the source its endpoints
 * alone. It goes with no selector, and at the destination with no ports.
 * Source: docs.tigera.io, NetworkPolicy, ServiceMatch; api/v3, type EntityRule, `services`; felix/calc, RuleScanner.
 */
export const servicePeers = (
  rule: Json,
  traffic: RuleTraffic,
  namespace: string | null,
  context: CalicoContext,
): ServicesRead => {
  const source = named(field(rule, 'source'), namespace, NEVER_WITH)
  const destination = named(field(rule, 'destination'), namespace, [...NEVER_WITH, 'ports', 'notPorts'])
  if (source === 'refused' || destination === 'refused')
    return { kind: 'refused', why: '`services` without a name, or with other members that go with none' }
  const from = source === null ? null : endpointsOf(serviceNamed(source, context), source)
  const ways =
    destination === null
      ? [{ destination: null, traffic }]
      : destinationWays(serviceNamed(destination, context), destination, traffic)
  return { kind: 'read', ways: ways.map(way => ({ ...way, source: from })) }
}

const NEVER_WITH = ['selector', 'notSelector', 'namespaceSelector', 'nets', 'notNets', 'serviceAccounts']

interface Name {
  readonly name: string
  readonly namespace: string
}

const named = (
  entity: Json | undefined,
  namespace: string | null,
  without: readonly string[],
): Name | null | 'refused' => {
  const services = field(entity, 'services') ?? null
  if (services === null) return null
  const [name, own] = [text(field(services, 'name')) ?? '', text(field(services, 'namespace')) || namespace]
  if (!isObject(services) || name === '' || own === null) return 'refused'
  return without.some(key => isGiven(field(entity, key))) ? 'refused' : { name, namespace: own }
}

const isGiven = (value: Json | undefined): boolean =>
  value !== undefined && value !== null && value !== '' && (!Array.isArray(value) || list(value).length > 0)

const serviceNamed = ({ name, namespace }: Name, { services }: CalicoContext): Service | null =>
  services.find(service => service.ref.name === name && service.namespace === namespace) ?? null

/** By the addresses of its slices; where none was read, whom it selects may be meant. */
const endpointsOf = (service: Service | null, name: Name): Peer => {
  if (service === null) return { kind: 'unknown', doubt: noEndpoints(name) }
  const { cidrs } = readNets(service.endpoints.map(({ address }) => address))
  if (cidrs.length > 0) return { kind: 'block', addresses: addressesOfCidrs(cidrs) }
  return { kind: 'unknown', doubt: noEndpoints(name) }
}

const destinationWays = (
  service: Service | null,
  name: Name,
  traffic: RuleTraffic,
): readonly Omit<ServiceWay, 'source'>[] => {
  const destination = endpointsOf(service, name)
  if (service === null) return [{ destination, traffic: trafficOf(traffics.empty, { maybe: traffic.exact }) }]
  return service.ports.map(port => ({ destination, traffic: trafficOfPort(port, service, traffic) }))
}

/** A port by name is a port of each endpoint that is a pod. What endpoints written by hand listen on stands in their slice. */
const trafficOfPort = (
  { protocol, port, targetPort }: ServicePort,
  { selector }: Service,
  traffic: RuleTraffic,
): RuleTraffic => {
  const number = portProtocolNamed(protocol)
  if (number === null) return trafficOf(traffics.empty)
  const target = targetPort ?? String(port)
  const covered = traffics.intersect(traffic.exact, protocolTraffic(number))
  if (selector === null) return trafficOf(traffics.empty, { maybe: covered })
  if (!/^\d{1,5}$/.test(target))
    return traffics.isEmpty(covered)
      ? trafficOf(traffics.empty)
      : trafficOf(traffics.empty, { named: [{ name: target, protocol: number }] })
  const read = portRange(Number(target))
  return read.kind === 'refused'
    ? trafficOf(traffics.empty)
    : trafficOf(traffics.intersect(traffic.exact, portTraffic(number, read.value)))
}

const noEndpoints = ({ name, namespace }: Name): Doubt => ({
  level: 'unknown',
  why: `the endpoints of Service \`${namespace}/${name}\` were not read`,
  settledBy: 'the Service with its EndpointSlices',
})
