import type { Cluster } from '../model/cluster.ts'
import { idOf } from '../model/identity.ts'
import type { MeshConfig, MeshGap, MeshGrant, MeshReason, MeshView } from '../model/mesh.ts'
import { pathText } from '../model/provenance.ts'
import type { Doubt } from '../model/rule.ts'
import { selectorMatches } from '../model/selector.ts'
import { meshConfigsOf } from './mesh.ts'
import { ANYWHERE, EVERY_TCP } from './mesh-boxes.ts'
import { istioGaps, linkerdGaps } from './mesh-capture.ts'
import { detoursOf } from './mesh-detours.ts'
import { type EgressNetworkView, egressNetworkView } from './mesh-egress-networks.ts'
import { type MeshMember, type MeshSubject, memberOf } from './mesh-member.ts'
import { oncePerCluster } from './mesh-once.ts'
import { differing } from './mesh-pods.ts'
import { processWays } from './mesh-processes.ts'
import { registryGrants } from './mesh-registry.ts'
import { configOf, type MeshScope, rootNamespaceOf, scopeOf } from './mesh-scope.ts'

/** What the mesh makes of what a workload sends; null: no mesh is there, as far as documents show. */
export const meshViewsOf = (cluster: Cluster): ((subject: MeshSubject) => MeshView | null) => {
  const isDocumented =
    meshConfigsOf(cluster).length > 0 ||
    Object.values(cluster.mesh).some((documents: readonly object[]) => documents.length > 0)
  const known = new WeakMap<MeshSubject, MeshView | null>()
  const byKey = new Map<string, MeshView>()
  const grants = grantsIn(cluster)
  return subject => {
    const before = known.get(subject)
    if (before !== undefined) return before
    const member = memberOf(cluster, subject)
    const made = member.kind === 'none' && !isDocumented ? null : viewOf(cluster, subject, member, grants)
    // Equal views are one, so that what follows from them is worked out once.
    const view = made === null ? null : (byKey.get(made.key) ?? made)
    if (view !== null) byKey.set(view.key, view)
    known.set(subject, view)
    return view
  }
}

type GrantsOf = (namespace: string, scope: MeshScope, config: MeshConfig | null) => readonly MeshGrant[]

const grantsIn = (cluster: Cluster): GrantsOf => {
  const known = new Map<string, readonly MeshGrant[]>()
  return (namespace, scope, config) => {
    const key = JSON.stringify([namespace, registryOf(scope, config)])
    const made = known.get(key) ?? registryGrants(cluster, namespace, scope, config)
    known.set(key, made)
    return made
  }
}

/** What decides, beside its namespace, what a proxy knows: documents that say the same of the mode may differ in it. */
const registryOf = ({ imports }: MeshScope, config: MeshConfig | null): string =>
  JSON.stringify([imports, config?.exportTo ?? []])

const viewOf = (cluster: Cluster, subject: MeshSubject, member: MeshMember, grantsOf: GrantsOf): MeshView => {
  switch (member.kind) {
    case 'none':
    case 'gateway':
      return keyed(subject, { ...PASSED, gaps: [whole(member.because, null)] })
    case 'ambient':
      return ambientView(cluster, subject)
    case 'unknown': {
      const view = istioView(cluster, subject, null, grantsOf)
      const mayBeNone = whole(member.because, member.doubt)
      return keyed(subject, { ...view, gaps: [...view.gaps, mayBeNone], detours: [] }, view.key)
    }
    case 'sidecar':
      return member.product === 'linkerd'
        ? linkerdView(cluster, subject, member)
        : istioView(cluster, subject, member, grantsOf)
  }
}

type Sidecar = Extract<MeshMember, { kind: 'sidecar' }>
type Draft = Omit<MeshView, 'key'>

const PASSED: Draft = {
  otherwise: 'passed',
  gaps: [],
  grants: [],
  detours: [],
  because: [],
  doubts: [],
  around: [],
}

/** null: whether it has a sidecar is open. */
const istioView = (cluster: Cluster, subject: MeshSubject, member: Sidecar | null, grantsOf: GrantsOf): MeshView => {
  const config = configOf(cluster, subject)
  const scope = scopeOf(cluster, subject, config)
  const { namespace } = subject.workload
  const detours = detoursOf(cluster, subject, config)
  const gaps = member === null ? [] : [...istioGaps(cluster, subject, member, config), ...differing(cluster, subject)]
  if (scope.mode === 'allow-any' && scope.unknownGoesTo === null)
    return keyed(subject, { ...PASSED, gaps, detours, because: scope.because })
  const rootNamespace = rootNamespaceOf(cluster, config)
  // Where it is not known which namespace is the root, any may be.
  const patches = cluster.mesh.patches.filter(
    patch =>
      patch.outbound &&
      (patch.namespace === namespace || rootNamespace === null || patch.namespace === rootNamespace) &&
      (patch.selector === null || selectorMatches(patch.selector, subject.shape.labels)),
  )
  const doubts = [
    ...scope.doubts,
    ...(scope.unknownGoesTo === null ? [] : [sentElsewhere(scope.unknownGoesTo)]),
    ...patches.map(({ ref, namespace: from }) =>
      from === namespace || rootNamespace !== null ? patched(idOf(ref)) : mayPatch(idOf(ref)),
    ),
  ]
  const draft: Draft = {
    otherwise: scope.mode === 'registry-only' && doubts.length === 0 ? 'refused' : 'unknown',
    gaps,
    grants: grantsOf(namespace, scope, config),
    detours,
    because: scope.because,
    doubts,
    around: [ISTIO_WAYS, ...processWays(subject)],
  }
  return keyed(subject, draft, registryOf(scope, config))
}

/** Only what the control plane says for everybody is asked: Sidecars are about sidecars. */
const ambientView = (cluster: Cluster, subject: MeshSubject): MeshView => {
  const config = configOf(cluster, subject)
  if (config?.isRead === true && config.outbound === 'allow-any')
    return keyed(subject, { ...PASSED, because: [{ of: config, at: ['data', 'mesh'], says: AMBIENT_ANY }] })
  return keyed(subject, { ...PASSED, otherwise: 'unknown', because: [BY_NODE], doubts: [AMBIENT] })
}

const linkerdView = (cluster: Cluster, subject: MeshSubject, member: Sidecar): MeshView => {
  const { grants, refuses, because, doubts } = networksIn(cluster, subject.workload.namespace)
  const otherwise = refuses ? 'refused' : doubts.length > 0 ? 'unknown' : 'passed'
  const gaps = [...linkerdGaps(cluster, subject, member), ...differing(cluster, subject)]
  const around = otherwise === 'passed' ? [] : [LINKERD_WAYS, ...processWays(subject)]
  return keyed(subject, { ...PASSED, otherwise, gaps, grants, because, doubts, around })
}

const networkViews = oncePerCluster(() => new Map<string, EgressNetworkView>())

const networksIn = (cluster: Cluster, namespace: string): EgressNetworkView => {
  const views = networkViews(cluster)
  const made = views.get(namespace) ?? egressNetworkView(cluster, namespace)
  views.set(namespace, made)
  return made
}

/** Everything that the grants hang on stands in it: namespace, settings, registry, and what is the workload’s own. */
const keyed = ({ workload }: MeshSubject, draft: Draft, registry = ''): MeshView => {
  const wordOf = ({ of, at, says }: MeshReason): readonly unknown[] => [
    of === null ? null : idOf(of.ref),
    pathText(at),
    says,
  ]
  const key = JSON.stringify([
    workload.namespace,
    registry,
    draft.otherwise,
    draft.gaps.map(gap => [wordOf(gap.because), gap.doubt?.why ?? null]),
    draft.detours.map(({ through, because }) => [through, because.map(wordOf)]),
    [...draft.because, ...draft.around].map(wordOf),
    draft.doubts.map(({ why }) => why),
  ])
  return { ...draft, key }
}

const whole = (because: MeshReason, doubt: Doubt | null): MeshGap => ({
  addresses: ANYWHERE,
  traffic: EVERY_TCP,
  doubt,
  because,
})

const ISTIO_WAYS: MeshReason = {
  of: null,
  at: [],
  says: 'ways around every sidecar: protocols other than TCP, and processes that run as user or group 1337',
}
const LINKERD_WAYS: MeshReason = {
  of: null,
  at: [],
  says: 'ways around every sidecar: protocols other than TCP, and processes that run as the proxy’s user',
}
const BY_NODE: MeshReason = { of: null, at: [], says: 'its traffic is taken by the node’s proxy (ambient)' }
const AMBIENT_ANY = 'the mesh passes unknown destinations on (ALLOW_ANY)'

/** Source: github.com/istio/istio, discussion "ztunnel not respecting meshConfig.outboundTrafficPolicy.mode: REGISTRY_ONLY". */
const AMBIENT: Doubt = {
  level: 'unknown',
  why: 'the node’s proxy (ztunnel) has been seen to pass on what the registry does not know, whatever the mesh says',
  settledBy: 'a connection from the pod to an address that the registry does not know',
}

const sentElsewhere = (host: string): Doubt => ({
  level: 'unknown',
  why: `the Sidecar sends unknown traffic to \`${host}\` instead, and where it goes from there is not known`,
  settledBy: `what \`${host}\` does with it`,
})

const patched = (id: string): Doubt => ({
  level: 'unknown',
  why: `\`${id}\` changes what the sidecar does on the way out, and its effect is not known`,
  settledBy: 'the listeners and clusters of the running proxy (`istioctl proxy-config`)',
})

const mayPatch = (id: string): Doubt => ({
  level: 'unknown',
  why: `\`${id}\` changes what every sidecar does on the way out if its namespace is the root of the mesh, and that is not known`,
  settledBy: 'the ConfigMap `istio` of the control plane',
})
