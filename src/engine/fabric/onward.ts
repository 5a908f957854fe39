import type { Fabric, Route, RouteTable } from '../../model/fabric.ts'
import type { Family } from '../../sets/cidr.ts'
import { type Region, regions } from '../../sets/region.ts'
import type { TrafficId, TrafficTable } from '../../sets/traffic-table.ts'
import { lazily } from '../lazily.ts'
import type { Around } from './around.ts'
import { arrivalIn } from './arrival.ts'
import { byAddressIn } from './by-address.ts'
import { crossingIn } from './crossing.ts'
import { inFamily } from './filters.ts'
import { gatewaysIn } from './gateways.ts'
import { groundsOf } from './grounds.ts'
import { oneOf } from './one-of.ts'
import { towards, withOpenRoutes } from './open-routes.ts'
import { notRead, type Places, rangesHeld, said } from './places.ts'
import { providerEdgeIn } from './provider-edge.ts'
import { groupedBy, type RouteGroup, type RoutePart } from './routes.ts'
import { sharingIn } from './sharing.ts'
import { as, asking, isOpen, leaves, over, type Place, past, stops, type Way } from './ways.ts'

/** Follows packets of one family on from where they are. */
export const onwardIn = <F extends Family>(
  fabric: Fabric,
  places: Places,
  family: F,
  table: TrafficTable,
): Pick<Around<F>, 'algebra' | 'crossing' | 'routed'> => {
  const algebra = regions<F, TrafficId>(family, table)
  const crossing = crossingIn(fabric, places, algebra, table)
  const arrival = arrivalIn(fabric, places, algebra, crossing)

  /** What stays in the subnet is there, unless routes are asked for that, too; the rest goes by its routes. */
  const routed = (place: Place, asked: Region<F>): readonly Way<F>[] => {
    const { subnet } = place
    const lost = algebra.within(asked, inFamily(subnet.unrouted, family))
    const inside = subnet.routesInside
      ? algebra.empty
      : algebra.within(algebra.subtract(asked, lost), inFamily(rangesHeld(subnet.ranges), family))
    const outside = algebra.subtract(algebra.subtract(asked, lost), inside)
    return [
      ...(algebra.isEmpty(lost) ? [] : stops(place, lost, said(subnet, 'has no route there: the provider keeps it'))),
      ...(algebra.isEmpty(inside) ? [] : arrival.inSubnet(place, inside)),
      ...(algebra.isEmpty(outside)
        ? []
        : asking(
            place,
            subnet,
            subnet.id,
            next => byTable(next, outside),
            (next, reason) => stops(next, outside, reason),
          )),
    ]
  }

  const byTable = (place: Place, asked: Region<F>): readonly Way<F>[] => {
    const { subnet } = place
    const id = tableOf(place) ?? places.networks.get(subnet.network)?.mainTable ?? null
    if (id === null) return isOpen(place, asked, notRead('the main route table of', subnet.network))
    const routes = places.tables.get(id)
    if (routes === undefined) return isOpen(place, asked, notRead('the route table', id))
    const at = over(place, { hop: 'route-table', id })
    return groupedBy(routes, family).flatMap(group => {
      const region = algebra.within(asked, group.addresses)
      if (algebra.isEmpty(region)) return []
      const { route, others } = group.parts[0] as RoutePart<F, Route>
      const along = ({ next }: Route, which: number): readonly Way<F>[] =>
        alongRoute(at, region, { routes, group: group as never, which, next })
      const ways =
        route === null ? unrouted(at, region, routes) : oneOf(algebra, [route, ...others].map(along), BY_CHANCE)
      return route?.next.kind === 'network' ? ways : ways.map(way => withOpenRoutes(way, routes))
    })
  }

  const takes = groundsOf<Route>(
    (route, isAlone) => `takes it ${towards(route)}${isAlone ? '' : ', as other routes do'}`,
  )
  const drops = groundsOf<Route>(() => 'has a route for it that drops what it takes')
  const isGone = groundsOf<Route>(() => 'has a route for it whose target is gone')

  const unrouted = (place: Place, region: Region<F>, routes: RouteTable): readonly Way<F>[] =>
    stops(place, region, { of: routes, at: routes.at, says: 'has no route for it' })

  const alongRoute = (place: Place, region: Region<F>, chosen: Chosen): readonly Way<F>[] => {
    const next = as(place, takes(chosen.routes, chosen.group, chosen.which))
    const { filters } = place.subnet
    return crossing.leaving(past(next, filters, 'in'), region, filters, (passed, rest) => hop(passed, rest, chosen))
  }

  const hop = (place: Place, region: Region<F>, { routes, group, which, next }: Chosen): readonly Way<F>[] => {
    switch (next.kind) {
      case 'network':
        return arrival.inNetwork(place, region, place.subnet.network)
      case 'internet':
        return providerEdge(place, region)
      case 'drop':
        return stops(place, region, drops(routes, group, which))
      case 'service':
        return leaves(place, region, { kind: 'private-endpoint', id: next.id, sourceAddresses: [] })
      case 'address':
        return byAddress(place, region, next.address)
      case 'gateway':
        return gateways(place, region, next.id)
      case 'peering':
        return arrival.overPeering(place, region, next.id)
      case 'interface':
        return appliance(place, region, next.id)
      case 'nowhere':
        return stops(place, region, isGone(routes, group, which))
      case 'unknown':
        return isOpen(place, region, { stage: 'fabric', why: next.why, settledBy: next.settledBy })
    }
  }

  const asIPv4 = lazily(() => onwardIn(fabric, places, 4, table).routed)
  const shared = sharingIn({ places, algebra, table, routed })
  const around: Around<F> = { places, algebra, table, crossing, arrival, routed, shared, asIPv4 }
  const gateways = gatewaysIn(around)
  const providerEdge = providerEdgeIn(around)
  const appliance = (place: Place, region: Region<F>, id: string): readonly Way<F>[] =>
    isOpen(over(place, { hop: 'appliance', id }), region, APPLIANCE)
  const byAddress = byAddressIn(fabric, places, { gateway: gateways, interface: appliance })
  return { algebra, crossing, routed }
}

/** Who sends has a table of its own where it is itself, and nowhere beyond. */
const tableOf = ({ subnet, sender, through }: Place): string | null =>
  through === null && sender?.table != null && sender.subnet === subnet.id ? sender.table : subnet.table

/** Routes of a table that lead to one place, and which of those with equal rights it is. */
interface Chosen {
  readonly routes: RouteTable
  readonly group: RouteGroup<Family, Route>
  readonly which: number
  readonly next: Route['next']
}

const BY_CHANCE = {
  stage: 'fabric',
  why: 'two routes of the same rank take it, which lead to different places, and the platform takes any of them',
  settledBy: 'routes without a prefix in common',
}

const APPLIANCE = {
  stage: 'fabric',
  why: 'what a machine on the way does with packets of others stands in no document of the network',
  settledBy: 'the settings of the appliance, or a probe',
}
