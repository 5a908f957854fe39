import type { Cluster, Node } from '../model/cluster.ts'
import type { Profile } from '../model/profile.ts'
import type { Direction, Doubt } from '../model/rule.ts'
import type { Basis } from './basis.ts'
import type { Documented } from './documented.ts'
import { nodesFor } from './host-groups.ts'
import { besideNodes, onHosts } from './host-sides.ts'
import { withLearnedNames } from './names.ts'
import { nameOf, nodeHolds } from './node-holds.ts'
import { groupOfSender, type Identity, isNode, type Sender } from './population.ts'
import { type Selected, type SelectedList, selectedIn } from './selected.ts'
import { NO_STACKS, stacksFrom } from './selecting.ts'
import type { Selecting } from './stack.ts'
import type { Stacks } from './verdict.ts'

/** The policies of each identity, and of nodes, as they are asked. */
export interface IdentityStacks {
  readonly of: (sender: Sender, direction: Direction) => Stacks
  readonly selected: Readonly<Record<Direction, Selected>>
  readonly made: MadeStacks
}

/** For the next engine: identities with equal policies share a stack, and share it with the engine before. */
interface MadeStacks {
  readonly byKey: Readonly<Record<Direction, ReadonlyMap<string, Stacks>>>
  /** Of an identity whose policies stayed nothing is asked but that. */
  readonly byList: Readonly<Record<Direction, WeakMap<SelectedList, Stacks>>>
}

/** `before`: of an engine on the same basis. */
export const identityStacks = (
  basis: Basis,
  cluster: Cluster,
  policies: readonly Documented[],
  before: IdentityStacks | null,
): IdentityStacks => {
  const selectedBy = (direction: Direction): Selected =>
    selectedIn(policies, direction, basis.selection, basis.population.identities, before?.selected[direction] ?? null)
  const selected = { egress: selectedBy('egress'), ingress: selectedBy('ingress') }
  return stacksBy(basis, cluster, policies, selected, before?.made ?? null)
}

/** Holds on to the stacks before, and not to what made them: engines that follow each other would pile up. */
const stacksBy = (
  { population: { identities }, mentions, ground, options: { profile } }: Basis,
  cluster: Cluster,
  policies: readonly Documented[],
  selected: IdentityStacks['selected'],
  before: MadeStacks | null,
): IdentityStacks => {
  const known = { egress: new Map<string, Stacks>(), ingress: new Map<string, Stacks>() }
  const hostPolicies = policies.filter(({ policy }) => policy.selects === 'nodes')
  const hostKey = (group: number | null): string =>
    `host ${group ?? 'any'} ${hostPolicies.map(({ number }) => number).join(',')}`
  const keyOf = (number: number, direction: Direction): string => {
    const { runsOn, resolvers, host } = identities[number] as Identity
    const place = mentions.places ? `@${host ?? ''}` : ''
    const asks = direction === 'egress' && resolvers !== null ? resolvers.join(',') : ''
    return `${runsOn ?? ''}${place}|${asks}|${selected[direction].lists[number]?.key ?? ''}`
  }
  const stacksAt = (number: number, direction: Direction): Stacks => {
    const identity = identities[number] as Identity
    const { by } = selected[direction].lists[number] as SelectedList
    const selecting = mentions.places
      ? by.map(one => placed(one.selecting, identity.host))
      : by.map(one => one.selecting)
    const counting = direction === 'egress' ? withLearnedNames(selecting, identity, ground) : selecting
    return stacksFrom(counting, direction, profile, identity.runsOn)
  }
  const shared = (key: string, direction: Direction, make: () => Stacks): Stacks => {
    const stacks = known[direction].get(key) ?? before?.byKey[direction].get(key) ?? make()
    known[direction].set(key, stacks)
    return stacks
  }
  const nodes = nodesFor(mentions.hosts.flat(), cluster)
  const nodesIn = (group: number | null): readonly (Node | string)[] => {
    const names = group === null ? null : new Set(mentions.hosts[group])
    return names === null ? nodes : nodes.filter(node => names.has(nameOf(node)))
  }
  /** One for each group of nodes, so that what is made of it is made once. */
  const placedIn = new Map<number | null, WeakMap<Selecting, Selecting>>()
  const placed = (selecting: Selecting, host: number | null): Selecting => {
    const known = placedIn.get(host) ?? new WeakMap<Selecting, Selecting>()
    placedIn.set(host, known)
    const made = known.get(selecting) ?? besideNodes(selecting, nodesIn(host))
    known.set(selecting, made)
    return made
  }
  const nodeStacks = (group: number | null, direction: Direction): Stacks =>
    hostStacks(hostPolicies, nodesIn(group), cluster.policyClusterName, direction, profile)
  const byList = before?.byList ?? { egress: new WeakMap(), ingress: new WeakMap() }
  const ofIdentity = (number: number, direction: Direction): Stacks => {
    // A list is of one identity.
    const list = selected[direction].lists[number] as SelectedList
    const before = byList[direction].get(list)
    if (before !== undefined) return before
    const stacks = shared(keyOf(number, direction), direction, () => stacksAt(number, direction))
    byList[direction].set(list, stacks)
    return stacks
  }
  const bySender = { egress: new Map<Sender, Stacks>(), ingress: new Map<Sender, Stacks>() }
  const of = (sender: Sender, direction: Direction): Stacks => {
    const asked = bySender[direction].get(sender)
    if (asked !== undefined) return asked
    const stacks =
      sender === null || isNode(sender)
        ? shared(hostKey(groupOfSender(sender)), direction, () => nodeStacks(groupOfSender(sender), direction))
        : ofIdentity(sender, direction)
    bySender[direction].set(sender, stacks)
    return stacks
  }
  return { of, selected, made: { byKey: known, byList } }
}

/** Pods on the host network are their nodes: only host policy selects those. Which of the given nodes is open. */
const hostStacks = (
  policies: readonly Documented[],
  nodes: readonly (Node | string)[],
  policyClusterName: string,
  direction: Direction,
  profile: Profile,
): Stacks => {
  const selecting = policies.flatMap(({ policy, alternative }): readonly Selecting[] => {
    const { rules, isolates } = policy[direction]
    if (rules.length === 0 && isolates === false) return []
    const holds = nodes.map(node => nodeHolds(policy.subject, node, policyClusterName))
    if (holds.length > 0 && holds.every(answer => answer === false)) return []
    const isCertain = holds.length > 0 && holds.every(answer => answer === true)
    const one: Selecting = { policy, alternative, doubts: isCertain ? [] : [HOST_SELECTION_OPEN] }
    return [onHosts(one, direction, nodes)]
  })
  return selecting.length === 0 ? NO_STACKS : stacksFrom(selecting, direction, profile, null)
}

const HOST_SELECTION_OPEN: Doubt = {
  level: 'unknown',
  why: 'whether this host policy selects the node that the pod runs on is open',
  settledBy: 'the Node documents with their labels, and the settings of the network plugin',
}
