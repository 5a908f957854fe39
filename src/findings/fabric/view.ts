import { type Places, placesIn } from '../../engine/fabric/places.ts'
import { partitionOf, type RoutePart } from '../../engine/fabric/routes.ts'
import type { Estate } from '../../model/cluster.ts'
import type { Fabric, Route, RouteTable, Subnet } from '../../model/fabric.ts'
import type { Family } from '../../sets/cidr.ts'
import { type Approvals, approvalsIn } from './approvals.ts'
import { type NodeSubnet, type NodeThere, nodeSubnetsIn, nodesIn } from './nodes.ts'
import { type Outward, outwardIn } from './outward.ts'

/** The network under all clusters of an estate, with what checks of it share, each worked out when it is first asked for. */
export interface FabricView {
  readonly estate: Estate
  readonly fabric: Fabric
  /** `2026-11-20` */
  readonly today: string
  readonly places: Places
  readonly nodes: readonly NodeThere[]
  readonly nodeSubnets: readonly NodeSubnet[]
  /** The table that packets of a subnet go by; null: not read. */
  readonly tableOf: (subnet: Subnet) => RouteTable | null
  /** Tables that subnets of nodes go by, sorted by id. */
  readonly nodeTables: readonly NodeTable[]
  /** Which route of a table takes what. */
  readonly partOf: <F extends Family>(table: RouteTable, family: F) => readonly RoutePart<F, Route>[]
  /** Where packets to the internet leave. */
  readonly outward: Outward
  readonly approvals: Approvals
}

export interface NodeTable {
  readonly table: RouteTable
  readonly subnets: readonly NodeSubnet[]
}

export const fabricViewOf = (estate: Estate, today: string): FabricView => {
  const { fabric } = estate
  const places = placesIn(fabric)
  const nodes = nodesIn(fabric, estate.clusters)
  const nodeSubnets = nodeSubnetsIn(fabric, nodes)
  const tableOf = ({ table, network }: Subnet): RouteTable | null =>
    places.tables.get(table ?? places.networks.get(network)?.mainTable ?? '') ?? null
  const parts = { 4: new Map<RouteTable, unknown>(), 6: new Map<RouteTable, unknown>() }
  const partOf: FabricView['partOf'] = <F extends Family>(table: RouteTable, family: F) => {
    const known = parts[family].get(table) as readonly RoutePart<F, Route>[] | undefined
    if (known !== undefined) return known
    const made = partitionOf(table, family)
    parts[family].set(table, made)
    return made
  }
  const byTable = Map.groupBy(nodeSubnets, ({ subnet }) => tableOf(subnet))
  return {
    estate,
    fabric,
    today,
    places,
    nodes,
    nodeSubnets,
    tableOf,
    nodeTables: fabric.tables.flatMap(table => {
      const subnets = byTable.get(table)
      return subnets === undefined ? [] : [{ table, subnets }]
    }),
    partOf,
    outward: outwardIn(fabric),
    approvals: approvalsIn(estate),
  }
}
