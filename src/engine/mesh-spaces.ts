import type { Cluster } from '../model/cluster.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import type { BitAlgebra } from '../sets/bit-set.ts'
import type { ClusterEngine } from './cluster-engine.ts'
import { addressesOfTexts, type Ground } from './ground.ts'
import type { ClusterName } from './label-holds.ts'
import { lazily } from './lazily.ts'
import { stacksAcross } from './mesh-peers.ts'
import { sourceSpace, sourcesOf } from './mesh-sources.ts'
import type { MeshEnd, MeshTerms } from './mesh-terms.ts'
import { nodeSpace, type PointSpace } from './node-space.ts'
import { type PodSpace, podSpace } from './pod-space.ts'
import type { Population, Subject } from './population.ts'
import { selectionOver } from './selection.ts'
import type { Stacks } from './verdict.ts'

/** What the policies of each end mean on the other cluster. */
export interface AcrossSpaces {
  /** The sender's policies over the receivers; traffic of the sender's table. */
  readonly egress: OtherCluster
  /** The receiver's policies over the senders; traffic of the receiver's table. */
  readonly ingress: OtherCluster
  /** The senders that it may be where the receiver takes it for an address outside, by family. */
  readonly sourcesOf: (family: 4 | 6, subject: Subject, sender: number | null) => readonly PointSpace[]
  /** A sender that may have any address of the family. */
  readonly anySource: (family: 4 | 6) => readonly PointSpace[]
}

/** The other cluster, seen by labels. */
export interface OtherCluster {
  readonly pods: PodSpace
  readonly bits: BitAlgebra
  readonly nodes: PointSpace
  /** Policies as they speak of it. */
  readonly stacks: (stacks: Stacks) => Stacks
}

export const acrossSpaces = (
  from: ClusterEngine,
  to: ClusterEngine,
  terms: MeshTerms,
  receivers: Population,
  senders: Population,
): AcrossSpaces => {
  const { sender, receiver, clusterLabel } = terms
  const known = new Map<string, PointSpace>()
  const bySender = new Map<Subject | number, Record<4 | 6, readonly PointSpace[]>>()
  const spacesAt = (family: 4 | 6, own: Addresses, isNode: boolean): readonly PointSpace[] =>
    sourcesOf(family, own, from.ground, isNode || sender.keepsAddress[family]).map(sources => {
      const key = `${family} ${(family === 4 ? sources.v4 : sources.v6).bounds.join(',')}`
      const space = known.get(key) ?? sourceSpace(sources, to.table, to.ground)
      known.set(key, space)
      return space
    })
  const bySubject = (family: 4 | 6, subject: Subject, number: number | null): readonly PointSpace[] => {
    const before = bySender.get(number ?? subject)
    if (before !== undefined) return before[family]
    const texts = number === null ? subject.pods.flatMap(pod => pod.addresses) : senders.identities[number]?.addresses
    const own = addressesOfTexts(texts ?? [])
    const pods = number === null && bothFamilies.isEmpty(own) ? from.ground.nodes : own
    const made = { 4: spacesAt(4, pods, number === null), 6: spacesAt(6, pods, number === null) }
    bySender.set(number ?? subject, made)
    return made[family]
  }
  const anySource = {
    4: lazily(() => spacesAt(4, bothFamilies.empty, false)),
    6: lazily(() => spacesAt(6, bothFamilies.empty, false)),
  }
  return {
    egress: otherCluster(from, to.cluster, to.ground, receivers, sender, receiver, clusterLabel),
    ingress: otherCluster(to, from.cluster, from.ground, senders, receiver, sender, clusterLabel),
    sourcesOf: bySubject,
    anySource: family => anySource[family](),
  }
}

const otherCluster = (
  { table, profile, ground: own, cluster }: ClusterEngine,
  other: Cluster,
  ground: Ground,
  { identities }: Population,
  { scope }: MeshEnd,
  { name: written }: MeshEnd,
  clusterLabel: string,
): OtherCluster => {
  const name: ClusterName = written ?? { not: cluster.policyClusterName }
  const selection = selectionOver(identities, other.namespaces, name)
  // Its nodes, and the API server of the cluster whose policies speak.
  const nodeGround: Ground = {
    pods: ground.pods,
    nodes: ground.nodes,
    services: ground.services,
    apiserver: own.apiserver,
    podRanges: ground.podRanges,
    own: ground.own,
    ownOrLoopback: ground.ownOrLoopback,
  }
  return {
    pods: podSpace(identities, selection, table, ground, profile),
    bits: selection.bits,
    nodes: nodeSpace('other', other.nodes, table, nodeGround, profile, name),
    stacks: stacksAcross({ scope, clusterLabel, name }),
  }
}
