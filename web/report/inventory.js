/**
 * What stands at the edge of each cluster: a tab a cluster, made when first shown.
 * A cluster's page is a list of views; a new kind of result (what each workload can reach) is one more entry here.
 * @type {readonly { readonly id: string, readonly title: string, readonly of: (cluster: ClusterInventory) => Child }[]}
 */
const CLUSTER_VIEWS = [{ id: 'edge', title: 'Edge', of: cluster => edgeView(cluster) }]

const inventoryView = () => {
  if (INVENTORY === null) return null
  const { clusters, fleet } = INVENTORY
  const sum = h(
    'p',
    { class: 'lede' },
    `${count(fleet.nodes, 'node')}, ${count(fleet.pods, 'pod')}, ${count(fleet.nodeSurfaceServices, 'node-surface service')}, ${count(fleet.publicLoadBalancers, 'public load balancer')}, ${count(fleet.hostPrivileged, 'host-privileged workload')}, ${count(fleet.namespacesWithoutDefaultDeny, 'namespace')} without default-deny egress.`,
  )
  if (clusters.length === 0)
    return section('inventory', 'Inventory', h('p', { class: 'empty' }, 'No cluster was in the input.'))
  return section(
    'inventory',
    'Inventory',
    sum,
    tabs(
      'cluster',
      'Clusters',
      clusters.map(cluster => ({ title: cluster.cluster, of: () => clusterPage(cluster) })),
    ),
  )
}

/** @param {ClusterInventory} cluster */
const clusterPage = cluster => {
  const [only] = CLUSTER_VIEWS
  return CLUSTER_VIEWS.length === 1 && only !== undefined
    ? only.of(cluster)
    : tabs(
        `view-${cluster.cluster}`,
        'Views',
        CLUSTER_VIEWS.map(view => ({ title: view.title, of: () => view.of(cluster) })),
      )
}
