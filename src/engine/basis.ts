import type { Cluster } from '../model/cluster.ts'
import type { Profile } from '../model/profile.ts'
import type { RulePolicy } from '../model/rule.ts'
import { type TrafficTable, trafficTable } from '../sets/traffic-table.ts'
import { type Ground, groundOf } from './ground.ts'
import { nodesFor } from './host-groups.ts'
import { type MentionReader, type Mentions, mentionReader } from './mentions.ts'
import { type Population, populationOf } from './population.ts'
import { isSame } from './same.ts'
import { type Selection, selectionOver } from './selection.ts'
import { type Spaces, spacesOf } from './spaces.ts'
import { type StackAnswers, stackAnswers } from './stack-answers.ts'

export interface EngineOptions {
  readonly profile: Profile
  readonly hostNetworkIsOrdinary: boolean
  /** Addresses of pods, nodes and Services are told among those outside, too. */
  readonly ownAddressesAreOutside?: boolean
  /** Rows are kept for the engine after this one: some kilobytes each where there are thousands of pods. */
  readonly keepsRows?: boolean
}

/**
 * What an engine stands on besides its policies, and what policies mean on it. Whatever is worked out here is kept by rule and
 * by stack, so that the policies which stay the same are not worked out again when another changes.
 */
export interface Basis {
  readonly cluster: Cluster
  readonly options: EngineOptions
  readonly reader: MentionReader
  readonly mentions: Mentions
  readonly table: TrafficTable
  readonly ground: Ground
  readonly population: Population
  readonly selection: Selection
  readonly spaces: Spaces
  readonly answers: StackAnswers
}

/** The one before where the cluster is the same but for its policies, and these ask the same of pods. */
export const basisOf = (
  cluster: Cluster,
  policies: readonly RulePolicy[],
  options: EngineOptions,
  before: Basis | null,
): Basis => {
  const kept = before !== null && before.table.size() < MOST_TRAFFIC && rests(before, cluster, options) ? before : null
  const reader = kept?.reader ?? mentionReader(cluster, dialect => options.profile.blocks[dialect].pods !== 'no')
  const mentions = reader.in(policies)
  return kept !== null && isSame(mentions, kept.mentions) ? kept : newBasis(cluster, reader, mentions, options)
}

/** A process that never ends meets ever more traffic: past this it begins anew. */
const MOST_TRAFFIC = 100_000

const newBasis = (cluster: Cluster, reader: MentionReader, mentions: Mentions, options: EngineOptions): Basis => {
  const { profile } = options
  const table = trafficTable()
  const population = populationOf(cluster, mentions, {
    hostNetworkIsOrdinary: options.hostNetworkIsOrdinary,
    placeOf: reader.placesBy(mentions),
  })
  const selection = selectionOver(population.identities, cluster.namespaces, cluster.policyClusterName, {
    groups: mentions.hosts,
    nodes: mentions.places ? nodesFor(mentions.hosts.flat(), cluster) : [],
  })
  const ground = groundOf(cluster, options.ownAddressesAreOutside ?? false)
  const spaces = spacesOf(
    cluster.nodes,
    population.identities,
    selection,
    table,
    ground,
    profile,
    cluster.policyClusterName,
  )
  const answers = stackAnswers(spaces, table, selection.bits, profile)
  return { cluster, options, reader, mentions, table, ground, population, selection, spaces, answers }
}

/** Everything of a cluster that the parts above look at. */
const LOOKED_AT = [
  'policyClusterName',
  'namespaces',
  'nodes',
  'workloads',
  'pods',
  'services',
  'egressGateways',
] as const satisfies readonly (keyof Cluster)[]

const rests = (before: Basis, cluster: Cluster, options: EngineOptions): boolean =>
  LOOKED_AT.every(part => isSame(before.cluster[part], cluster[part])) && isSame(before.options, options)
