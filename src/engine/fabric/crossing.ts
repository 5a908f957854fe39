import type { Fabric, Filter, NetworkInterface } from '../../model/fabric.ts'
import type { Direction } from '../../model/rule.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import type { AnyAddress, Family } from '../../sets/cidr.ts'
import type { Region, RegionAlgebra } from '../../sets/region.ts'
import type { TrafficId, TrafficTable } from '../../sets/traffic-table.ts'
import type { Outcome } from '../fold.ts'
import { blockOf } from '../ground.ts'
import { inFamily, type MembersOf, passesFilter } from './filters.ts'
import { notRead, type Places } from './places.ts'
import { type Place, stops, type Way } from './ways.ts'

/** Filters that stand at one point: of an interface, of which each may let pass, or of a subnet, of which each may stop. */
export interface Crossing<F extends Family> {
  /** Toward the other end. `next` takes what passes, and may. */
  readonly leaving: (
    place: Place,
    region: Region<F>,
    filters: readonly string[] | null,
    next: (place: Place, region: Region<F>) => readonly Way<F>[],
  ) => readonly Way<F>[]
  /** What filters let in from senders that have some of these addresses. `isFar`: from a network that may not know its members. */
  readonly takenIn: (filters: readonly string[] | null, from: Addresses, isFar?: boolean) => Outcome<TrafficId>
}

export const crossingIn = <F extends Family>(
  fabric: Fabric,
  places: Places,
  algebra: RegionAlgebra<F, TrafficId>,
  table: TrafficTable,
): Crossing<F> => {
  const membersOf = membersIn(fabric)
  // Whether a hub lets one network know the members of another’s filters is a setting that is not read.
  const farMembers: MembersOf = filter => ({ must: bothFamilies.empty, may: membersOf(filter).may })
  const known = new Map<string, Outcome<Region<F>>>()
  const passing = (filter: Filter, direction: Direction, isFar = false): Outcome<Region<F>> => {
    const key = `${direction} ${isFar} ${filter.id}`
    const before = known.get(key)
    if (before !== undefined) return before
    const made = passesFilter(filter, direction, algebra, table, isFar ? farMembers : membersOf)
    known.set(key, made)
    return made
  }
  const leaving: Crossing<F>['leaving'] = (place, region, filters, next) => {
    if (filters === null) return next({ ...place, unknowns: [...place.unknowns, FILTERS_UNREAD] }, region)
    if (filters.length === 0) return next(place, region)
    const read = filters.flatMap(id => places.filters.get(id) ?? [])
    const lost = filters.filter(id => !places.filters.has(id))
    const all = read.map(filter => passing(filter, 'egress'))
    const must = all.map(one => one.must).reduce(algebra.union, algebra.empty)
    const may = lost.length > 0 ? region : all.map(one => one.may).reduce(algebra.union, algebra.empty)
    const [sure, open] = [algebra.intersect(region, must), algebra.intersect(algebra.subtract(region, must), may)]
    const closed = algebra.subtract(algebra.subtract(region, must), may)
    const says = `lets none of it leave${read.length > 1 ? ', nor do the other filters there' : ''}`
    return [
      ...(algebra.isEmpty(sure) ? [] : next(place, sure)),
      ...(algebra.isEmpty(open)
        ? []
        : next(
            {
              ...place,
              unknowns: [
                ...place.unknowns,
                ...(lost[0] === undefined ? [FILTER_OPEN] : [notRead('the filter', lost[0])]),
              ],
            },
            open,
          )),
      ...(algebra.isEmpty(closed) ? [] : stops(place, closed, { of: read[0] ?? null, at: read[0]?.at ?? [], says })),
    ]
  }
  const takenIn: Crossing<F>['takenIn'] = (filters, from, isFar = false) => {
    if (filters === null) return { must: table.empty, may: table.full }
    if (filters.length === 0) return { must: table.full, may: table.full }
    const senders = algebra.ofBoxes([{ addresses: inFamily(from, algebra.family), id: table.full }])
    const each = filters.map((id): Outcome<TrafficId> => {
      const filter = places.filters.get(id)
      if (filter === undefined) return { must: table.empty, may: table.full }
      const { must, may } = passing(filter, 'ingress', isFar)
      return { must: fromAll(algebra, table, senders, must), may: fromAny(algebra, table, senders, may) }
    })
    return {
      must: each.map(one => one.must).reduce(table.union, table.empty),
      may: each.map(one => one.may).reduce(table.union, table.empty),
    }
  }
  return { leaving, takenIn }
}

/** What passes from each of the senders. */
const fromAll = <F extends Family>(
  algebra: RegionAlgebra<F, TrafficId>,
  table: TrafficTable,
  senders: Region<F>,
  passing: Region<F>,
): TrafficId => {
  const missing = algebra.boxesOf(algebra.subtract(senders, passing)).map(({ id }) => id)
  return algebra.isEmpty(senders) ? table.empty : missing.reduce(table.subtract, table.full)
}

const fromAny = <F extends Family>(
  algebra: RegionAlgebra<F, TrafficId>,
  table: TrafficTable,
  senders: Region<F>,
  passing: Region<F>,
): TrafficId =>
  algebra.boxesOf(algebra.intersect(senders, passing)).reduce((all, { id }) => table.union(all, id), table.empty)

/** Interfaces that were not read may be members, too: wherever a network has room, and no interface is known. */
const membersIn = (fabric: Fabric): MembersOf => {
  const ofInterface = ({ addresses }: NetworkInterface): readonly AnyAddress[] => addresses
  const room = addressesOfCidrs(fabric.networks.flatMap(({ ranges }) => ranges))
  const taken = addressesOf(fabric.interfaces.flatMap(ofInterface))
  const unseen = bothFamilies.subtract(room, taken)
  const byFilter = new Map<string, AnyAddress[]>()
  for (const one of fabric.interfaces)
    for (const filter of one.filters) byFilter.set(filter, [...(byFilter.get(filter) ?? []), ...one.addresses])
  return filter => {
    const must = addressesOf(byFilter.get(filter) ?? [])
    return { must, may: bothFamilies.union(must, unseen) }
  }
}

export const addressesOf = (addresses: readonly AnyAddress[]): Addresses => addressesOfCidrs(addresses.map(blockOf))

const FILTERS_UNREAD = {
  stage: 'fabric',
  why: 'the filters at the edge of the subnet were not read',
  settledBy: 'the documents of the network’s own filters',
}

const FILTER_OPEN = {
  stage: 'fabric',
  why: 'a rule of a filter on the way is about something that was not read',
  settledBy: 'the lists and the groups that the rules name',
}
