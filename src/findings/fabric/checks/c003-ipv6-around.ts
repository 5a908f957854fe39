import { reasonsFor } from '../../../engine/fabric/grounds.ts'
import type { NetworkInterface } from '../../../model/fabric.ts'
import { type FabricCheck, type FabricHit, hitOn } from '../check.ts'
import { guardOf, leavesHere } from '../guards.ts'
import { isKeptOff } from '../kept-off.ts'
import type { NodeThere } from '../nodes.ts'
import { isMost } from '../outward.ts'
import type { FabricView, NodeTable } from '../view.ts'
import { addressText, nodeHop, severalOf, shortOf } from '../words.ts'

export const ipv6Around: FabricCheck = {
  id: 'PST-C003',
  title: 'IPv6 leaves past the exit that IPv4 is sent to',
  severity: 'high',
  why: 'IPv4 goes to an exit that somebody watches, and IPv6 of the same nodes goes straight out by a gateway of their own network. Programs prefer IPv6 where both are there, so that most of what was to be watched is not.',
  remedy: 'Lead `::/0` where `0.0.0.0/0` goes, or take it out of the table.',
  references: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-migrate-ipv6.html',
  ],
  *run(view) {
    for (const each of view.nodeTables) {
      const found = hitIn(view, each)
      if (found !== null) yield found
    }
  },
}

/** One for a table: whoever goes by it goes around. */
const hitIn = (view: FabricView, { table, subnets }: NodeTable): FabricHit | null => {
  const around = subnets.flatMap(({ subnet, nodes, interfaces }) =>
    isKeptOff(view, subnet.id)
      ? []
      : interfaces.flatMap((one, i) => {
          const found = aroundAt(view, one)
          return found === null ? [] : [{ subnet, node: nodes[i] as NodeThere, one, ...found }]
        }),
  )
  const [first] = around
  if (first === undefined) return null
  const { node, one, guard, six } = first
  const decided = reasonsFor(six.way.grounds, six.addresses).find(({ of }) => of?.id === table.id)
  return hitOn(
    table,
    `from subnets of nodes (${severalOf(around.map(({ subnet }) => subnet))}) IPv4 goes by ${guard}, and IPv6 straight out by \`${shortOf(six.way.exit.id ?? '')}\``,
    `in \`${shortOf(table.id)}\`: lead IPv6 where IPv4 goes, or remove its route to \`${shortOf(six.way.exit.id ?? '')}\``,
    {
      at: decided?.at ?? table.at,
      key: six.way.exit.id ?? '',
      witness: `${addressText(one.addresses, 6)} -> ${six.packet}`,
      path: [nodeHop(node), ...six.way.hops],
    },
  )
}

const aroundAt = (view: FabricView, one: NetworkInterface) => {
  if (addressText(one.addresses, 4) === null || addressText(one.addresses, 6) === null) return null
  const start = { kind: 'interface', of: one } as const
  const [four] = view.outward.from(start, 4)
  const six = view.outward.from(start, 6).find(leavesHere)
  if (four === undefined || six === undefined || four.way.verdict === 'denied') return null
  if (!isMost(six.addresses, view.outward.internet(6)) || guardOf(view, six) !== null) return null
  const guard = guardOf(view, four)
  return guard === null ? null : { guard, six }
}
