import type { Cluster, Node } from '../model/cluster.ts'
import type { RulePolicy } from '../model/rule.ts'
import { nodeHolds } from './node-holds.ts'

/**
 * Nodes that no host policy tells apart are one group: pods on their network have one answer. Names, sorted by first member;
 * empty where all nodes are alike, as they are without host policy.
 */
export type HostGroups = readonly (readonly string[])[]

/** Of a name that two documents have, nobody can tell which group it is in. */
export const hostGroupsIn = (policies: readonly RulePolicy[], cluster: HostedCluster): HostGroups => {
  const speaking = policies.filter(policy => policy.selects === 'nodes' && saysSomething(policy))
  if (speaking.length === 0 || cluster.nodes.length < 2) return []
  const byName = Map.groupBy(cluster.nodes, ({ ref }) => ref.name)
  const single = [...byName].flatMap(([name, same]) => (same.length === 1 ? [[name, same[0] as Node] as const] : []))
  const groups = Map.groupBy(single.sort(byText), ([, node]) =>
    speaking.map(({ subject }) => LETTERS[`${nodeHolds(subject, node, cluster.policyClusterName)}`]).join(''),
  )
  return groups.size < 2 && single.length === byName.size
    ? []
    : [...groups.values()].map(group => group.map(([name]) => name))
}

type HostedCluster = Pick<Cluster, 'nodes' | 'policyClusterName'>

const LETTERS = { true: 'y', false: 'n', null: '?' } as const

const byText = ([a]: readonly [string, Node], [b]: readonly [string, Node]): number => (a < b ? -1 : a > b ? 1 : 0)

const saysSomething = ({ egress, ingress }: RulePolicy): boolean =>
  [egress, ingress].some(({ rules, isolates }) => rules.length > 0 || isolates !== false)

/** The group of each name. */
export const groupByNode = (groups: HostGroups): ReadonlyMap<string, number> =>
  new Map(groups.flatMap((names, group) => names.map(name => [name, group] as const)))
