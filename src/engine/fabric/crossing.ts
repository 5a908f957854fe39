import type { Fabric, Filter } from '../../model/fabric.ts'
import type { Direction } from '../../model/rule.ts'
import { addressesOf } from '../../sets/address-set.ts'
import type { Addresses } from '../../sets/addresses.ts'
import type { Algebra } from '../../sets/algebra.ts'
import type { Family } from '../../sets/cidr.ts'
import type { Region, RegionAlgebra } from '../../sets/region.ts'
import type { TrafficId, TrafficTable } from '../../sets/traffic-table.ts'
import type { Outcome } from '../fold.ts'
import { keptBy, numbering } from '../lazily.ts'
import { asksOwn, inFamily, membersAskedFor, passesFilter } from './filters.ts'
import { type Asked, anybody, membersIn } from './members.ts'
import { notRead, type Places } from './places.ts'
import { cellsIn } from './senders.ts'
import { noting, type Place, type Question, stops, type Way } from './ways.ts'

/** Filters that stand at one point, together: of an interface, or at the edge of a subnet. */
export interface Crossing<F extends Family> {
  /** Toward the other end. `next` takes what passes, and may. */
  readonly leaving: (
    place: Place,
    region: Region<F>,
    filters: readonly string[] | null,
    next: (place: Place, region: Region<F>) => readonly Way<F>[],
  ) => readonly Way<F>[]
  /** What filters let in of what is on its way. */
  readonly takenIn: (filters: readonly string[] | null, from: Place, at: Addresses | null) => Outcome<TrafficId>
  /** What a filter on the way lets pass of what comes there. */
  readonly through: (filter: Filter, from: Place) => Outcome<Region<F>>
  /** What filters together let into a network: by where it comes from. */
  readonly admitted: (filters: readonly string[] | null, at: Addresses | null, network: string) => Outcome<Region<F>>
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
  const numberOf = numbering<object>()
  const passing = (filter: Filter, direction: Direction, whose: Asked, own: Addresses | null): Outcome<Region<F>> => {
    const { key: by, membersOf } = whose(membersAskedFor(filter, direction))
    const end = asksOwn(filter, direction) ? own : null
    const key = `${direction} ${filter.id} ${by} ${end === null ? '' : numberOf(end)}`
    const before = known.get(key)
    if (before !== undefined) return before
    const made = passesFilter(filter, direction, algebra, table, membersOf, end)
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
    if (read.some(filter => asksOwn(filter, 'egress'))) noting(place, whoIsSeen)
    const { must, may } = together(
      read,
      lost.length > 0,
      region,
      filter => passing(filter, 'egress', members.near(network), place.seen),
      algebra,
    )
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
  const takenIn: Crossing<F>['takenIn'] = (filters, from, at) => {
    if (from.onlyRoutes) return { must: table.full, may: table.full }
    if (filters === null) return { must: table.empty, may: table.full }
    if (filters.length === 0) return { must: table.full, may: table.full }
    noting(from, askedBy(filters).questionAt(at))
    return answer(filters, from, at)
  }
  const answer = (filters: readonly string[], from: Place, at: Addresses | null): Outcome<TrafficId> => {
    const { named, isOwnAsked, answered } = askedBy(filters)
    const its = members.sending(from)
    const member = named.length === 0 ? '' : its(named).key
    const key = `${cellOf(from.seen)} ${member} ${isOwnAsked && at !== null ? numberOf(at) : ''}`
    const before = answered.get(key)
    if (before !== undefined) return before
    const made = letIn(filters, from.seen, its, at)
    answered.set(key, made)
    return made
  }
  const cellOf = cellsIn(fabric, algebra.family)
  const whoIsSeen: Question = ({ seen }) => cellOf(seen)
  /** What some filters ask of senders, and what they answered: many senders come to the same ones. */
  const askedBy = keptBy((filters: readonly string[]) => {
    const read = filters.flatMap(id => places.filters.get(id) ?? [])
    return {
      named: read.flatMap(filter => membersAskedFor(filter, 'ingress')),
      isOwnAsked: read.some(filter => asksOwn(filter, 'ingress')),
      answered: new Map<string, Outcome<TrafficId>>(),
      questionAt: keptBy(
        (at: Addresses | null): Question =>
          sender => {
            const { must, may } = answer(filters, sender, at)
            return `${must} ${may}`
          },
      ),
    }
  })
  const letIn = (filters: readonly string[], seen: Addresses, its: Asked, at: Addresses | null): Outcome<TrafficId> => {
    const senders = algebra.ofBoxes([{ addresses: inFamily(seen, algebra.family), id: table.full }])
    const read = filters.flatMap(id => places.filters.get(id) ?? [])
    const outcomeOf = (filter: Filter): Outcome<TrafficId> => {
      const { must, may } = passing(filter, 'ingress', its, at)
      return { must: fromAll(algebra, table, senders, must), may: fromAny(algebra, table, senders, may) }
    }
    return together(read, read.length < filters.length, table.full, outcomeOf, table)
  }
  const stateless: Crossing<F>['stateless'] = (filter, direction) => passing(filter, direction, anybody, null)
  const through: Crossing<F>['through'] = (filter, from) => {
    if (asksOwn(filter, 'egress')) noting(from, whoIsSeen)
    return passing(filter, 'egress', anybody, from.seen)
  }
  const admitted: Crossing<F>['admitted'] = (filters, at, network) => {
    const full = algebra.ofBoxes([{ addresses: addressesOf(algebra.family).full, id: table.full }])
    if (filters === null) return { must: algebra.empty, may: full }
    const read = filters.flatMap(id => places.filters.get(id) ?? [])
    const ofOne = (filter: Filter): Outcome<Region<F>> => passing(filter, 'ingress', members.near(network), at)
    return together(read, read.length < filters.length, full, ofOne, algebra)
  }
  return { leaving, takenIn, admitted, through, stateless }
}

/** Of some filters one has to let pass, and each of the others. One that was not read may be of either kind. */
const together = <S>(
  read: readonly Filter[],
  isMore: boolean,
  full: S,
  outcomeOf: (filter: Filter) => Outcome<S>,
  { empty, union, intersect }: Pick<Algebra<S>, 'empty' | 'union' | 'intersect'>,
): Outcome<S> => {
  const [some, each] = [read.filter(one => one.joins === 'any'), read.filter(one => one.joins === 'each')].map(all =>
    all.map(outcomeOf),
  ) as [Outcome<S>[], Outcome<S>[]]
  const walls = [
    ...(some.length > 0
      ? [{ must: some.map(one => one.must).reduce(union), may: isMore ? full : some.map(one => one.may).reduce(union) }]
      : isMore
        ? [{ must: empty, may: full }]
        : []),
    ...each,
  ]
  return {
    must: walls.map(one => one.must).reduce(intersect, full),
    may: walls.map(one => one.may).reduce(intersect, full),
  }
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
