import type { Gateway, Route, RouteTable, Subnet } from '../../model/fabric.ts'
import { type AddressSet, addressesOf } from '../../sets/address-set.ts'
import { type Family, printCidr } from '../../sets/cidr.ts'
import { isMost } from '../fabric/outward.ts'
import type { FabricView } from '../fabric/view.ts'

/** Where a subnet’s routes lead most of the internet, or what is not told of it. */
export type Lead =
  | {
      readonly kind: 'gateway'
      readonly gateway: Gateway
      readonly table: RouteTable
      readonly routes: readonly Route[]
      readonly addresses: AddressSet<Family>
    }
  | {
      readonly kind: 'open'
      readonly table: RouteTable
      readonly route: Route
      readonly why: string
      readonly settledBy: string
    }

/**
 * Default routes of a subnet to gateways that `counts`, in whatever form: `0.0.0.0/0` and `::/0` as far as nothing longer takes it all,
 * several routes (or the entries of a prefix list) that together are most of the internet, and the block behind which all of IPv4 is.
 * Source: docs.aws.amazon.com, “Configure route tables”, Route priority; RFC 6052, 2.1.
 */
export const defaultsOf = (
  view: FabricView,
  subnet: Subnet,
  family: Family,
  counts: (gateway: Gateway, subnet: Subnet) => boolean,
): readonly Lead[] => {
  const table = view.tableOf(subnet)
  if (table === null) return []
  const sets = addressesOf(family)
  const { outward, places } = view
  const parts = view.partOf(table, family).flatMap(({ addresses, route, others }) => {
    const inside = outward.internetIn(addresses as AddressSet<Family>)
    return route === null || sets.isEmpty(inside)
      ? []
      : [route, ...others].map(one => ({ addresses: inside, route: one }))
  })
  const found = parts.flatMap(({ addresses, route }) => {
    const gateway = route.next.kind === 'gateway' ? places.gateways.get(route.next.id) : undefined
    return gateway?.isUp === true && counts(gateway, subnet) ? [{ addresses, route, gateway }] : []
  })
  const open = parts.filter(
    ({ route: { next } }) => next.kind === 'unknown' || (next.kind === 'gateway' && !places.gateways.has(next.id)),
  )
  const together = (some: readonly { readonly addresses: AddressSet<Family> }[]): AddressSet<Family> =>
    sets.unionOfMany(some.map(({ addresses }) => addresses))
  const internet = outward.internet(family)
  const areMost = isMost(together(found), internet)
  const areMostWithOpen = isMost(together([...found, ...open]), internet)
  const leads = [...Map.groupBy(found, ({ gateway }) => gateway)].flatMap(([gateway, same]): readonly Lead[] => {
    const routes = same.map(({ route }) => route)
    // To a NAT gateway IPv6 leads as IPv4 alone.
    const isOne = gateway.kind === 'nat' && family === 6 ? routes.some(isTranslated) : areMost || routes.some(isDefault)
    return isOne ? [{ kind: 'gateway', gateway, table, routes, addresses: together(same) }] : []
  })
  const unread = table.routes.filter(
    ({ destination, next }) =>
      destination === null &&
      (next.kind !== 'gateway' || countsUnread(places.gateways.get(next.id), subnet, counts)) &&
      next.kind !== 'network',
  )
  return [
    ...leads,
    ...open
      .filter(({ route }) => isDefault(route) || areMostWithOpen)
      .map(
        ({ route }): Lead => ({
          kind: 'open',
          table,
          route,
          why:
            route.next.kind === 'unknown'
              ? route.next.why
              : `\`${route.next.kind === 'gateway' ? route.next.id : ''}\` was not read`,
          settledBy: route.next.kind === 'unknown' ? route.next.settledBy : 'the document of the gateway',
        }),
      ),
    ...unread.map(
      (route): Lead => ({
        kind: 'open',
        table,
        route,
        ...(route.next.kind === 'unknown'
          ? { why: route.next.why, settledBy: route.next.settledBy }
          : {
              why: 'which addresses a route is for is not told',
              settledBy: 'the entries of the prefix list that the route names',
            }),
      }),
    ),
  ]
}

const countsUnread = (
  gateway: Gateway | undefined,
  subnet: Subnet,
  counts: (gateway: Gateway, subnet: Subnet) => boolean,
): boolean => gateway === undefined || counts(gateway, subnet)

const isDefault = ({ destination }: Route): boolean => destination?.prefix === 0

const isTranslated = ({ destination }: Route): boolean =>
  destination !== null && (destination.prefix === 0 || printCidr(destination) === '64:ff9b::/96')
