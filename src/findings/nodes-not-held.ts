import { poolsOf } from '../intent/node-pools.ts'
import { speaksOfNode } from '../intent/subjects.ts'
import type { Cluster, Estate, Node } from '../model/cluster.ts'
import { idOf } from '../model/identity.ts'
import type { EgressIntent } from '../model/intent.ts'
import { compareText } from '../model/order.ts'
import type { DocumentPath } from '../model/provenance.ts'
import { several } from './check.ts'
import { type Hold, holdsIn, hostPolicyOf } from './host-holds.ts'
import { nodesText } from './node-groups.ts'

/** What is said of a document; `key` tells it from what else one check says of it. */
export interface Said {
  readonly at: DocumentPath
  readonly says: string
  readonly remedy: string
  readonly key: string
}

/** Nodes that an intent speaks of, and whose own egress nothing inside their cluster limits. */
export const notHeldIn = ({ clusters }: Estate): ((intent: EgressIntent) => Said | null) => {
  const holds = new Map<Cluster, (node: Node) => Hold>()
  const holdIn = (cluster: Cluster) => {
    const known = holds.get(cluster) ?? holdsIn(cluster)
    holds.set(cluster, known)
    return known
  }
  return ({ from, ref }) => {
    if (from?.kind !== 'nodes') return null
    const found = clusters.flatMap(cluster => {
      const meant = cluster.nodes.filter(node => speaksOfNode(from, node))
      const free = meant.length === 0 ? [] : meant.filter(node => holdIn(cluster)(node) === 'nothing')
      return free.length === 0 ? [] : [{ cluster, free }]
    })
    if (found.length === 0) return null
    const groups = found.flatMap(({ free }) => free.map(node => ({ pool: poolsOf(node)[0] ?? null, nodes: [node] })))
    const kinds = [...new Set(found.flatMap(({ cluster }) => hostPolicyOf(cluster) ?? []))].sort(compareText)
    const some = found.map(({ free }) => idOf((free.toSorted(byName)[0] as Node).ref))
    return {
      at: ['spec', 'from'],
      says: `no policy for hosts limits what ${nodesText(groups)} send${isOne(groups) ? 's' : ''}; filters of the cloud and firewalls of nodes that were not read may`,
      remedy: `limit ${several(some)}, and the others that EgressIntent \`${ref.name}\` speaks of, to what it declares: with ${[...kinds, 'filters of the cloud', 'firewalls of the nodes'].join(', or ')}`,
      key: 'nodes',
    }
  }
}

const byName = (a: Node, b: Node): number => compareText(a.ref.name, b.ref.name)

const isOne = (groups: readonly { readonly pool: string | null }[]): boolean =>
  groups.length === 1 && groups[0]?.pool === null
