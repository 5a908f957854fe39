import type { Cluster } from '../model/cluster.ts'
import type { Profile } from '../model/profile.ts'
import type { Direction, Doubt, RulePolicy, Section } from '../model/rule.ts'
import { type Bits, membersOf } from '../sets/bit-set.ts'
import type { Region } from '../sets/region.ts'
import type { Relation } from '../sets/relation.ts'
import { type TrafficId, type TrafficTable, trafficTable } from '../sets/traffic-table.ts'
import { type Ground, groundOf } from './ground.ts'
import { withOwnPorts } from './named-ports.ts'
import { withLearnedNames } from './names.ts'
import { apiserverSpace, nodeSpace, type PointSpace } from './node-space.ts'
import { type OutsideSpace, outsideSpace } from './outside.ts'
import { type PodSpace, podSpace } from './pod-space.ts'
import { type Identity, type Placement, type Population, populationOf, type Subject } from './population.ts'
import { type Selection, selectionOver } from './selection.ts'
import { type Selecting, type Stack, stackOf } from './stack.ts'
import { type Passing, passing, passingBoth, type Stacks } from './verdict.ts'

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
  readonly toPods: Passing<Relation<TrafficId>>
  readonly fromPods: Passing<Relation<TrafficId>>
  readonly ownNode: Passing<TrafficId>
  readonly otherNode: Passing<TrafficId>
  readonly apiserver: Passing<TrafficId>
}

export interface EngineOptions {
  readonly profile: Profile
  readonly hostNetworkIsOrdinary: boolean
}

export const engineOf = (cluster: Cluster, options: EngineOptions): ClusterEngine => {
  const { profile } = options
  const table = trafficTable()
  const policies = cluster.rulePolicies
    .filter(policy => policy.inert === null)
    .map(policy => withClaimedRules(policy, profile))
  const population = populationOf(cluster, policies, {
    hostNetworkIsOrdinary: options.hostNetworkIsOrdinary,
    blocksCatchPods: dialect => profile.blocks[dialect].pods !== 'no',
  })
  const selection = selectionOver(population.identities, cluster.namespaces, cluster.policyClusterName)
  const ground = groundOf(cluster)
  const spaces: Spaces = {
    v4: outsideSpace(4, table, ground),
    v6: outsideSpace(6, table, ground),
    pods: podSpace(population.identities, selection, table, ground, profile),
    ownNode: nodeSpace('own', cluster.nodes, table, ground, profile),
    otherNode: nodeSpace('other', cluster.nodes, table, ground, profile),
    apiserver: apiserverSpace(table, ground, profile),
  }
  const selectors = {
    egress: selectingIn(policies, 'egress', selection, population),
    ingress: selectingIn(policies, 'ingress', selection, population),
  }
  const keyOf = (number: number | null, direction: Direction): string => {
    if (number === null) return 'host'
    const { runsOn, resolvers } = population.identities[number] as Identity
    const asks = direction === 'egress' && resolvers !== null ? resolvers.join(',') : ''
    return `${runsOn ?? ''}|${asks}|${selectors[direction][number]?.key ?? ''}`
  }
  const known = { egress: new Map<string, Stacks>(), ingress: new Map<string, Stacks>() }
  const stacks = (number: number | null, direction: Direction): Stacks => {
    const key = keyOf(number, direction)
    const before = known[direction].get(key)
    if (before !== undefined) return before
    const made = number === null ? NO_STACKS : stacksAt(number, direction)
    known[direction].set(key, made)
    return made
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
    pods: passing(spaces.pods, of),
    ownNode: ownNodeBy(profile.ownNode, passing(spaces.ownNode, of), table),
    otherNode: passing(spaces.otherNode, of),
    apiserver: passing(spaces.apiserver, of),
  }))
  const fromPods = memoPassing(of => passing(spaces.pods, of))
  const fromOwnNode = memoPassing(of => ownNodeBy(profile.fromOwnNode, passing(spaces.ownNode, of), table))
  const fromOtherNode = memoPassing(of => passing(spaces.otherNode, of))
  const destinations = ingressGroups(population, selection, identity => stacks(identity, 'ingress'))
  const ingressAt = (at: (of: Stacks) => Passing<TrafficId>): Passing<Relation<TrafficId>> => {
    const part = (pick: keyof Passing<unknown>): Relation<TrafficId> =>
      spaces.pods.relations.ofBoxes(destinations.map(({ members, stacks: of }) => ({ members, id: at(of)[pick] })))
    return { must: part('must'), lenient: part('lenient'), may: part('may'), written: part('written') }
  }
  const rowOf = (subject: Subject): Row => {
    const egress = egressOf(stacks(subject.identity, 'egress'))
    const { identity } = subject
    const ingress = ingressAt(of =>
      identity === null
        ? // Which node the pod is on, and so which pods are its neighbours, is open.
          eitherNode(table, fromOwnNode(of), fromOtherNode(of))
        : atMember(spaces.pods, fromPods(of), identity),
    )
    return {
      ...egress,
      toPods: egress.pods,
      fromPods: ingress,
      pods: passingBoth(spaces.pods.algebra, egress.pods, ingress),
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

/** Rules for a direction that `policyTypes` leaves out are no rules, but where the network plugin applies them all the same. */
const withClaimedRules = (policy: RulePolicy, { appliesUnclaimed }: Profile): RulePolicy => {
  if (appliesUnclaimed || (policy.egress.unclaimed === undefined && policy.ingress.unclaimed === undefined))
    return policy
  const claimed = (section: Section): Section =>
    section.unclaimed === undefined ? section : { ...section, rules: [], isolates: false }
  return { ...policy, egress: claimed(policy.egress), ingress: claimed(policy.ingress) }
}

const atMember = (space: PodSpace, of: Passing<Relation<TrafficId>>, member: number): Passing<TrafficId> => ({
  must: space.relations.idAt(of.must, member),
  lenient: space.relations.idAt(of.lenient, member),
  may: space.relations.idAt(of.may, member),
  written: space.relations.idAt(of.written, member),
})

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

interface Selected {
  readonly selecting: readonly Selecting[]
  readonly key: string
}

/** For each identity the policies that select it, or may, and have something to say in a direction. */
const selectingIn = (
  policies: readonly RulePolicy[],
  direction: Direction,
  selection: Selection,
  { identities }: Population,
): readonly Selected[] => {
  const lists: { selecting: Selecting[]; key: string[] }[] = identities.map(() => ({ selecting: [], key: [] }))
  for (const [number, policy] of policies.entries()) {
    const { rules, isolates } = policy[direction]
    if (policy.selects !== 'pods' || (rules.length === 0 && isolates === false)) continue
    const { must, may } = selection.of(policy.subject)
    const variants = new Map<string, RulePolicy>()
    const namesPorts = direction === 'ingress' && rules.some(rule => rule.traffic.named.length > 0)
    for (const member of membersOf(may)) {
      const isCertain = selection.bits.has(must, member)
      const { namedPorts } = identities[member] as Identity
      const ports = namesPorts ? JSON.stringify(namedPorts) : ''
      const own = variants.get(ports) ?? (namesPorts ? withOwnPorts(policy, namedPorts) : policy)
      variants.set(ports, own)
      const list = lists[member] as (typeof lists)[number]
      list.selecting.push({ policy: own, doubts: isCertain ? [] : [SELECTION_OPEN] })
      list.key.push(`${number}${isCertain ? '' : '?'}${ports}`)
    }
  }
  return lists.map(({ selecting, key }) => ({ selecting, key: key.join(',') }))
}

const SELECTION_OPEN: Doubt = {
  level: 'unknown',
  why: 'whether this policy selects the pod hangs on labels that were not read',
  settledBy: 'the Namespace documents, with their labels',
}

const stacksFrom = (
  selecting: readonly Selecting[],
  direction: Direction,
  profile: Profile,
  runsOn: Placement,
): Stacks => {
  const written = stackOf(selecting, direction, profile)
  const isBlind = runsOn !== null && profile.notOn.includes(runsOn)
  if (!isBlind && selecting.every(({ policy }) => profile.dialects[policy.dialect] === 'yes'))
    return { written, counting: written }
  const counting = isBlind
    ? []
    : selecting.flatMap((one): readonly Selecting[] => {
        const enforced = profile.dialects[one.policy.dialect]
        if (enforced === 'no') return []
        return [enforced === 'yes' ? one : { ...one, doubts: [...one.doubts, ENFORCEMENT_OPEN] }]
      })
  return { written, counting: stackOf(counting, direction, profile) }
}

const ENFORCEMENT_OPEN: Doubt = {
  level: 'unknown',
  why: 'whether the network plugin enforces policies of this kind is not known',
  settledBy: 'the version and settings of the network plugin',
}

/** Destinations that the same ingress policies select. */
const ingressGroups = (
  { identities }: Population,
  { bits }: Selection,
  stacks: (identity: number) => Stacks,
): readonly { readonly members: Bits; readonly stacks: Stacks }[] =>
  [...Map.groupBy(identities, ({ number }) => stacks(number))].map(([of, members]) => ({
    stacks: of,
    members: bits.of(members.map(({ number }) => number)),
  }))

/** No policy speaks of pods on the host network. */
const NO_STACKS: Stacks = (() => {
  const none: Stack = []
  return { counting: none, written: none }
})()
