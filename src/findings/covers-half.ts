import type { OutsideSpace } from '../engine/outside.ts'
import { sizeOf } from '../sets/address-points.ts'
import type { AddressSet } from '../sets/address-set.ts'
import type { Family } from '../sets/cidr.ts'
import type { Region } from '../sets/region.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'

/** Whether more than half of the addresses are in a region with all of the traffic; of none, any region holds more. */
export const coversHalf = <F extends Family>(
  { regions }: OutsideSpace<F>,
  region: Region<F>,
  asked: AddressSet<F>,
  traffic: TrafficId,
  { isSubset }: TrafficTable,
): boolean => {
  const whole = sizeOf(asked as AddressSet<Family>)
  const passing = regions
    .boxesOf(regions.within(region, asked))
    .filter(({ id }) => isSubset(traffic, id))
    .reduce((sum, { addresses }) => sum + sizeOf(addresses as AddressSet<Family>), 0n)
  return whole === 0n || 2n * passing > whole
}
