import { machinesIn } from '../../inventory/machines.ts'
import type { Cluster, Node } from '../../model/cluster.ts'
import type { Fabric, NetworkInterface, Subnet } from '../../model/fabric.ts'
import { compareText } from '../../model/order.ts'
import type { Family } from '../../sets/cidr.ts'

/** A node of a cluster among the networks. */
export interface NodeThere {
  readonly cluster: string
  /** As its cluster calls it; else its machine’s id. */
  readonly name: string
  /** null: no Node document is joined with it, and the machine itself says whose node it is. */
  readonly node: Node | null
  /** The interface by which it sends, then what else its machine has. */
  readonly interfaces: readonly [NetworkInterface, ...NetworkInterface[]]
}

/** Nodes by their documents, and machines that name a cluster and of which no Node document tells. Sorted by cluster and name. */
export const nodesIn = (fabric: Fabric, clusters: readonly Cluster[]): readonly NodeThere[] => {
  const machines = machinesIn(fabric)
  const byMachine = Map.groupBy(fabric.interfaces, ({ of }) => of)
  const told = clusters.flatMap(cluster =>
    cluster.nodes.flatMap((node): readonly NodeThere[] => {
      const sending = machines.ofNode(node)
      if (sending === null) return []
      const others = (sending.of === null ? [] : (byMachine.get(sending.of) ?? [])).filter(one => one !== sending)
      return [{ cluster: cluster.name, name: node.ref.name, node, interfaces: [sending, ...others] }]
    }),
  )
  const known = new Set(told.map(({ interfaces: [{ of }] }) => of))
  const named = fabric.machines.flatMap(({ id, clusters: [cluster] }): readonly NodeThere[] => {
    const [first, ...others] = byMachine.get(id) ?? []
    if (cluster === undefined || first === undefined || known.has(id)) return []
    return [{ cluster, name: id, node: null, interfaces: [first, ...others] }]
  })
  return [...told, ...named].sort((a, b) => compareText(a.cluster, b.cluster) || compareText(a.name, b.name))
}

/** A subnet where machines of clusters have an interface. */
export interface NodeSubnet {
  readonly subnet: Subnet
  readonly nodes: readonly NodeThere[]
  /** Of these nodes, one of each, in this subnet. */
  readonly interfaces: readonly NetworkInterface[]
}

/** Sorted by id. */
export const nodeSubnetsIn = (fabric: Fabric, nodes: readonly NodeThere[]): readonly NodeSubnet[] => {
  const found = Map.groupBy(
    nodes.flatMap(node =>
      [...new Map(node.interfaces.toReversed().map(one => [one.subnet, one])).values()].map(one => ({ node, one })),
    ),
    ({ one }) => one.subnet,
  )
  return fabric.subnets.flatMap(subnet => {
    const there = found.get(subnet.id) ?? []
    return there.length === 0
      ? []
      : [{ subnet, nodes: there.map(({ node }) => node), interfaces: there.map(({ one }) => one) }]
  })
}

/** Whether some node there has an address of the family. */
export const hasFamily = ({ interfaces }: NodeSubnet, family: Family): boolean =>
  interfaces.some(({ addresses }) => addresses.some(address => address.family === family))
