import { exampleAddress, packetTo } from '../../engine/witness.ts'
import type { Gateway, RouteTable } from '../../model/fabric.ts'
import type { Hop } from '../../model/finding.ts'
import { type AddressSet, addresses4, addresses6 } from '../../sets/address-set.ts'
import type { Family } from '../../sets/cidr.ts'
import type { NodeSubnet } from './nodes.ts'
import { addressText, nodeHop } from './words.ts'

/** A packet that a route takes, from a node in one of the subnets that go by it, and its way up to where the route leads. */
export const packetBy = (
  subnets: readonly NodeSubnet[],
  table: RouteTable,
  to: AddressSet<Family>,
  target: Pick<Gateway, 'id'> | null,
): { readonly witness: string | null; readonly path: readonly Hop[] } => {
  const { family } = to
  const starts = subnets.flatMap(({ subnet, nodes, interfaces }) =>
    interfaces.flatMap((one, i) => {
      const node = nodes[i]
      return node === undefined ? [] : [{ subnet, node, one, text: addressText(one.addresses, family) }]
    }),
  )
  const start = starts.find(({ text }) => text !== null) ?? starts[0]
  if (start === undefined) return { witness: null, path: [] }
  const place = exampleAddress(
    family === 4
      ? { v4: to as AddressSet<4>, v6: addresses6.empty }
      : { v4: addresses4.empty, v6: to as AddressSet<6> },
  )
  return {
    witness: place === null || start.text === null ? null : `${start.text} -> ${packetTo(place, '443/TCP')}`,
    path: [
      nodeHop(start.node),
      { hop: 'interface', id: start.one.id },
      { hop: 'subnet', id: start.subnet.id },
      { hop: 'route-table', id: table.id },
      ...(target === null ? [] : [{ hop: 'gateway', id: target.id }]),
    ],
  }
}
