import type { Sourced } from './provenance.ts'

export interface Service extends Sourced {
  readonly namespace: string
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName'
  readonly headless: boolean
  readonly clusterIPs: readonly string[]
  readonly externalName: string | null
  readonly externalIPs: readonly string[]
  /** null: no selector, so somebody writes the endpoints by hand. */
  readonly selector: ReadonlyMap<string, string> | null
  readonly ports: readonly ServicePort[]
  readonly externalTrafficPolicy: 'Cluster' | 'Local'
  readonly internalTrafficPolicy: 'Cluster' | 'Local'
  readonly loadBalancerClass: string | null
  readonly loadBalancerSourceRanges: readonly string[]
  readonly loadBalancerAddresses: readonly string[]
  /** Endpoints written by hand or by a controller, by EndpointSlice or Endpoints; addresses or, deprecated, names. */
  readonly endpoints: readonly Endpoint[]
}

export interface ServicePort {
  readonly name: string | null
  readonly protocol: string
  readonly port: number
  readonly targetPort: string | null
  /** null when none is allocated or known. */
  readonly nodePort: number | null
}

export interface Endpoint {
  readonly address: string
  /** Pod name, when the endpoint is a pod. */
  readonly pod: string | null
  readonly node: string | null
}

export interface Ingress extends Sourced {
  readonly namespace: string
  readonly kind: 'Ingress' | 'Gateway'
  readonly className: string | null
  readonly hosts: readonly string[]
  readonly backends: readonly string[]
  readonly addresses: readonly string[]
}
