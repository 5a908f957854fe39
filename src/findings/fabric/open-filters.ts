import { inFamily, passesFilter } from '../../engine/fabric/filters.ts'
import { rangesHeld } from '../../engine/fabric/places.ts'
import type { Filter, FilterRule, NetworkInterface, Subnet } from '../../model/fabric.ts'
import { addressesOf } from '../../sets/address-set.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import type { AnyAddress, AnyCidr, Family } from '../../sets/cidr.ts'
import { TCP, UDP } from '../../sets/protocol.ts'
import { type Region, regions } from '../../sets/region.ts'
import { protocolTraffic, type Traffic, traffics, unionOfTraffics } from '../../sets/traffic.ts'
import { type TrafficId, trafficTable } from '../../sets/traffic-table.ts'
import { isMost } from './outward.ts'
import type { FabricView } from './view.ts'

/** What people mean by everything: filters of some clouds cannot say more. */
const EVERYTHING: Traffic = unionOfTraffics([TCP, UDP].map(protocolTraffic))

/**
 * Whether filters at one place let `own` send everything to most of the internet, for certain: among those of which one is enough one
 * of them, and each of the others. What is about a group counts for nobody.
 */
export const letEverythingOut = (
  { outward }: Pick<FabricView, 'outward'>,
  filters: readonly Filter[],
  own: Addresses,
  family: Family,
): boolean => (family === 4 ? opensAll(filters, own, 4, outward) : opensAll(filters, own, 6, outward))

const opensAll = <F extends Family>(
  filters: readonly Filter[],
  own: Addresses,
  family: F,
  outward: FabricView['outward'],
): boolean => {
  const table = trafficTable()
  const algebra = regions<F, TrafficId>(family, table)
  const internet = outward.internet(family)
  const asked = algebra.ofBoxes([{ addresses: internet as never, id: table.idOf(EVERYTHING) }])
  const passing = (filter: Filter): Region<F> => passesFilter(filter, 'egress', algebra, table, () => NOBODY, own).must
  const some = filters.filter(({ joins }) => joins === 'any').map(passing)
  const walls = [
    ...(some.length === 0 ? [] : [some.reduce(algebra.union)]),
    ...filters.filter(({ joins }) => joins === 'each').map(passing),
  ]
  const passed = walls.reduce(algebra.intersect, asked)
  const lost = algebra.addressesOf(algebra.subtract(asked, passed))
  const wholly = addressesOf(family).subtract(internet as never, lost)
  return filters.length > 0 && isMost(wholly as never, internet)
}

const NOBODY = { must: bothFamilies.empty, may: bothFamilies.full }

/** The rule by which a filter does: the first that says so by itself; null: it takes several. */
export const openingRule = ({ outward }: Pick<FabricView, 'outward'>, { egress }: Filter): FilterRule | null =>
  egress.find(
    ({ action, peers, traffic }) =>
      action === 'allow' &&
      peers.kind === 'addresses' &&
      traffics.isSubset(EVERYTHING, traffic) &&
      ([4, 6] as const).some(family => isMost(inFamily(peers.addresses, family), outward.internet(family))),
  ) ?? null

/** What an interface sends from; of addresses that are not told, any of its subnet. */
export const sentFrom = ({ addresses, untold }: NetworkInterface, subnet: Subnet): Addresses => {
  const own = addressesOfCidrs(addresses.map(wholeOf))
  return untold.length === 0 ? own : bothFamilies.union(own, rangesHeld(subnet.ranges))
}

const wholeOf = (address: AnyAddress): AnyCidr =>
  address.family === 4 ? { ...address, prefix: 32 } : { ...address, prefix: 128 }
