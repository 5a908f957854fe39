import type { Cluster } from '../model/cluster.ts'
import type { Fabric } from '../model/fabric.ts'
import { addressesOfCidrs } from '../sets/addresses.ts'
import { machinesIn } from './machines.ts'

/** Where documents of the network show the nodes of a cluster: the networks there, and those that are peered with them. */
export const surroundingsIn = (fabric: Fabric): ((cluster: Cluster) => Cluster['around']) => {
  const machines = machinesIn(fabric)
  const networkOf = new Map(fabric.subnets.map(({ id, network }) => [id, network]))
  const rangesOf = new Map(fabric.networks.map(({ id, ranges }) => [id, ranges]))
  return cluster => {
    const own = new Set(
      cluster.nodes.flatMap(node => {
        const at = machines.ofNode(node)
        return at === null ? [] : (networkOf.get(at.subnet) ?? [])
      }),
    )
    const beside = fabric.peerings.flatMap(({ networks, isUp }) =>
      isUp && networks.some(id => own.has(id)) ? networks.filter(id => !own.has(id)) : [],
    )
    const ranges = (ids: Iterable<string>): Cluster['around']['network'] =>
      addressesOfCidrs([...ids].flatMap(id => rangesOf.get(id) ?? []))
    return { network: ranges(own), peerNetwork: ranges(beside) }
  }
}
