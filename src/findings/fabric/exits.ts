import { inFamily } from '../../engine/fabric/filters.ts'
import type { Gateway, Subnet } from '../../model/fabric.ts'
import { addressesOf } from '../../sets/address-set.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import type { WayOutward } from './outward.ts'
import type { FabricView } from './view.ts'

/** Whether anybody says, or shows by what he built, that packets are to leave by certain places. */
export const isWatched = ({ approvals, fabric }: FabricView): boolean =>
  approvals.areDeclared || fabric.gateways.some(({ kind, isUp }) => isUp && (kind === 'hub' || kind === 'firewall'))

/** A way that ends on the internet by the network’s own routes, whatever gives it an address, if filters let it. */
export const leavesByNetwork = (view: FabricView, subnet: Subnet, out: WayOutward): boolean =>
  out.way.verdict !== 'denied' && (BY_GATEWAY.has(out.way.exit.kind) || isLent(view, subnet, out))

const BY_GATEWAY: ReadonlySet<string> = new Set([
  'internet-gateway',
  'egress-only-gateway',
  'nat',
  'firewall',
  'load-balancer-outbound',
])

/** A way that leaves by an address which the provider picks for a subnet. What the provider itself serves there is none. */
export const isLent = ({ places }: FabricView, subnet: Subnet, { way, addresses }: WayOutward): boolean => {
  if (way.verdict === 'denied' || way.exit.kind !== 'provider-managed' || !places.networks.has(way.exit.id ?? ''))
    return false
  const own = bothFamilies.union(
    subnet.ownServices,
    places.networks.get(subnet.network)?.ownServices ?? bothFamilies.empty,
  )
  return !addressesOf(addresses.family).isSubset(addresses, inFamily(own, addresses.family))
}

/** Firewalls that packets pass on a way, in order. */
export const firewallsOn = ({ places }: FabricView, { way }: Pick<WayOutward, 'way'>): readonly Gateway[] =>
  way.hops.flatMap(({ hop, id }) => {
    const gateway = hop === 'gateway' ? places.gateways.get(id) : undefined
    return gateway?.kind === 'firewall' ? [gateway] : []
  })

/** What kind of exit a way has, in words; null: nobody can tell. */
export const kindOfExit = (view: FabricView, subnet: Subnet, out: WayOutward): string | null => {
  const { verdict, exit } = out.way
  if (verdict === 'denied') return 'nothing'
  if (exit.kind === 'provider-managed') return isLent(view, subnet, out) ? 'an address that the provider picks' : null
  return KINDS[exit.kind] ?? null
}

const KINDS: Readonly<Record<string, string>> = {
  'internet-gateway': 'an internet gateway',
  'egress-only-gateway': 'an egress-only gateway',
  nat: 'NAT',
  firewall: 'a firewall',
  'load-balancer-outbound': 'a load balancer',
  'on-premises': 'a line on-premises',
}
