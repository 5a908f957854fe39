import type { Cluster } from '../model/cluster.ts'
import { idOf } from '../model/identity.ts'
import type { MeshInventory } from '../model/inventory.ts'
import type { Workload } from '../model/workload.ts'
import { isSystemNamespace } from './add-ons.ts'
import { imageName } from './image.ts'

/** The meshes that stand between workloads and the way out; their outbound mode is cooperative, never a firewall. */
export const meshesOf = (cluster: Cluster): readonly MeshInventory[] => [...istioOf(cluster), ...linkerdOf(cluster)]

const istioOf = (cluster: Cluster): readonly MeshInventory[] => {
  const config = meshConfigsOf(cluster).find(mesh => mesh.product === 'istio')
  const control = cluster.workloads.find(workload => workload.ref.kind === 'Deployment' && runsControlPlane(workload))
  const ambient = cluster.workloads.some(workload => workload.ref.kind === 'DaemonSet' && runs(workload, 'ztunnel'))
  const injected = [...cluster.namespaces.values()]
    .filter(namespace => isInjected(namespace.labels))
    .map(namespace => namespace.ref.name)
  if (config === undefined && control === undefined && injected.length === 0) return []
  const version = control?.shape.containers.find(container => imageName(container.image).base === 'pilot')
  return [
    {
      product: 'istio',
      version: version === undefined ? null : imageName(version.image).tag,
      modes: [
        ...(injected.length > 0 || !ambient ? (['sidecar'] as const) : []),
        ...(ambient ? (['ambient'] as const) : []),
      ],
      outbound: config?.outbound ?? 'unknown',
      dnsCapture: config?.dnsCapture ?? null,
      accessLog: config === undefined ? null : config.accessLog !== null,
      injectedNamespaces: injected,
      object: config === undefined ? null : idOf(config.ref),
    },
  ]
}

const linkerdOf = (cluster: Cluster): readonly MeshInventory[] => {
  const control = cluster.workloads.find(workload => workload.ref.name === 'linkerd-destination')
  if (control === undefined) return []
  const injected = [...cluster.namespaces.values()].filter(
    namespace => namespace.annotations.get('linkerd.io/inject') === 'enabled',
  )
  return [
    {
      product: 'linkerd',
      version:
        control.shape.labels.get('linkerd.io/control-plane-version') ??
        imageName(control.shape.containers[0]?.image ?? '').tag,
      modes: ['sidecar'],
      outbound: 'allow-any',
      dnsCapture: false,
      accessLog: null,
      injectedNamespaces: injected.map(namespace => namespace.ref.name),
      object: idOf(control.ref),
    },
  ]
}

/** Settings of control planes that can be one: a ConfigMap of the same name in somebody's namespace sets nothing. */
export const meshConfigsOf = (cluster: Cluster): Cluster['meshConfigs'] =>
  cluster.meshConfigs.filter(
    mesh =>
      isSystemNamespace(mesh.ref.namespace ?? '') ||
      cluster.workloads.some(workload => workload.namespace === mesh.ref.namespace && runsControlPlane(workload)),
  )

/** Istio's, by its image. */
export const runsControlPlane = (workload: Workload): boolean => runs(workload, 'pilot')

const runs = (workload: Workload, base: string): boolean =>
  workload.shape.containers.some(container => imageName(container.image).base === base)

/** Sidecar injection by namespace label, or a revision. Source: istio.io, "Installing the Sidecar". */
export const isInjected = (labels: ReadonlyMap<string, string>): boolean =>
  labels.get('istio-injection') === 'enabled' ||
  (labels.has('istio.io/rev') && labels.get('istio-injection') !== 'disabled' && !isAmbient(labels))

export const isAmbient = (labels: ReadonlyMap<string, string>): boolean =>
  labels.get('istio.io/dataplane-mode') === 'ambient'

/** What a pod's label or annotation says about injection; null when it leaves it to the namespace. */
export const ownInjection = (workload: Workload): boolean | null => {
  const written =
    workload.shape.labels.get('sidecar.istio.io/inject') ?? workload.shape.annotations.get('sidecar.istio.io/inject')
  if (written !== undefined) return written === 'true'
  return workload.shape.labels.has('istio.io/rev') ? true : null
}

/** Linkerd's own: an annotation of the pod, else of its namespace. Source: linkerd.io, "Automatic Proxy Injection". */
const isLinkerdInjected = (cluster: Cluster, workload: Workload): boolean => {
  const written =
    workload.shape.annotations.get(LINKERD_INJECT) ??
    cluster.namespaces.get(workload.namespace)?.annotations.get(LINKERD_INJECT)
  return written === 'enabled' || written === 'ingress'
}

const LINKERD_INJECT = 'linkerd.io/inject'

/** Whether a workload's traffic goes through a sidecar of a mesh. */
export const hasSidecar = (cluster: Cluster, workload: Workload): boolean => sidecarOf(cluster, workload) !== null

/** Whose sidecar a workload's traffic goes through. */
export const sidecarOf = (cluster: Cluster, workload: Workload): 'istio' | 'linkerd' | null => {
  if (workload.shape.hostNetwork) return null
  const running = new Set(
    [...workload.shape.containers, ...workload.pods.flatMap(pod => pod.shape.containers)].map(({ name }) => name),
  )
  if (running.has('istio-proxy')) return 'istio'
  if (running.has('linkerd-proxy')) return 'linkerd'
  const namespace = cluster.namespaces.get(workload.namespace)
  if (ownInjection(workload) ?? (namespace !== undefined && isInjected(namespace.labels))) return 'istio'
  return isLinkerdInjected(cluster, workload) ? 'linkerd' : null
}
