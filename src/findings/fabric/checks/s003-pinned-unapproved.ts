import { type FabricCheck, hitOn } from '../check.ts'
import { leavesByNetwork } from '../exits.ts'
import { isKeptOff } from '../kept-off.ts'
import { isMost } from '../outward.ts'
import { waysOfPinned } from '../ways-of-pinned.ts'
import { named, severalOf, shortOf } from '../words.ts'

export const pinnedUnapproved: FabricCheck = {
  id: 'PST-S003',
  title: 'Function or app that leaves its network by an exit nobody approved',
  severity: 'medium',
  why: 'It was joined to a network so that it leaves where somebody looks. The subnet that it was given leads to another exit, whose addresses no partner knows and whose logs nobody keeps.',
  remedy: 'Give it subnets that lead to an approved exit, or approve this one with an owner.',
  references: [
    'docs/intents.md',
    'https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html',
    'https://learn.microsoft.com/en-us/azure/app-service/configure-vnet-integration-routing',
  ],
  *run(view) {
    const { approvals, outward } = view
    // Where nothing is approved, everything would be a finding and none would say anything.
    if (!approvals.areDeclared) return
    const unapproved = waysOfPinned(view).filter(
      ({ subnet, out }) =>
        leavesByNetwork(view, subnet, out) && approvals.ofWay(out.way) === null && !isKeptOff(view, subnet.id),
    )
    const byExit = Map.groupBy(unapproved, ({ workload, out }) => `${workload.id} ${out.way.exit.id}`)
    for (const same of byExit.values()) {
      const isDefault = ({ out }: (typeof same)[number]): boolean => isMost(out.addresses, outward.internet(out.family))
      const shown = same.find(isDefault) ?? same[0]
      if (shown === undefined) continue
      const { workload, out } = shown
      const { id } = out.way.exit
      const exit = id === null ? 'one of several exits' : `\`${shortOf(id)}\``
      yield hitOn(
        workload,
        `it sends ${isDefault(shown) ? 'most of the internet' : 'part of the internet'} from ${severalOf(same.map(({ subnet }) => subnet))} by ${exit}, and no ApprovedExit names it`,
        `give ${named(workload)} subnets that lead to an approved exit, or write an ApprovedExit that names ${exit}`,
        {
          key: id ?? '',
          severity: isDefault(shown) ? 'high' : null,
          witness: `${workload.name ?? shortOf(workload.id)} -> ${out.packet}`,
          path: [{ hop: 'managed', id: workload.id }, ...out.way.hops],
        },
      )
    }
  },
}
