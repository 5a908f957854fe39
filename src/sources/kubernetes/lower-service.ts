import { field, integer, isObject, list, text, textMap, texts } from '../../model/json.ts'
import type { Endpoint, Ingress, Service } from '../../model/service.ts'
import { type ApiObject, portText, sourced, statusOf } from './object.ts'

/** Source: k8s.io/api/core/v1, types ServiceSpec, ServiceStatus. */
export const lowerService = (object: ApiObject, endpoints: readonly Endpoint[]): Service => {
  const { spec } = object
  const type = text(field(spec, 'type'))
  const clusterIP = text(field(spec, 'clusterIP'))
  const selector = field(spec, 'selector')
  return {
    ...sourced(object),
    namespace: object.ref.namespace ?? 'default',
    type: type === 'NodePort' || type === 'LoadBalancer' || type === 'ExternalName' ? type : 'ClusterIP',
    headless: clusterIP === 'None',
    clusterIPs:
      texts(field(spec, 'clusterIPs')).length > 0 ? texts(field(spec, 'clusterIPs')) : clusterIP ? [clusterIP] : [],
    externalName: text(field(spec, 'externalName')) || null,
    externalIPs: texts(field(spec, 'externalIPs')),
    selector: isObject(selector) && Object.keys(selector).length > 0 ? textMap(selector) : null,
    ports: list(field(spec, 'ports')).map(port => ({
      name: text(field(port, 'name')) ?? null,
      protocol: text(field(port, 'protocol')) ?? 'TCP',
      port: integer(field(port, 'port')) ?? 0,
      targetPort: portText(field(port, 'targetPort')),
      nodePort: integer(field(port, 'nodePort')) ?? null,
    })),
    externalTrafficPolicy: text(field(spec, 'externalTrafficPolicy')) === 'Local' ? 'Local' : 'Cluster',
    internalTrafficPolicy: text(field(spec, 'internalTrafficPolicy')) === 'Local' ? 'Local' : 'Cluster',
    loadBalancerClass: text(field(spec, 'loadBalancerClass')) || null,
    loadBalancerSourceRanges: texts(field(spec, 'loadBalancerSourceRanges')),
    loadBalancerAddresses: list(statusOf(object, 'loadBalancer', 'ingress')).flatMap(
      entry => text(field(entry, 'ip')) ?? text(field(entry, 'hostname')) ?? [],
    ),
    endpoints,
  }
}

/** Endpoints: k8s.io/api/core/v1. Holds only the first address family of a dual-stack Service. */
export const lowerEndpoints = (object: ApiObject): readonly Endpoint[] =>
  list(field(object.body, 'subsets')).flatMap(subset =>
    [...list(field(subset, 'addresses')), ...list(field(subset, 'notReadyAddresses'))].flatMap(entry => {
      const address = text(field(entry, 'ip'))
      if (address === undefined) return []
      const target = field(entry, 'targetRef')
      const pod = text(field(target, 'kind')) === 'Pod' ? (text(field(target, 'name')) ?? null) : null
      return [{ address, pod, node: text(field(entry, 'nodeName')) ?? null }]
    }),
  )

/** EndpointSlice: k8s.io/api/discovery/v1. A slice names its Service by label; without it nobody uses the slice. */
export const lowerEndpointSlice = (object: ApiObject): { service: string | null; endpoints: readonly Endpoint[] } => ({
  service: object.labels.get('kubernetes.io/service-name') ?? null,
  endpoints: list(field(object.body, 'endpoints')).flatMap(endpoint => {
    const target = field(endpoint, 'targetRef')
    const pod = text(field(target, 'kind')) === 'Pod' ? (text(field(target, 'name')) ?? null) : null
    return texts(field(endpoint, 'addresses')).map(address => ({
      address,
      pod,
      node: text(field(endpoint, 'nodeName')) ?? null,
    }))
  }),
})

/** Ingress (networking.k8s.io/v1) and Gateway (gateway.networking.k8s.io). */
export const lowerIngress = (object: ApiObject): Ingress => {
  const { spec } = object
  const isGateway = object.ref.kind === 'Gateway'
  const rules = list(field(spec, 'rules'))
  const paths = rules.flatMap(rule => list(field(field(rule, 'http'), 'paths')))
  const backends = [...paths.map(path => field(path, 'backend')), field(spec, 'defaultBackend')]
  return {
    ...sourced(object),
    namespace: object.ref.namespace ?? 'default',
    kind: isGateway ? 'Gateway' : 'Ingress',
    className: text(field(spec, isGateway ? 'gatewayClassName' : 'ingressClassName')) ?? null,
    hosts: isGateway
      ? list(field(spec, 'listeners')).flatMap(listener => text(field(listener, 'hostname')) ?? [])
      : rules.flatMap(rule => text(field(rule, 'host')) ?? []),
    backends: [...new Set(backends.flatMap(backend => text(field(field(backend, 'service'), 'name')) ?? []))],
    addresses: isGateway
      ? list(statusOf(object, 'addresses')).flatMap(entry => text(field(entry, 'value')) ?? [])
      : list(statusOf(object, 'loadBalancer', 'ingress')).flatMap(
          entry => text(field(entry, 'ip')) ?? text(field(entry, 'hostname')) ?? [],
        ),
  }
}
