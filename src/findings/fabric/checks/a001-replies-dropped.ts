import { passesFilter } from '../../../engine/fabric/filters.ts'
import type { Filter, Subnet } from '../../../model/fabric.ts'
import { type AddressSet, addressesOf } from '../../../sets/address-set.ts'
import { bothFamilies } from '../../../sets/addresses.ts'
import type { Family } from '../../../sets/cidr.ts'
import { TCP } from '../../../sets/protocol.ts'
import { regions } from '../../../sets/region.ts'
import { type TrafficId, type TrafficTable, trafficTable } from '../../../sets/traffic-table.ts'
import { portsFrom } from '../../known-traffic.ts'
import { type FabricCheck, type FabricHit, hitOn } from '../check.ts'
import { leavesHere } from '../guards.ts'
import { isMost } from '../outward.ts'
import type { FabricView } from '../view.ts'
import { type NodeWay, waysOfNodes } from '../ways-of-nodes.ts'
import { addressText, nodeHop, severalOf, shortOf } from '../words.ts'

export const repliesDropped: FabricCheck = {
  id: 'PST-A001',
  title: 'Access list that lets requests out and drops the replies',
  severity: 'medium',
  why: 'An access list keeps no state: what leaves is answered, and the answer needs a rule of its own for the ports that the sender chose. Without it connections hang in one subnet and work in the next, and somebody opens everything to make it go away.',
  remedy: 'Let replies in on the ports that senders use: those of the nodes’ system, and 1024-65535 for NAT gateways.',
  references: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html',
  ],
  *run(view) {
    const seen = new Set<string>()
    const table = trafficTable()
    for (const each of waysOfNodes(view)) {
      const { out } = each
      if (!leavesHere(out) || !out.packet.endsWith('/TCP')) continue
      if (!isMost(out.addresses, view.outward.internet(out.family))) continue
      for (const edge of edgesOf(view, each)) {
        const found = hitAt(each, edge, table)
        const key = found === null ? '' : `${found.object.id} ${found.key}`
        if (found === null || seen.has(key)) continue
        seen.add(key)
        yield found
      }
    }
  },
}

interface Edge {
  readonly subnet: Subnet
  readonly filter: Filter
  readonly ports: { readonly first: number; readonly last: number; readonly whose: string }
}

/**
 * Where answers enter subnets on their way back, with the ports that they are for.
 * Source: VPC User Guide, “Ephemeral ports”; kernel.org, ip-sysctl, `ip_local_port_range`.
 */
const edgesOf = ({ places }: FabricView, { subnet, node, out }: NodeWay): readonly Edge[] => {
  const own =
    node.node?.os === 'windows'
      ? { first: 49_152, last: 65_535, whose: 'Windows' }
      : { first: 32_768, last: 60_999, whose: 'Linux' }
  const gateway = out.way.exit.kind === 'nat' ? places.gateways.get(out.way.exit.id ?? '') : undefined
  const far = gateway?.subnet == null ? undefined : places.subnets.get(gateway.subnet)
  const at = (where: Subnet, ports: Edge['ports']): readonly Edge[] =>
    (where.filters ?? []).flatMap(id => {
      const filter = places.filters.get(id)
      return filter === undefined || filter.stateful || filter.doubts.length > 0
        ? []
        : [{ subnet: where, filter, ports }]
    })
  return [
    // Inside one subnet no list is asked.
    ...(far?.id === subnet.id ? [] : at(subnet, own)),
    ...(far === undefined ? [] : at(far, { first: 1024, last: 65_535, whose: 'a NAT gateway' })),
  ]
}

const hitAt = (
  { subnet, node, one, out }: NodeWay,
  { subnet: where, filter, ports }: Edge,
  table: TrafficTable,
): FabricHit | null => {
  const lost = lostIn(filter, out.addresses, ports, table)
  if (lost === null) return null
  const { first, last, whose } = ports
  return hitOn(
    filter,
    `${lost === 'all' ? 'no reply' : 'not every reply'} from the internet gets into ${severalOf([where])} to the ports that ${whose} sends from (${first}-${last}): what nodes in ${severalOf([subnet])} send is answered, and ${lost === 'all' ? 'the answers are' : 'some answers are'} dropped`,
    `in \`${shortOf(filter.id)}\`: allow TCP ${first}-${last} in from where the nodes send to, before what denies it`,
    {
      key: `${out.family} ${first}`,
      severity: lost === 'all' ? null : 'low',
      witness: `${addressText(one.addresses, out.family)} -> ${out.packet}, and back to port ${last}`,
      path: [nodeHop(node), ...out.way.hops],
    },
  )
}

/** How much of the replies a list lets in: null where it is all of them, or of most places all. */
const lostIn = <F extends Family>(
  filter: Filter,
  from: AddressSet<F>,
  { first, last }: Edge['ports'],
  table: TrafficTable,
): 'all' | 'some' | null => {
  const algebra = regions<F, TrafficId>(from.family, table)
  const asked = algebra.ofBoxes([{ addresses: from, id: table.idOf(portsFrom(TCP, first, last)) }])
  const none = { must: bothFamilies.empty, may: bothFamilies.full }
  const { may } = passesFilter(filter, 'ingress', algebra, table, () => none, null)
  const wholly = addressesOf(from.family).subtract(from, algebra.addressesOf(algebra.subtract(asked, may)))
  if (isMost(wholly as AddressSet<Family>, from as AddressSet<Family>)) return null
  const partly = algebra.addressesOf(algebra.intersect(asked, may))
  return isMost(partly as AddressSet<Family>, from as AddressSet<Family>) ? 'some' : 'all'
}
