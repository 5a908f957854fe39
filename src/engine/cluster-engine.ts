import type { Cluster } from '../model/cluster.ts'
import type { Profile } from '../model/profile.ts'
import type { Direction, Doubt } from '../model/rule.ts'
import type { Region } from '../sets/region.ts'
import type { Relation } from '../sets/relation.ts'
import { type TrafficId, type TrafficTable, trafficTable } from '../sets/traffic-table.ts'
import { alternativesOf } from './alternatives.ts'
import { type Ground, groundOf } from './ground.ts'
import { lazily } from './lazily.ts'
import { withLearnedNames } from './names.ts'
import { apiserverSpace, nodeHolds, nodeSpace, type PointSpace } from './node-space.ts'
import { type OutsideSpace, outsideSpace } from './outside.ts'
import { type Column, columnsOf, isOne, joinColumns, mapPassing, relationFrom } from './pairs.ts'
import { type Plain, plainAt, plainColumn, plainOf } from './plain.ts'
import { type PodSpace, podSpace } from './pod-space.ts'
import { type Identity, type Population, populationOf, type Subject } from './population.ts'
import { NO_STACKS, selectingIn, stacksFrom, withClaimedRules } from './selecting.ts'
import { type Selection, selectionOver } from './selection.ts'
import type { Selecting } from './stack.ts'
import { type Passing, passing, type Stacks } from './verdict.ts'

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
  /** Subjects with one signature have one answer. */
  readonly signatureOf: (subject: Subject, direction: Direction) => string
  readonly rowOf: (subject: Subject) => Row
}

export interface Spaces {
  readonly v4: OutsideSpace<4>
  readonly v6: OutsideSpace<6>
  readonly pods: PodSpace
  readonly ownNode: PointSpace
  readonly otherNode: PointSpace
  readonly apiserver: PointSpace
}

/** What a subject may send, by kind of destination. */
export interface Row {
  readonly v4: Passing<Region<4>>
  readonly v6: Passing<Region<6>>
  /** Both ends are asked. */
  readonly pods: Passing<Relation<TrafficId>>
  /** Each end alone. */
  readonly toPods: () => Passing<Relation<TrafficId>>
  readonly fromPods: () => Passing<Relation<TrafficId>>
  readonly ownNode: Passing<TrafficId>
  readonly otherNode: Passing<TrafficId>
  readonly apiserver: Passing<TrafficId>
}

/** Members up to which the ingress of every group is held as an array: 4,000 of them take 64 MB. */
const MOST_COLUMNS = 4000

export interface EngineOptions {
  readonly profile: Profile
  readonly hostNetworkIsOrdinary: boolean
  /** Addresses of pods, nodes and Services are told among those outside, too. */
  readonly ownAddressesAreOutside?: boolean
}

export const engineOf = (cluster: Cluster, options: EngineOptions): ClusterEngine => {
  const { profile } = options
  const table = trafficTable()
  const enforceable = cluster.rulePolicies.filter(policy => policy.inert === null)
  const alternatives = alternativesOf(enforceable)
  const documented = enforceable.map(policy => ({
    policy: withClaimedRules(policy, profile),
    alternative: alternatives.get(policy) ?? null,
  }))
  const policies = documented.map(({ policy }) => policy)
  const population = populationOf(cluster, policies, {
    hostNetworkIsOrdinary: options.hostNetworkIsOrdinary,
    blocksCatchPods: dialect => profile.blocks[dialect].pods !== 'no',
  })
  const selection = selectionOver(population.identities, cluster.namespaces, cluster.policyClusterName)
  const ground = groundOf(cluster, options.ownAddressesAreOutside ?? false)
  const spaces: Spaces = {
    v4: outsideSpace(4, table, ground),
    v6: outsideSpace(6, table, ground),
    pods: podSpace(population.identities, selection, table, ground, profile),
    ownNode: nodeSpace('own', cluster.nodes, table, ground, profile),
    otherNode: nodeSpace('other', cluster.nodes, table, ground, profile),
    apiserver: apiserverSpace(table, ground, profile),
  }
  const selectors = {
    egress: selectingIn(documented, 'egress', selection, population),
    ingress: selectingIn(documented, 'ingress', selection, population),
  }
  const keyOf = (number: number | null, direction: Direction): string => {
    if (number === null) return 'host'
    const { runsOn, resolvers } = population.identities[number] as Identity
    const asks = direction === 'egress' && resolvers !== null ? resolvers.join(',') : ''
    return `${runsOn ?? ''}|${asks}|${selectors[direction][number]?.key ?? ''}`
  }
  const known = { egress: new Map<string, Stacks>(), ingress: new Map<string, Stacks>() }
  const byNumber = { egress: new Map<number | null, Stacks>(), ingress: new Map<number | null, Stacks>() }
  const stacks = (number: number | null, direction: Direction): Stacks => {
    const asked = byNumber[direction].get(number)
    if (asked !== undefined) return asked
    const made = stacksByKey(number, direction)
    byNumber[direction].set(number, made)
    return made
  }
  const stacksByKey = (number: number | null, direction: Direction): Stacks => {
    const key = keyOf(number, direction)
    const before = known[direction].get(key)
    if (before !== undefined) return before
    const made = number === null ? hostStacks(direction) : stacksAt(number, direction)
    known[direction].set(key, made)
    return made
  }
  /** Pods on the host network are their nodes: only host policy selects those. Which node is open. */
  const hostStacks = (direction: Direction): Stacks => {
    const selecting = documented.flatMap(({ policy, alternative }): readonly Selecting[] => {
      const { rules, isolates } = policy[direction]
      if (policy.selects !== 'nodes' || (rules.length === 0 && isolates === false)) return []
      const holds = cluster.nodes.map(node => nodeHolds(policy.subject, node))
      if (holds.length > 0 && holds.every(answer => answer === false)) return []
      const isCertain = holds.length > 0 && holds.every(answer => answer === true)
      return [{ policy, alternative, doubts: isCertain ? [] : [HOST_SELECTION_OPEN] }]
    })
    return selecting.length === 0 ? NO_STACKS : stacksFrom(selecting, direction, profile, null)
  }
  const stacksAt = (number: number, direction: Direction): Stacks => {
    const identity = population.identities[number] as Identity
    const selecting = selectors[direction][number]?.selecting ?? []
    const counting = direction === 'egress' ? withLearnedNames(selecting, identity, ground) : selecting
    return stacksFrom(counting, direction, profile, identity.runsOn)
  }
  const memoPassing = <S>(make: (stacks: Stacks) => S) => {
    const answers = new WeakMap<Stacks, S>()
    return (of: Stacks): S => {
      const before = answers.get(of)
      if (before !== undefined) return before
      const answer = make(of)
      answers.set(of, answer)
      return answer
    }
  }
  const egressOf = memoPassing(of => ({
    v4: passing(spaces.v4, of),
    v6: passing(spaces.v6, of),
    ownNode: ownNodeBy(profile.ownNode, passing(spaces.ownNode, of), table),
    otherNode: passing(spaces.otherNode, of),
    apiserver: passing(spaces.apiserver, of),
  }))
  const { bits } = selection
  const plain = memoPassing(of => plainOf(of, spaces.pods.certainBoxes, table, bits))
  /** Where something is open, a relation over all pods in the four readings. */
  const related = memoPassing(of => passing(spaces.pods, of))
  const outColumns = (of: Stacks): Passing<Column> => {
    const short = plain(of)
    return short === null ? columnsOf(related(of), bits.size) : same(plainColumn(short, bits, table))
  }
  const fromNodes = memoPassing(of =>
    // Which node a host-network pod is on, and so which pods are its neighbours, is open.
    eitherNode(
      table,
      ownNodeBy(profile.fromOwnNode, passing(spaces.ownNode, of), table),
      passing(spaces.otherNode, of),
    ),
  )
  /** One array for each set of policies is quick to ask, and past some thousands of pods too much to hold. */
  const inColumns = memoPassing(of => columnsOf(related(of), bits.size))
  const fromPod = (of: Stacks, identity: number): Passing<TrafficId> => {
    const short = plain(of)
    if (short !== null) return same(plainAt(short, identity, table))
    return bits.size <= MOST_COLUMNS
      ? mapPassing(inColumns(of), column => column[identity] as TrafficId)
      : mapPassing(related(of), relation => spaces.pods.relations.idAt(relation, identity))
  }
  // Destinations that the same ingress policies select are asked together.
  const groups = [...Map.groupBy(population.identities, ({ number }) => stacks(number, 'ingress'))]
  const groupOf = new Uint32Array(bits.size)
  for (const [group, [, members]] of groups.entries()) for (const { number } of members) groupOf[number] = group
  /** null where one of them leaves something open. */
  const shorts = lazily(() => {
    const all = groups.flatMap(([of]) => plain(of) ?? [])
    return all.length === groups.length ? all : null
  })
  const spread = (ids: Column): Column => {
    const out = new Uint32Array(bits.size)
    for (let member = 0; member < out.length; member++) out[member] = ids[groupOf[member] as number] as number
    return out
  }
  /** What the other ends let in from one sender, by destination. */
  const ingressFor = (identity: number | null): Passing<Column> => {
    const short = shorts()
    if (identity !== null && short !== null) {
      const ids = new Uint32Array(short.length)
      for (let group = 0; group < ids.length; group++) ids[group] = plainAt(short[group] as Plain, identity, table)
      return same(spread(ids))
    }
    const each = groups.map(([of]) => (identity === null ? fromNodes(of) : fromPod(of, identity)))
    const at = (part: keyof Passing<unknown>): Column => spread(Uint32Array.from(each, one => one[part]))
    const must = at('must')
    return each.every(isOne) ? same(must) : { must, lenient: at('lenient'), may: at('may'), written: at('written') }
  }
  const asRelation = (column: Column): Relation<TrafficId> => relationFrom(column, bits)
  const pairsOf = (of: Stacks, identity: number | null): Passing<Relation<TrafficId>> => {
    const out = outColumns(of)
    const into = ingressFor(identity)
    const both = (part: keyof Passing<unknown>): Relation<TrafficId> =>
      asRelation(joinColumns(out[part], into[part], table))
    return isOne(out) && isOne(into)
      ? same(both('must'))
      : { must: both('must'), lenient: both('lenient'), may: both('may'), written: both('written') }
  }
  const rowOf = (subject: Subject): Row => {
    const { identity } = subject
    const of = stacks(identity, 'egress')
    return {
      ...egressOf(of),
      // Each end alone is asked for by explanations only.
      toPods: () => mapPassing(outColumns(of), asRelation),
      fromPods: () => mapPassing(ingressFor(identity), asRelation),
      pods: pairsOf(of, identity),
    }
  }
  return {
    cluster,
    profile,
    table,
    ground,
    population,
    selection,
    spaces,
    stacksOf: (subject, direction) => stacks(subject.identity, direction),
    ingressOf: identity => stacks(identity, 'ingress'),
    signatureOf: (subject, direction) => keyOf(subject.identity, direction),
    rowOf,
  }
}

const HOST_SELECTION_OPEN: Doubt = {
  level: 'unknown',
  why: 'whether this host policy selects the node that the pod runs on is open',
  settledBy: 'the Node documents with their labels, and the settings of the network plugin',
}

const same = <T>(value: T): Passing<T> => ({ must: value, lenient: value, may: value, written: value })

const eitherNode = (
  { union, intersect }: TrafficTable,
  own: Passing<TrafficId>,
  other: Passing<TrafficId>,
): Passing<TrafficId> => ({
  must: intersect(own.must, other.must),
  lenient: intersect(own.lenient, other.lenient),
  may: union(own.may, other.may),
  written: intersect(own.written, other.written),
})

const ownNodeBy = (word: Profile['ownNode'], policy: Passing<TrafficId>, { full }: TrafficTable): Passing<TrafficId> =>
  word === 'policy'
    ? policy
    : word === 'allowed'
      ? { must: full, lenient: full, may: full, written: full }
      : { ...policy, lenient: full, may: full }
