import type { Cluster } from '../model/cluster.ts'
import type { ResolverConfig } from '../model/dns.ts'
import { idOf } from '../model/identity.ts'
import type { DnsInventory } from '../model/inventory.ts'
import type { Workload } from '../model/workload.ts'
import { isSystemNamespace } from './add-ons.ts'
import { imageName } from './image.ts'
import { privateResolversOf } from './private-resolvers.ts'

/** Who answers names here, where it asks in turn, and which workloads ask somebody else. */
export const dnsOf = (cluster: Cluster): DnsInventory => ({
  resolvers: cluster.services
    .filter(service => isClusterResolver(service.ref.name, service.namespace))
    .map(service => ({ id: idOf(service.ref), kind: resolverKind(cluster), addresses: service.clusterIPs })),
  nodeLocal: nodeLocalOf(cluster),
  forwards: clusterResolvers(cluster).flatMap(resolver =>
    resolver.zones.flatMap(zone =>
      zone.forwards.map(forward => ({
        zone: forward.zone,
        upstreams: forward.upstreams,
        protocol: forward.protocol,
        object: idOf(zone.from.ref),
      })),
    ),
  ),
  queryLog: queryLogOf(clusterResolvers(cluster)),
  custom: cluster.workloads.flatMap(workload => {
    const custom = customDns(cluster, workload)
    return custom === null ? [] : [{ id: idOf(workload.ref), ...custom }]
  }),
  sidecars: cluster.workloads.flatMap(workload =>
    privateResolversOf(workload).map(({ container, encrypted, image }) => ({
      id: idOf(workload.ref),
      container: container.name,
      evidence: encrypted ?? image,
    })),
  ),
})

const isClusterResolver = (name: string, namespace: string): boolean =>
  (namespace === 'kube-system' && /^(kube-dns|coredns|rke2-coredns-rke2-coredns)$/.test(name)) ||
  (namespace === 'openshift-dns' && name === 'dns-default')

const resolverKind = (cluster: Cluster): string => {
  const images = cluster.workloads
    .filter(workload => isSystemNamespace(workload.namespace))
    .flatMap(workload => workload.shape.containers.map(container => imageName(container.image).base))
  if (images.some(base => /^coredns/.test(base))) return 'CoreDNS'
  return images.some(base => /k8s-dns-kube-dns/.test(base)) ? 'kube-dns' : 'unknown'
}

const nodeLocalOf = (cluster: Cluster): DnsInventory['nodeLocal'] => {
  const daemon = cluster.workloads.find(
    workload => workload.ref.kind === 'DaemonSet' && /node-?local-?dns/.test(workload.ref.name),
  )
  const config = clusterResolvers(cluster).find(resolver => resolver.product === 'node-local-dns')
  if (daemon === undefined && config === undefined) return null
  const bound = config?.zones.flatMap(zone => zone.bind).filter(address => !address.startsWith('__PILLAR__')) ?? []
  // Its default address, fixed by convention: a link-local one that every node answers itself.
  return {
    id: idOf(
      (daemon ?? config)?.ref ?? {
        cluster: cluster.name,
        group: '',
        kind: 'DaemonSet',
        namespace: 'kube-system',
        name: 'node-local-dns',
      },
    ),
    addresses: bound.length > 0 ? [...new Set(bound)].sort() : ['169.254.20.10'],
  }
}

/** Only the root zone's log sees every question that leaves; a log of one stub zone is no log of the cluster. */
const queryLogOf = (resolvers: readonly ResolverConfig[]): DnsInventory['queryLog'] => {
  const main = resolvers.filter(resolver => resolver.product !== 'node-local-dns')
  const roots = main.flatMap(resolver =>
    resolver.zones.filter(zone => zone.zone === '.').map(zone => ({ zone, resolver })),
  )
  const [first] = roots
  if (first === undefined) return { state: 'unknown', object: main[0] === undefined ? null : idOf(main[0].ref) }
  const state = roots.some(({ zone }) => zone.log === 'on')
    ? 'on'
    : roots.some(({ zone }) => zone.log === 'partial')
      ? 'partial'
      : 'off'
  return { state, object: idOf(first.resolver.ref) }
}

/** Resolvers of the cluster; one that a team runs in its own namespace is that team's. */
export const clusterResolvers = (cluster: Cluster): readonly ResolverConfig[] =>
  cluster.resolvers.filter(resolver => isSystemNamespace(resolver.ref.namespace ?? ''))

/** Was the Service read at which the cluster answers DNS? Without it no private address can be called foreign. */
export const knowsOwnResolver = (cluster: Cluster): boolean =>
  cluster.services.some(service => isClusterResolver(service.ref.name, service.namespace))

/** Addresses that the cluster itself answers DNS at. */
export const ownResolvers = (cluster: Cluster): ReadonlySet<string> =>
  new Set([
    ...cluster.services
      .filter(service => isClusterResolver(service.ref.name, service.namespace))
      .flatMap(service => service.clusterIPs),
    ...(nodeLocalOf(cluster)?.addresses ?? []),
    '127.0.0.1',
    '::1',
  ])

const customDns = (cluster: Cluster, workload: Workload): Omit<DnsInventory['custom'][number], 'id'> | null => {
  const { shape } = workload
  const foreign = (shape.dns?.nameservers ?? []).filter(address => !ownResolvers(cluster).has(address))
  const ineffective = shape.hostNetwork && shape.dnsPolicy === 'ClusterFirst'
  if (shape.dnsPolicy === 'ClusterFirst' && foreign.length === 0 && !ineffective) return null
  if (shape.dnsPolicy === 'ClusterFirstWithHostNet' && foreign.length === 0) return null
  const why = ineffective
    ? 'no effect on the host network: asks the node’s resolver'
    : foreign.length > 0
      ? `asks ${foreign.join(', ')}`
      : shape.dnsPolicy === 'Default'
        ? 'asks the node’s resolver'
        : 'its own dnsConfig, toward resolvers of the cluster'
  return { dnsPolicy: shape.dnsPolicy, nameservers: shape.dns?.nameservers ?? [], why }
}
