import type { Cluster } from '../model/cluster.ts'
import { idOf } from '../model/identity.ts'
import type { Dataplane } from '../model/inventory.ts'
import type { Container, Workload } from '../model/workload.ts'
import { familiesOf } from './address.ts'
import { ciliumConfig, ciliumSetting } from './cilium-config.ts'
import type { CniName } from './cni.ts'
import { cnisOf, type FoundCni } from './cni.ts'
import { imageName } from './image.ts'

/** Which software moves the packets of a cluster, and which of its settings change what leaves. */
export const dataplaneOf = (cluster: Cluster): Dataplane => {
  const cnis = cnisOf(cluster)
  const profile = profileOf(cluster, cnis)
  return {
    cnis: cnis.map(({ name, version, evidence }) => ({ name, version, evidence })),
    profile,
    enforcesPolicy: enforcementOf(cluster, profile),
    kubeProxy: kubeProxyOf(cluster, cnis),
    masquerade: masqueradeOf(cluster),
    ipFamilies: familiesOf(clusterAddresses(cluster)),
    settings: settingsOf(cluster),
  }
}

function* clusterAddresses(cluster: Cluster): Generator<string> {
  for (const pod of cluster.pods) yield* pod.addresses
  for (const service of cluster.services) yield* service.clusterIPs.filter(address => address !== 'None')
  for (const node of cluster.nodes) yield* node.podRanges
}

export const workloadNamed = (cluster: Cluster, name: string): Workload | undefined =>
  cluster.workloads.find(
    workload => workload.ref.name === name && (workload.ref.kind === 'DaemonSet' || workload.ref.kind === 'Deployment'),
  )

/** The last word of a setting in a container's environment. */
export const envOf = (containers: readonly Container[], name: string): string | undefined =>
  containers
    .flatMap(container =>
      container.env.filter(variable => variable.name === name).map(variable => variable.value ?? undefined),
    )
    .at(-1)

/**
 * The profile whose policy semantics hold here. Policy may be enforced by another component than the one that wires
 * pods: Calico or Cilium on top of a cloud's own CNI decides.
 */
const profileOf = (cluster: Cluster, cnis: readonly FoundCni[]): string => {
  const has = (name: CniName): boolean => cnis.some(cni => cni.name === name)
  if (has('gke-dataplane-v2')) return 'gke-dataplane-v2'
  if (has('cilium')) return has('azure-cni') ? 'azure-cilium' : 'cilium'
  if (has('calico')) return calicoUsesEbpf(cluster) ? 'calico-ebpf' : 'calico-iptables'
  if (has('azure-npm')) return 'azure-npm'
  return cnis[0]?.name ?? 'unknown'
}

const calicoUsesEbpf = (cluster: Cluster): boolean =>
  cluster.calico.installation?.dataplane === 'BPF' ||
  cluster.calico.felix.some(felix => felix.scope === 'default' && felix.settings.get('bpfEnabled') === 'true')

const enforcementOf = (cluster: Cluster, profile: string): boolean | null => {
  switch (profile) {
    case 'cilium':
    case 'azure-cilium':
      return (
        ciliumSetting(cluster, 'enable-policy') !== 'never' && ciliumSetting(cluster, 'policy-audit-mode') !== 'true'
      )
    case 'gke-dataplane-v2':
    case 'calico-iptables':
    case 'calico-ebpf':
    case 'azure-npm':
    case 'antrea':
    case 'ovn-kubernetes':
    case 'kube-router':
    case 'weave-net':
      return true
    case 'aws-vpc-cni':
      return vpcCniEnforces(cluster)
    case 'flannel':
    case 'gke-netd':
    case 'azure-cni':
    case 'kubenet':
      return false
    default:
      return null
  }
}

/**
 * The VPC CNI enforces NetworkPolicy only where its node agent runs with `--enable-network-policy=true`.
 * Source: docs.aws.amazon.com/eks, "Limit Pod traffic with Kubernetes network policies".
 */
const vpcCniEnforces = (cluster: Cluster): boolean => {
  const configured = [...cluster.configMaps.values()]
    .find(map => map.ref.name === 'amazon-vpc-cni')
    ?.data.get('enable-network-policy-controller')
  if (configured !== undefined) return configured === 'true'
  const agent = workloadNamed(cluster, 'aws-node')?.shape.containers.find(
    container => imageName(container.image).base === 'aws-network-policy-agent',
  )
  return agent?.args.some(arg => arg === '--enable-network-policy=true') ?? false
}

const kubeProxyOf = (cluster: Cluster, cnis: readonly FoundCni[]): Dataplane['kubeProxy'] => {
  const replacement = ciliumSetting(cluster, 'kube-proxy-replacement')
  if (replacement !== undefined && replacement !== 'false' && replacement !== 'disabled') {
    return { mode: null, replacedBy: 'cilium', evidence: `kube-proxy-replacement: ${replacement}` }
  }
  const workload = workloadNamed(cluster, 'kube-proxy')
  const argument = workload?.shape.containers
    .flatMap(container => [...container.command, ...container.args])
    .find(arg => arg.startsWith('--proxy-mode='))
  if (argument !== undefined)
    return { mode: argument.slice('--proxy-mode='.length), replacedBy: null, evidence: argument }
  for (const map of cluster.configMaps.values()) {
    if (!map.ref.name.startsWith('kube-proxy')) continue
    for (const value of map.data.values()) {
      const mode = /^mode:\s*"?([a-z]*)"?\s*$/m.exec(value)?.[1]
      if (mode !== undefined)
        return { mode: mode === '' ? 'iptables' : mode, replacedBy: null, evidence: idOf(map.ref) }
    }
  }
  if (workload !== undefined) return { mode: null, replacedBy: null, evidence: idOf(workload.ref) }
  if (cnis.some(cni => cni.name === 'gke-dataplane-v2'))
    return { mode: null, replacedBy: 'gke-dataplane-v2', evidence: 'no kube-proxy' }
  return { mode: null, replacedBy: null, evidence: null }
}

const masqueradeOf = (cluster: Cluster): Dataplane['masquerade'] => {
  const found: { what: string; evidence: string }[] = []
  const cilium = ciliumConfig(cluster)
  for (const key of [
    'enable-ipv4-masquerade',
    'enable-ipv6-masquerade',
    'enable-bpf-masquerade',
    'ipv4-native-routing-cidr',
    'ipv6-native-routing-cidr',
  ]) {
    const value = cilium?.data.get(key)
    if (cilium !== null && value) found.push({ what: `${key}: ${value}`, evidence: idOf(cilium.ref) })
  }
  for (const pool of cluster.calico.pools) {
    found.push({
      what: `${pool.cidr} ${pool.natOutgoing ? 'is masqueraded' : 'keeps its own addresses'}`,
      evidence: idOf(pool.ref),
    })
  }
  for (const agent of cluster.masquerade) {
    found.push({
      what: `not masqueraded toward ${agent.nonMasqueradeRanges.join(', ') || 'nothing'}`,
      evidence: idOf(agent.ref),
    })
  }
  const vpcCni = workloadNamed(cluster, 'aws-node')
  const external = vpcCni === undefined ? undefined : envOf(vpcCni.shape.containers, 'AWS_VPC_K8S_CNI_EXTERNALSNAT')
  if (vpcCni !== undefined)
    found.push({
      what: external === 'true' ? 'pods keep their own addresses' : 'pods are masqueraded outside the network',
      evidence: idOf(vpcCni.ref),
    })
  return found
}

/** Settings that change what leaves or how policy is read. Names: the projects' own references. */
const CILIUM_SETTINGS = [
  'enable-policy',
  'policy-audit-mode',
  'policy-cidr-match-mode',
  'enable-host-firewall',
  'enable-l7-proxy',
  'enable-egress-gateway',
  'enable-ipv4-egress-gateway',
  'kube-proxy-replacement',
  'enable-ipv4',
  'enable-ipv6',
  'routing-mode',
  'tunnel-protocol',
  'cni-chaining-mode',
  'cluster-id',
  'cluster-name',
  'policy-default-local-cluster',
  'enable-wireguard',
  'enable-ipsec',
  'enable-k8s-networkpolicy',
  'enable-k8s-cluster-network-policy',
  'enable-local-redirect-policy',
  'enable-hubble',
  'enable-endpoint-routes',
  'allow-localhost',
  'enable-node-port',
  'tofqdns-min-ttl',
]
const FELIX_SETTINGS = [
  'bpfEnabled',
  'defaultEndpointToHostAction',
  'chainInsertMode',
  'allowVXLANPacketsFromWorkloads',
  'allowIPIPPacketsFromWorkloads',
  'failsafeOutboundHostPorts',
  'failsafeInboundHostPorts',
  'natOutgoingExclusions',
  'natOutgoingAddress',
  'ipv6Support',
  'wireguardEnabled',
  'iptablesFilterAllowAction',
  'nftablesMode',
  'flowLogsFileEnabled',
  'flowLogsGoldmaneServer',
  'egressIPSupport',
  'floatingIPs',
]
const VPC_CNI_SETTINGS = [
  'AWS_VPC_K8S_CNI_EXTERNALSNAT',
  'AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS',
  'AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG',
  'ENABLE_POD_ENI',
  'POD_SECURITY_GROUP_ENFORCING_MODE',
  'NETWORK_POLICY_ENFORCING_MODE',
  'ENABLE_IPv4',
  'ENABLE_IPv6',
  'ENABLE_PREFIX_DELEGATION',
  'ENABLE_V4_EGRESS',
  'ENABLE_V6_EGRESS',
]

const settingsOf = (cluster: Cluster): Dataplane['settings'] => {
  const cilium = ciliumConfig(cluster)
  const vpcCni = workloadNamed(cluster, 'aws-node')
  return [
    ...(cilium === null ? [] : CILIUM_SETTINGS.flatMap(name => one(name, cilium.data.get(name), idOf(cilium.ref)))),
    ...cluster.calico.felix.flatMap(felix =>
      FELIX_SETTINGS.flatMap(name => one(name, felix.settings.get(name), idOf(felix.ref))),
    ),
    ...(vpcCni === undefined
      ? []
      : VPC_CNI_SETTINGS.flatMap(name => one(name, envOf(vpcCni.shape.containers, name), idOf(vpcCni.ref)))),
  ]
}

const one = (name: string, value: string | undefined, object: string): Dataplane['settings'] =>
  value === undefined ? [] : [{ name, value, object }]
