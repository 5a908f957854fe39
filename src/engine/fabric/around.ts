import type { Attachment, Subnet } from '../../model/fabric.ts'
import type { AddressSet } from '../../sets/address-set.ts'
import type { Family } from '../../sets/cidr.ts'
import type { Region, RegionAlgebra } from '../../sets/region.ts'
import type { TrafficId, TrafficTable } from '../../sets/traffic-table.ts'
import type { Arrival } from './arrival.ts'
import type { Crossing } from './crossing.ts'
import type { Places } from './places.ts'
import type { Place, Way } from './ways.ts'

export type Go<F extends Family> = (place: Place, region: Region<F>) => readonly Way<F>[]

/** What every step of a walk leans on. */
export interface Around<F extends Family> {
  readonly places: Places
  readonly algebra: RegionAlgebra<F, TrafficId>
  readonly crossing: Crossing<F>
  readonly arrival: Arrival<F>
  readonly table: TrafficTable
  /** The same as `routed`, once for all senders that nothing tells apart; `cover` holds all that it may be asked about. */
  readonly shared: (place: Place, region: Region<F>, cover: AddressSet<F>) => readonly Way<F>[]
  /** On by the routes of the subnet where it is. */
  readonly routed: Go<F>
  /** The same of what was translated to IPv4. */
  readonly asIPv4: () => Go<4>
}

/** How a packet came to a hub. */
export interface Entered {
  readonly attachment: Attachment
  readonly hub: string
  /** The subnet that it comes from, whose zone it keeps; null: from outside of the networks of this hub. */
  readonly from: Subnet | null
}

/** The same, with all addresses that the routes of a hub’s table lead there. */
export interface Taken<F extends Family> extends Entered {
  readonly cover: AddressSet<F>
}
