import { namespaceOf, ofKind } from './estate.ts'
import type { Mesh, Mode } from './istio-mesh.ts'
import { podObject } from './istio-pod.ts'
import { at, integer, isObject, list, text, texts } from './json.ts'
import { every, some, tri } from './three.ts'
import type { Json, Tri } from './types.ts'

/** What one pod's proxy is told by the Sidecar document that is its own. */
export interface Scope {
  /** The pod's, also where the document stands in the root namespace. */
  readonly namespace: string
  /** null: no document, so the mesh's own settings. */
  readonly sidecar: Json | null
  /** Whether `~` before a namespace takes hosts out of what is imported. */
  readonly takesOut: Tri
}

/**
 * The document with a workloadSelector that selects the pod, then the one of its namespace, then the one of the root namespace
 * that selects nothing. null: several of one kind, which is undefined, or which namespace is the root is not known, or Istio may
 * not take the document.
 * Source: istio.io, reference of Sidecar; istio, pilot/pkg/model/push_context.go, getSidecarScope, initSidecarScopes.
 */
export const scopeOf = (
  objects: readonly Json[],
  { rootNamespace }: Mesh,
  pod: { readonly namespace: string; readonly name: string },
): Scope | null => {
  const labels = texts(at(podObject(objects, pod), 'metadata', 'labels'))
  const all = ofKind(objects, 'networking.istio.io', 'Sidecar')
  const ofAll = (namespace: string): readonly Json[] =>
    all.filter(one => namespaceOf(one) === namespace && !hasSelector(one))
  const selecting = all.filter(one => namespaceOf(one) === pod.namespace && selects(one, labels))
  const takesOut = takesHostsOut(objects)
  for (const level of [selecting, ofAll(pod.namespace), rootNamespace === null ? [] : ofAll(rootNamespace)])
    if (level.length > 0) {
      const [sidecar, ...others] = level
      return sidecar === undefined || others.length > 0 || mayBeRefused(sidecar, takesOut)
        ? null
        : { namespace: pod.namespace, sidecar, takesOut }
    }
  // Any namespace may be the root where nobody says which.
  const mayCount = rootNamespace === null && all.some(one => !hasSelector(one))
  return mayCount ? null : { namespace: pod.namespace, sidecar: null, takesOut }
}

/** By the version of whatever control planes run. Source: istio.io, "Istio 1.31.0 Change Notes", Traffic Management. */
const takesHostsOut = (objects: readonly Json[]): Tri => {
  const images = ofKind(objects, 'apps', 'Deployment').flatMap(one =>
    list(at(one, 'spec', 'template', 'spec', 'containers')).flatMap(container => text(at(container, 'image')) ?? []),
  )
  const minors = images.flatMap(image => {
    const [, tag] = /\/pilot(?::(\S+))?$/.exec(image) ?? [undefined, null]
    return tag === null ? [] : [Number(/^1\.([0-9]+)\.[0-9]+$/.exec(tag ?? '')?.[1] ?? Number.NaN)]
  })
  if (minors.length > 0 && minors.every(minor => minor >= 31)) return 'yes'
  return minors.length > 0 && minors.every(minor => minor < 31) ? 'no' : 'unknown'
}

/**
 * A namespace is a name, `*`, `.` or `~`, and since 1.31 a name after `~`; other text the API refuses with the document.
 * Source: istio, pkg/config/validation/agent, ValidateNamespaceSlashWildcardHostname; pull request 60581.
 */
const mayBeRefused = (sidecar: Json, takesOut: Tri): boolean =>
  list(at(sidecar, 'spec', 'egress')).some(listener =>
    list(at(listener, 'hosts')).some(host => {
      const [, after] = /^~([^/]+)\//.exec(text(host) ?? '') ?? []
      return after !== undefined && (takesOut !== 'yes' || !/^[a-z0-9-]+$/.test(after))
    }),
  )

const hasSelector = (sidecar: Json): boolean => isObject(at(sidecar, 'spec', 'workloadSelector'))

const selects = (sidecar: Json, labels: ReadonlyMap<string, string>): boolean =>
  hasSelector(sidecar) &&
  [...texts(at(sidecar, 'spec', 'workloadSelector', 'labels'))].every(([key, value]) => labels.get(key) === value)

/**
 * The Sidecar's own policy where it has one, whole: without a mode it is the enum's first value. Otherwise the mesh's; a Sidecar
 * does not take from one of a wider scope. null: it sends unknown destinations elsewhere, or cannot be read.
 * Source: istio, pilot/pkg/model/sidecar.go, ConvertToSidecarScope; api, networking/v1alpha3/sidecar.proto,
 * OutboundTrafficPolicy.Mode.
 */
export const modeOf = (mesh: Mesh, { sidecar }: Scope): Mode | null => {
  const policy = at(sidecar ?? undefined, 'spec', 'outboundTrafficPolicy')
  if (policy === undefined) return mesh.mode
  if (at(policy, 'egressProxy') !== undefined) return null
  const mode = at(policy, 'mode') ?? 'REGISTRY_ONLY'
  return mode === 'ALLOW_ANY' || mode === 'REGISTRY_ONLY' ? mode : null
}

/**
 * Whether the proxy knows an entry's port: the entry is exported to the pod's namespace, and the Sidecar imports one of its hosts.
 * Without `egress` a Sidecar imports everything.
 */
export const isVisible = (mesh: Mesh, scope: Scope, entry: Json, port: Json, entries: readonly Json[]): Tri =>
  every([isExported(mesh, scope.namespace, entry), isImported(scope, entry, integer(at(port, 'number')), entries)])

/** Source: istio, pilot/pkg/model/push_context.go, initServiceRegistry: `*` before `~`, and that before all others. */
const isExported = (mesh: Mesh, namespace: string, entry: Json): Tri => {
  const written = list(at(entry, 'spec', 'exportTo'))
  if (written.length === 0 && mesh.exports === null) return 'unknown'
  const to = written.length > 0 ? written : [mesh.exports === 'all' ? '*' : '.']
  if (to.some(one => typeof one !== 'string')) return 'unknown'
  if (to.includes('*')) return 'yes'
  if (to.includes('~')) return 'no'
  return tri(to.includes(namespace) || (to.includes('.') && namespaceOf(entry) === namespace))
}

/**
 * A listener with a port imports that port of a service only, and is then the only one there; one with another address or capture
 * mode is not met by what is redirected.
 * Source: istio, pilot/pkg/model/sidecar.go, needsPortMatch; pilot/pkg/networking/core/listener.go, `locked`.
 */
const isImported = (scope: Scope, entry: Json, port: number | undefined, entries: readonly Json[]): Tri => {
  const listeners = list(at(scope.sidecar ?? undefined, 'spec', 'egress'))
  if (listeners.length === 0) return 'yes'
  const isOf = (listener: Json): boolean => [undefined, port].includes(integer(at(listener, 'port', 'number')))
  const meant = listeners.filter(isOf)
  const hosts = hostsOf(entry)
  const imported = some(meant.flatMap(listener => hosts.map(host => imports(listener, scope, entry, host))))
  // Of one host in several namespaces a Sidecar imports one.
  const isShared = entries.some(
    other => namespaceOf(other) !== namespaceOf(entry) && hostsOf(other).some(host => hosts.includes(host)),
  )
  const isPlain = meant.every(listener => SPECIAL.every(field => at(listener, field) === undefined))
  return imported === 'yes' && (isShared || !isPlain) ? 'unknown' : imported
}

const SPECIAL = ['port', 'bind', 'captureMode']

const hostsOf = (entry: Json): readonly string[] => list(at(entry, 'spec', 'hosts')).flatMap(host => text(host) ?? [])

/**
 * `namespace/name`: the namespace may be `.`, the pod's own, also in the root namespace's document, `*` or `~`, none. Whether
 * `*` counts for a namespace that is also named by itself hangs on the version; so does whether `~` takes out, of the namespace
 * behind it or of all, and what `~/*` leaves of others beside it.
 * Source: istio, pilot/pkg/model/sidecar.go, convertIstioListenerToWrapper, selectServices.
 */
const imports = (listener: Json, { namespace, takesOut }: Scope, entry: Json, host: string): Tri => {
  const written = list(at(listener, 'hosts')).map(one => text(one) ?? '')
  const pairs = written.map(one => [one.slice(0, one.indexOf('/')), one.slice(one.indexOf('/') + 1)] as const)
  const of = (wanted: string): readonly string[] =>
    pairs.filter(([where]) => (where === '.' ? namespace : where) === wanted).map(([, name]) => name)
  const named = of(namespaceOf(entry))
  const isNamed = named.some(pattern => isHostOf(pattern, host))
  const isAmongAll = of('*').some(pattern => isHostOf(pattern, host))
  if (!isNamed && !isAmongAll) return written.every(one => one.includes('/')) ? 'no' : 'unknown'
  const isTakenOut = [...of('~'), ...of(`~${namespaceOf(entry)}`)].some(pattern => isHostOf(pattern, host))
  if (isTakenOut && takesOut !== 'no') return takesOut === 'yes' && !of('~').includes('*') ? 'no' : 'unknown'
  return isNamed || named.length === 0 ? 'yes' : 'unknown'
}

/** `*.` is any number of labels; a wildcard host is imported by a wildcard at least as wide. */
const isHostOf = (pattern: string, host: string): boolean =>
  pattern === '*' || pattern === host || (pattern.startsWith('*.') && host.endsWith(pattern.slice(1)))
