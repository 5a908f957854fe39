import { inFamily } from '../../engine/fabric/filters.ts'
import { rangesHeld } from '../../engine/fabric/places.ts'
import type { Gateway, Subnet } from '../../model/fabric.ts'
import { type AddressSet, addressesOf } from '../../sets/address-set.ts'
import { type Addresses, bothFamilies } from '../../sets/addresses.ts'
import type { Family } from '../../sets/cidr.ts'
import { firewallsOn } from './exits.ts'
import type { WayOutward } from './outward.ts'
import type { FabricView } from './view.ts'

/** A way that replies certainly take, from where the packets came out, and firewalls that they pass by. */
export interface Reply {
  readonly from: Subnet
  readonly back: WayOutward
  readonly missed: readonly Gateway[]
}

/**
 * Replies to what went out as `sent`, where they come back past a firewall that saw it go. A firewall that puts its own address on it
 * gets the answers itself. Empty: they pass it, or nobody can tell.
 */
export const missedOnReturn = (view: FabricView, out: WayOutward, sent: Addresses): readonly Reply[] => {
  const passed = firewallsOn(view, out).filter(({ translates }) => isUntouched(translates, out.addresses))
  const own = inFamily(sent, out.family) as AddressSet<Family>
  if (passed.length === 0 || out.way.verdict === 'denied' || addressesOf(out.family).isEmpty(own)) return []
  return answeringFrom(view, out).flatMap(from =>
    view.outward
      .toward({ kind: 'subnet', of: from, onlyRoutes: true }, own)
      .filter(({ way }) => way.verdict === 'allowed' && way.exit.kind === 'peer-network')
      // Any firewall on the way back may be the same one, in another zone.
      .filter(back => firewallsOn(view, back).length === 0)
      .map(back => ({ from, back, missed: passed })),
  )
}

const isUntouched = (translates: Addresses, addresses: AddressSet<Family>): boolean =>
  addressesOf(addresses.family).isEmpty(
    addressesOf(addresses.family).intersect(inFamily(translates, addresses.family) as never, addresses),
  )

/** Where answers enter networks again: the subnet of the NAT gateway that has them, or those of the network that the packets went to. */
const answeringFrom = ({ places }: FabricView, { way, addresses }: WayOutward): readonly Subnet[] => {
  const { kind, id } = way.exit
  if (kind === 'nat') {
    const nat = places.gateways.get(id ?? '')
    const subnet = nat?.subnet == null ? undefined : places.subnets.get(nat.subnet)
    return nat?.kind !== 'nat' || subnet === undefined ? [] : [subnet]
  }
  if (kind !== 'peer-network' || id === null || id === way.home) return []
  const sets = addressesOf(addresses.family)
  return places
    .subnetsOf(id)
    .filter(
      ({ ranges }) => !sets.isEmpty(sets.intersect(inFamily(rangesHeld(ranges), sets.family) as never, addresses)),
    )
}

/** What of other networks’ ranges nodes may send to: all but their own. */
export const rangesOfOthers = ({ fabric }: FabricView, network: string): Addresses => {
  const [own, others] = [true, false].map(isOwn =>
    fabric.networks
      .filter(({ id }) => (id === network) === isOwn)
      .map(({ ranges }) => rangesHeld(ranges))
      .reduce(bothFamilies.union, bothFamilies.empty),
  ) as [Addresses, Addresses]
  return bothFamilies.subtract(others, own)
}
