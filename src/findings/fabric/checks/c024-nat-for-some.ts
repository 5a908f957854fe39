import { addressesOf } from '../../../engine/fabric/members.ts'
import type { Gateway, NetworkInterface, Subnet } from '../../../model/fabric.ts'
import { type AddressSet, addresses4 } from '../../../sets/address-set.ts'
import { printCidrs } from '../../../sets/address-text.ts'
import { addressesOfCidrs } from '../../../sets/addresses.ts'
import { type AnyCidr, readCidr } from '../../../sets/cidr.ts'
import { several } from '../../check.ts'
import { type FabricCheck, type FabricHit, hitOn } from '../check.ts'
import type { NodeSubnet, NodeThere } from '../nodes.ts'
import type { FabricView } from '../view.ts'
import { named, nodeHop, shortOf } from '../words.ts'

export const natForSome: FabricCheck = {
  id: 'PST-C024',
  title: 'NAT that leaves out addresses which nodes or pods send from',
  severity: 'low',
  why: 'NAT is set for some of the ranges of a subnet. What leaves with an address of another range has no way out, or leaves by another one than everybody expects, depending on whether the node puts its own address on it; the next change of that setting changes who is let out.',
  remedy: 'Let NAT take all ranges that nodes and pods send from, or say that those have no way out.',
  references: [
    'https://cloud.google.com/nat/docs/overview',
    'https://docs.cloud.google.com/nat/docs/nat-product-interactions',
    'https://cloud.google.com/kubernetes-engine/docs/concepts/ip-masquerade-agent',
  ],
  *run(view) {
    for (const each of view.nodeSubnets) {
      const found = hitAt(view, each)
      if (found !== null) yield found
    }
  },
}

/** What NAT takes in a subnet, and by which gateway; null: there is none, or it takes all. */
const coveredIn = (
  { places }: FabricView,
  { outward }: Subnet,
): { readonly covered: AddressSet<4>; readonly gateway: Gateway } | null => {
  const nats = outward.flatMap(one => (one.kind === 'gateway' && one.families.includes(4) ? [one] : []))
  const gateway = nats.flatMap(({ id }) => places.gateways.get(id) ?? [])[0]
  if (gateway === undefined || nats.some(({ from }) => from === null)) return null
  return { gateway, covered: addressesOfCidrs(nats.flatMap(({ from }) => from ?? [])).v4 }
}

/** Of a text that is no block nothing is known. */
const blockIn = (text: string): readonly AnyCidr[] => {
  const read = readCidr(text)
  return read.kind === 'read' ? [read.value] : []
}

interface Left {
  readonly node: NodeThere
  readonly one: NetworkInterface | undefined
  readonly addresses: AddressSet<4>
  readonly whose: 'pods' | 'nodes'
}

const hitAt = (view: FabricView, { subnet, nodes, interfaces }: NodeSubnet): FabricHit | null => {
  const nat = coveredIn(view, subnet)
  if (nat === null) return null
  const held = addressesOfCidrs(subnet.ranges).v4
  const left = nodes.flatMap((node, i): readonly Left[] => {
    const one = interfaces[i]
    // Beside its first address an interface has those that it is lent for pods.
    const [first, ...lent] = (one?.addresses ?? []).filter(({ family }) => family === 4)
    const isKnown = one !== undefined && one.publicAddresses.length === 0 && first !== undefined
    const own = isKnown ? addressesOf([first]).v4 : addresses4.empty
    const ranges = addressesOfCidrs((node.node?.podRanges ?? []).flatMap(blockIn)).v4
    const pods = addresses4.union(ranges, addressesOf(lent).v4)
    return (
      [
        ['nodes', own],
        ['pods', pods],
      ] as const
    ).flatMap(([whose, sent]) => {
      const addresses = addresses4.subtract(addresses4.intersect(sent, held), nat.covered)
      return addresses4.isEmpty(addresses) ? [] : [{ node, one, addresses, whose }]
    })
  })
  const first = left.find(({ whose }) => whose === 'nodes') ?? left[0]
  if (first === undefined) return null
  const ranges = printCidrs(left.map(({ addresses }) => addresses).reduce(addresses4.union))
  return hitOn(
    nat.gateway,
    `in ${named(subnet)} it takes ${several(printCidrs(nat.covered))}, and ${first.whose} there send from ${several(ranges)}, which it leaves out`,
    `let ${named(nat.gateway)} take all ranges of ${named(subnet)} that nodes and pods send from`,
    {
      key: subnet.id,
      severity: first.whose === 'nodes' ? 'medium' : null,
      witness: `${printCidrs(first.addresses)[0]?.split('/')[0] ?? shortOf(subnet.id)} -> 1.1.1.1:443/TCP`,
      path: [
        nodeHop(first.node),
        ...(first.one === undefined ? [] : [{ hop: 'interface', id: first.one.id }]),
        { hop: 'subnet', id: subnet.id },
        ...(view.tableOf(subnet) === null ? [] : [{ hop: 'route-table', id: view.tableOf(subnet)?.id ?? '' }]),
        { hop: 'gateway', id: nat.gateway.id },
      ],
    },
  )
}
