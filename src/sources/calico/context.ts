import type { Namespace } from '../../model/cluster.ts'
import { field, integer, isObject, type Json, list, text, texts } from '../../model/json.ts'
import type { Service } from '../../model/service.ts'
import type { Workload } from '../../model/workload.ts'
import type { ApiObject } from '../kubernetes/object.ts'
import { holdsFor, type LabelValues, NAMESPACE } from './endpoint-selector.ts'
import { type NetworkSet, networkSetsIn } from './network-sets.ts'
import { type CalicoSelector, keysOf } from './selector.ts'

/** What the other documents of a cluster say that its Calico policies lean on. */
export interface CalicoContext extends LabelValues {
  /** null: documents for the tier differ. */
  readonly tiers: ReadonlyMap<string, CalicoTier | null>
  readonly networkSets: readonly NetworkSet[]
  readonly hostEndpoints: readonly HostEndpoint[]
  readonly namespaces: ReadonlyMap<string, Namespace>
  readonly services: readonly Service[]
  /** Whether a selector holds for one of the pods, or may. */
  readonly someoneIs: (selector: CalicoSelector) => boolean
  /** Resources that could not be read. */
  readonly unread: ReadonlySet<string>
}

export interface CalicoTier {
  readonly order: number
  readonly end: 'deny' | 'pass'
}

/** HostEndpoint: an interface of a node, or `*`, all of them. */
export interface HostEndpoint {
  readonly object: ApiObject
  readonly node: string
  readonly interfaceName: string | null
  readonly expectedIPs: readonly string[]
  readonly profiles: readonly string[]
  readonly ports: readonly { readonly name: string; readonly protocol: string; readonly port: number }[]
}

export const calicoContext = (found: {
  /** Of both API groups, every kind. */
  readonly objects: readonly ApiObject[]
  readonly namespaces: ReadonlyMap<string, Namespace>
  readonly services: readonly Service[]
  readonly workloads: readonly Workload[]
  readonly unread: ReadonlySet<string>
}): CalicoContext => {
  const ofKind = (kind: string): readonly ApiObject[] => found.objects.filter(({ ref }) => ref.kind === kind)
  return {
    tiers: tiersIn(ofKind('Tier')),
    networkSets: networkSetsIn([...ofKind('NetworkSet'), ...ofKind('GlobalNetworkSet')]),
    hostEndpoints: ofKind('HostEndpoint').map(lowerHostEndpoint),
    namespaces: found.namespaces,
    services: found.services,
    valuesOf: valuesIn(found.workloads, found.namespaces),
    someoneIs: someoneIn(found.workloads, found.namespaces),
    unread: found.unread,
  }
}

/**
 * The tiers that are always there: up to 3.31 those of AdminNetworkPolicy, from 3.32 those of ClusterNetworkPolicy.
 * Source: api/v3, DefaultTierOrder, KubeAdminTierOrder, KubeBaselineTierOrder, AdminNetworkPolicyTierOrder.
 */
const BUILT_IN: ReadonlyMap<string, CalicoTier> = new Map([
  ['default', { order: 1_000_000, end: 'deny' }],
  ['kube-admin', { order: 1_000, end: 'pass' }],
  ['kube-baseline', { order: 10_000_000, end: 'pass' }],
  ['adminnetworkpolicy', { order: 1_000, end: 'pass' }],
  ['baselineadminnetworkpolicy', { order: 10_000_000, end: 'pass' }],
])

const tiersIn = (documents: readonly ApiObject[]): CalicoContext['tiers'] => {
  const tiers = new Map<string, CalicoTier | null>(BUILT_IN)
  for (const [name, same] of Map.groupBy(documents, ({ ref }) => ref.name)) {
    const [first, ...others] = same.map(lowerTier)
    const agree = others.every(other => other.order === first?.order && other.end === first.end)
    tiers.set(name, first !== undefined && agree ? first : null)
  }
  return tiers
}

/** Any other word than Pass is Deny. The orders of the built-in tiers are fixed. Source: libcalico-go, ConvertTierV3ToV1Value. */
const lowerTier = ({ ref, spec }: ApiObject): CalicoTier => {
  const builtIn = BUILT_IN.get(ref.name)
  const action = text(field(spec, 'defaultAction'))
  return {
    order: builtIn?.order ?? numberOf(field(spec, 'order')) ?? Number.POSITIVE_INFINITY,
    end: action === 'Pass' ? 'pass' : action === undefined && builtIn !== undefined ? builtIn.end : 'deny',
  }
}

/** A float in the API. */
export const numberOf = (value: Json | undefined): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

const lowerHostEndpoint = (object: ApiObject): HostEndpoint => ({
  object,
  node: text(field(object.spec, 'node')) ?? '',
  interfaceName: text(field(object.spec, 'interfaceName')) || null,
  expectedIPs: texts(field(object.spec, 'expectedIPs')),
  profiles: texts(field(object.spec, 'profiles')),
  ports: list(field(object.spec, 'ports')).flatMap(port => {
    const [name, protocol, number] = [field(port, 'name'), field(port, 'protocol'), integer(field(port, 'port'))]
    return isObject(port) && typeof name === 'string' && number !== undefined
      ? [{ name, protocol: String(protocol), port: number }]
      : []
  }),
})

const someoneIn = (
  workloads: readonly Workload[],
  namespaces: ReadonlyMap<string, Namespace>,
): CalicoContext['someoneIs'] => {
  let pods: readonly PodLabels[] | null = null
  return selector => {
    // Labels of service accounts are not read.
    if (keysOf(selector).some(key => key.startsWith('pcsa.'))) return true
    pods ??= podLabelsIn(workloads, namespaces)
    return pods.some(({ own, inherits }) => holdsFor(selector, own, inherits) !== false)
  }
}

interface PodLabels {
  readonly own: ReadonlyMap<string, string>
  readonly inherits: ReadonlyMap<string, string> | null
}

/** Each set of labels once, with what Calico gives a pod beside its own. */
const podLabelsIn = (
  workloads: readonly Workload[],
  namespaces: ReadonlyMap<string, Namespace>,
): readonly PodLabels[] => {
  const found = new Map<string, PodLabels>()
  for (const { namespace, shape, pods } of workloads) {
    const known = namespaces.get(namespace)
    const inherits = known?.read === true ? new Map([...known.labels, ['projectcalico.org/name', namespace]]) : null
    for (const { labels, serviceAccount } of [shape, ...pods.map(pod => pod.shape)]) {
      const own = new Map([
        ...labels,
        [NAMESPACE, namespace],
        ['projectcalico.org/serviceaccount', serviceAccount],
        ['projectcalico.org/orchestrator', 'k8s'],
      ])
      found.set(JSON.stringify([...own]), { own, inherits })
    }
  }
  return [...found.values()]
}

/** Every value that a label of pods has, or one of namespaces that were read. */
const valuesIn = (
  workloads: readonly Workload[],
  namespaces: ReadonlyMap<string, Namespace>,
): CalicoContext['valuesOf'] => {
  const known = new Map<string, readonly string[]>()
  return (of, key) => {
    const before = known.get(`${of} ${key}`)
    if (before !== undefined) return before
    const labels =
      of === 'namespace'
        ? [...namespaces.values()].map(namespace => namespace.labels)
        : workloads.flatMap(({ shape, pods }) => [shape.labels, ...pods.map(pod => pod.shape.labels)])
    const values = [...new Set(labels.flatMap(map => map.get(key) ?? []))].sort()
    known.set(`${of} ${key}`, values)
    return values
  }
}
