import { printAddresses } from '../../sets/address-text.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import type { AnyCidr } from '../../sets/cidr.ts'
import { HOST, INTERNET } from './blocks.ts'

/** What tags mean for what stands in one subnet. */
export interface Extent {
  /** `VirtualNetwork`. */
  readonly network: Addresses
  /** Not null: it holds more than these, which nobody can tell. */
  readonly isOpen: { readonly why: string; readonly settledBy: string } | null
  /** `Internet`. */
  readonly internet: Addresses
  /** Of the network that the subnet is in: whoever sends or takes there is one of these. */
  readonly own: Addresses
  /** Equal for equal extents. */
  readonly key: string
}

/**
 * The network’s own space, peers, what lies behind gateways, prefixes of the subnet’s own routes, and the host. Where such a route is
 * for everything, `VirtualNetwork` is everything; `Internet` stays the list that it is, less what networks here have.
 * Source: “Virtual network service tags”, VirtualNetwork and Internet.
 */
export const extentOf = (parts: {
  readonly own: readonly AnyCidr[]
  readonly peers: readonly AnyCidr[]
  readonly behind: readonly AnyCidr[]
  readonly routed: readonly AnyCidr[]
  readonly isOpen: Extent['isOpen']
}): Extent => {
  const { own, peers, behind, routed, isOpen } = parts
  const network = addressesOfCidrs([...own, ...peers, ...behind, ...routed, ...HOST])
  const internet = bothFamilies.subtract(INTERNET, addressesOfCidrs([...own, ...peers]))
  const its = addressesOfCidrs(own)
  const key = JSON.stringify([...[network, internet, its].map(printAddresses), isOpen?.why ?? null])
  return { network, isOpen, internet, own: its, key }
}
