import type { Gateway } from '../../../model/fabric.ts'
import { printAddress } from '../../../sets/cidr.ts'
import { type FabricCheck, hitOn } from '../check.ts'
import { isMost } from '../outward.ts'
import { type SenderWay, waysOfSenders } from '../senders.ts'
import type { FabricView } from '../view.ts'
import { named, severalOf, shortOf } from '../words.ts'

export const unusedHub: FabricCheck = {
  id: 'PST-C027',
  title: 'Hub or firewall for the internet that nobody’s default route leads to',
  severity: 'low',
  why: 'It was built so that everything leaves in one place, it costs what it costs, and what it is for leaves elsewhere. Whoever reads the drawing believes that there is inspection, and there is none.',
  remedy: 'Lead the default routes of workloads to it, or remove it.',
  references: [
    'docs/intents.md',
    'https://docs.aws.amazon.com/prescriptive-guidance/latest/robust-network-design-control-tower/transit-gateway.html',
    'https://learn.microsoft.com/en-us/azure/firewall/integrate-lb',
  ],
  *run(view) {
    const senders = waysOfSenders(view)
    const isDefault = ({ out }: SenderWay): boolean => isMost(out.addresses, view.outward.internet(out.family))
    for (const gateway of view.fabric.gateways) {
      const { kind, isUp, id } = gateway
      if ((kind !== 'hub' && kind !== 'firewall') || !isUp || isLedTo(view, gateway)) continue
      const approved = view.approvals.ofGateway(gateway)
      const carries = carriedBy(view, gateway)
      if ((approved === null && carries === null) || !isWhollyRead(view, gateway)) continue
      const around = networksAround(view, gateway)
      const near = senders.filter(({ subnet }) => around.has(subnet.network))
      // Who is not followed to the end may be going there.
      if (near.some(({ out }) => out.way.exit.kind === 'unknown' || out.way.hops.some(hop => hop.id === id))) continue
      const widest = near.filter(isDefault)
      const [shown] = widest
      if (shown === undefined) continue
      const elsewhere = [...new Set(widest.flatMap(({ out }) => out.way.exit.id ?? []))]
      yield hitOn(
        gateway,
        `${approved === null ? `it has a way to the internet (${carries})` : `ApprovedExit \`${approved.ref.name}\` names it`}, and no default route of any node or workload leads to it${elsewhere.length === 0 ? '' : `: they leave by ${severalOf(elsewhere.map(one => ({ id: one })))}`}`,
        `lead the default routes of ${severalOf(widest.map(({ subnet }) => subnet))} to ${named(gateway)}, or remove it`,
        {
          severity: approved === null ? null : 'medium',
          witness: shown.witness,
          path: [shown.first, ...shown.out.way.hops],
        },
      )
    }
  },
}

/** Whether a default route of any subnet leads to it, whoever is there. */
const isLedTo = (view: FabricView, { id, privateAddresses }: Gateway): boolean => {
  const own = new Set(privateAddresses.map(printAddress))
  return view.fabric.tables.some(({ routes }) =>
    routes.some(
      ({ destination, next }) =>
        destination?.prefix === 0 &&
        ((next.kind === 'gateway' && next.id === id) ||
          (next.kind === 'address' && own.has(printAddress(next.address)))),
    ),
  )
}

/** Networks whose routes could lead to it: those that hang on a hub, and that of a firewall with those beside it. */
const networksAround = ({ fabric, places }: FabricView, { kind, id, network }: Gateway): ReadonlySet<string> =>
  new Set(
    kind === 'hub'
      ? places.attachmentsOf(id).flatMap(({ to }) => (to.kind === 'network' ? [to.network] : []))
      : [
          ...(network === null ? [] : [network]),
          ...fabric.peerings.flatMap(({ networks, isUp }) =>
            isUp && network !== null && networks.includes(network) ? networks : [],
          ),
        ],
  )

/** By what it could let something out, in words; null: by nothing. */
const carriedBy = (view: FabricView, { kind, id, publicAddresses }: Gateway): string | null => {
  if (kind === 'firewall') return publicAddresses.length === 0 ? null : 'public addresses of its own'
  const networks = new Set(
    view.places.attachmentsOf(id).flatMap(({ to }) => (to.kind === 'network' ? [to.network] : [])),
  )
  const gateway = view.fabric.gateways.find(
    one => one.kind === 'nat' && one.reachesInternet && one.isUp && networks.has(one.network ?? ''),
  )
  return gateway === undefined ? null : `\`${shortOf(gateway.id)}\``
}

/** Whether everybody who could go there was read. */
const isWhollyRead = ({ fabric, places }: FabricView, { kind, id, isCut, network }: Gateway): boolean => {
  const isRead = (one: string): boolean => places.networks.has(one) && places.subnetsOf(one).length > 0
  if (isCut) return false
  if (kind === 'hub')
    return places
      .attachmentsOf(id)
      .every(({ to }) => (to.kind === 'network' ? isRead(to.network) : to.kind === 'firewall'))
  return (
    network === null ||
    (fabric.peerings.every(({ networks }) => !networks.includes(network) || networks.every(isRead)) &&
      !fabric.attachments.some(({ to }) => to.kind === 'network' && to.network === network))
  )
}
