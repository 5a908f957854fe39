import type { Cluster } from '../model/cluster.ts'
import type { PolicyDialect, RulePolicy, Selector } from '../model/rule.ts'
import type { Pod, PodShape, Workload } from '../model/workload.ts'
import { countUpTo, sortedBounds, type Width, type Words } from '../sets/bounds.ts'
import { readAddress, widthOf } from '../sets/cidr.ts'

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
  readonly runsOn: Placement
}

/** Nodes on which some network plugins enforce nothing; null: any other. */
export type Placement = 'windows' | 'fargate' | null

export interface PopulationOptions {
  /** Of which dialects blocks of addresses catch pods, or may. */
  readonly blocksCatchPods: (dialect: PolicyDialect) => boolean
  /** Host-network pods count as ordinary ones. */
  readonly hostNetworkIsOrdinary: boolean
}

export const populationOf = (
  cluster: Cluster,
  policies: readonly RulePolicy[],
  options: PopulationOptions,
): Population => {
  const mentioned = mentionedIn(cluster, policies)
  const placeOf = addressAtoms(policies, options.blocksCatchPods)
  const found = new Map<string, { identity: Omit<Identity, 'number' | 'addresses'>; addresses: Set<string> }>()
  const order: string[] = []
  const identityOf = (namespace: string, shape: PodShape, runsOn: Placement, addresses: readonly string[]): number => {
    const labels = mentioned.labels.flatMap((key): readonly [string, string][] => {
      const value = shape.labels.get(key)
      return value === undefined ? [] : [[key, value]]
    })
    const namedPorts = mentioned.ports.size === 0 ? [] : namedPortsOf(shape, mentioned.ports)
    const account = mentioned.accounts ? shape.serviceAccount : ''
    const resolvers = shape.dnsPolicy === 'None' ? (shape.dns?.nameservers ?? []) : null
    const key = JSON.stringify([namespace, labels, account, namedPorts, runsOn, resolvers, addresses.map(placeOf)])
    let known = found.get(key)
    if (known === undefined) {
      known = {
        identity: { namespace, labels: new Map(labels), account, namedPorts, runsOn, resolvers },
        addresses: new Set(),
      }
      found.set(key, known)
      numbers.set(key, order.push(key) - 1)
    }
    for (const address of addresses) known.addresses.add(address)
    return numbers.get(key) as number
  }
  const numbers = new Map<string, number>()
  const windows = new Set(cluster.nodes.filter(node => node.os === 'windows').map(node => node.ref.name))
  const subjects = cluster.workloads.flatMap(workload => {
    const instances: readonly { readonly shape: PodShape; readonly pod: Pod | null }[] =
      workload.pods.length === 0
        ? [{ shape: workload.shape, pod: null }]
        : workload.pods.map(pod => ({ shape: pod.shape, pod }))
    const groups = new Map<string, { first: PodShape; pods: Pod[]; identity: number | null; runsOn: Placement }>()
    for (const { shape, pod } of instances) {
      const isHost = shape.hostNetwork && !options.hostNetworkIsOrdinary
      const runsOn = placementOf(shape, pod, windows)
      const identity = isHost ? null : identityOf(workload.namespace, shape, runsOn, pod?.addresses ?? [])
      const key = `${identity}|${runsOn}`
      const group = groups.get(key) ?? { first: shape, pods: [], identity, runsOn }
      groups.set(key, group)
      if (pod !== null) group.pods.push(pod)
    }
    const all = [...groups.values()]
    return all.map(
      ({ first, pods, identity, runsOn }): Subject => ({
        workload,
        variant: all.length === 1 ? null : variantOf(pods, identity, runsOn, all.length),
        shape: first,
        pods,
        identity,
        runsOn,
      }),
    )
  })
  const identities = order.map((key, number): Identity => {
    const { identity, addresses } = found.get(key) as { identity: Identity; addresses: Set<string> }
    return { ...identity, number, addresses: [...addresses].sort() }
  })
  return { identities, subjects }
}

/**
 * Which of the pieces an address is in that the bounds of all blocks cut its family into: a rule about addresses cannot tell
 * two addresses of one piece apart.
 */
const addressAtoms = (
  policies: readonly RulePolicy[],
  catches: (dialect: PolicyDialect) => boolean,
): ((address: string) => number) => {
  const blocks = policies
    .filter(policy => catches(policy.dialect))
    .flatMap(policy => [policy.egress, policy.ingress])
    .flatMap(section => section.rules.flatMap(rule => rule.peers))
    .flatMap(peer => (peer.kind === 'block' ? [peer.addresses] : []))
  // Without blocks there is one piece, and no address has to be read.
  if (blocks.length === 0) return () => 0
  const bounds = {
    4: sortedAll(
      1,
      blocks.map(block => block.v4.bounds),
    ),
    6: sortedAll(
      4,
      blocks.map(block => block.v6.bounds),
    ),
  }
  return text => {
    const read = readAddress(text)
    if (read.kind === 'refused') return -1
    const { family, words } = read.value
    return countUpTo(widthOf(family), bounds[family], words)
  }
}

const sortedAll = (width: Width, all: readonly Words[]): Words => {
  const joined = new Uint32Array(all.reduce((length, bounds) => length + bounds.length, 0))
  let at = 0
  for (const bounds of all) {
    joined.set(bounds, at)
    at += bounds.length
  }
  return sortedBounds(width, joined)
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
const variantOf = (pods: readonly Pod[], identity: number | null, runsOn: Placement, variants: number): string => {
  if (identity === null) return 'host network'
  const names = pods.map(pod => pod.ref.name)
  return names.length > 0
    ? names.length > 3
      ? `${names[0]} and ${names.length - 1} more`
      : names.join(', ')
    : `${runsOn ?? `one of ${variants}`}`
}

/** What selectors and rules ask of pods; what nobody asks tells no pods apart. */
interface Mentioned {
  /** Sorted. */
  readonly labels: readonly string[]
  readonly ports: ReadonlySet<string>
  readonly accounts: boolean
}

const mentionedIn = (cluster: Cluster, policies: readonly RulePolicy[]): Mentioned => {
  const labels = new Set<string>()
  const ports = new Set<string>()
  let accounts = false
  const inSelector = (selector: Selector): void => {
    switch (selector.kind) {
      case 'all':
      case 'any':
        for (const part of selector.of) inSelector(part)
        return
      case 'not':
        inSelector(selector.of)
        return
      case 'label':
        if (selector.of === 'pod') labels.add(selector.requirement.key)
        if (selector.of === 'account') accounts = true
        return
      default:
        return
    }
  }
  for (const policy of policies) {
    inSelector(policy.subject)
    for (const section of [policy.egress, policy.ingress]) {
      for (const rule of section.rules) {
        for (const { name } of rule.traffic.named) ports.add(name)
        for (const peer of rule.peers) {
          const inner = peer.kind === 'maybe' ? peer.peer : peer
          if (inner.kind === 'pods') inSelector(inner.selector)
        }
      }
    }
  }
  for (const gateway of cluster.egressGateways) inSelector(gateway.subject)
  for (const service of cluster.services) {
    for (const key of service.selector?.keys() ?? []) labels.add(key)
    for (const port of service.ports)
      if (port.targetPort !== null && !/^\d+$/.test(port.targetPort)) ports.add(port.targetPort)
  }
  return { labels: [...labels].sort(), ports, accounts }
}
