import type { Cluster } from '../model/cluster.ts'
import type { MeshReason } from '../model/mesh.ts'
import type { DocumentPath } from '../model/provenance.ts'
import type { Doubt } from '../model/rule.ts'
import type { Container, Pod, PodShape, Workload } from '../model/workload.ts'
import { isAmbient } from './mesh.ts'

/** Pods of one workload that are alike: what a mesh does for them is asked at once. */
export interface MeshSubject {
  readonly workload: Workload
  /** As it runs, where pods were read; else the template. */
  readonly shape: PodShape
  readonly pods: readonly Pod[]
}

/**
 * Which proxy takes a pod’s traffic on its way out. `gateway`: it is itself a proxy of the mesh, and captures nothing of its
 * own; `native`: its sidecar starts before init containers do.
 */
export type MeshMember =
  | { readonly kind: 'none' | 'gateway' | 'ambient'; readonly because: MeshReason }
  | {
      readonly kind: 'sidecar'
      readonly product: 'istio' | 'linkerd'
      readonly proxy: Container | null
      readonly because: MeshReason
    }
  | { readonly kind: 'unknown'; readonly doubt: Doubt; readonly because: MeshReason }

/**
 * What runs decides, whatever labels say now: a pod is injected when it is made. Before a pod was seen, the webhooks of the
 * default installation are followed.
 * Source: istio.io, "Installing the Sidecar"; istio/istio, `injectRequired` and the chart’s mutating webhooks;
 * `PodRedirectionEnabled` of the CNI agent; linkerd.io, "Automatic Proxy Injection".
 */
export const memberOf = (cluster: Cluster, subject: MeshSubject): MeshMember => {
  const { workload, shape, pods } = subject
  if (shape.hostNetwork) return none(workload, [...workload.shapePath, 'hostNetwork'], HOST_NETWORK)
  const shapes = pods.length === 0 ? [shape] : pods.map(pod => pod.shape)
  const [found, ...others] = shapes.map(one => proxyIn(one))
  if (found === undefined) return none(workload, workload.shapePath, NO_MEMBER)
  if (others.some(other => other?.name !== found?.name)) return unknown(workload, SOME_PODS)
  if (found !== null) return asProxied(workload, found)
  return (pods.length === 0 ? fromTemplate(cluster, subject) : null) ?? ambientOf(cluster, subject)
}

/** A proxy that the pod carries, whoever put it there. */
const proxyIn = ({ containers }: PodShape): Container | null =>
  containers.find(({ name, role }) => PROXIES.has(name) && role !== 'init' && role !== 'ephemeral') ?? null

const PROXIES = new Set(['istio-proxy', 'linkerd-proxy'])

const asProxied = (workload: Workload, proxy: Container): MeshMember => {
  const product = proxy.name === 'istio-proxy' ? 'istio' : 'linkerd'
  if (product === 'istio' && isRouter(workload, proxy))
    return { kind: 'gateway', because: at(workload, workload.shapePath, 'is a gateway of the mesh') }
  const because = at(workload, workload.shapePath, `\`${proxy.name}\` runs beside its containers`)
  return { kind: 'sidecar', product, proxy, because }
}

/** Gateways start the same proxy as a router, and are injected by a template of their own. */
const isRouter = ({ shape }: Workload, proxy: Container): boolean =>
  proxy.args.includes('router') ||
  /\bgateway\b/.test(shape.annotations.get('inject.istio.io/templates') ?? '') ||
  shape.containers.filter(({ role }) => role === 'main').every(({ name }) => name === proxy.name)

/** What injection would do to a pod of the template; null: nothing. */
const fromTemplate = (cluster: Cluster, { workload, shape }: MeshSubject): MeshMember | null => {
  const linkerd = linkerdOf(cluster, workload, shape)
  if (linkerd !== null) return linkerd
  const namespace = cluster.namespaces.get(workload.namespace)
  const labels = namespace?.labels ?? new Map<string, string>()
  const injected = (because: MeshReason): MeshMember => ({ kind: 'sidecar', product: 'istio', proxy: null, because })
  const metadata = [...workload.shapePath.slice(0, -1), 'metadata']
  const label = shape.labels.get(INJECT)
  const annotation = shape.annotations.get(INJECT)
  const own = (label ?? annotation)?.toLowerCase()
  if (NEVER_INJECTED.has(workload.namespace)) return null
  if (label === 'false' || (own !== undefined && own !== '' && !YES.has(own))) return null
  const byNamespace = labels.get('istio-injection')
  if (byNamespace === 'disabled') return null
  if (namespace !== undefined && (byNamespace === 'enabled' || labels.has(REVISION)))
    return injected({
      of: namespace,
      at: ['metadata', 'labels'],
      says: 'pods of the namespace are given a sidecar',
    })
  if (label === 'true' || shape.labels.has(REVISION))
    return injected(at(workload, [...metadata, 'labels'], 'asks for a sidecar'))
  // An annotation alone asks nobody, unless namespaces without a label are injected, too.
  if (own !== undefined && YES.has(own)) return unknown(workload, WEBHOOK)
  return namespace?.read === false && hasIstio(cluster) ? unknown(workload, NAMESPACE) : null
}

const linkerdOf = (cluster: Cluster, workload: Workload, shape: PodShape): MeshMember | null => {
  const namespace = cluster.namespaces.get(workload.namespace)
  const own = shape.annotations.get(LINKERD)
  const written = own ?? namespace?.annotations.get(LINKERD)
  if (written !== 'enabled' && written !== 'ingress') return null
  const because: MeshReason =
    own === undefined && namespace !== undefined
      ? { of: namespace, at: ['metadata', 'annotations', LINKERD], says: 'pods of the namespace are given a sidecar' }
      : at(workload, [...workload.shapePath.slice(0, -1), 'metadata', 'annotations', LINKERD], 'asks for a sidecar')
  return { kind: 'sidecar', product: 'linkerd', proxy: null, because }
}

const ambientOf = (cluster: Cluster, { workload, shape }: MeshSubject): MeshMember => {
  const namespace = cluster.namespaces.get(workload.namespace)
  const own = shape.labels.get('istio.io/dataplane-mode')
  if (own === 'none') return none(workload, [...workload.shapePath.slice(0, -1), 'metadata', 'labels'], OPTED_OUT)
  if (own === 'ambient')
    return {
      kind: 'ambient',
      because: at(workload, [...workload.shapePath.slice(0, -1), 'metadata', 'labels'], AMBIENT),
    }
  if (namespace !== undefined && isAmbient(namespace.labels))
    return { kind: 'ambient', because: { of: namespace, at: ['metadata', 'labels'], says: AMBIENT } }
  return none(workload, workload.shapePath, NO_MEMBER)
}

const hasIstio = (cluster: Cluster): boolean => cluster.meshConfigs.length > 0

const at = (of: Workload, path: DocumentPath, says: string): MeshReason => ({ of, at: path, says })
const none = (of: Workload, path: DocumentPath, says: string): MeshMember => ({
  kind: 'none',
  because: at(of, path, says),
})
const unknown = (of: Workload, doubt: Doubt): MeshMember => ({
  kind: 'unknown',
  doubt,
  because: at(of, of.shapePath, doubt.why),
})

const INJECT = 'sidecar.istio.io/inject'
const REVISION = 'istio.io/rev'
const LINKERD = 'linkerd.io/inject'
/** As YAML 1.1 spells it; the injector reads these, in any case. */
const YES = new Set(['y', 'yes', 'true', 'on'])
const NEVER_INJECTED = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'])

const HOST_NETWORK = 'is on the host network: no mesh captures it'
const NO_MEMBER = 'no proxy of a mesh runs in it'
const OPTED_OUT = 'is left out of the mesh by its label'
const AMBIENT = 'its traffic is taken by the node’s proxy (ambient)'

const SOME_PODS: Doubt = {
  level: 'unknown',
  why: 'some of its pods have a sidecar and some have none',
  settledBy: 'pods that were all made since injection was last changed',
}
const WEBHOOK: Doubt = {
  level: 'unknown',
  why: 'an annotation asks for a sidecar, and whether the webhook is asked at all hangs on its own selectors',
  settledBy: 'a running pod, or the MutatingWebhookConfiguration of the mesh',
}
const NAMESPACE: Doubt = {
  level: 'unknown',
  why: 'the labels of the namespace were not read, and they decide whether its pods get a sidecar',
  settledBy: 'the Namespace, or a running pod',
}
