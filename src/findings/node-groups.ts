import { groupByNode } from '../engine/host-groups.ts'
import type { Subject } from '../engine/population.ts'
import type { Stacks } from '../engine/verdict.ts'
import { poolsOf } from '../intent/node-pools.ts'
import type { Node } from '../model/cluster.ts'
import { compareText } from '../model/order.ts'
import { several } from './check.ts'
import { type Hold, holdsIn } from './host-holds.ts'
import type { PossibleView } from './possible-view.ts'

/** Nodes of one pool that the same policies for hosts meet, and that the same things hold. */
export interface NodeGroup {
  /** null: nothing says what pool they are of. */
  readonly pool: string | null
  /** By name; never empty. */
  readonly nodes: readonly Node[]
  readonly hold: Hold
  /** The policies for hosts, as they are asked. */
  readonly stacks: Stacks
}

export const nodeGroupsIn = ({ engine }: Pick<PossibleView, 'engine'>): readonly NodeGroup[] => {
  const { cluster } = engine
  const holdOf = holdsIn(cluster)
  const hostOf = groupByNode(engine.memo.basis.mentions.hosts)
  const found = cluster.nodes
    .toSorted((a, b) => compareText(a.ref.name, b.ref.name))
    .map((node): NodeGroup => {
      const host = hostOf.get(node.ref.name) ?? null
      // A node sends as the pods on its network do.
      const stacks = engine.stacksOf({ identity: null, host } as Subject, 'egress')
      return { pool: poolsOf(node)[0] ?? null, nodes: [node], hold: holdOf(node), stacks }
    })
  const numbers = new Map([...new Set(found.map(({ stacks }) => stacks))].map((stacks, i) => [stacks, i]))
  return joined(found, ({ pool, hold, stacks }) => JSON.stringify([pool, hold, numbers.get(stacks)]))
}

const joined = <G extends NodeGroup>(groups: readonly G[], key: (group: G) => string): readonly G[] =>
  [...Map.groupBy(groups, key).values()].map(same => ({
    ...(same[0] as G),
    nodes: same.flatMap(({ nodes }) => nodes),
  }))

/** `nodes of pool blue`, or the nodes by name where nothing pools them. */
export const nodesText = (groups: readonly Pick<NodeGroup, 'pool' | 'nodes'>[]): string => {
  const pools = [...new Set(groups.flatMap(({ pool }) => pool ?? []))].sort(compareText)
  const alone = [
    ...new Set(groups.flatMap(({ pool, nodes }) => (pool === null ? nodes.map(({ ref }) => ref.name) : []))),
  ]
  return [
    ...(pools.length === 0 ? [] : [`nodes of ${pools.length === 1 ? 'pool' : 'the pools'} ${several(pools)}`]),
    ...(alone.length === 0 ? [] : [`${alone.length === 1 ? 'node' : 'the nodes'} ${several(alone.sort(compareText))}`]),
  ].join(' and ')
}
