import type { Cluster } from '../model/cluster.ts'
import type { Profile } from '../model/profile.ts'
import type { Direction } from '../model/rule.ts'
import type { Relation } from '../sets/relation.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import { type Basis, basisOf, type EngineOptions } from './basis.ts'
import { type DocumentedPolicies, documentedIn } from './documented.ts'
import type { Ground } from './ground.ts'
import { hostRows } from './host-rows.ts'
import { type IdentityStacks, identityStacks } from './identity-stacks.ts'
import { type KeptRows, podRows } from './pod-rows.ts'
import { isNode, type Population, type Subject, senderOf } from './population.ts'
import type { Selection } from './selection.ts'
import type { Spaces } from './spaces.ts'
import type { OwnPassing } from './stack-answers.ts'
import type { Passing, Stacks } from './verdict.ts'

export type { EngineOptions } from './basis.ts'
export type { Spaces } from './spaces.ts'

/** Everything that is worked out once for a cluster. Pure: the same cluster and profile give the same answers. */
export interface ClusterEngine {
  readonly cluster: Cluster
  readonly profile: Profile
  readonly table: TrafficTable
  readonly ground: Ground
  readonly population: Population
  readonly selection: Selection
  readonly spaces: Spaces
  /** What selects a subject in a direction, in the order in which it is asked. */
  readonly stacksOf: (subject: Subject, direction: Direction) => Stacks
  /** The policies at the other end of an identity. */
  readonly ingressOf: (identity: number) => Stacks
  readonly rowOf: (subject: Subject) => Row
  readonly memo: EngineMemo
}

/** What a subject may send, by kind of destination. */
export interface Row extends OwnPassing {
  /** Both ends are asked. */
  readonly pods: Passing<Relation<TrafficId>>
  /** Each end alone. */
  readonly toPods: () => Passing<Relation<TrafficId>>
  readonly fromPods: () => Passing<Relation<TrafficId>>
}

/** What the next engine of this cluster need not work out again. */
export interface EngineMemo {
  readonly basis: Basis
  readonly documented: DocumentedPolicies
  readonly stacks: IdentityStacks
  readonly rows: KeptRows
}

/**
 * `before`: an engine of the same cluster, or of any. What both have in common, by content, is taken from it; the answers are
 * the same with it and without.
 */
export const engineOf = (
  cluster: Cluster,
  options: EngineOptions,
  before: ClusterEngine | null = null,
): ClusterEngine => engineFrom(cluster, memoOf(cluster, options, before?.memo ?? null), options)

const memoOf = (cluster: Cluster, options: EngineOptions, before: EngineMemo | null) => {
  const documented = documentedIn(cluster.rulePolicies, options.profile, before?.documented ?? null)
  const policies = documented.all
  const basis = basisOf(
    cluster,
    policies.map(({ policy }) => policy),
    options,
    before?.basis ?? null,
  )
  const last = basis === before?.basis ? before : null
  const stacks = identityStacks(basis, cluster, policies, last?.stacks ?? null)
  return { basis, documented, stacks, rows: last?.rows ?? null }
}

const engineFrom = (
  cluster: Cluster,
  { basis, documented, stacks, rows }: ReturnType<typeof memoOf>,
  { profile, keepsRows }: EngineOptions,
): ClusterEngine => {
  const { table, ground, population, selection, spaces, answers } = basis
  const pods = podRows(
    basis,
    { egress: sender => stacks.of(sender, 'egress'), ingress: identity => stacks.of(identity, 'ingress') },
    keepsRows ?? false,
    rows,
  )
  // Without rules that ask where pods run nobody knows which of them are beside a node.
  const hosts = basis.mentions.places ? hostRows(basis, identity => stacks.of(identity, 'ingress')) : null
  return {
    cluster,
    profile,
    table,
    ground,
    population,
    selection,
    spaces,
    stacksOf: (subject, direction) => stacks.of(senderOf(subject), direction),
    ingressOf: identity => stacks.of(identity, 'ingress'),
    rowOf: subject => {
      const sender = senderOf(subject)
      const egress = stacks.of(sender, 'egress')
      const fromHost = isNode(sender) ? hosts : null
      return {
        ...answers.egressOf(egress),
        pods: fromHost?.pairsOf(sender, egress) ?? pods.pairsOf(sender),
        // Each end alone is asked for by explanations only.
        toPods: () => pods.sentBy(sender),
        fromPods: () => fromHost?.takenFrom(sender) ?? pods.takenFrom(sender),
      }
    },
    memo: { basis, documented, stacks, rows: pods.kept },
  }
}
