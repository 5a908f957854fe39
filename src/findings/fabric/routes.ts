import { partitionOf } from '../../engine/fabric/routes.ts'
import type { Gateway, Route, RouteTable } from '../../model/fabric.ts'
import { type AddressSet, addressesOf } from '../../sets/address-set.ts'
import type { Family } from '../../sets/cidr.ts'
import type { FabricView } from './view.ts'
import { routeText } from './words.ts'

/** What a route takes in its table; null: nothing, since others come before it. */
export const takenBy = (view: FabricView, table: RouteTable, route: Route): AddressSet<Family> | null => {
  const family = route.destination?.family
  if (family === undefined) return null
  return view.partOf(table, family).find(part => part.route === route)?.addresses ?? null
}

/** Routes that would take what these take, were they not there; null among them: some of it would go nowhere. */
export const hiddenBy = (view: FabricView, table: RouteTable, routes: readonly Route[]): readonly (Route | null)[] => {
  const others = { ...table, routes: table.routes.filter(one => !routes.includes(one)) }
  const found = routes.flatMap(route => {
    const taken = takenBy(view, table, route)
    if (taken === null) return []
    const sets = addressesOf(taken.family)
    return partitionOf(others, taken.family).flatMap(({ addresses, route: next }) =>
      sets.isEmpty(sets.intersect(addresses, taken)) ? [] : [next],
    )
  })
  return [...new Set(found)]
}

/** Which route decides, and which loses: `0.0.0.0/0` to `igw-1` wins over … */
export const decidedBy = (view: FabricView, table: RouteTable, route: Route): string => {
  const losing = hiddenBy(view, table, [route]).flatMap(one => (one === null ? [] : [routeText(one)]))
  return losing.length === 0
    ? `${routeText(route)}, and no other route of the table would take it`
    : `${routeText(route)}, which wins over ${losing.slice(0, 2).join(' and ')}`
}

/** The gateway that a route leads to, where it was read and lets pass; null: none. */
export const leadsTo = ({ places }: FabricView, { next }: Route): Gateway | null => {
  const gateway = next.kind === 'gateway' ? places.gateways.get(next.id) : undefined
  return gateway?.isUp === true ? gateway : null
}

/** Gateways behind which is the internet, without anything between that somebody could ask. */
export const isPublic = ({ kind, reachesInternet }: Gateway): boolean =>
  kind === 'internet' || kind === 'egress-only' || (kind === 'nat' && reachesInternet)
