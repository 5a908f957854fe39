/**
 * ConfigMaps that hold settings of the network itself, by the names that their projects give them. These are read
 * whole (credentials masked); every other ConfigMap only where a workload hands it to a proxy, and by its name.
 *
 * Sources: the projects' manifests and charts.
 */
export const KNOWN_CONFIG_MAPS: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'kube-system',
    [
      // DNS
      'coredns',
      'coredns-custom',
      'kube-dns',
      'kube-dns-autoscaler',
      'node-local-dns',
      // kube-proxy and what kubeadm knows of the address ranges
      'kube-proxy',
      'kube-proxy-config',
      'kubeadm-config',
      // Network plugins
      'cilium-config',
      'calico-config',
      'canal-config',
      'amazon-vpc-cni',
      'aws-node',
      'antrea-config',
      'kube-flannel-cfg',
      'kube-router-cfg',
      'netd-config',
      'azure-cni-config',
      'cns-config',
      // Masquerade
      'ip-masq-agent',
      'azure-ip-masq-agent-config',
      'azure-ip-masq-agent-config-reconciled',
    ],
  ],
  ['kube-flannel', ['kube-flannel-cfg']],
  ['calico-system', ['calico-config', 'cni-config']],
  ['ovn-kubernetes', ['ovn-config', 'ovnkube-config']],
  ['openshift-ovn-kubernetes', ['ovnkube-config']],
  ['openshift-dns', ['dns-default']],
  ['istio-system', ['istio', 'istio-sidecar-injector', 'istio-cni-config']],
  ['linkerd', ['linkerd-config']],
  ['linkerd-cni', ['linkerd-cni-config']],
  ['tigera-operator', ['kubernetes-services-endpoint']],
])

const names = new Set([...KNOWN_CONFIG_MAPS.values()].flat())

/** Names as the ClusterRole's `resourceNames` holds them: RBAC knows names, not the namespaces of a ClusterRole. */
export const KNOWN_CONFIG_MAP_NAMES: readonly string[] = [...names].sort()

/** A revision's own copy (`istio-1-24`, `istio-sidecar-injector-canary`) counts as known when it lies with the mesh. */
export const isKnownConfigMap = (namespace: string | null, name: string): boolean =>
  (KNOWN_CONFIG_MAPS.get(namespace ?? '') ?? []).includes(name) ||
  (namespace === 'istio-system' &&
    /^istio(-sidecar-injector)?-[a-z0-9-]+$/.test(name) &&
    name !== 'istio-ca-root-cert') ||
  (namespace === 'kube-system' && /^antrea-config(-[a-z0-9]+)?$/.test(name))
