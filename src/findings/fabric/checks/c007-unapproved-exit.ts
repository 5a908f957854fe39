import { type FabricCheck, hitOn } from '../check.ts'
import { leavesHere } from '../guards.ts'
import { isKeptOff } from '../kept-off.ts'
import { isMost } from '../outward.ts'
import { waysOfNodes } from '../ways-of-nodes.ts'
import { addressText, nodeHop, severalOf, shortOf } from '../words.ts'

export const unapprovedExit: FabricCheck = {
  id: 'PST-C007',
  title: 'Exit that nodes use and nobody approved',
  severity: 'medium',
  why: 'Approved exits are where addresses are known to partners, where logs are kept, and where somebody answers for what leaves. A gateway beside them carries the same packets with none of it.',
  remedy: 'Lead the packets to an approved exit, or approve this one with an owner.',
  references: ['docs/intents.md', 'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html'],
  *run(view) {
    const { approvals, places, outward } = view
    // Where nothing is approved, everything would be a finding and none would say anything.
    if (!approvals.areDeclared) return
    const unapproved = waysOfNodes(view).filter(
      ({ subnet, out }) => leavesHere(out) && approvals.ofWay(out.way) === null && !isKeptOff(view, subnet.id),
    )
    for (const [id, same] of Map.groupBy(unapproved, ({ out }) => out.way.exit.id ?? '')) {
      const gateway = places.gateways.get(id)
      if (gateway === undefined) continue
      const widest = same.find(({ out }) => isMost(out.addresses, outward.internet(out.family))) ?? same[0]
      if (widest === undefined) continue
      const { node, one, out } = widest
      const isDefault = isMost(out.addresses, outward.internet(out.family))
      yield hitOn(
        gateway,
        `subnets of nodes (${severalOf(same.map(({ subnet }) => subnet))}) send ${isDefault ? 'most of the internet' : 'part of the internet'} by it, and no ApprovedExit names it`,
        `lead what goes by \`${shortOf(id)}\` to an approved exit, or write an ApprovedExit that names it`,
        {
          severity: isDefault ? 'high' : null,
          witness: `${addressText(one.addresses, out.family)} -> ${out.packet}`,
          path: [nodeHop(node), ...out.way.hops],
        },
      )
    }
  },
}
