import type { Cluster, Node } from '../model/cluster.ts'
import { peerPartsOf, type RulePolicy, type Selector } from '../model/rule.ts'
import { nameOf, nodeHolds } from './node-holds.ts'

/**
 * Nodes that no host policy tells apart are one group: pods on their network have one answer. Names, sorted by first member;
 * empty where all nodes are alike, as they are without host policy.
 */
export type HostGroups = readonly (readonly string[])[]

/** Up to as many nodes each is a group of its own where rules ask who is on the same node, or which one it is. */
const MOST_TOLD_APART = 8

/** Of a name that two documents have, nobody can tell which group it is in. */
export const hostGroupsIn = (policies: readonly RulePolicy[], cluster: HostedCluster): HostGroups => {
  const speaking = policies.filter(policy => isAboutNodes(policy) && saysSomething(policy))
  if (speaking.length === 0) return []
  const named = speaking.flatMap(({ subject }) => namesIn(subject))
  const byName = Map.groupBy(nodesFor(named, cluster), nameOf)
  if (byName.size < 2) return []
  const single = [...byName].flatMap(([name, same]) =>
    same.length === 1 ? [[name, same[0] as Node | string] as const] : [],
  )
  const apart = byName.size <= MOST_TOLD_APART && speaking.some(policy => asksSameNode(policy) || asksOwn(policy))
  const groups = Map.groupBy(
    single.sort(byText),
    ([name, node]) =>
      `${apart ? name : ''} ${speaking.map(({ subject }) => LETTERS[`${nodeHolds(subject, node, cluster.policyClusterName)}`]).join('')}`,
  )
  return groups.size < 2 && single.length === byName.size
    ? []
    : [...groups.values()].map(group => group.map(([name]) => name))
}

export type HostedCluster = Pick<Cluster, 'nodes' | 'policyClusterName' | 'pods'>

/** The nodes that were read, and by their names alone those that pods, or others, name. */
export const nodesFor = (
  named: readonly string[],
  { nodes, pods }: Pick<Cluster, 'nodes' | 'pods'>,
): readonly (Node | string)[] => {
  const read = new Set(nodes.map(({ ref }) => ref.name))
  const others = [...named, ...pods.flatMap(pod => pod.node ?? [])].filter(name => !read.has(name))
  return [...nodes, ...new Set(others)]
}

const namesIn = (selector: Selector): readonly string[] => {
  switch (selector.kind) {
    case 'all':
    case 'any':
      return selector.of.flatMap(namesIn)
    case 'not':
      return namesIn(selector.of)
    case 'label':
      return selector.of === 'node' && selector.requirement.key === '' ? selector.requirement.values : []
    default:
      return []
  }
}

/** Pods on different nodes may be subjects of other policies, or have other pods beside them. */
export const placesPods = (policies: readonly RulePolicy[]): boolean =>
  policies.some(policy => (policy.selects === 'passing' && asksNode(policy.subject)) || asksSameNode(policy))

const isAboutNodes = ({ selects, subject }: RulePolicy): boolean =>
  selects === 'nodes' || (selects === 'passing' && asksNode(subject))

const asksNode = (selector: Selector): boolean => {
  switch (selector.kind) {
    case 'all':
    case 'any':
      return selector.of.some(asksNode)
    case 'not':
      return asksNode(selector.of)
    case 'label':
      return selector.of === 'node'
    default:
      return false
  }
}

const asking = new WeakMap<RulePolicy, boolean>()

/** Only rules that say what others are about ask that. */
export const asksSameNode = (policy: RulePolicy): boolean => {
  const known = asking.get(policy)
  if (known !== undefined) return known
  const asks = [policy.egress, policy.ingress].some(({ rules }) =>
    rules.some(
      rule => rule.isScope === true && peerPartsOf(rule).some(peer => peer.kind === 'pods' && peer.sameNode === true),
    ),
  )
  asking.set(policy, asks)
  return asks
}

/** A rule of a host policy may ask for addresses of the host itself. */
const asksOwn = ({ selects, egress, ingress }: RulePolicy): boolean =>
  selects === 'nodes' && [egress, ingress].some(({ rules }) => rules.some(({ own }) => own !== undefined))

const LETTERS = { true: 'y', false: 'n', null: '?' } as const

const byText = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0

const saysSomething = ({ egress, ingress }: RulePolicy): boolean =>
  [egress, ingress].some(({ rules, isolates }) => rules.length > 0 || isolates !== false)

/** The group of each name. */
export const groupByNode = (groups: HostGroups): ReadonlyMap<string, number> =>
  new Map(groups.flatMap((names, group) => names.map(name => [name, group] as const)))
