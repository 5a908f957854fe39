import { type Address, readAddress } from './ip.ts'
import { at, integer, list, text, texts } from './json.ts'
import type { Labels } from './labels.ts'
import { type End, ICMP, ICMPV6, type Json, type Packet } from './types.ts'

/** Who is at an end of a packet, with the one address that this packet carries for it. */
export type Party = Pod | Node | Outside

export interface Pod {
  readonly kind: 'pod'
  readonly namespace: string
  readonly name: string
  readonly labels: Labels
  readonly namespaceLabels: Labels
  readonly serviceAccount: string
  readonly node: string | null
  readonly ports: readonly ContainerPort[]
  /** Not finished, and with an address: only such pods are peers. */
  readonly live: boolean
  readonly address: Address | null
}

export interface Node {
  readonly kind: 'node'
  readonly name: string
  readonly labels: Labels
  readonly address: Address | null
}

export interface Outside {
  readonly kind: 'address'
  readonly address: Address
  readonly resolvedFrom: string | null | undefined
}

export interface ContainerPort {
  readonly name: string
  readonly protocol: string
  readonly port: number
}

const known = new WeakMap<readonly Json[], Map<string, readonly Json[]>>()

/** In the order of the documents. Every packet asks the same again. */
export const ofKind = (objects: readonly Json[], group: string, ...kinds: readonly string[]): readonly Json[] => {
  const byKinds = known.get(objects) ?? new Map<string, readonly Json[]>()
  known.set(objects, byKinds)
  const key = `${group}/${kinds.join()}`
  const found = byKinds.get(key) ?? objects.filter(object => isOfKind(object, group, kinds))
  byKinds.set(key, found)
  return found
}

const isOfKind = (object: Json, group: string, kinds: readonly string[]): boolean => {
  const version = text(at(object, 'apiVersion')) ?? ''
  const groupOf = version.includes('/') ? version.slice(0, version.indexOf('/')) : ''
  return groupOf === group && kinds.includes(text(at(object, 'kind')) ?? '')
}

export const nameOf = (object: Json): string => text(at(object, 'metadata', 'name')) ?? ''
export const namespaceOf = (object: Json): string => text(at(object, 'metadata', 'namespace')) ?? 'default'
export const labelsOf = (object: Json): Labels => ({ known: texts(at(object, 'metadata', 'labels')), complete: true })

/**
 * The parties of a packet, once for each pair of addresses that it may carry: a dual-stack pod may be reached by either
 * family, a node by any of its addresses. null: an end is not in the world, its address cannot be read, or it has none
 * that could carry the packet.
 */
export const flights = (
  objects: readonly Json[],
  packet: Packet,
): readonly { readonly from: Party; readonly to: Party }[] | null => {
  const senders = parties(objects, packet.from)
  const receivers = parties(objects, packet.to).filter(party => fits(party, packet.protocol))
  if (senders.length === 0 || receivers.length === 0) return null
  const pairs = receivers.flatMap(to =>
    senders
      .filter(from => from.address === null || to.address === null || from.address.family === to.address.family)
      .map(from => ({ from, to })),
  )
  if (pairs.length > 0) return pairs
  // A sender without an address of the destination's family: what the destination alone decides can still be said.
  return receivers.flatMap(to => senders.slice(0, 1).map(from => ({ from: { ...from, address: null } as Party, to })))
}

const fits = (party: Party, protocol: number): boolean =>
  party.address === null ||
  (protocol !== ICMP && protocol !== ICMPV6) ||
  party.address.family === (protocol === ICMP ? 4 : 6)

const parties = (objects: readonly Json[], end: End): readonly Party[] => {
  if (end.kind === 'address') {
    const address = readAddress(end.address)
    return address === null ? [] : [{ kind: 'address', address, resolvedFrom: end.resolvedFrom }]
  }
  if (end.kind === 'node') return nodes(objects, end.name)
  const object = ofKind(objects, '', 'Pod').find(pod => nameOf(pod) === end.name && namespaceOf(pod) === end.namespace)
  if (object === undefined) return []
  // A pod on the host's network has no network identity of its own: it is its node.
  if (at(object, 'spec', 'hostNetwork') === true) return nodes(objects, text(at(object, 'spec', 'nodeName')) ?? '')
  return pod(objects, object)
}

/** Source: k8s.io/api core/v1 PodStatus.podIPs, PodPhase. */
const pod = (objects: readonly Json[], object: Json): readonly Pod[] => {
  const namespace = namespaceOf(object)
  const addresses = podAddresses(object)
  const party: Pod = {
    kind: 'pod',
    namespace,
    name: nameOf(object),
    labels: labelsOf(object),
    namespaceLabels: namespaceLabels(objects, namespace),
    serviceAccount: text(at(object, 'spec', 'serviceAccountName')) ?? 'default',
    node: text(at(object, 'spec', 'nodeName')) ?? null,
    ports: containerPorts(object),
    live: addresses.length > 0,
    address: null,
  }
  return addresses.length === 0 ? [party] : addresses.map(address => ({ ...party, address }))
}

/** Empty for a finished pod: its address may already be another's. */
export const podAddresses = (object: Json): readonly Address[] => {
  const phase = at(object, 'status', 'phase')
  if (phase === 'Succeeded' || phase === 'Failed') return []
  const many = list(at(object, 'status', 'podIPs')).map(entry => text(at(entry, 'ip')))
  return (many.length > 0 ? many : [text(at(object, 'status', 'podIP'))]).flatMap(read)
}

/** A node that no document describes is still a node: a pod on the host's network may run there. */
const nodes = (objects: readonly Json[], name: string): readonly Node[] => {
  const object = ofKind(objects, '', 'Node').find(node => nameOf(node) === name)
  if (object === undefined)
    return [{ kind: 'node', name, labels: { known: new Map(), complete: false }, address: null }]
  const addresses = nodeAddresses(object)
  const party: Node = { kind: 'node', name, labels: labelsOf(object), address: null }
  return addresses.length === 0 ? [party] : addresses.map(address => ({ ...party, address }))
}

const nodeAddresses = (object: Json): readonly Address[] =>
  list(at(object, 'status', 'addresses'))
    .filter(entry => ['InternalIP', 'ExternalIP'].includes(text(at(entry, 'type')) ?? ''))
    .flatMap(entry => read(text(at(entry, 'address'))))

const read = (written: string | undefined): readonly Address[] => {
  const address = written === undefined ? null : readAddress(written)
  return address === null ? [] : [address]
}

/** The API server sets `kubernetes.io/metadata.name` on every namespace. Source: kubernetes.io, "Namespaces". */
export const namespaceLabels = (objects: readonly Json[], namespace: string): Labels => {
  const object = ofKind(objects, '', 'Namespace').find(candidate => nameOf(candidate) === namespace)
  const own = object === undefined ? [] : labelsOf(object).known
  return { known: new Map([...own, ['kubernetes.io/metadata.name', namespace]]), complete: object !== undefined }
}

const containerPorts = (object: Json): readonly ContainerPort[] =>
  list(at(object, 'spec', 'containers')).flatMap(container =>
    list(at(container, 'ports')).flatMap(entry => {
      const name = text(at(entry, 'name'))
      const port = integer(at(entry, 'containerPort'))
      return name === undefined || port === undefined
        ? []
        : [{ name, port, protocol: text(at(entry, 'protocol')) ?? 'TCP' }]
    }),
  )
