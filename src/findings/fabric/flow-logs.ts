import type { FlowLog, Network } from '../../model/fabric.ts'
import type { NodeSubnet } from './nodes.ts'
import { readThere } from './read-there.ts'
import type { FabricView } from './view.ts'

/** A network that holds nodes, with the logs that watch those. */
export interface Watched {
  readonly network: Network
  readonly subnets: readonly NodeSubnet[]
  /** Of the network, and of subnets and interfaces of nodes in it. */
  readonly logs: readonly FlowLog[]
  /** Subnets where no log watches every node. */
  readonly unwatched: readonly NodeSubnet[]
}

/** Networks of which it is known which logs there are. */
export const watchedIn = (view: FabricView): readonly Watched[] => {
  const { fabric, nodeSubnets, places } = view
  const { flowLogs } = fabric
  if (flowLogs === null) return []
  const networkOf = ({ of }: FlowLog): string | null =>
    places.networks.has(of)
      ? of
      : (places.subnets.get(of)?.network ??
        places.subnets.get(places.interfaces.get(of)?.subnet ?? '')?.network ??
        null)
  const isRead = readThere(view, flowLogs.map(networkOf))
  const byObject = Map.groupBy(flowLogs, ({ of }) => of)
  const logsOf = (id: string): readonly FlowLog[] => byObject.get(id) ?? []
  return [...Map.groupBy(nodeSubnets, ({ subnet }) => subnet.network)].flatMap(([id, subnets]) => {
    const network = places.networks.get(id)
    if (network === undefined || !isRead(id)) return []
    const own = logsOf(id)
    const inside = subnets.flatMap(({ subnet, interfaces }) => [
      ...logsOf(subnet.id),
      ...interfaces.flatMap(one => logsOf(one.id)),
    ])
    const unwatched = subnets.filter(
      ({ subnet, interfaces }) =>
        own.length === 0 && logsOf(subnet.id).length === 0 && interfaces.some(one => logsOf(one.id).length === 0),
    )
    return [{ network, subnets, logs: [...own, ...inside], unwatched }]
  })
}
