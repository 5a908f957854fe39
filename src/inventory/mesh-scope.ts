import type { Cluster } from '../model/cluster.ts'
import type { HostImport, OutboundMode, OutboundScope } from '../model/dialects.ts'
import type { MeshConfig, MeshReason } from '../model/mesh.ts'
import type { Doubt } from '../model/rule.ts'
import { selectorMatches } from '../model/selector.ts'
import { meshConfigsOf } from './mesh.ts'
import { clearImports } from './mesh-exclusions.ts'
import type { MeshSubject } from './mesh-member.ts'
import { oncePerCluster } from './mesh-once.ts'
import { DEFAULT_ROOT } from './mesh-root.ts'

/** What the settings of a mesh say for one workload. */
export interface MeshScope {
  readonly mode: OutboundMode | 'unknown'
  /** Where unknown traffic goes instead; null: where it wants to, if at all. */
  readonly unknownGoesTo: string | null
  /** Which hosts its proxy knows; null: every exported one; `unknown`: several documents claim to say. */
  readonly imports: readonly HostImport[] | null | 'unknown'
  readonly because: readonly MeshReason[]
  readonly doubts: readonly Doubt[]
}

/**
 * A Sidecar with a selector that holds, else the one of the namespace, else the one of the root namespace: one document counts,
 * whole. What it leaves out about unknown traffic the mesh’s settings say.
 * Source: istio.io reference, Sidecar; istio/istio, `getSidecarScope`, `ConvertToSidecarScope`.
 */
export const scopeOf = (cluster: Cluster, subject: MeshSubject, config: MeshConfig | null): MeshScope => {
  const { workload, shape } = subject
  const scopes = cluster.mesh.outboundScopes
  const here = scopes.filter(({ namespace }) => namespace === workload.namespace)
  const selecting = here.filter(({ selector }) => selector !== null && selectorMatches(selector, shape.labels))
  const own = here.filter(({ selector }) => selector === null)
  const rootNamespace = rootNamespaceOf(cluster, config)
  const root = scopes.filter(({ namespace, selector }) => selector === null && namespace === rootNamespace)
  const [first, ...others] = [selecting, own, root].find(found => found.length > 0) ?? []
  // Where nobody says which namespace is the root, the mode is not known either, whatever documents of others say.
  if (first === undefined) return fromMesh(config)
  const answers = [first, ...others].map(scope => fromScope(scope, config, cluster))
  const [answer] = answers as [MeshScope, ...MeshScope[]]
  const agree = answers.every(other => essenceOf(other) === essenceOf(answer))
  if (agree) return answer
  return {
    mode: answers.every(other => other.mode === answer.mode) ? answer.mode : 'unknown',
    unknownGoesTo: answers.map(other => other.unknownGoesTo).find(host => host !== null) ?? null,
    imports: 'unknown',
    because: answers.flatMap(other => other.because),
    doubts: [...answers.flatMap(other => other.doubts), SEVERAL],
  }
}

const essenceOf = ({ mode, unknownGoesTo, imports }: MeshScope): string =>
  JSON.stringify([mode, unknownGoesTo, imports])

const fromScope = (scope: OutboundScope, config: MeshConfig | null, cluster: Cluster): MeshScope => {
  const mesh = fromMesh(config)
  const { imports, doubts, mayBeRefused } = scope.imports === null ? EVERYTHING : clearImports(scope.imports, cluster)
  const rest = { imports, unknownGoesTo: scope.mode === 'allow-any' ? scope.unknownGoesTo : null }
  if (mayBeRefused) return { ...mesh, ...rest, mode: 'unknown', doubts: [...mesh.doubts, ...doubts] }
  if (scope.mode === null) return { ...mesh, ...rest, doubts: [...mesh.doubts, ...doubts] }
  const says = scope.mode === 'registry-only' ? ONLY_KNOWN : ANYTHING
  return {
    mode: scope.mode,
    ...rest,
    because: [{ of: scope, at: ['spec', 'outboundTrafficPolicy'], says }],
    doubts,
  }
}

const EVERYTHING = { imports: null, doubts: [], mayBeRefused: false }

const fromMesh = (config: MeshConfig | null): MeshScope => {
  const rest = { unknownGoesTo: null, imports: null }
  if (config === null) return { mode: 'unknown', ...rest, because: [], doubts: [NO_SETTINGS] }
  const because = [
    { of: config, at: ['data', 'mesh'], says: config.outbound === 'registry-only' ? ONLY_KNOWN : ANYTHING },
  ]
  return config.isRead
    ? { mode: config.outbound, ...rest, because, doubts: [] }
    : { mode: 'unknown', ...rest, because: [], doubts: [UNREADABLE] }
}

/** The control plane that a workload’s proxy listens to; null: none was read, or which of several is open. */
export const configOf = (cluster: Cluster, { workload, shape }: MeshSubject): MeshConfig | null => {
  const configs = istioConfigsOf(cluster)
  const [only, ...more] = configs
  if (more.length === 0) return only ?? null
  // Injection writes down which control plane it was.
  const revision =
    shape.annotations.get('istio.io/rev') ??
    shape.labels.get('istio.io/rev') ??
    cluster.namespaces.get(workload.namespace)?.labels.get('istio.io/rev') ??
    'default'
  const named = configs.filter(config => (config.revision ?? 'default') === revision)
  return named.length === 1 ? (named[0] ?? null) : null
}

/**
 * The namespace whose documents speak for the whole mesh; null: it stands in settings that were not read, and
 * `istio-system` is only what they say by default. Source: istio.io, MeshConfig.rootNamespace; istio/istio,
 * pkg/config/mesh, `DefaultMeshConfig`.
 */
export const rootNamespaceOf = (cluster: Cluster, config: MeshConfig | null): string | null => {
  const configs = config === null ? istioConfigsOf(cluster) : [config]
  const roots = new Set(configs.map(({ isRead, rootNamespace }) => (isRead ? (rootNamespace ?? DEFAULT_ROOT) : null)))
  const [only] = roots
  return roots.size === 1 ? (only ?? null) : null
}

const istioConfigsOf = oncePerCluster(cluster => meshConfigsOf(cluster).filter(({ product }) => product === 'istio'))

const ONLY_KNOWN = 'the sidecar passes on what its registry knows and nothing else (REGISTRY_ONLY)'
const ANYTHING = 'the sidecar passes unknown destinations on (ALLOW_ANY)'

const NO_SETTINGS: Doubt = {
  level: 'unknown',
  why: 'the settings of the mesh were not read, or which of several control planes counts is open',
  settledBy: 'the ConfigMap `istio` of the control plane',
}
const UNREADABLE: Doubt = {
  level: 'unknown',
  why: 'the settings of the mesh cannot be read',
  settledBy: 'the key `mesh` of the ConfigMap `istio` as YAML',
}
const SEVERAL: Doubt = {
  level: 'unknown',
  why: 'several Sidecars claim this workload, and which of them counts is not defined',
  settledBy: 'one Sidecar for it',
}
