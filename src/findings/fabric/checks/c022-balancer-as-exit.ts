import type { Gateway } from '../../../model/fabric.ts'
import { type FabricCheck, hitOn } from '../check.ts'
import { isKeptOff } from '../kept-off.ts'
import { isMost } from '../outward.ts'
import { waysOfSenders, whoAmong } from '../senders.ts'
import { named, severalOf } from '../words.ts'

export const balancerAsExit: FabricCheck = {
  id: 'PST-C022',
  title: 'Load balancer that nodes leave by and nobody approved',
  severity: 'medium',
  why: 'A balancer is looked at for what comes in. Its outbound rules make it a way out as well, which carries whatever those behind it send, past the exits where addresses are known and somebody keeps logs.',
  remedy: 'Lead the packets to an approved exit, or approve the balancer with an owner.',
  references: [
    'docs/intents.md',
    'https://learn.microsoft.com/en-us/azure/load-balancer/outbound-rules',
    'https://learn.microsoft.com/en-us/azure/load-balancer/load-balancer-outbound-connections',
  ],
  *run(view) {
    const { approvals, places, outward } = view
    if (!approvals.areDeclared) return
    const leaving = waysOfSenders(view).filter(
      ({ subnet, out }) =>
        out.way.exit.kind === 'load-balancer-outbound' &&
        out.way.verdict !== 'denied' &&
        approvals.ofWay(out.way) === null &&
        !isKeptOff(view, subnet.id),
    )
    // Of one behind several balancers any of them may be the way.
    const byBalancer = Map.groupBy(
      leaving.flatMap(way => {
        const { id } = way.out.way.exit
        return (id === null ? way.one.balancers : [id]).map(one => ({ ...way, id: one }))
      }),
      ({ id }) => id,
    )
    for (const [id, same] of byBalancer) {
      const balancer: Gateway | undefined = places.gateways.get(id)
      const shown = same.find(({ out }) => isMost(out.addresses, outward.internet(out.family))) ?? same[0]
      if (balancer === undefined || shown === undefined || approvals.ofGateway(balancer) !== null) continue
      const { first, out, witness } = shown
      const isDefault = isMost(out.addresses, outward.internet(out.family))
      yield hitOn(
        balancer,
        `${whoAmong(same)} in ${severalOf(same.map(({ subnet }) => subnet))} send ${isDefault ? 'most of the internet' : 'part of the internet'} by its outbound rules, and no ApprovedExit names it`,
        `lead what goes by ${named(balancer)} to an approved exit, or write an ApprovedExit that names it`,
        { severity: isDefault ? 'high' : null, witness, path: [first, ...out.way.hops] },
      )
    }
  },
}
