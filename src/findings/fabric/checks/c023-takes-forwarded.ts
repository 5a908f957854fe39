import type { Network, Peering } from '../../../model/fabric.ts'
import { type FabricCheck, hitOn } from '../check.ts'
import { readThere } from '../read-there.ts'
import type { FabricView } from '../view.ts'
import { named, shortOf } from '../words.ts'

export const takesForwarded: FabricCheck = {
  id: 'PST-C023',
  title: 'Peering that takes what the other side passes on, where nothing does',
  severity: 'low',
  why: 'A peering takes packets of the other network alone, unless it is told to take those of third ones too. Where nothing on the other side passes packets on, that permission waits for whoever starts a machine there that does, and then his neighbours reach this network without a change on this side.',
  remedy: 'Take the permission away until something on the other side needs it.',
  references: [
    'https://learn.microsoft.com/en-us/azure/virtual-network/virtual-network-manage-peering',
    'https://learn.microsoft.com/en-us/azure/virtual-network/virtual-network-peering-overview',
  ],
  *run(view) {
    const { fabric, places, approvals } = view
    if (fabric.interfaces.length === 0) return
    const isRead = readThere(
      view,
      fabric.interfaces.map(({ subnet }) => places.subnets.get(subnet)?.network ?? null),
    )
    for (const peering of fabric.peerings)
      for (const id of peering.isUp ? peering.takesForwarded : []) {
        const [taker, other] = sidesOf(view, peering, id)
        if (taker === undefined || other === undefined || !isRead(other.id)) continue
        if (places.subnetsOf(other.id).length === 0 || passesOn(view, other.id)) continue
        const [own, theirs] = [taker, other].map(one => approvals.environmentsOf(one.id)) as [
          ReturnType<typeof approvals.environmentsOf>,
          ReturnType<typeof approvals.environmentsOf>,
        ]
        const areApart = own.length > 0 && theirs.length > 0 && !own.some(one => theirs.includes(one))
        yield hitOn(
          peering,
          `${named(taker)} takes from ${named(other)} what third networks send, and nothing in ${named(other)} passes packets on: no firewall, no gateway and no interface that takes packets for others${areApart ? '; the two are of different environments' : ''}`,
          `in ${named(peering)}: let ${named(taker)} take packets of ${named(other)} alone`,
          {
            key: taker.id,
            severity: areApart ? 'medium' : null,
            witness: `takes forwarded packets: \`${shortOf(other.id)}\` -> \`${shortOf(taker.id)}\``,
            path: [
              { hop: 'network', id: other.id },
              { hop: 'peering', id: peering.id },
              { hop: 'network', id: taker.id },
            ],
          },
        )
      }
  },
}

const sidesOf = (
  { places }: FabricView,
  { networks }: Peering,
  id: string,
): readonly [Network | undefined, Network | undefined] => [
  places.networks.get(id),
  places.networks.get(networks.find(one => one !== id) ?? ''),
]

/** Whether anything that stands in a network, or that it hangs on, passes on what is not for it. */
const passesOn = ({ fabric, places }: FabricView, network: string): boolean =>
  fabric.gateways.some(
    ({ kind, network: own, subnet }) =>
      PASSING.has(kind) && (own === network || places.subnets.get(subnet ?? '')?.network === network),
  ) ||
  fabric.attachments.some(({ to }) => to.kind === 'network' && to.network === network) ||
  fabric.interfaces.some(({ forwards, subnet }) => forwards && places.subnets.get(subnet)?.network === network)

const PASSING: ReadonlySet<string> = new Set(['firewall', 'hub', 'on-premises', 'other'])
