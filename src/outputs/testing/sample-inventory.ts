import type { ClusterInventory, Inventory } from '../../model/inventory.ts'
import { sampleCoverage } from './sample-findings.ts'

/** A cluster in which nothing was seen: every list empty, every unknown unknown. */
export const bareCluster = (cluster: string): ClusterInventory => ({
  cluster,
  platform: { provider: null, distribution: null, version: null, operatingSystems: [] },
  counts: { namespaces: 1, nodes: 0, workloads: 0, pods: 0, services: 0, policies: 0 },
  services: [],
  hostPorts: [],
  hostPrivileged: [],
  dataplane: {
    cnis: [],
    profile: 'unknown',
    enforcesPolicy: null,
    kubeProxy: { mode: null, replacedBy: null, evidence: null },
    masquerade: [],
    ipFamilies: [],
    settings: [],
  },
  dns: {
    resolvers: [],
    nodeLocal: null,
    forwards: [],
    queryLog: { state: 'unknown', object: null },
    custom: [],
    sidecars: [],
  },
  mesh: [],
  exits: [],
  tunnels: [],
  secondaryNetworks: [],
  nodesWithPublicAddress: [],
  nodeReports: [],
  controls: { namespaces: [], admission: [], access: [], flowLogs: [] },
  identity: {
    defaultServiceAccount: [],
    withoutOwner: [],
    withoutController: [],
    indistinguishable: [],
    namespacesWithoutLabels: [],
  },
})

const eks: ClusterInventory = {
  ...bareCluster('eks-prod-eu'),
  platform: { provider: 'aws', distribution: 'EKS', version: 'v1.31.4', operatingSystems: ['linux'] },
  counts: { namespaces: 9, nodes: 6, workloads: 17, pods: 64, services: 14, policies: 11 },
  services: [
    {
      id: 'eks-prod-eu/shop/Service/checkout-debug',
      exposures: ['node-port'],
      ports: ['30080->8080/TCP'],
      addresses: [],
      sourceRanges: [],
      externalTrafficPolicy: 'Cluster',
      internalTrafficPolicy: null,
      target: [],
      workloads: ['eks-prod-eu/shop/Deployment/checkout'],
      leavesAsNode: [],
      because: null,
      reachedFrom: null,
    },
    {
      id: 'eks-prod-eu/edge/Service/ingress-nginx',
      exposures: ['load-balancer-public', 'node-port'],
      ports: ['443->8443/TCP', '80->8080/TCP'],
      addresses: ['203.0.113.7', 'a1b2c3d4e5f6-1234567890.elb.eu-west-1.amazonaws.com'],
      sourceRanges: ['0.0.0.0/0'],
      externalTrafficPolicy: 'Local',
      internalTrafficPolicy: 'Cluster',
      target: [],
      workloads: ['eks-prod-eu/edge/DaemonSet/ingress-nginx'],
      leavesAsNode: ['eks-prod-eu/edge/DaemonSet/ingress-nginx'],
      because: 'service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing',
      reachedFrom: null,
    },
    {
      id: 'eks-prod-eu/payments/Service/legacy-bank',
      exposures: ['external-name'],
      ports: [],
      addresses: [],
      sourceRanges: [],
      externalTrafficPolicy: null,
      internalTrafficPolicy: null,
      target: ['gateway.bank.example'],
      workloads: [],
      leavesAsNode: [],
      because: null,
      reachedFrom: null,
    },
  ],
  hostPorts: [
    {
      id: 'eks-prod-eu/edge/DaemonSet/ingress-nginx',
      port: 443,
      protocol: 'TCP',
      hostIP: null,
      managed: false,
      reachedFrom: null,
    },
  ],
  hostPrivileged: [
    {
      id: 'eks-prod-eu/payments/Deployment/card-tokeniser',
      owner: 'team-payments',
      managed: false,
      addOn: null,
      hostNetwork: true,
      hostPID: false,
      hostIPC: false,
      privileged: ['app'],
      capabilities: [{ container: 'app', added: ['NET_ADMIN', 'NET_RAW'] }],
      hostPaths: [{ path: '/var/run/containerd', gives: 'the container runtime' }],
      ephemeral: [],
      hostProcess: false,
      pods: 3,
      nodes: ['eks-prod-eu/-/Node/ip-10-0-1-5'],
      sharesNamespaceWith: 4,
      sharesNodesWith: 11,
      exception: null,
    },
    {
      id: 'eks-prod-eu/kube-system/DaemonSet/cilium',
      owner: 'platform',
      managed: true,
      addOn: 'Cilium',
      hostNetwork: true,
      hostPID: false,
      hostIPC: false,
      privileged: ['cilium-agent'],
      capabilities: [],
      hostPaths: [{ path: '/sys/fs/bpf', gives: 'the node’s BPF maps' }],
      ephemeral: [],
      hostProcess: false,
      pods: 6,
      nodes: [],
      sharesNamespaceWith: 0,
      sharesNodesWith: 16,
      exception: null,
    },
  ],
  dataplane: {
    cnis: [{ name: 'Cilium', version: '1.16.5', evidence: 'DaemonSet kube-system/cilium' }],
    profile: 'cilium',
    enforcesPolicy: true,
    kubeProxy: { mode: null, replacedBy: 'Cilium', evidence: 'kube-proxy-replacement: "true"' },
    masquerade: [{ what: 'pods leave with the node’s address', evidence: 'enable-ipv4-masquerade: "true"' }],
    ipFamilies: ['IPv4'],
    settings: [
      { name: 'enable-policy', value: 'default', object: 'eks-prod-eu/kube-system/ConfigMap/cilium-config' },
      { name: 'policy-cidr-match-mode', value: 'nodes', object: 'eks-prod-eu/kube-system/ConfigMap/cilium-config' },
    ],
  },
  dns: {
    resolvers: [{ id: 'eks-prod-eu/kube-system/Deployment/coredns', kind: 'CoreDNS', addresses: ['172.20.0.10'] }],
    nodeLocal: { id: 'eks-prod-eu/kube-system/DaemonSet/node-local-dns', addresses: ['169.254.20.10'] },
    forwards: [
      {
        zone: '.',
        upstreams: ['/etc/resolv.conf'],
        protocol: 'dns',
        object: 'eks-prod-eu/kube-system/ConfigMap/coredns',
      },
    ],
    queryLog: { state: 'off', object: 'eks-prod-eu/kube-system/ConfigMap/coredns' },
    custom: [
      {
        id: 'eks-prod-eu/shop/Deployment/scraper',
        dnsPolicy: 'None',
        nameservers: ['1.1.1.1'],
        why: 'asks 1.1.1.1 instead of the cluster',
      },
    ],
    sidecars: [{ id: 'prod-eu/web/Deployment/shop', container: 'doh', evidence: '/dns-query' }],
  },
  mesh: [
    {
      product: 'istio',
      version: '1.24.1',
      modes: ['sidecar'],
      outbound: 'allow-any',
      dnsCapture: false,
      accessLog: true,
      injectedNamespaces: ['shop', 'payments'],
      object: 'eks-prod-eu/istio-system/ConfigMap/istio',
    },
  ],
  exits: [{ id: 'eks-prod-eu/egress/Deployment/squid', kind: 'proxy', product: 'Squid', addresses: ['172.20.41.8'] }],
  tunnels: [{ id: 'eks-prod-eu/tools/Deployment/tailscale', product: 'Tailscale', evidence: ['image', 'device'] }],
  secondaryNetworks: [],
  nodesWithPublicAddress: [{ id: 'eks-prod-eu/-/Node/ip-10-0-1-5', addresses: ['198.51.100.23'] }],
  nodeReports: [
    {
      node: 'ip-10-0-1-5',
      listeners: ['*:10250/TCP kubelet'],
      forwarding: { ipv4: true, ipv6: null },
      tunnels: ['vxlan.calico (vxlan)'],
      sourceTranslation: ['10.244.0.0/16 leaves as the node (nft)'],
      missing: ['connections'],
    },
  ],
  controls: {
    namespaces: [
      {
        namespace: 'payments',
        workloads: 5,
        defaultDenyEgress: 'full',
        policies: ['NetworkPolicy/default-deny', 'CiliumNetworkPolicy/allow-stripe'],
        podSecurity: { enforce: 'baseline', audit: 'restricted', warn: null },
      },
      {
        namespace: 'shop',
        workloads: 8,
        defaultDenyEgress: 'partial',
        policies: ['NetworkPolicy/web'],
        podSecurity: { enforce: null, audit: null, warn: null },
      },
      {
        namespace: 'tools',
        workloads: 2,
        defaultDenyEgress: 'none',
        policies: [],
        podSecurity: { enforce: 'privileged', audit: null, warn: null },
      },
    ],
    admission: [
      {
        id: 'eks-prod-eu/-/ClusterPolicy/disallow-host-namespaces',
        engine: 'Kyverno',
        controls: ['hostNetwork', 'hostPID'],
        action: 'Audit',
        enforces: false,
      },
    ],
    access: [
      {
        subject: 'Group/developers',
        can: 'create pods',
        namespace: '*',
        via: 'eks-prod-eu/-/ClusterRoleBinding/developers-edit',
      },
    ],
    flowLogs: [{ source: 'Hubble', state: 'off', object: 'eks-prod-eu/kube-system/ConfigMap/cilium-config' }],
  },
  identity: {
    defaultServiceAccount: ['eks-prod-eu/shop/Deployment/web'],
    withoutOwner: ['eks-prod-eu/tools/Deployment/tailscale'],
    withoutController: ['eks-prod-eu/default/Pod/debug'],
    indistinguishable: [
      {
        ids: ['eks-prod-eu/shop/Deployment/web', 'eks-prod-eu/shop/Deployment/web-canary'],
        why: 'same labels and service account',
      },
    ],
    namespacesWithoutLabels: [{ namespace: 'tools', missing: ['environment', 'owner'] }],
  },
}

const aks: ClusterInventory = {
  ...bareCluster('aks-prod-us'),
  platform: { provider: 'azure', distribution: 'AKS', version: 'v1.30.7', operatingSystems: ['linux', 'windows'] },
  counts: { namespaces: 7, nodes: 5, workloads: 38, pods: 121, services: 19, policies: 3 },
  dataplane: {
    ...bareCluster('aks-prod-us').dataplane,
    cnis: [
      { name: 'Azure CNI', version: null, evidence: 'DaemonSet kube-system/azure-cns' },
      { name: 'Calico', version: '3.28.2', evidence: 'Installation default' },
    ],
    profile: 'calico',
    enforcesPolicy: true,
    kubeProxy: { mode: 'iptables', replacedBy: null, evidence: 'DaemonSet kube-system/kube-proxy' },
    ipFamilies: ['IPv4', 'IPv6'],
  },
}

const gke: ClusterInventory = {
  ...bareCluster('gke-data'),
  platform: { provider: 'gcp', distribution: 'GKE', version: null, operatingSystems: ['linux'] },
  counts: { namespaces: 4, nodes: 9, workloads: 21, pods: 77, services: 6, policies: 0 },
}

export const inventoryOf = (clusters: readonly ClusterInventory[]): Inventory => {
  const sum = (of: (cluster: ClusterInventory) => number): number =>
    clusters.reduce((total, cluster) => total + of(cluster), 0)
  return {
    schema: 'postern.dev/inventory/v1',
    clusters,
    fleet: {
      clusters: clusters.length,
      nodes: sum(cluster => cluster.counts.nodes),
      workloads: sum(cluster => cluster.counts.workloads),
      pods: sum(cluster => cluster.counts.pods),
      nodeSurfaceServices: sum(cluster => cluster.services.length),
      hostPrivileged: sum(cluster => cluster.hostPrivileged.length),
      publicLoadBalancers: sum(
        cluster => cluster.services.filter(item => item.exposures.includes('load-balancer-public')).length,
      ),
      namespacesWithoutDefaultDeny: sum(
        cluster => cluster.controls.namespaces.filter(item => item.defaultDenyEgress !== 'full').length,
      ),
    },
    coverage: sampleCoverage,
    diagnostics: [],
  }
}

export const sampleInventory: Inventory = inventoryOf([aks, eks, gke])
