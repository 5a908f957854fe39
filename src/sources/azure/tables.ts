import type { NextHop, Route, RouteTable } from '../../model/fabric.ts'
import { addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import type { AnyAddress, AnyCidr } from '../../sets/cidr.ts'
import type { SubnetFact } from './networks.ts'
import { isOpenTo } from './peerings.ts'
import { RANKS } from './route-ranks.ts'
import { closedHop, type Surroundings, systemRoutes } from './system-routes.ts'
import type { UserRoute, UserTable } from './user-routes.ts'

/**
 * The routes that hold in one subnet: those of the platform and those that its owner wrote, which are told of a table that several
 * subnets may have. `written` undefined: the subnet names a table that was not read.
 */
export const tableOf = (
  subnet: SubnetFact,
  written: UserTable | null | undefined,
  around: Surroundings,
): RouteTable => {
  const propagates = written?.propagates ?? true
  const about = written ?? subnet
  const open =
    written === undefined ? `the route table \`${subnet.table ?? ''}\` was not read` : (written?.isOpen ?? null)
  return {
    id: tableIdOf(subnet, written ?? null),
    name: about.name,
    account: about.account,
    region: about.region,
    origin: about.origin,
    at: about.at,
    network: subnet.network,
    routes: [
      ...systemRoutes(around, propagates).map(route => ({ ...route, ...overridden(route, open), at: about.at })),
      ...(written?.routes ?? []).map(route => lead(route, around)),
      ...(open === null ? [] : [openRoute(open, about.at)]),
    ],
  }
}

/** After the table it is called, or after the subnet, with whose it is; no name of Azure’s has such signs in it. */
export const tableIdOf = ({ id, table }: Pick<SubnetFact, 'id' | 'table'>, written: UserTable | null): string => {
  const [subscription = '', ...steps] = id.slice('azure:subnet/'.length).split('/')
  if (written === null && table === null) return `azure:route-table/${[subscription, ...steps].join('/')}#system`
  return `${written?.id ?? table}#${steps.join(':')}`
}

const lead = ({ destination, isExplicit, hop, at }: UserRoute, around: Surroundings): Route => ({
  destination,
  by: 'static',
  rank: isExplicit ? RANKS.user : RANKS.tagged,
  next: nextOf(hop, around),
  at,
})

/** Source: “Virtual network traffic routing”, User-defined. */
const nextOf = (hop: UserRoute['hop'], { gateways, unreadGateways, peers }: Surroundings): NextHop => {
  switch (hop.kind) {
    case 'network':
    case 'internet':
    case 'drop':
      return { kind: hop.kind }
    case 'address': {
      const by = peers.find(peer => !isOpenTo(peer) && holds(peer.ranges, hop.address))
      return by === undefined ? hop : closedHop(by.peering.id)
    }
    case 'unknown':
      return { kind: 'unknown', id: null, why: hop.why, settledBy: 'a version of this program that evaluates it' }
    case 'on-premises': {
      const [only, ...more] = gateways
      if (only !== undefined && more.length === 0) return { kind: 'gateway', id: only.id }
      if (only === undefined && unreadGateways.length === 0) return { kind: 'nowhere', id: null }
      const why =
        only === undefined
          ? (unreadGateways[0] as string)
          : 'a route leads to the gateway of a network that has several, and which one takes it is not told'
      return { kind: 'unknown', id: only?.id ?? null, why, settledBy: 'the output of `az network vnet-gateway list`' }
    }
  }
}

/** The network’s own routes go to it unless a user’s of the same block does not: whoever has not read these cannot tell. */
const overridden = ({ destination, next }: Route, open: string | null): Partial<Route> =>
  open === null || next.kind !== 'network' || isOne(destination) ? {} : { next: openHop(open) }

/** A private endpoint’s, which only routes that its subnet lets count take away. */
const isOne = (destination: Route['destination']): boolean =>
  destination !== null && destination.prefix === (destination.family === 4 ? 32 : 128)

const openHop = (why: string): NextHop => ({
  kind: 'unknown',
  id: null,
  why,
  settledBy: 'the output of `az network route-table list`',
})

const holds = (ranges: readonly AnyCidr[], address: AnyAddress): boolean => {
  const one = addressesOfCidrs([{ ...address, prefix: address.family === 4 ? 32 : 128 } as AnyCidr])
  return bothFamilies.isSubset(one, addressesOfCidrs(ranges))
}

const openRoute = (why: string, at: Route['at']): Route => ({
  destination: null,
  by: 'static',
  rank: RANKS.user,
  next: openHop(why),
  at,
})
