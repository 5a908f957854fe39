import { type FabricCheck, hitOn } from '../check.ts'
import { isLent } from '../exits.ts'
import { isKeptOff } from '../kept-off.ts'
import { isMost } from '../outward.ts'
import { waysOfSenders, whoAmong } from '../senders.ts'
import { named } from '../words.ts'

export const lentAddress: FabricCheck = {
  id: 'PST-C021',
  title: 'Subnet that leaves by addresses which the provider picks',
  severity: 'medium',
  why: 'Nobody gave the subnet a way out, and the provider lends it one: an address that it shares, may change at any time, and tells nobody. No partner can allow it, no log has it, and nobody decided that there should be a way out at all.',
  remedy: 'Take the default way out from the subnet, and give it NAT, or a route to a firewall.',
  references: ['https://learn.microsoft.com/en-us/azure/virtual-network/ip-services/default-outbound-access'],
  *run(view) {
    const lent = waysOfSenders(view).filter(
      ({ subnet, out }) => isLent(view, subnet, out) && !isKeptOff(view, subnet.id),
    )
    for (const same of Map.groupBy(lent, ({ subnet }) => subnet.id).values()) {
      const isDefault = ({ out }: (typeof same)[number]): boolean =>
        isMost(out.addresses, view.outward.internet(out.family))
      const shown = same.find(isDefault) ?? same[0]
      if (shown === undefined || view.approvals.ofWay(shown.out.way) !== null) continue
      const { subnet, first, out, witness } = shown
      yield hitOn(
        subnet,
        `what ${whoAmong(same)} there send to ${isDefault(shown) ? 'the internet' : 'a part of the internet'} leaves by addresses that the provider picks: no gateway, no balancer and no address of their own takes it`,
        `switch off the default way out of ${named(subnet)}, and give it NAT or a route to a firewall`,
        { witness, path: [first, ...out.way.hops], severity: isDefault(shown) ? null : 'low' },
      )
    }
  },
}
