import type { Cluster } from '../model/cluster.ts'
import { idOf } from '../model/identity.ts'
import type { MeshInventory } from '../model/inventory.ts'
import type { Workload } from '../model/workload.ts'
import { imageName } from './image.ts'

/** The meshes that stand between workloads and the way out; their outbound mode is cooperative, never a firewall. */
export const meshesOf = (cluster: Cluster): readonly MeshInventory[] => [...istioOf(cluster), ...linkerdOf(cluster)]

const istioOf = (cluster: Cluster): readonly MeshInventory[] => {
  const config = cluster.meshConfigs.find(mesh => mesh.product === 'istio')
  const control = cluster.workloads.find(workload => workload.ref.kind === 'Deployment' && runs(workload, 'pilot'))
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

const runs = (workload: Workload, base: string): boolean =>
  workload.shape.containers.some(container => imageName(container.image).base === base)

/** Sidecar injection by namespace label, or a revision. Source: istio.io, "Installing the Sidecar". */
export const isInjected = (labels: ReadonlyMap<string, string>): boolean =>
  labels.get('istio-injection') === 'enabled' ||
  (labels.has('istio.io/rev') && labels.get('istio-injection') !== 'disabled')

export const isAmbient = (labels: ReadonlyMap<string, string>): boolean =>
  labels.get('istio.io/dataplane-mode') === 'ambient'

/** What a pod's label or annotation says about injection; null when it leaves it to the namespace. */
export const ownInjection = (workload: Workload): boolean | null => {
  const written =
    workload.shape.labels.get('sidecar.istio.io/inject') ?? workload.shape.annotations.get('sidecar.istio.io/inject')
  return written === undefined ? null : written === 'true'
}

/** Whether a workload's traffic goes through a sidecar of the mesh. */
export const hasSidecar = (cluster: Cluster, workload: Workload): boolean => {
  if (workload.shape.hostNetwork) return false
  const running = [...workload.shape.containers, ...workload.pods.flatMap(pod => pod.shape.containers)].some(
    container => container.name === 'istio-proxy' || container.name === 'linkerd-proxy',
  )
  if (running) return true
  const own = ownInjection(workload)
  const namespace = cluster.namespaces.get(workload.namespace)
  return own ?? (namespace !== undefined && isInjected(namespace.labels))
}
