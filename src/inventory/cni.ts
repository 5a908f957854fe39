import type { Cluster } from '../model/cluster.ts'
import { idOf } from '../model/identity.ts'
import type { Workload } from '../model/workload.ts'
import { isSystemNamespace } from './add-ons.ts'
import { ciliumConfig } from './cilium-config.ts'
import { imageName } from './image.ts'

export type CniName =
  | 'cilium'
  | 'calico'
  | 'aws-vpc-cni'
  | 'azure-cni'
  | 'azure-npm'
  | 'gke-dataplane-v2'
  | 'gke-netd'
  | 'flannel'
  | 'kindnet'
  | 'antrea'
  | 'ovn-kubernetes'
  | 'kube-router'
  | 'weave-net'

export interface FoundCni {
  readonly name: CniName
  readonly version: string | null
  /** The object that shows it. */
  readonly evidence: string
}

/** DaemonSets by which each plugin shows itself: name of the DaemonSet, image of one of its containers. */
const SIGNS: readonly (readonly [CniName, RegExp, RegExp])[] = [
  ['gke-dataplane-v2', /^anetd/, /./],
  ['cilium', /^cilium$/, /^cilium$/],
  ['calico', /^(calico-node|canal)$/, /^(node|calico-node)$/],
  ['aws-vpc-cni', /^aws-node$/, /^amazon-k8s-cni$/],
  ['azure-cni', /^azure-cns$/, /^azure-cns$/],
  ['azure-npm', /^azure-npm$/, /^azure-npm$/],
  ['gke-netd', /^netd$/, /^netd/],
  ['flannel', /^(kube-flannel-ds|kube-flannel|canal)/, /flannel/],
  ['kindnet', /^kindnet$/, /^kindnetd$/],
  ['antrea', /^antrea-agent$/, /^antrea/],
  ['ovn-kubernetes', /^ovnkube-node/, /^ovn/],
  ['kube-router', /^kube-router$/, /^kube-router$/],
  ['weave-net', /^weave-net$/, /^weave-kube$/],
]

/** Every network plugin that runs here, policy-only ones included. */
export const cnisOf = (cluster: Cluster): readonly FoundCni[] => {
  const daemons = cluster.workloads.filter(
    workload =>
      workload.ref.kind === 'DaemonSet' && isSystemNamespace(workload.namespace) && isPlaced(cluster, workload),
  )
  const found = SIGNS.flatMap(([name, daemonName, image]) => {
    const daemon = daemons.find(workload => daemonName.test(workload.ref.name) && runsImage(workload, image))
    return daemon === undefined ? [] : [{ name, version: versionOf(daemon, image), evidence: idOf(daemon.ref) }]
  })
  const names = new Set(found.map(cni => cni.name))
  // Managed planes hide their agents from some accounts; the nodes carry the label all the same.
  if (!names.has('calico') && labelled(cluster, 'kubernetes.azure.com/network-policy', 'calico'))
    found.push({ name: 'calico', version: null, evidence: 'node label kubernetes.azure.com/network-policy' })
  if (!names.has('cilium') && labelled(cluster, 'kubernetes.azure.com/ebpf-dataplane', 'cilium'))
    found.push({ name: 'cilium', version: null, evidence: 'node label kubernetes.azure.com/ebpf-dataplane' })
  if (!names.has('cilium') && !names.has('gke-dataplane-v2')) {
    const config = ciliumConfig(cluster)
    if (config !== null) found.push({ name: 'cilium', version: null, evidence: idOf(config.ref) })
  }
  // Dataplane V2 is Cilium under Google's name: its ConfigMap is no second plugin, and netd only wires pods for it.
  return names.has('gke-dataplane-v2') ? found.filter(cni => cni.name !== 'cilium' && cni.name !== 'gke-netd') : found
}

/**
 * A plugin that was replaced is often left behind with a node selector that no node meets.
 * Source: docs.cilium.io, "Installation using Helm", EKS, `io.cilium/aws-node-enabled`.
 */
const isPlaced = (cluster: Cluster, { shape, pods }: Workload): boolean =>
  pods.length > 0 ||
  cluster.nodes.length === 0 ||
  cluster.nodes.some(node => [...shape.nodeSelector].every(([key, value]) => node.labels.get(key) === value))

const runsImage = (workload: Workload, image: RegExp): boolean =>
  workload.shape.containers.some(container => image.test(imageName(container.image).base))

const versionOf = (workload: Workload, image: RegExp): string | null => {
  const main = workload.shape.containers.find(
    container => container.role === 'main' && image.test(imageName(container.image).base),
  )
  const any = main ?? workload.shape.containers.find(container => image.test(imageName(container.image).base))
  return any === undefined ? null : imageName(any.image).tag
}

const labelled = (cluster: Cluster, key: string, value: string): boolean =>
  cluster.nodes.some(node => node.labels.get(key) === value)

/**
 * Do two plugins work as one on purpose? A policy engine may sit on top of a plugin that only wires pods.
 * Source: docs.tigera.io, "Determine best networking option"; docs.cilium.io, "CNI Chaining".
 */
export const arePartners = (cluster: Cluster, one: CniName, other: CniName): boolean => {
  const pair = [one, other].sort().join('+')
  if (
    [
      'aws-vpc-cni+calico',
      'azure-cni+calico',
      'calico+flannel',
      'calico+gke-netd',
      'azure-cni+azure-npm',
      'azure-cni+cilium',
    ].includes(pair)
  )
    return true
  const chaining = ciliumConfig(cluster)?.data.get('cni-chaining-mode')
  return pair.split('+').includes('cilium') && chaining !== undefined && chaining !== '' && chaining !== 'none'
}
