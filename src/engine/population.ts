import type { Cluster } from '../model/cluster.ts'
import type { Pod, PodShape, Workload } from '../model/workload.ts'
import { groupByNode } from './host-groups.ts'
import type { Mentions } from './mentions.ts'

/**
 * The pods of a cluster as policy sees them. Pods that no rule can tell apart are one identity; the pods of one workload
 * that share an identity and a kind of placement are one subject, and one row of the answer.
 */
export interface Population {
  readonly identities: readonly Identity[]
  readonly subjects: readonly Subject[]
}

export interface Identity {
  readonly number: number
  readonly namespace: string
  /** Only keys that some selector mentions. */
  readonly labels: ReadonlyMap<string, string>
  readonly account: string
  /** Only names that some rule mentions. */
  readonly namedPorts: readonly NamedPort[]
  readonly runsOn: Placement
  /** The group of its nodes, where that makes a difference; null: it makes none, or is not known. */
  readonly host: number | null
  /** The resolvers that the pod asks instead of the cluster's; null: the cluster's. */
  readonly resolvers: readonly string[] | null
  /** Of all its pods; empty where none has one yet. */
  readonly addresses: readonly string[]
}

export interface NamedPort {
  readonly name: string
  readonly protocol: string
  readonly port: number
}

export interface Subject {
  readonly workload: Workload
  /** What tells it from the workload's other subjects; null when it is the only one. */
  readonly variant: string | null
  readonly shape: PodShape
  readonly pods: readonly Pod[]
  /** null: its pods are on the host network, so they are their nodes. */
  readonly identity: number | null
  /** Of pods on the host network: the group of their nodes, of those that host policies tell apart; null: it is not known. */
  readonly host: number | null
  readonly runsOn: Placement
}

/** Who sends, as policies are asked: an identity, or, below zero, one group of nodes; null: a node of any group. */
export type Sender = number | null

export const senderOf = ({ identity, host }: Pick<Subject, 'identity'> & { readonly host?: number | null }): Sender =>
  identity ?? (host == null ? null : -1 - host)

/** The group of a sender that is a node; null: any. */
export const groupOfSender = (sender: Sender): number | null => (sender === null ? null : -1 - sender)

export const isNode = (sender: Sender): boolean => sender === null || sender < 0

/** Nodes on which some network plugins enforce nothing; null: any other. */
export type Placement = 'windows' | 'fargate' | null

export interface PopulationOptions {
  /** Host-network pods count as ordinary ones. */
  readonly hostNetworkIsOrdinary: boolean
  /** Which piece an address is in, of those that rules can tell apart. */
  readonly placeOf: (address: string) => number | null
}

export const populationOf = (
  cluster: Cluster,
  mentioned: Mentions,
  { hostNetworkIsOrdinary, placeOf }: PopulationOptions,
): Population => {
  const found = new Map<string, { identity: Omit<Identity, 'number' | 'addresses'>; addresses: Set<string> }>()
  const order: string[] = []
  const identityOf = (
    namespace: string,
    shape: PodShape,
    runsOn: Placement,
    host: number | null,
    addresses: readonly string[],
  ): number => {
    const labels = mentioned.labels.flatMap((key): readonly [string, string][] => {
      const value = shape.labels.get(key)
      return value === undefined ? [] : [[key, value]]
    })
    const namedPorts = mentioned.ports.size === 0 ? [] : namedPortsOf(shape, mentioned.ports)
    const account = mentioned.accounts ? shape.serviceAccount : ''
    const resolvers = shape.dnsPolicy === 'None' ? (shape.dns?.nameservers ?? []) : null
    const told = [namespace, labels, account, namedPorts, runsOn, host, resolvers, addresses.map(placeOf)]
    const key = JSON.stringify(told)
    let known = found.get(key)
    if (known === undefined) {
      known = {
        identity: { namespace, labels: new Map(labels), account, namedPorts, runsOn, host, resolvers },
        addresses: new Set(),
      }
      found.set(key, known)
      numbers.set(key, order.push(key) - 1)
    }
    for (const address of addresses) known.addresses.add(address)
    return numbers.get(key) as number
  }
  const numbers = new Map<string, number>()
  const groupOfNode = groupByNode(mentioned.hosts)
  const windows = new Set(cluster.nodes.filter(node => node.os === 'windows').map(node => node.ref.name))
  const subjects = cluster.workloads.flatMap(workload => {
    const instances: readonly { readonly shape: PodShape; readonly pod: Pod | null }[] =
      workload.pods.length === 0
        ? [{ shape: workload.shape, pod: null }]
        : workload.pods.map(pod => ({ shape: pod.shape, pod }))
    const groups = new Map<string, Omit<Subject, 'workload' | 'variant' | 'pods'> & { pods: Pod[] }>()
    for (const { shape, pod } of instances) {
      const isHost = shape.hostNetwork && !hostNetworkIsOrdinary
      const runsOn = placementOf(shape, pod, windows)
      const group = isHost || mentioned.places ? (groupOfNode.get(pod?.node ?? shape.nodeName ?? '') ?? null) : null
      const identity = isHost ? null : identityOf(workload.namespace, shape, runsOn, group, pod?.addresses ?? [])
      const host = isHost ? group : null
      const key = `${identity}|${host}|${runsOn}`
      const same = groups.get(key) ?? { shape, pods: [], identity, host, runsOn }
      groups.set(key, same)
      if (pod !== null) same.pods.push(pod)
    }
    const all = [...groups.values()]
    const isOneHost = all.filter(({ identity }) => identity === null).length === 1
    return all.map(
      (group): Subject => ({
        ...group,
        workload,
        variant:
          all.length === 1
            ? null
            : group.identity === null && isOneHost
              ? 'host network'
              : variantOf(group.pods, group.runsOn, all.length),
      }),
    )
  })
  const identities = order.map((key, number): Identity => {
    const { identity, addresses } = found.get(key) as { identity: Identity; addresses: Set<string> }
    return { ...identity, number, addresses: [...addresses].sort() }
  })
  return { identities, subjects }
}

const namedPortsOf = (shape: PodShape, mentioned: ReadonlySet<string>): readonly NamedPort[] =>
  shape.containers
    .filter(container => container.role === 'main' || container.role === 'sidecar')
    .flatMap(container =>
      container.ports.flatMap(({ name, protocol, port }) =>
        name !== null && mentioned.has(name) ? [{ name, protocol, port }] : [],
      ),
    )

/** EKS runs Fargate pods on nodes of their own, which the scheduler's name and the node's label show. */
const placementOf = (shape: PodShape, pod: Pod | null, windows: ReadonlySet<string>): Placement => {
  if (shape.os === 'windows' || shape.nodeSelector.get('kubernetes.io/os') === 'windows') return 'windows'
  if (pod?.node != null && windows.has(pod.node)) return 'windows'
  return shape.labels.has('eks.amazonaws.com/fargate-profile') || pod?.node?.startsWith('fargate-') === true
    ? 'fargate'
    : null
}

/** Names of the pods, or what they share if there are none. */
const variantOf = (pods: readonly Pod[], runsOn: Placement, variants: number): string => {
  const names = pods.map(pod => pod.ref.name)
  return names.length > 0
    ? names.length > 3
      ? `${names[0]} and ${names.length - 1} more`
      : names.join(', ')
    : `${runsOn ?? `one of ${variants}`}`
}
