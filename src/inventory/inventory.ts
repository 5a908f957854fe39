import type { Cluster, Estate } from '../model/cluster.ts'
import { idOf } from '../model/identity.ts'
import type { ClusterInventory, FleetSummary, Inventory } from '../model/inventory.ts'
import { isSystemNamespace } from './add-ons.ts'
import { controlsOf } from './controls.ts'
import { dataplaneOf } from './dataplane.ts'
import { dnsOf } from './dns.ts'
import { exitsOf, tunnelsOf } from './exits.ts'
import { type HostUse, hostPrivileged, hostUseOf } from './host-privilege.ts'
import { identityOf } from './identity.ts'
import { meshesOf } from './mesh.ts'
import { nodeReportsOf } from './node-report.ts'
import { platformOf } from './platform.ts'
import { secondaryNetworksOf } from './secondary-networks.ts'
import { nodeSurfaceServices } from './services.ts'

/** What stands at the edge of every cluster. Pure: the same estate gives the same inventory. */
export const inventoryOf = (estate: Estate): Inventory =>
  inventoryFrom(
    estate,
    estate.clusters.map(cluster => clusterInventory(cluster, cluster.workloads.map(hostUseOf), estate)),
  )

/** The same, where the clusters' inventories are already there. */
export const inventoryFrom = (estate: Estate, clusters: readonly ClusterInventory[]): Inventory => ({
  schema: 'postern.dev/inventory/v1',
  clusters,
  fleet: fleetOf(clusters),
  coverage: estate.coverage,
  diagnostics: estate.diagnostics,
})

export const clusterInventory = (
  cluster: Cluster,
  uses: readonly HostUse[],
  { standard, exceptions }: Pick<Estate, 'standard' | 'exceptions'>,
): ClusterInventory => ({
  cluster: cluster.name,
  platform: platformOf(cluster),
  counts: {
    namespaces: cluster.namespaces.size,
    nodes: cluster.nodes.length,
    workloads: cluster.workloads.length,
    pods: cluster.pods.length,
    services: cluster.services.length,
    policies: cluster.policies.length,
  },
  services: nodeSurfaceServices(cluster, workload => workload.shape.hostNetwork),
  hostPorts: uses.flatMap(use =>
    use.hostPorts.map(({ port }) => ({
      id: idOf(use.workload.ref),
      port: port.hostPort,
      protocol: port.protocol,
      hostIP: port.hostIP,
      managed: !use.unexplained.has('hostPort'),
      reachedFrom: null,
    })),
  ),
  hostPrivileged: hostPrivileged(cluster, uses, standard, exceptions),
  dataplane: dataplaneOf(cluster),
  dns: dnsOf(cluster),
  mesh: meshesOf(cluster),
  exits: exitsOf(cluster),
  tunnels: tunnelsOf(cluster),
  secondaryNetworks: cluster.workloads.flatMap(workload => {
    const networks = secondaryNetworksOf(workload)
    return networks.length === 0 ? [] : [{ id: idOf(workload.ref), networks }]
  }),
  nodesWithPublicAddress: cluster.nodes
    .filter(node => node.externalAddresses.length > 0)
    .map(node => ({ id: idOf(node.ref), addresses: node.externalAddresses })),
  nodeReports: nodeReportsOf(cluster),
  controls: controlsOf(cluster),
  identity: identityOf(cluster, standard),
})

const fleetOf = (clusters: readonly ClusterInventory[]): FleetSummary => {
  const sum = (value: (cluster: ClusterInventory) => number): number =>
    clusters.reduce((total, cluster) => total + value(cluster), 0)
  return {
    clusters: clusters.length,
    nodes: sum(cluster => cluster.counts.nodes),
    workloads: sum(cluster => cluster.counts.workloads),
    pods: sum(cluster => cluster.counts.pods),
    nodeSurfaceServices: sum(cluster => cluster.services.length),
    hostPrivileged: sum(cluster => cluster.hostPrivileged.length),
    publicLoadBalancers: sum(
      cluster => cluster.services.filter(service => service.exposures.includes('load-balancer-public')).length,
    ),
    namespacesWithoutDefaultDeny: sum(
      cluster =>
        cluster.controls.namespaces.filter(
          entry => entry.workloads > 0 && entry.defaultDenyEgress !== 'full' && !isSystemNamespace(entry.namespace),
        ).length,
    ),
  }
}
