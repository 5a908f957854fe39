import type { Filter, FilterPeers, FilterRule } from '../../model/fabric.ts'
import type { Direction } from '../../model/rule.ts'
import { type AddressSet, addressesOf } from '../../sets/address-set.ts'
import { type Addresses, bothFamilies } from '../../sets/addresses.ts'
import type { Family } from '../../sets/cidr.ts'
import type { Region, RegionAlgebra } from '../../sets/region.ts'
import type { TrafficId, TrafficTable } from '../../sets/traffic-table.ts'
import { foldTiers, type Outcome, type Step } from '../fold.ts'

/** Addresses that the members of a filter have for certain, and those that they may have. */
export type MembersOf = (filter: string) => Outcome<Addresses>

/** What passes a filter toward, or from, the other end: addresses of one family with the traffic. */
export const passesFilter = <F extends Family>(
  filter: Filter,
  direction: Direction,
  algebra: RegionAlgebra<F, TrafficId>,
  table: TrafficTable,
  membersOf: MembersOf,
  own: Addresses | null,
): Outcome<Region<F>> => {
  const sets = addressesOf(algebra.family)
  const full = algebra.ofBoxes([{ addresses: sets.full, id: table.full }])
  if (filter.doubts.length > 0) return { must: algebra.empty, may: full }
  const boxed = (addresses: Addresses, rule: FilterRule): Region<F> =>
    algebra.ofBoxes([{ addresses: inFamily(addresses, algebra.family), id: table.idOf(rule.traffic) }])
  const stepOf = (rule: FilterRule): Step<Region<F>> => {
    const { must, may } = addressesFor(rule.peers, membersOf)
    const counts = countsFor(rule.own, own, algebra.family, membersOf)
    return {
      action: rule.action,
      must: counts === true ? boxed(must, rule) : algebra.empty,
      may: counts === false ? algebra.empty : boxed(may, rule),
    }
  }
  // Among rules that only allow, the order decides nothing.
  const tiers = [...Map.groupBy(filter[direction], ({ tier }) => tier)].toSorted(([a], [b]) => a - b)
  return foldTiers(
    { algebra: { ...algebra, full }, stepOf },
    tiers.map(([, rules]) => [[rules]]),
    NOTHING(algebra),
    'strict',
  )
}

/** Whether a rule counts for this end: for all of its addresses, for none, or, null, nobody can tell. */
const countsFor = (
  asked: FilterPeers | null,
  own: Addresses | null,
  family: Family,
  membersOf: MembersOf,
): boolean | null => {
  if (asked === null) return true
  if (own === null) return null
  const { must, may } = addressesFor(asked, membersOf)
  const sets = addressesOf(family)
  const its = inFamily(own, family)
  if (sets.isEmpty(its)) return null
  if (sets.isSubset(its, inFamily(must, family))) return true
  return sets.isEmpty(sets.intersect(its, inFamily(may, family))) ? false : null
}

/** Whether what passes depends on this end, too. */
export const asksOwn = (filter: Filter, direction: Direction): boolean => {
  const known = ownAsked[direction].get(filter)
  if (known !== undefined) return known
  const made = filter[direction].some(({ own }) => own !== null)
  ownAsked[direction].set(filter, made)
  return made
}

const ownAsked: Record<Direction, WeakMap<Filter, boolean>> = { egress: new WeakMap(), ingress: new WeakMap() }

/** The filters on whose members it hangs what passes; each once. */
export const membersAskedFor = (filter: Filter, direction: Direction): readonly string[] => {
  const known = askedFor[direction].get(filter)
  if (known !== undefined) return known
  const made = [
    ...new Set(
      filter[direction].flatMap(({ peers, own }) =>
        [peers, own].flatMap(one => (one?.kind === 'members' ? [one.filter] : [])),
      ),
    ),
  ]
  askedFor[direction].set(filter, made)
  return made
}

const askedFor: Record<Direction, WeakMap<Filter, readonly string[]>> = {
  egress: new WeakMap(),
  ingress: new WeakMap(),
}

const NOTHING = <F extends Family>({ empty }: RegionAlgebra<F, TrafficId>): Outcome<Region<F>> => ({
  must: empty,
  may: empty,
})

const addressesFor = (peers: FilterPeers, membersOf: MembersOf): Outcome<Addresses> => {
  switch (peers.kind) {
    case 'addresses':
      return { must: peers.addresses, may: peers.addresses }
    case 'members':
      return membersOf(peers.filter)
    case 'perhaps':
      return { must: bothFamilies.empty, may: peers.addresses }
    // Any address may be what such a name stands for.
    case 'names':
    case 'unknown':
      return { must: bothFamilies.empty, may: bothFamilies.full }
  }
}

export const inFamily = <F extends Family>({ v4, v6 }: Addresses, family: F): AddressSet<F> =>
  (family === 4 ? v4 : v6) as unknown as AddressSet<F>
