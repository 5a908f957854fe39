import { type FabricCheck, type FabricHit, hitOn } from '../check.ts'
import { sentFrom } from '../open-filters.ts'
import type { WayOutward } from '../outward.ts'
import { missedOnReturn, rangesOfOthers } from '../replies.ts'
import type { FabricView } from '../view.ts'
import { waysOfNodes } from '../ways-of-nodes.ts'
import { addressText, named, nodeHop, severalOf, shortOf } from '../words.ts'

export const inspectedOneWay: FabricCheck = {
  id: 'PST-A002',
  title: 'Firewall that sees what leaves and not what is answered',
  severity: 'medium',
  why: 'What leaves is led through a firewall, and the answers come back by another way. A firewall that sees half of a conversation drops it or lets it pass unread, and to make it work somebody takes the firewall out of the way.',
  remedy:
    'Lead the answers back through the same firewall: by routes for the subnets that send, where the answers come in.',
  references: [
    'https://docs.aws.amazon.com/network-firewall/latest/developerguide/asymmetric-routing.html',
    'https://docs.aws.amazon.com/network-firewall/latest/developerguide/arch-igw-ngw.html',
    'https://learn.microsoft.com/en-us/azure/firewall/integrate-lb',
  ],
  *run(view) {
    // Whoever meets no firewall anywhere misses none.
    if (!view.fabric.gateways.some(({ kind, isUp }) => kind === 'firewall' && isUp)) return
    const seen = new Set<string>()
    for (const each of waysAround(view)) {
      const found = hitAt(view, each)
      const key = found === null ? '' : `${found.object.id} ${found.key}`
      if (found === null || seen.has(key)) continue
      seen.add(key)
      yield found
    }
  },
}

type Around = ReturnType<typeof waysOfNodes>[number]

/** To the internet, and to the networks beside. */
const waysAround = (view: FabricView): readonly Around[] => [
  ...waysOfNodes(view),
  ...view.nodeSubnets.flatMap(({ subnet, nodes, interfaces }) => {
    const { v4, v6 } = rangesOfOthers(view, subnet.network)
    return interfaces.flatMap((one, i) =>
      [v4, v6]
        .filter(({ family, bounds }) => bounds.length > 0 && addressText(one.addresses, family) !== null)
        .flatMap(asked =>
          view.outward
            .toward({ kind: 'interface', of: one }, asked)
            .map((out: WayOutward) => ({ subnet, node: nodes[i] as Around['node'], one, out })),
        ),
    )
  }),
]

const hitAt = (view: FabricView, { subnet, node, one, out }: Around): FabricHit | null => {
  const [reply] = missedOnReturn(view, out, sentFrom(one, subnet))
  const [firewall] = reply?.missed ?? []
  if (reply === undefined || firewall === undefined) return null
  const table = view.tableOf(reply.from)
  const over = reply.back.way.hops.filter(({ hop }) => hop !== 'interface').map(({ id }) => ({ id }))
  return hitOn(
    firewall,
    `what nodes in ${named(subnet)} send passes it, and the answers come back from ${named(reply.from)} without it, by ${severalOf(over)}`,
    `lead what ${named(reply.from)} sends to ${named(subnet)} to ${named(firewall)}${table === null ? '' : `, in \`${shortOf(table.id)}\``}`,
    {
      key: `${subnet.id} ${reply.from.id}`,
      witness: `${addressText(one.addresses, out.family)} -> ${out.packet}, and back to ${reply.back.packet}`,
      path: [nodeHop(node), ...out.way.hops, ...reply.back.way.hops],
    },
  )
}
