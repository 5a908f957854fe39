import type { Fabric, Gateway, NetworkInterface } from '../../model/fabric.ts'
import { type AnyAddress, type Family, printAddress } from '../../sets/cidr.ts'
import type { Region } from '../../sets/region.ts'
import { keptBy } from '../lazily.ts'
import type { Go } from './around.ts'
import { notRead, type Places, said } from './places.ts'
import { isOpen, over, type Place, stops, type Way } from './ways.ts'

type Holder =
  | { readonly kind: 'gateway'; readonly of: Gateway }
  | { readonly kind: 'interface'; readonly of: NetworkInterface }

/** A route to an address: whoever has it, in the network where the packet is or in one beside it, is handed the packet. */
export const byAddressIn = <F extends Family>(
  fabric: Fabric,
  places: Places,
  to: {
    readonly gateway: (place: Place, region: Region<F>, id: string) => readonly Way<F>[]
    readonly interface: (place: Place, region: Region<F>, id: string) => readonly Way<F>[]
  },
): ((place: Place, region: Region<F>, address: AnyAddress) => readonly Way<F>[]) => {
  const holders = holdersIn(fabric, places)
  const handed = (place: Place, region: Region<F>, holder: Holder): readonly Way<F>[] =>
    holder.kind === 'gateway' ? to.gateway(place, region, holder.of.id) : to.interface(place, region, holder.of.id)
  const beside = (place: Place, region: Region<F>, address: AnyAddress): ReturnType<Go<F>> => {
    const { network } = place.subnet
    const found = fabric.peerings
      .filter(({ networks }) => networks.includes(network))
      .map(peering => {
        const other = peering.networks.find(id => id !== network) ?? ''
        return { peering, holder: holders(other).get(printAddress(address)) }
      })
      .find(({ holder }) => holder !== undefined)
    if (found?.holder === undefined) return isOpen(place, region, notRead('whoever has', printAddress(address)))
    const { peering, holder } = found
    const next = over(place, { hop: 'peering', id: peering.id })
    return peering.isUp ? handed(next, region, holder) : stops(next, region, said(peering, 'is not active'))
  }
  return (place, region, address) => {
    const own = holders(place.subnet.network).get(printAddress(address))
    return own === undefined ? beside(place, region, address) : handed(place, region, own)
  }
}

/** Of a network, by address. A gateway stands before an interface that is its own. */
const holdersIn = (fabric: Fabric, places: Places): ((network: string) => ReadonlyMap<string, Holder>) => {
  const networkOf = (subnet: string): string | undefined => places.subnets.get(subnet)?.network
  return keptBy(
    network =>
      new Map<string, Holder>([
        ...fabric.interfaces
          .filter(({ subnet }) => networkOf(subnet) === network)
          .flatMap(of => of.addresses.map((one): [string, Holder] => [printAddress(one), { kind: 'interface', of }])),
        ...fabric.gateways
          .filter(gateway => gateway.network === network)
          .flatMap(of =>
            of.privateAddresses.map((one): [string, Holder] => [printAddress(one), { kind: 'gateway', of }]),
          ),
      ]),
  )
}
