import type { Node } from '../model/cluster.ts'
import { idOf } from '../model/identity.ts'
import type { AnyAddress } from '../sets/cidr.ts'
import type { ClusterEngine } from './cluster-engine.ts'
import { readableAddresses } from './ground.ts'
import { mentionReader } from './mentions.ts'
import { type Population, populationOf, type Subject } from './population.ts'
import type { Stacks } from './verdict.ts'

/** Something of another cluster that a packet may be sent to. */
export interface Place {
  /** `host`: pods that are their nodes. */
  readonly kind: 'pods' | 'host' | 'node'
  /** Ids of workloads, sorted; of a node itself none. */
  readonly workloads: readonly string[]
  /** Ids of pods. */
  readonly pods: ReadonlySet<string>
  readonly node: Node | null
  readonly addresses: readonly AnyAddress[]
  /** What its own cluster's policies let in; null where no pod policy stands. */
  readonly ingress: Stacks | null
}

/** Pods of two clusters, cut so finely that the policies of neither tell the pods of one identity apart. */
export const finely = (own: ClusterEngine, other: ClusterEngine): Population => {
  const reader = mentionReader(own.cluster, () => true)
  const policies = [...own.cluster.rulePolicies, ...other.cluster.rulePolicies].filter(({ inert }) => inert === null)
  const mentions = reader.in(policies)
  return populationOf(own.cluster, mentions, { hostNetworkIsOrdinary: false, placeOf: reader.placesBy(mentions) })
}

/** Identities first, under their numbers; then pods on the host network, then nodes. */
export const placesIn = (to: ClusterEngine, { identities, subjects }: Population): readonly Place[] => {
  const coarse = identityFinder(to.population.subjects)
  const members = Map.groupBy(subjects, ({ identity }) => identity)
  const pods = identities.map(({ number, addresses }): Place => {
    const all = members.get(number) ?? []
    const [first] = all
    const identity = first === undefined ? null : (coarse(first)[0] ?? null)
    return {
      ...placeOf('pods', all),
      addresses: readableAddresses(addresses),
      ingress: identity === null ? null : to.ingressOf(identity),
    }
  })
  const hosts = (members.get(null) ?? []).map(subject => placeOf('host', [subject]))
  const nodes = to.cluster.nodes.map(
    (node): Place => ({
      ...placeOf('node', []),
      node,
      addresses: readableAddresses([...node.internalAddresses, ...node.externalAddresses]),
    }),
  )
  return [...pods, ...hosts, ...nodes]
}

const placeOf = (kind: Place['kind'], subjects: readonly Subject[]): Place => {
  const pods = subjects.flatMap(subject => subject.pods)
  return {
    kind,
    workloads: [...new Set(subjects.map(({ workload }) => idOf(workload.ref)))].sort(),
    pods: new Set(pods.map(pod => idOf(pod.ref))),
    node: null,
    addresses: readableAddresses(pods.flatMap(pod => pod.addresses)),
    ingress: null,
  }
}

/**
 * The identities that the pods of a subject of another population of the same cluster have in this one. By their ids: the
 * populations may have been made from two readings of the same documents.
 */
export const identityFinder = (subjects: readonly Subject[]): ((subject: Subject) => readonly number[]) => {
  const byPod = new Map<string, number | null>()
  const byWorkload = new Map<string, Set<number | null>>()
  for (const { workload, pods, identity } of subjects) {
    for (const pod of pods) byPod.set(idOf(pod.ref), identity)
    const id = idOf(workload.ref)
    const known = byWorkload.get(id) ?? new Set<number | null>()
    byWorkload.set(id, known.add(identity))
  }
  return ({ workload, pods }) => {
    const found =
      pods.length > 0 ? pods.map(pod => byPod.get(idOf(pod.ref))) : [...(byWorkload.get(idOf(workload.ref)) ?? [])]
    return [...new Set(found)].flatMap(identity => identity ?? []).sort((a, b) => a - b)
  }
}
