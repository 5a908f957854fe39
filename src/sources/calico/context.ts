import type { Namespace } from '../../model/cluster.ts'
import { field, integer, isObject, list, text, texts } from '../../model/json.ts'
import type { Service } from '../../model/service.ts'
import type { Workload } from '../../model/workload.ts'
import type { ApiObject } from '../kubernetes/object.ts'
import { holdsFor, type LabelValues, NAMESPACE } from './endpoint-selector.ts'
import { type NetworkSet, networkSetsIn } from './network-sets.ts'
import { type CalicoSelector, keysOf } from './selector.ts'
import { type CalicoTiers, calicoTiersIn } from './tiers.ts'

/** What the other documents of a cluster say that its Calico policies lean on. */
export interface CalicoContext extends LabelValues {
  readonly tiers: CalicoTiers
  readonly networkSets: readonly NetworkSet[]
  readonly hostEndpoints: readonly HostEndpoint[]
  readonly namespaces: ReadonlyMap<string, Namespace>
  readonly services: readonly Service[]
  /** Whether a selector holds for one of the pods, or may. */
  readonly someoneIs: (selector: CalicoSelector) => boolean
  /** Resources that could not be read. */
  readonly unread: ReadonlySet<string>
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
    tiers: calicoTiersIn(ofKind('Tier'), found.workloads, found.unread),
    networkSets: networkSetsIn([...ofKind('NetworkSet'), ...ofKind('GlobalNetworkSet')]),
    hostEndpoints: ofKind('HostEndpoint').map(lowerHostEndpoint),
    namespaces: found.namespaces,
    services: found.services,
    valuesOf: valuesIn(found.workloads, found.namespaces),
    someoneIs: someoneIn(found.workloads, found.namespaces),
    unread: found.unread,
  }
}

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
