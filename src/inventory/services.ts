import type { Cluster } from '../model/cluster.ts'
import { idOf } from '../model/identity.ts'
import type { NodeSurfaceService, ServiceExposure } from '../model/inventory.ts'
import type { Service } from '../model/service.ts'
import type { Workload } from '../model/workload.ts'
import { isEverySource, placeOf } from './address.ts'

/** Services that open a door at the node or beyond it, and those that name something outside the cluster. */
export const nodeSurfaceServices = (
  cluster: Cluster,
  leavesAsNode: (workload: Workload) => boolean,
): readonly NodeSurfaceService[] =>
  cluster.services.flatMap(service => {
    const exposures = exposuresOf(service)
    if (exposures.length === 0) return []
    const behind = workloadsBehind(service, cluster)
    const policies = service.type === 'NodePort' || service.type === 'LoadBalancer' || service.externalIPs.length > 0
    return [
      {
        id: idOf(service.ref),
        exposures,
        ports: service.ports.map(
          port => `${port.nodePort === null ? '' : `${port.nodePort}->`}${port.port}/${port.protocol}`,
        ),
        addresses: [...service.externalIPs, ...service.loadBalancerAddresses],
        sourceRanges: sourceRangesOf(service),
        externalTrafficPolicy: policies ? service.externalTrafficPolicy : null,
        internalTrafficPolicy: service.type === 'ExternalName' ? null : service.internalTrafficPolicy,
        target:
          service.externalName !== null
            ? [service.externalName]
            : service.selector === null
              ? service.endpoints.map(endpoint => endpoint.address)
              : [],
        workloads: behind.map(workload => idOf(workload.ref)),
        leavesAsNode: behind.filter(leavesAsNode).map(workload => idOf(workload.ref)),
        because: service.type === 'LoadBalancer' ? loadBalancerScheme(service).because : null,
        reachedFrom: null,
      },
    ]
  })

export const exposuresOf = (service: Service): readonly ServiceExposure[] => {
  const exposures: ServiceExposure[] = []
  if (service.type === 'NodePort') exposures.push('node-port')
  if (service.type === 'LoadBalancer') exposures.push(`load-balancer-${loadBalancerScheme(service).scheme}`)
  if (service.externalIPs.length > 0) exposures.push('external-ips')
  if (service.type === 'ExternalName') exposures.push('external-name')
  // The API server's own Service has no selector either, and its endpoints are the API server.
  const isApiServer = service.namespace === 'default' && service.ref.name === 'kubernetes'
  if (service.type !== 'ExternalName' && service.selector === null && !isApiServer) exposures.push('selector-less')
  return exposures
}

/** Workloads whose pods a Service selects; those without pods count by their template. */
export const workloadsBehind = (service: Service, cluster: Cluster): readonly Workload[] =>
  (cluster.workloadsIn.get(service.namespace) ?? []).filter(workload => selectsWorkload(service, workload))

/** Of the Service's own namespace. */
export const selectsWorkload = ({ selector }: Service, workload: Workload): boolean => {
  if (selector === null) return false
  const required = [...selector]
  const selects = (labels: ReadonlyMap<string, string>): boolean =>
    required.every(([key, value]) => labels.get(key) === value)
  return selects(workload.shape.labels) || workload.pods.some(pod => selects(pod.labels))
}

/**
 * Who may connect, by the Service's field or the older annotations; empty: everybody.
 * Source: k8s.io/api/core/v1, AnnotationLoadBalancerSourceRangesKey; AKS, `azure-allowed-ip-ranges`.
 */
export const sourceRangesOf = (service: Service): readonly string[] =>
  service.loadBalancerSourceRanges.length > 0
    ? service.loadBalancerSourceRanges
    : [
        'service.beta.kubernetes.io/load-balancer-source-ranges',
        'service.beta.kubernetes.io/azure-allowed-ip-ranges',
      ].flatMap(key =>
        (service.annotations.get(key) ?? '')
          .split(',')
          .map(range => range.trim())
          .filter(Boolean),
      )

/** Is a Service limited to some sources? */
export const isLimited = (ranges: readonly string[]): boolean => ranges.length > 0 && !ranges.some(isEverySource)

const AWS_TYPE = 'service.beta.kubernetes.io/aws-load-balancer-type'

export interface LoadBalancerScheme {
  readonly scheme: 'public' | 'internal' | 'unknown'
  /** The annotation, class or address that says so; null when it is only the platform's default. */
  readonly because: string | null
  /** Somebody wrote that it should be reachable from outside. */
  readonly intended: boolean
}

/**
 * Annotations that make a load balancer internal, or say that it should be public.
 * Source: the cloud providers' Service annotations: AWS Load Balancer Controller and in-tree provider, AKS, GKE.
 */
const INTERNAL: readonly (readonly [string, RegExp])[] = [
  ['service.beta.kubernetes.io/aws-load-balancer-scheme', /^internal$/],
  ['service.beta.kubernetes.io/aws-load-balancer-internal', /^(true|0\.0\.0\.0\/0)$/],
  ['service.beta.kubernetes.io/azure-load-balancer-internal', /^true$/],
  ['networking.gke.io/load-balancer-type', /^internal$/i],
  ['cloud.google.com/load-balancer-type', /^internal$/i],
  ['service.beta.kubernetes.io/oci-load-balancer-internal', /^true$/],
  ['service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type', /^intranet$/],
]
/** Load balancer classes by which a Service says its scheme. Source: AWS Load Balancer Controller; GKE, L4 load balancers. */
const CLASSES: ReadonlyMap<string, 'internal' | 'public'> = new Map([
  ['networking.gke.io/l4-regional-internal', 'internal'],
  ['networking.gke.io/l4-regional-external', 'public'],
  // Both make an internal load balancer unless the scheme annotation asks for another.
  ['service.k8s.aws/nlb', 'internal'],
  ['eks.amazonaws.com/nlb', 'internal'],
  ['tailscale', 'internal'],
])

const INTENDED: readonly (readonly [string, RegExp])[] = [
  ['service.beta.kubernetes.io/aws-load-balancer-scheme', /^internet-facing$/],
  ['service.beta.kubernetes.io/aws-load-balancer-internal', /^false$/],
  ['service.beta.kubernetes.io/azure-load-balancer-internal', /^false$/],
  ['service.beta.kubernetes.io/azure-dns-label-name', /./],
  ['service.beta.kubernetes.io/azure-pip-name', /./],
  ['networking.gke.io/load-balancer-type', /^external$/i],
  ['networking.gke.io/load-balancer-ip-addresses', /./],
  ['external-dns.alpha.kubernetes.io/hostname', /./],
]

export const loadBalancerScheme = (service: Service): LoadBalancerScheme => {
  const annotation = (known: readonly (readonly [string, RegExp])[]): string | null => {
    for (const [key, value] of known) {
      const written = service.annotations.get(key)
      if (written !== undefined && value.test(written)) return `${key}: ${written}`
    }
    return null
  }
  const internal = annotation(INTERNAL)
  const shown = service.loadBalancerAddresses.find(address => placeOf(address) === 'public')
  // What the cloud gave is stronger than what was asked for: another cloud's annotation asks for nothing here.
  if (internal !== null && shown !== undefined)
    return { scheme: 'public', because: `its address is ${shown}, whatever \`${internal}\` says`, intended: false }
  if (internal !== null) return { scheme: 'internal', because: internal, intended: false }
  const intended = annotation(INTENDED)
  const byClass = service.loadBalancerClass === null ? undefined : CLASSES.get(service.loadBalancerClass)
  if (intended === null && byClass !== undefined) {
    const because = `loadBalancerClass: ${service.loadBalancerClass}`
    return { scheme: byClass, because, intended: byClass === 'public' }
  }
  if (intended === null && /^(external|nlb-ip)$/.test(service.annotations.get(AWS_TYPE) ?? ''))
    return { scheme: 'internal', because: `${AWS_TYPE}: its controller’s default`, intended: false }
  const addresses = service.loadBalancerAddresses
  const places = addresses.map(placeOf)
  if (intended === null && addresses.some(address => /(^|[.-])internal[.-]/.test(address))) {
    return { scheme: 'internal', because: `its address is ${addresses.join(', ')}`, intended: false }
  }
  if (places.length > 0 && places.every(place => place === 'private')) {
    return { scheme: 'internal', because: `its address is ${addresses.join(', ')}`, intended: false }
  }
  if (places.includes('public'))
    return {
      scheme: 'public',
      because: intended ?? `its address is ${addresses.join(', ')}`,
      intended: intended !== null,
    }
  if (intended !== null) return { scheme: 'public', because: intended, intended: true }
  // Every cloud's default is a public one; without a cloud there may be no load balancer at all.
  const cloudName = addresses.some(address =>
    /\.(elb\.[a-z0-9-]+\.amazonaws\.com|elb\.amazonaws\.com|cloudapp\.azure\.com)$/.test(address),
  )
  if (addresses.length > 0 && cloudName)
    return { scheme: 'public', because: `its address is ${addresses.join(', ')}`, intended: false }
  return { scheme: 'unknown', because: null, intended: false }
}
