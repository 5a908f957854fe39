import type { Fabric, Filter } from '../../model/fabric.ts'
import type { Direction } from '../../model/rule.ts'
import type { Addresses } from '../../sets/addresses.ts'
import type { Family } from '../../sets/cidr.ts'
import type { Region, RegionAlgebra } from '../../sets/region.ts'
import type { TrafficId, TrafficTable } from '../../sets/traffic-table.ts'
import type { Outcome } from '../fold.ts'
import { inFamily, membersAskedFor, passesFilter } from './filters.ts'
import { type Asked, anybody, membersIn } from './members.ts'
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
  /** What filters let in of what is on its way. */
  readonly takenIn: (filters: readonly string[] | null, from: Place) => Outcome<TrafficId>
  /** What a filter lets pass by itself, whoever sends it. */
  readonly stateless: (filter: Filter, direction: Direction) => Outcome<Region<F>>
}

export const crossingIn = <F extends Family>(
  fabric: Fabric,
  places: Places,
  algebra: RegionAlgebra<F, TrafficId>,
  table: TrafficTable,
): Crossing<F> => {
  const members = membersIn(fabric, places)
  const known = new Map<string, Outcome<Region<F>>>()
  const passing = (filter: Filter, direction: Direction, whose: Asked): Outcome<Region<F>> => {
    const { key: by, membersOf } = whose(membersAskedFor(filter, direction))
    const key = `${direction} ${filter.id} ${by}`
    const before = known.get(key)
    if (before !== undefined) return before
    const made = passesFilter(filter, direction, algebra, table, membersOf)
    known.set(key, made)
    return made
  }
  const leaving: Crossing<F>['leaving'] = (place, region, filters, next) => {
    if (place.onlyRoutes) return next(place, region)
    if (filters === null) return next({ ...place, unknowns: [...place.unknowns, FILTERS_UNREAD] }, region)
    if (filters.length === 0) return next(place, region)
    const read = filters.flatMap(id => places.filters.get(id) ?? [])
    const lost = filters.filter(id => !places.filters.has(id))
    const { network } = place.subnet
    const all = read.map(filter => passing(filter, 'egress', members.near(network)))
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
  const takenIn: Crossing<F>['takenIn'] = (filters, from) => {
    if (from.onlyRoutes) return { must: table.full, may: table.full }
    if (filters === null) return { must: table.empty, may: table.full }
    if (filters.length === 0) return { must: table.full, may: table.full }
    const its = members.sending(from)
    const bySender = answered.get(from.seen) ?? new Map<string, Outcome<TrafficId>>()
    answered.set(from.seen, bySender)
    const key = JSON.stringify([filters, its(filters.flatMap(askedForIn)).key])
    const before = bySender.get(key)
    if (before !== undefined) return before
    const made = letIn(filters, from.seen, its)
    bySender.set(key, made)
    return made
  }
  // Many subnets have the same filters, and a sender comes to all of them.
  const answered = new WeakMap<Addresses, Map<string, Outcome<TrafficId>>>()
  const askedForIn = (id: string): readonly string[] => {
    const filter = places.filters.get(id)
    return filter === undefined ? [] : membersAskedFor(filter, 'ingress')
  }
  const letIn = (filters: readonly string[], seen: Addresses, its: Asked): Outcome<TrafficId> => {
    const senders = algebra.ofBoxes([{ addresses: inFamily(seen, algebra.family), id: table.full }])
    const each = filters.map((id): Outcome<TrafficId> => {
      const filter = places.filters.get(id)
      if (filter === undefined) return { must: table.empty, may: table.full }
      const { must, may } = passing(filter, 'ingress', its)
      return { must: fromAll(algebra, table, senders, must), may: fromAny(algebra, table, senders, may) }
    })
    return {
      must: each.map(one => one.must).reduce(table.union, table.empty),
      may: each.map(one => one.may).reduce(table.union, table.empty),
    }
  }
  const stateless: Crossing<F>['stateless'] = (filter, direction) => passing(filter, direction, anybody)
  return { leaving, takenIn, stateless }
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
