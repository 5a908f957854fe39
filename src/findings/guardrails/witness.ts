import { exampleAddress, packetTo } from '../../engine/witness.ts'
import { type AddressSet, addresses4, addresses6 } from '../../sets/address-set.ts'
import type { Family } from '../../sets/cidr.ts'

/** A packet from somewhere to one of the addresses; null: there is none. */
export const witnessFrom = ({ id }: { readonly id: string }, addresses: AddressSet<Family>): string | null => {
  const place = exampleAddress(
    addresses.family === 4
      ? { v4: addresses as AddressSet<4>, v6: addresses6.empty }
      : { v4: addresses4.empty, v6: addresses as AddressSet<6> },
  )
  return place === null ? null : `${id} -> ${packetTo(place, '443/TCP')}`
}
