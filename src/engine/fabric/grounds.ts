import type { CloudObject, HubRoute, Route } from '../../model/fabric.ts'
import type { AddressSet } from '../../sets/address-set.ts'
import type { Family } from '../../sets/cidr.ts'
import { keptBy, numbering } from '../lazily.ts'
import type { FabricReason } from './places.ts'
import { firstTaking, type RouteGroup } from './routes.ts'

/** What decided. Of routes that lead to one place, the first one that takes something of a region is told, when it is asked. */
export type Grounds = FabricReason | RouteGrounds

export interface RouteGrounds {
  readonly of: CloudObject
  readonly reasonFor: (taken: AddressSet<Family>) => FabricReason
}

/** The reasons of a way, as of the addresses of it that somebody asks about. */
export const reasonsFor = (grounds: readonly Grounds[], taken: AddressSet<Family>): readonly FabricReason[] =>
  grounds.map(one => ('reasonFor' in one ? one.reasonFor(taken) : one))

/** Equal for what says the same, without looking for the route. */
export const sameGrounds = (one: Grounds): unknown =>
  'reasonFor' in one ? [one.of.id, numberOf(one)] : [one.of?.id ?? null, one.at, one.says]

const numberOf = numbering<RouteGrounds>()

/** One for each group of a table, and each of several routes that take the same. */
export const groundsOf = <R extends Route | HubRoute>(
  says: (route: R, isAlone: boolean) => string,
): ((table: CloudObject, group: RouteGroup<Family, R>, which: number) => RouteGrounds) => {
  const made = keptBy((_group: RouteGroup<Family, R>) => new Map<number, RouteGrounds>())
  return (table, group, which) => {
    const known = made(group).get(which)
    if (known !== undefined) return known
    const grounds: RouteGrounds = {
      of: table,
      reasonFor: taken => {
        const { part, isAlone } = firstTaking(group, taken)
        const route = [part.route, ...part.others][which]
        return route == null
          ? { of: table, at: table.at, says: 'has no route for it' }
          : { of: table, at: route.at, says: says(route, isAlone) }
      },
    }
    made(group).set(which, grounds)
    return grounds
  }
}
