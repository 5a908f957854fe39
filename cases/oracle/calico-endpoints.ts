import { type CalicoSelector, type Lookup, readSelector } from './calico-selector.ts'
import { labelsOf, nameOf, namespaceLabels, namespaceOf, ofKind, type Party, type Pod } from './estate.ts'
import { type Block, inBlock, readAddress, readBlock } from './ip.ts'
import { at, list, text } from './json.ts'
import type { Labels } from './labels.ts'
import { every, some, tri } from './three.ts'
import type { Json, Tri } from './types.ts'

/**
 * What Calico's selectors choose from: pods, network sets and host endpoints, by their labels and those of their namespace
 * and service account. A rule then compares addresses, so a set means whoever has one of its addresses.
 */

/** The documents of both API groups: as users write them and as the cluster stores them. */
export const calicoOfKind = (objects: readonly Json[], ...kinds: readonly string[]): readonly Json[] => [
  ...ofKind(objects, 'projectcalico.org', ...kinds),
  ...ofKind(objects, 'crd.projectcalico.org', ...kinds),
]

/**
 * A pod's labels, those that Calico adds, and, with a prefix, those that its namespace and service account hand down.
 * Source: calico, libcalico-go/lib/backend/k8s/conversion, podToDefaultWorkloadEndpoint, NamespaceToProfile.
 */
export const podLookup =
  (objects: readonly Json[], pod: Pod): Lookup =>
  key => {
    if (key === 'projectcalico.org/namespace') return pod.namespace
    if (key === 'projectcalico.org/orchestrator') return 'k8s'
    if (key === 'projectcalico.org/serviceaccount') return pod.serviceAccount
    const own = pod.labels.known.get(key)
    if (own !== undefined) return own
    if (key.startsWith(ACCOUNT)) return accountLabel(objects, pod, key.slice(ACCOUNT.length))
    return handedDown(pod.namespace, pod.namespaceLabels, key)
  }

const NAMESPACE = 'pcns.'
const ACCOUNT = 'pcsa.'

const handedDown = (namespace: string, labels: Labels, key: string): string | null | undefined => {
  if (!key.startsWith(NAMESPACE)) return null
  const name = key.slice(NAMESPACE.length)
  if (name === 'projectcalico.org/name') return namespace
  return labels.known.get(name) ?? (labels.complete ? null : undefined)
}

const accountLabel = (objects: readonly Json[], pod: Pod, key: string): string | null | undefined => {
  if (key === 'projectcalico.org/name') return pod.serviceAccount
  const account = ofKind(objects, '', 'ServiceAccount').find(
    object => nameOf(object) === pod.serviceAccount && namespaceOf(object) === pod.namespace,
  )
  return account === undefined ? undefined : (labelsOf(account).known.get(key) ?? null)
}

/** Source: calico, libcalico-go/lib/backend/syncersv1/updateprocessors, networksetprocessor, globalnetworksetprocessor. */
const setLookup = (objects: readonly Json[], set: Json): Lookup => {
  const own = labelsOf(set).known
  if (at(set, 'kind') === 'GlobalNetworkSet') return key => own.get(key) ?? null
  const namespace = namespaceOf(set)
  const labels = namespaceLabels(objects, namespace)
  return key =>
    key === 'projectcalico.org/namespace' ? namespace : (own.get(key) ?? handedDown(namespace, labels, key))
}

/** Is the party's address one of those that belong to something that is chosen? */
export const isChosen = (objects: readonly Json[], party: Party, chosen: CalicoSelector): Tri => {
  const sets = calicoOfKind(objects, 'NetworkSet', 'GlobalNetworkSet').map(set =>
    every([isInNets(party, list(at(set, 'spec', 'nets'))), chosen(setLookup(objects, set))]),
  )
  // Finished pods have given their addresses back.
  const itself = party.kind === 'pod' && party.live ? chosen(podLookup(objects, party)) : 'no'
  // Host endpoints are known by the addresses that they expect.
  const hosts = calicoOfKind(objects, 'HostEndpoint').map(host =>
    every([isInNets(party, list(at(host, 'spec', 'expectedIPs'))), chosen(hostLookup(host))]),
  )
  return some([itself, ...sets, ...hosts])
}

/** A host endpoint has its own labels, and no namespace. */
export const hostLookup =
  (host: Json): Lookup =>
  key =>
    labelsOf(host).known.get(key) ?? null

/** A pod without an address of the packet's family has none in any net; a node may have one that no document shows. */
export const isInNets = ({ kind, address }: Party, nets: readonly Json[]): Tri =>
  some(
    nets.map(net => {
      const block = readNet(net)
      if (block === null || (address === null && kind === 'node')) return 'unknown'
      return tri(address !== null && inBlock(address, block))
    }),
  )

/** A block, or one address. Host bits do not count. */
export const readNet = (net: Json): Block | null => {
  const written = text(net) ?? ''
  if (written.includes('/')) return readBlock(written)
  const address = readAddress(written)
  return address === null ? null : { ...address, length: address.family === 4 ? 32 : 128 }
}

/** A selector that is absent or empty is null: what that means depends on where it stands. */
export const selectorAt = (
  value: Json | undefined,
  field: string,
  reading: (written: string) => CalicoSelector | null = written => readSelector(written),
): CalicoSelector | null => {
  const written = at(value, field)
  if (written === undefined || written === '') return null
  return reading(text(written) ?? '"') ?? (() => 'unknown')
}

/**
 * A namespaceSelector: labels are the namespace's, `all()` is what has a namespace, `global()` what has none. Things without
 * a namespace have none of its labels, and so fit what asks for their absence.
 * Source: calico, libcalico-go/lib/backend/syncersv1/updateprocessors/rules.go, getEndpointSelector.
 */
export const readNamespaceSelector = (written: string): CalicoSelector | null =>
  readSelector(written, {
    prefix: NAMESPACE,
    all: labels => tri(labels('projectcalico.org/namespace') !== null),
    global: labels => tri(labels('projectcalico.org/namespace') === null),
  })

/** On the labels of service accounts. */
export const readAccountSelector = (written: string): CalicoSelector | null =>
  readSelector(written, { prefix: ACCOUNT, all: () => 'yes', global: () => 'unknown' })
