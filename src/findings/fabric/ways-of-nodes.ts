import type { NetworkInterface, Subnet } from '../../model/fabric.ts'
import type { NodeThere } from './nodes.ts'
import type { WayOutward } from './outward.ts'
import type { FabricView } from './view.ts'

/** A way to the internet that packets of a node take. */
export interface NodeWay {
  readonly subnet: Subnet
  readonly node: NodeThere
  readonly one: NetworkInterface
  readonly out: WayOutward
}

/** Of each node in each subnet that it has an interface in, of the families that it has there. */
export const waysOfNodes = ({ nodeSubnets, outward }: FabricView): readonly NodeWay[] =>
  nodeSubnets.flatMap(({ subnet, nodes, interfaces }) =>
    interfaces.flatMap((one, i) =>
      ([4, 6] as const).flatMap(family =>
        one.addresses.some(address => address.family === family)
          ? outward
              .from({ kind: 'interface', of: one }, family)
              .map(out => ({ subnet, node: nodes[i] as NodeThere, one, out }))
          : [],
      ),
    ),
  )
