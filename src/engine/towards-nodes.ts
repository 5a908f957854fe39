import type { ClusterEngine } from './cluster-engine.ts'
import { nodesFor } from './host-groups.ts'
import { besideItsNode } from './host-rows.ts'
import { nameOf } from './node-holds.ts'
import { nodeSpace } from './node-space.ts'
import { passing } from './verdict.ts'

/** The engine for a question about some nodes: what its rows say in one line of all nodes, it says of these alone. */
export const towardsNodes = (engine: ClusterEngine, names: readonly string[]): ClusterEngine => {
  const { cluster, table, ground, profile } = engine
  const asked = new Set(names)
  const nodes = nodesFor(names, cluster).filter(node => asked.has(nameOf(node)))
  if (nodes.length === 0) return engine
  const space = (which: 'own' | 'other') => nodeSpace(which, nodes, table, ground, profile, cluster.policyClusterName)
  const spaces = { ...engine.spaces, ownNode: space('own'), otherNode: space('other') }
  return {
    ...engine,
    spaces,
    rowOf: subject => {
      const stacks = engine.stacksOf(subject, 'egress')
      return {
        ...engine.rowOf(subject),
        ownNode: besideItsNode(profile.ownNode, () => passing(spaces.ownNode, stacks), table.full),
        otherNode: passing(spaces.otherNode, stacks),
      }
    },
  }
}
