import type { Fabric, NetworkInterface, Route, RouteTable, Subnet } from '../../model/fabric.ts'
import { addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import type { Family } from '../../sets/cidr.ts'
import { type Region, regions } from '../../sets/region.ts'
import type { TrafficId, TrafficTable } from '../../sets/traffic-table.ts'
import { arrivalIn } from './arrival.ts'
import { addressesOf, crossingIn } from './crossing.ts'
import { inFamily } from './filters.ts'
import { gatewaysIn } from './gateways.ts'
import { towards, withOpenRoutes } from './open-routes.ts'
import { notRead, placesIn } from './places.ts'
import { partitionOf } from './routes.ts'
import { as, asking, isOpen, leaves, over, type Place, stops, type Way } from './ways.ts'

/** Where packets begin: at an interface, or at anything in a subnet. */
export type Start =
  | { readonly kind: 'interface'; readonly of: NetworkInterface }
  | { readonly kind: 'subnet'; readonly of: Subnet }

/** Follows packets of one family from where they begin to where they leave the fabric, or end. */
export const walkIn = <F extends Family>(
  fabric: Fabric,
  family: F,
  table: TrafficTable,
): ((start: Start, asked: Region<F>) => readonly Way<F>[]) => {
  const places = placesIn(fabric)
  const algebra = regions<F, TrafficId>(family, table)
  const crossing = crossingIn(fabric, places, algebra, table)
  const arrival = arrivalIn(fabric, places, algebra, crossing)

  /** By the routes of the subnet where it is. */
  const routed = (place: Place, asked: Region<F>): readonly Way<F>[] => {
    const { subnet } = place
    return asking(
      place,
      subnet,
      subnet.id,
      next => byTable(next, asked),
      (next, reason) => stops(next, asked, reason),
    )
  }

  const byTable = (place: Place, asked: Region<F>): readonly Way<F>[] => {
    const { subnet } = place
    const id = subnet.table ?? places.networks.get(subnet.network)?.mainTable ?? null
    if (id === null) return isOpen(place, asked, notRead('the main route table of', subnet.network))
    const routes = places.tables.get(id)
    if (routes === undefined) return isOpen(place, asked, notRead('the route table', id))
    const at = over(place, { hop: 'route-table', id })
    return partitionOf(routes, family).flatMap(({ addresses, route }) => {
      const region = algebra.within(asked, addresses)
      if (algebra.isEmpty(region)) return []
      const ways = route === null ? unrouted(at, region, routes) : alongRoute(at, region, routes, route)
      return route?.next.kind === 'network' ? ways : ways.map(way => withOpenRoutes(way, routes))
    })
  }

  const unrouted = (place: Place, region: Region<F>, routes: RouteTable): readonly Way<F>[] =>
    stops(place, region, { of: routes, at: routes.at, says: 'has no route for it' })

  const alongRoute = (place: Place, region: Region<F>, routes: RouteTable, route: Route): readonly Way<F>[] => {
    const { subnet } = place
    const next = as(place, { of: routes, at: route.at, says: `takes it ${towards(route)}` })
    // Filters at the edge of a subnet see nothing of what stays in it.
    const own = inFamily(addressesOfCidrs(subnet.ranges), family)
    const inside = algebra.within(region, own)
    const outside = algebra.subtract(region, inside)
    return [
      ...(algebra.isEmpty(inside) ? [] : hop(next, inside, routes, route)),
      ...(algebra.isEmpty(outside)
        ? []
        : crossing.leaving(next, outside, subnet.filters, (passed, rest) => hop(passed, rest, routes, route))),
    ]
  }

  const hop = (place: Place, region: Region<F>, routes: RouteTable, { next, at }: Route): readonly Way<F>[] => {
    switch (next.kind) {
      case 'network':
        return arrival.inNetwork(place, region, place.subnet.network)
      case 'gateway':
        return gateways(place, region, next.id)
      case 'peering':
        return arrival.overPeering(place, region, next.id)
      case 'interface':
        return isOpen(over(place, { hop: 'appliance', id: next.id }), region, APPLIANCE)
      case 'nowhere':
        return stops(place, region, { of: routes, at, says: 'has a route for it whose target is gone' })
      case 'unknown':
        return isOpen(place, region, { stage: 'fabric', why: next.why, settledBy: next.settledBy })
    }
  }

  const gateways = gatewaysIn({ places, algebra, crossing, arrival, routed })

  return (start, asked) => {
    const sender = start.kind === 'interface' ? start.of : null
    const subnet = start.kind === 'interface' ? places.subnets.get(start.of.subnet) : start.of
    const hops = sender === null ? [] : [{ hop: 'interface', id: sender.id }]
    if (subnet === undefined)
      return [
        {
          region: asked,
          verdict: 'unknown',
          exit: { kind: 'unknown', id: null, sourceAddresses: [] },
          hops,
          because: [],
          unknowns: [notRead('the subnet', sender?.subnet ?? '')],
        },
      ]
    const place: Place = {
      subnet,
      sender,
      through: null,
      seen: sender === null ? addressesOfCidrs(subnet.ranges) : addressesOf(sender.addresses),
      home: subnet.network,
      asked: [],
      hops: [...hops, { hop: 'subnet', id: subnet.id }],
      because: [],
      unknowns: [],
    }
    const network = places.networks.get(subnet.network)
    const own = inFamily(network === undefined ? bothFamilies.empty : network.ownServices, family)
    const served = algebra.within(asked, own)
    const rest = algebra.subtract(asked, served)
    return [
      ...(algebra.isEmpty(served) || network === undefined
        ? []
        : leaves(as(place, { of: network, at: network.at, says: OWN_SERVICES }), served, {
            kind: 'provider-managed',
            id: network.id,
            sourceAddresses: [],
          })),
      ...(algebra.isEmpty(rest) ? [] : crossing.leaving(place, rest, sender?.filters ?? [], routed)),
    ]
  }
}

const OWN_SERVICES = 'is a service of the provider itself, which no filter and no route keeps from anybody'

const APPLIANCE = {
  stage: 'fabric',
  why: 'what a machine on the way does with packets of others stands in no document of the network',
  settledBy: 'the settings of the appliance, or a probe',
}
