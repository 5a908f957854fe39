import type { HostEndpoint, MeshDocuments, MeshRouteRule, OutboundMode } from '../../model/dialects.ts'
import { at, field, flag, integer, isObject, type Json, list, text, textMap, texts } from '../../model/json.ts'
import { type ApiObject, lowerSelector, sourced } from '../kubernetes/object.ts'
import { lowerEgressNetworks, lowerEgressRoutes } from './linkerd.ts'

/**
 * Istio's documents as far as they decide the way out. Source: istio.io reference, Sidecar, ServiceEntry,
 * VirtualService, DestinationRule, Gateway, Telemetry.
 */
export const lowerMeshDocuments = (objects: readonly ApiObject[]): MeshDocuments => {
  const ofKind = (kind: string): readonly ApiObject[] => objects.filter(object => object.ref.kind === kind)
  return {
    outboundScopes: ofKind('Sidecar').map(object => ({
      ...inNamespace(object),
      selector: lowerSelector(workloadSelector(object)),
      mode: outboundMode(at(object.spec, 'outboundTrafficPolicy', 'mode'), field(object.spec, 'outboundTrafficPolicy')),
      imports: importsOf(list(field(object.spec, 'egress'))),
      unknownGoesTo: text(at(object.spec, 'outboundTrafficPolicy', 'egressProxy', 'host')) ?? null,
    })),
    externalHosts: ofKind('ServiceEntry').map(object => ({
      ...inNamespace(object),
      hosts: texts(field(object.spec, 'hosts')),
      addresses: texts(field(object.spec, 'addresses')),
      resolution: text(field(object.spec, 'resolution')) ?? 'NONE',
      external: text(field(object.spec, 'location')) !== 'MESH_INTERNAL',
      exportTo: texts(field(object.spec, 'exportTo')),
      ports: list(field(object.spec, 'ports')).map(port => ({
        name: text(field(port, 'name')) ?? null,
        number: integer(field(port, 'number')) ?? null,
        protocol: text(field(port, 'protocol')) ?? null,
        targetPort: integer(field(port, 'targetPort')) ?? null,
      })),
      endpoints: list(field(object.spec, 'endpoints')).map(lowerEndpoint),
      selectsEndpoints: isObject(field(object.spec, 'workloadSelector')),
    })),
    routes: ofKind('VirtualService').map(object => ({
      ...inNamespace(object),
      hosts: texts(field(object.spec, 'hosts')),
      gateways: texts(field(object.spec, 'gateways')),
      exportTo: texts(field(object.spec, 'exportTo')),
      rules: ROUTE_KINDS.flatMap(kind => list(field(object.spec, kind)).flatMap(route => lowerRoute(kind, route))),
    })),
    gateways: ofKind('Gateway').map(object => ({
      ...inNamespace(object),
      selector: textMap(field(object.spec, 'selector')),
      hosts: list(field(object.spec, 'servers')).flatMap(server => texts(field(server, 'hosts'))),
      servers: list(field(object.spec, 'servers')).map(server => ({
        hosts: texts(field(server, 'hosts')),
        port: integer(at(server, 'port', 'number')) ?? null,
        tlsMode: text(at(server, 'tls', 'mode')) ?? null,
      })),
    })),
    tlsSettings: ofKind('DestinationRule').map(object => ({
      ...inNamespace(object),
      host: text(field(object.spec, 'host')) ?? '',
      mode: text(at(object.spec, 'trafficPolicy', 'tls', 'mode')) ?? null,
      insecureSkipVerify: tlsBlocks(object.spec).some(tls => flag(field(tls, 'insecureSkipVerify'))),
    })),
    patches: ofKind('EnvoyFilter').map(object => {
      const contexts = list(field(object.spec, 'configPatches')).map(
        patch => text(at(patch, 'match', 'context')) ?? 'ANY',
      )
      return {
        ...inNamespace(object),
        outbound: contexts.some(
          context => context === 'ANY' || context === 'SIDECAR_OUTBOUND' || context === 'GATEWAY',
        ),
        selector: lowerSelector(workloadSelector(object)),
        touchesUnknown: /PassthroughCluster|BlackHoleCluster|original_dst/i.test(JSON.stringify(object.spec ?? null)),
      }
    }),
    telemetries: ofKind('Telemetry').map(object => ({
      ...inNamespace(object),
      selector: lowerSelector(field(object.spec, 'selector')),
      accessLogDisabled: accessLogDisabled(list(field(object.spec, 'accessLogging'))),
      accessLogFilter:
        list(field(object.spec, 'accessLogging')).flatMap(entry => text(at(entry, 'filter', 'expression')) ?? [])[0] ??
        null,
    })),
    egressNetworks: lowerEgressNetworks(ofKind('EgressNetwork')),
    egressRoutes: lowerEgressRoutes(objects),
  }
}

const inNamespace = (object: ApiObject) => ({ ...sourced(object), namespace: object.ref.namespace ?? 'default' })

/** Istio writes `{ labels }` where the API machinery writes `{ matchLabels }`. */
const workloadSelector = (object: ApiObject): Json | undefined => {
  const selector = field(object.spec, 'workloadSelector')
  return isObject(selector) ? { matchLabels: field(selector, 'labels') ?? {} } : undefined
}

/** An outboundTrafficPolicy without a mode means REGISTRY_ONLY, the enum's zero value. */
export const outboundMode = (mode: Json | undefined, policy: Json | undefined): OutboundMode | null => {
  if (!isObject(policy)) return null
  return text(mode) === 'ALLOW_ANY' ? 'allow-any' : 'registry-only'
}

/** `egress` empty is `egress` absent. Source: istio.io reference, Sidecar, `egress`. */
const importsOf = (listeners: readonly Json[]) =>
  listeners.length === 0
    ? null
    : listeners.map(listener => ({
        hosts: texts(field(listener, 'hosts')),
        port: integer(at(listener, 'port', 'number')) ?? null,
      }))

const lowerEndpoint = (endpoint: Json): HostEndpoint => {
  const ports = field(endpoint, 'ports')
  return {
    address: text(field(endpoint, 'address')) ?? '',
    ports: new Map(
      isObject(ports)
        ? Object.entries(ports).flatMap(([name, port]) => (typeof port === 'number' ? [[name, port] as const] : []))
        : [],
    ),
  }
}

const ROUTE_KINDS = ['http', 'tls', 'tcp'] as const

/** What a match may ask for besides where the traffic comes from, its port and its name. */
const WIDE = new Set(['name', 'gateways', 'sourceLabels', 'sourceNamespace', 'port', 'sniHosts'])

const lowerRoute = (protocol: MeshRouteRule['protocol'], route: Json): readonly MeshRouteRule[] => {
  const destinations = list(field(route, 'route')).flatMap(entry => text(at(entry, 'destination', 'host')) ?? [])
  const matches = list(field(route, 'match'))
  return (matches.length === 0 ? [{}] : matches).map(match => ({
    protocol,
    gateways: texts(field(match, 'gateways')),
    sourceLabels: textMap(field(match, 'sourceLabels')),
    sourceNamespace: text(field(match, 'sourceNamespace')) ?? null,
    port: integer(field(match, 'port')) ?? null,
    sniHosts: texts(field(match, 'sniHosts')),
    isNarrower: isObject(match) && Object.keys(match).some(key => !WIDE.has(key)),
    destinations,
  }))
}

const tlsBlocks = (spec: Json | undefined): readonly Json[] => {
  const policies = [
    field(spec, 'trafficPolicy'),
    ...list(field(spec, 'subsets')).map(subset => field(subset, 'trafficPolicy')),
  ]
  return policies.flatMap(policy => [
    field(policy, 'tls') ?? null,
    ...list(field(policy, 'portLevelSettings')).map(setting => field(setting, 'tls') ?? null),
  ])
}

const accessLogDisabled = (entries: readonly Json[]): boolean | null =>
  entries.length === 0 ? null : entries.some(entry => flag(field(entry, 'disabled')))
