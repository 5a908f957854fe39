import type { Container, Workload } from '../model/workload.ts'
import { type ImageName, imageName } from './image.ts'

/** What a workload may share with its host. */
export type Privilege =
  | 'hostNetwork'
  | 'hostPID'
  | 'hostIPC'
  | 'privileged'
  | 'capabilities'
  | 'hostPath'
  | 'hostPort'
  | 'hostProcess'

/**
 * Software that is known to need the host. It is recognised by its image, and in a system namespace unless it is an
 * agent that fleets install anywhere, which is then a DaemonSet: an image's name proves nothing, and one copy of an
 * agent that belongs on every node is no agent. A privilege beyond the expected ones is a finding all the same.
 * Source: the projects' published manifests and charts, and the managed add-ons of EKS, AKS and GKE, as of mid 2026.
 */
export interface AddOn {
  readonly name: string
  /** Ends of image paths: `cilium`, or `calico/node` where the last segment alone would say little. */
  readonly images: readonly string[]
  readonly expects: readonly Privilege[]
  readonly anywhere: boolean
}

const ALL: readonly Privilege[] = [
  'hostNetwork',
  'hostPID',
  'hostIPC',
  'privileged',
  'capabilities',
  'hostPath',
  'hostPort',
  'hostProcess',
]
const NETWORK: readonly Privilege[] = [
  'hostNetwork',
  'privileged',
  'capabilities',
  'hostPath',
  'hostPort',
  'hostProcess',
]
const STORAGE: readonly Privilege[] = [
  'hostNetwork',
  'hostPID',
  'privileged',
  'capabilities',
  'hostPath',
  'hostProcess',
]
const AGENT: readonly Privilege[] = ['hostNetwork', 'hostPID', 'hostPath', 'hostPort']

const system = (name: string, images: readonly string[], expects: readonly Privilege[] = NETWORK): AddOn => ({
  name,
  images,
  expects,
  anywhere: false,
})
const agent = (name: string, images: readonly string[], expects: readonly Privilege[] = AGENT): AddOn => ({
  name,
  images,
  expects,
  anywhere: true,
})

export const ADD_ONS: readonly AddOn[] = [
  system(
    'Cilium',
    [
      'cilium',
      'operator-generic',
      'operator-aws',
      'operator-azure',
      'cilium/operator',
      'cilium-envoy',
      'hubble-relay',
      'anetd',
      'cilium-operator',
    ],
    ALL,
  ),
  system('Calico', [
    'calico/node',
    'calico-node',
    'calico/cni',
    'calico/typha',
    'calico-typha',
    'pod2daemon-flexvol',
    'calico/node-driver-registrar',
    'calico/csi',
    'calico/kube-controllers',
    'tigera/operator',
    'calico',
  ]),
  system('AWS VPC CNI', ['amazon-k8s-cni', 'amazon-k8s-cni-init', 'aws-network-policy-agent']),
  system('Azure CNI', ['azure-cns', 'azure-npm', 'azure-cni', 'cni-dropgz', 'azure-ipam', 'azure-cni-networkmonitor']),
  system('GKE network', [
    'netd',
    'netd-amd64',
    'netd-init',
    'gke-metadata-server',
    'metadata-proxy',
    'gke-distroless-bash',
    'network-metering-agent',
    'advanced-datapath',
  ]),
  system('ip-masq-agent', ['ip-masq-agent', 'ip-masq-agent-v2', 'ip-masq-agent-amd64']),
  system('flannel', ['flannel', 'flannel-cni-plugin', 'mirrored-flannelcni-flannel']),
  system('kindnet', ['kindnetd']),
  system(
    'Antrea',
    ['antrea-agent-ubuntu', 'antrea-ubuntu', 'antrea-controller-ubuntu', 'antrea-agent', 'antrea-controller'],
    ALL,
  ),
  system('OVN-Kubernetes', ['ovn-kube-f', 'ovn-kubernetes', 'ovn-kube'], ALL),
  system('kube-router', ['kube-router']),
  system('Multus', ['multus-cni', 'multus', 'multus-cni/multus']),
  system('Istio node agents', ['install-cni', 'ztunnel']),
  system('Linkerd CNI', ['linkerd/cni-plugin']),
  system('kube-proxy', ['kube-proxy', 'kube-proxy-amd64']),
  system('NodeLocal DNSCache', ['k8s-dns-node-cache', 'node-cache', 'dnsmasq-nanny']),
  system(
    'EKS Pod Identity',
    ['eks-pod-identity-agent'],
    ['hostNetwork', 'privileged', 'capabilities', 'hostPort', 'hostPath'],
  ),
  system('EKS node monitoring', ['eks-node-monitoring-agent'], ALL),
  system(
    'cloud node manager',
    ['azure-cloud-node-manager', 'cloud-node-manager', 'cloud-controller-manager', 'aws-cloud-controller-manager'],
    ['hostNetwork'],
  ),
  system(
    'control plane',
    ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd', 'kube-vip'],
    ['hostNetwork', 'hostPath', 'capabilities', 'hostPort'],
  ),
  system('konnectivity', ['apiserver-network-proxy/agent', 'proxy-agent-server/agent', 'proxy-agent'], ['hostNetwork']),
  system(
    'CSI driver',
    [
      'azuredisk-csi',
      'azurefile-csi',
      'blob-csi',
      'aws-ebs-csi-driver',
      'aws-efs-csi-driver',
      'ebs-csi-driver',
      'efs-csi-driver',
      'gcp-compute-persistent-disk-csi-driver',
      'gcp-filestore-csi-driver',
      'gcs-fuse-csi-driver',
      'secrets-store/driver',
      'secrets-store-csi-driver',
      'provider-azure',
      'csi-node-driver-registrar',
      'node-driver-registrar',
      'livenessprobe',
    ],
    STORAGE,
  ),
  system(
    'GPU and device plugins',
    ['nvidia-gpu-device-plugin', 'k8s-device-plugin', 'tpu-device-plugin', 'k8s-driver-manager', 'nvidia-driver'],
    ALL,
  ),
  system(
    'GKE agents',
    [
      'gke-metrics-agent',
      'fluent-bit-gke-exporter',
      'fluentbit-gke',
      'fluent-bit',
      'runsc-metric-server',
      'image-package-extractor',
      'maintenance-handler',
      'prometheus-engine/prometheus',
      'prometheus-engine/operator',
      'prometheus-engine/rule-evaluator',
      'node-problem-detector',
      'node-termination-handler',
      'gke-node-init',
      'ksm-agent',
      'config-reloader',
    ],
    ALL,
  ),
  system(
    'AKS agents',
    [
      'ciprod',
      'ama-logs',
      'ama-metrics',
      'prometheus-collector',
      'security-publisher',
      'low-level-collector',
      'pod-collector',
      'old-file-cleaner',
      'retina-agent',
      'node-image',
    ],
    ALL,
  ),
  system('MetalLB', ['speaker', 'metallb-speaker'], NETWORK),
  system('Longhorn', ['longhorn-manager', 'longhorn-instance-manager', 'longhorn-engine'], ALL),
  system('Tigera operator', ['tigera/operator'], ['hostNetwork', 'hostPath']),
  agent('node-exporter', ['node-exporter', 'prometheus-node-exporter']),
  agent('Windows metrics agent', ['windows-exporter'], ['hostNetwork', 'hostPath', 'hostProcess', 'hostPort']),
  agent('node-problem-detector', ['node-problem-detector'], ['hostNetwork', 'hostPath', 'privileged']),
  agent('log agent', ['fluent-bit', 'fluentd', 'promtail', 'vector', 'filebeat', 'fluent-operator'], ['hostPath']),
  agent(
    'OpenTelemetry collector',
    ['opentelemetry-collector', 'opentelemetry-collector-contrib', 'otelcol'],
    ['hostPath', 'hostPort'],
  ),
  agent(
    'Datadog agent',
    ['datadog/agent', 'datadoghq/agent', 'datadog-agent'],
    ['hostPID', 'hostPath', 'hostPort', 'capabilities'],
  ),
  agent('CloudWatch agent', ['cloudwatch-agent', 'aws-for-fluent-bit'], ['hostNetwork', 'hostPath', 'hostPort']),
  agent('GuardDuty agent', ['aws-guardduty-agent'], ['hostPID', 'hostNetwork', 'capabilities', 'hostPath']),
  agent(
    'Falco',
    ['falco', 'falco-driver-loader', 'falcoctl'],
    ['hostPID', 'privileged', 'hostPath', 'hostNetwork', 'capabilities'],
  ),
  agent('Tetragon', ['tetragon'], ALL),
  agent('kured', ['kured'], ['hostPID', 'privileged', 'hostPath']),
  agent('Velero node agent', ['velero'], ['hostPath']),
]

/** Namespaces that hold the platform itself: what lives there is not the user's own workload. */
const SYSTEM_NAMESPACES: readonly RegExp[] = [
  /^kube-(system|public|node-lease|flannel|router|proxy)$/,
  /^(calico-system|calico-apiserver|tigera-operator|cilium|cilium-system|cilium-secrets|antrea-system|multus|metallb-system|longhorn-system)$/,
  /^(istio-system|istio-cni|istio-operator|istio-ingress|istio-egress|linkerd|linkerd-cni|linkerd-viz|asm-system)$/,
  /^(gke-(system|connect|gmp-system|mcs|spiffe|managed-[a-z0-9-]+)|gmp-(system|public)|config-management-[a-z-]+|composer-system|resource-group-system)$/,
  /^(amazon-(cloudwatch|guardduty|network-flow-monitor)|aws-(observability|guardduty|load-balancer-controller)|karpenter)$/,
  /^(azure-(arc|arc-release|extensions-usage-system|workload-identity-system|container-storage)|aks-(command|system|istio-(system|ingress|egress)|[a-z-]*-system)|app-routing-system|dataprotection-microsoft)$/,
  /^(openshift|openshift-.*)$/,
  /^(gatekeeper-system|kyverno|cert-manager|local-path-storage|node-feature-discovery|gpu-operator)$/,
]

export const isSystemNamespace = (namespace: string): boolean =>
  SYSTEM_NAMESPACES.some(pattern => pattern.test(namespace))

/** A memo by object: most checks begin by asking whether a workload is the platform's own. */
const MEMO = new WeakMap<Workload, AddOn | null>()

/** The add-on that a workload is, by every one of its own images; null when one of them is unknown. */
export const addOnOf = (workload: Workload): AddOn | null => {
  const known = MEMO.get(workload)
  if (known !== undefined) return known
  const found = recognise(workload)
  MEMO.set(workload, found)
  return found
}

const recognise = (workload: Workload): AddOn | null => {
  const containers = workload.shape.containers.filter(container => container.role !== 'ephemeral')
  const images = containers.map(container => imageName(container.image))
  if (images.length === 0) return null
  // No add-on comes as a bare pod; the mirror of a static pod is the node's own.
  const isMirror = workload.annotations.has('kubernetes.io/config.mirror') || workload.pods.some(pod => pod.controlled)
  if (workload.ref.kind === 'Pod' && !isMirror) return null
  const trusted = isSystemNamespace(workload.namespace)
  const isOnNodes = workload.ref.kind === 'DaemonSet'
  return (
    ADD_ONS.find(
      addOn =>
        (trusted || (addOn.anywhere && isOnNodes)) &&
        images.some(image => isOwn(addOn, image)) &&
        containers.every(container => isOwn(addOn, imageName(container.image)) || isCompanion(container)),
    ) ?? (trusted ? fromPlatform(containers) : null)
  )
}

/**
 * Registries to which only the platform publishes, and only for its own node images and add-ons. Shells of theirs are
 * left out: what such a container does stands in its command.
 * Source: cloud.google.com/kubernetes-engine, "Access Google Cloud services through gke.gcr.io"; AKS required outbound
 * rules; EKS add-on image registries.
 */
const PLATFORM_REGISTRIES: readonly (readonly [RegExp, AddOn])[] = [
  [
    /^(gke\.gcr\.io|gcr\.io\/gke-release|[a-z0-9-]*artifactregistry\.gcr\.io\/gke-release)\//,
    system('GKE add-on', [], ALL),
  ],
  [
    /^mcr\.microsoft\.com\/(oss\/(v2\/)?|aks\/|azuremonitor\/|containernetworking\/|azuredefender\/)/,
    system('AKS add-on', [], ALL),
  ],
  [
    /^((602401143452|800184023465|877085696533|918309763551|961992271922)\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?|public\.ecr\.aws)\/eks\//,
    system('EKS add-on', [], ALL),
  ],
]
const SHELLS =
  /^(bash|gke-distroless-bash|distroless|busybox|alpine|toolbox|debian-base|debian|ubuntu|mariner|azurelinux)$/

const fromPlatform = (containers: readonly Container[]): AddOn | null =>
  PLATFORM_REGISTRIES.find(
    ([registry]) =>
      containers.every(container => registry.test(container.image)) &&
      !containers.some(container => container.role === 'main' && SHELLS.test(imageName(container.image).base)),
  )?.[1] ?? null

/** Side containers that come with many add-ons, none of which needs more than its pod already has. */
const COMPANIONS = [
  'node-driver-registrar',
  'csi-node-driver-registrar',
  'livenessprobe',
  'kube-rbac-proxy',
  'config-reloader',
  'prometheus-config-reloader',
  'busybox',
  'startup-script',
  'csi-provisioner',
  'csi-attacher',
  'pause',
  'certgen',
  'alpine',
  'bash',
  'gke-distroless-bash',
  'distroless',
  'gke-metrics-collector',
  'prometheus-to-sd',
  'addon-resizer',
  'nvidia-driver-installer',
]

/** A companion needs no privilege of its own, except to set the node up before the add-on starts. */
const isCompanion = (container: Container): boolean =>
  COMPANIONS.includes(imageName(container.image).base) && (container.role === 'init' || !container.privileged)

const isOwn = (addOn: AddOn, { path }: ImageName): boolean =>
  addOn.images.some(end => path === end || path.endsWith(`/${end}`))
