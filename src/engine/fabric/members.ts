import type { Fabric } from '../../model/fabric.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import type { AnyAddress } from '../../sets/cidr.ts'
import { blockOf } from '../ground.ts'
import type { MembersOf } from './filters.ts'
import type { Places } from './places.ts'
import { isForeign, type Place } from './ways.ts'

/** Who is meant by a rule that names the members of a filter. A member is an interface, whoever else has its address elsewhere. */
export interface Members {
  /** At the other end of what a network sends: members in it, and in those that it is peered with. */
  readonly near: (network: string) => Asked
  /** The sender of what is on its way. */
  readonly sending: (place: Place) => Asked
}

/** Of some filters: equal keys, equal members. */
export type Asked = (filters: readonly string[]) => { readonly key: string; readonly membersOf: MembersOf }

export const membersIn = (fabric: Fabric, places: Places): Members => {
  const networkOf = (subnet: string): string | null => places.subnets.get(subnet)?.network ?? null
  const interfaces = Map.groupBy(fabric.interfaces, ({ subnet }) => networkOf(subnet))
  const peerings = fabric.peerings.filter(({ isUp }) => isUp)
  const made = new Map<string, Asked>()
  const makeNear = (network: string): Asked => {
    const own = peerings.filter(({ networks }) => networks.includes(network))
    const all = [...new Set([network, ...own.flatMap(({ networks }) => networks)])]
    const there = all.flatMap(id => interfaces.get(id) ?? [])
    const byFilter = new Map<string, AnyAddress[]>()
    for (const { filters, addresses } of there)
      for (const filter of filters) {
        const known = byFilter.get(filter)
        if (known === undefined) byFilter.set(filter, [...addresses])
        else known.push(...addresses)
      }
    // Interfaces that were not read may be members, too: wherever there is room, and no interface is known.
    const ranges = [...all.flatMap(id => places.networks.get(id)?.ranges ?? []), ...own.flatMap(one => one.ranges)]
    const unseen = bothFamilies.subtract(
      addressesOfCidrs(ranges),
      addressesOf(there.flatMap(({ addresses }) => addresses)),
    )
    const membersOf: MembersOf = filter => {
      const must = addressesOf(byFilter.get(filter) ?? [])
      return { must, may: bothFamilies.union(must, unseen) }
    }
    return filters => ({ key: filters.length === 0 ? '' : network, membersOf })
  }
  return {
    near: network => {
      const known = made.get(network) ?? makeNear(network)
      made.set(network, known)
      return known
    },
    sending: place => {
      const { sender, through } = place
      // What translates is no member of anything; anything in a subnet may be one.
      const own = through !== null ? [] : (sender?.filters ?? null)
      // Whether a hub lets one network know the members of another's filters is a setting that is not read.
      const isSure = own !== null && !isForeign(place)
      const may = (filter: string): boolean => !place.isHidden && (own === null || own.includes(filter))
      const membersOf: MembersOf = filter => ({
        must: isSure && may(filter) ? bothFamilies.full : bothFamilies.empty,
        may: may(filter) ? bothFamilies.full : bothFamilies.empty,
      })
      return filters => {
        const meant = filters.filter(may)
        return { key: meant.length === 0 ? '' : `${isSure} ${meant.join(' ')}`, membersOf }
      }
    },
  }
}

/** Nobody knows who sends. */
export const anybody: Asked = filters => ({
  key: filters.length === 0 ? '' : '*',
  membersOf: () => ({ must: bothFamilies.empty, may: bothFamilies.full }),
})

/** As a set; the same list is asked again and again. */
export const addressesOf = (addresses: readonly AnyAddress[]): Addresses => {
  const known = held.get(addresses)
  if (known !== undefined) return known
  const made = addressesOfCidrs(addresses.map(blockOf))
  held.set(addresses, made)
  return made
}

const held = new WeakMap<readonly AnyAddress[], Addresses>()
