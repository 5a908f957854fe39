import type { NextHop, Route } from '../../model/fabric.ts'
import { addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import type { AnyAddress, AnyCidr } from '../../sets/cidr.ts'
import { blocks, HOST, METADATA, RESERVED } from './blocks.ts'
import { type Behind, LEARNED_READ } from './on-premises.ts'
import { isOpenTo, type Joined } from './peerings.ts'
import { RANKS } from './route-ranks.ts'
import { TAGS_READ } from './service-tags.ts'

/** What the platform knows of the surroundings of a subnet. */
export interface Surroundings {
  /** Of the network itself; null: not read. */
  readonly ranges: readonly AnyCidr[] | null
  readonly peers: readonly Peer[]
  /** Gateways that the subnet’s packets may take, of its own network or lent by a peer. */
  readonly gateways: readonly Reached[]
  /** Where gateways stand, or are said to be, of which no document was read: why. */
  readonly unreadGateways: readonly string[]
  /** Private endpoints: `by` null: in the network itself. */
  readonly endpoints: readonly { readonly address: AnyAddress; readonly by: string | null }[]
  /** Services that the subnet has a direct way to; `blocks` null: no document tells them. */
  readonly services: readonly {
    readonly id: string
    readonly name: string
    readonly blocks: readonly AnyCidr[] | null
  }[]
}

export interface Peer extends Joined {
  /** Of the other network, as far as anything tells them. */
  readonly ranges: readonly AnyCidr[]
}

export interface Reached {
  readonly id: string
  readonly behind: Behind
}

/**
 * Routes that nobody writes. What leads to networks, peers and services goes before what a gateway learns.
 * Source: “Virtual network traffic routing”, Default, Optional default routes, How Azure selects a route.
 */
export const systemRoutes = (around: Surroundings, propagates: boolean): readonly Route[] => {
  const { ranges, peers } = around
  const taken = [...(ranges ?? []), ...peers.flatMap(peer => peer.ranges)]
  const isTaken = (reserved: AnyCidr): boolean =>
    taken.some(range => bothFamilies.isSubset(addressesOfCidrs([reserved]), addressesOfCidrs([range])))
  return [
    ...[...HOST, ...METADATA].map(block => route(block, 'local', RANKS.platform, { kind: 'service', id: PLATFORM_ID })),
    ...(ranges === null
      ? [unknownRoute('local', 'which ranges its network has was not read', 'the output of `az network vnet list`')]
      : ranges.map(range => route(range, 'local', RANKS.system, { kind: 'network' }))),
    ...RESERVED.filter(block => !isTaken(block)).map(block => route(block, 'static', RANKS.system, { kind: 'drop' })),
    ...blocks('0.0.0.0/0', '::/0').map(block => route(block, 'static', RANKS.system, { kind: 'internet' })),
    ...peers.flatMap(peerRoutes),
    ...around.endpoints.map(({ address, by }) =>
      route(wholeOf(address), 'local', RANKS.system, by === null ? { kind: 'network' } : { kind: 'peering', id: by }),
    ),
    ...around.services.flatMap(({ id, name, blocks: its }) =>
      its === null
        ? [unknownRoute('local', `which addresses its direct way to \`${name}\` is for was not read`, TAGS_READ)]
        : its.map(block => route(block, 'local', RANKS.system, { kind: 'service', id })),
    ),
    ...(propagates ? learnedRoutes(around) : []),
  ]
}

/** What answers at the host itself. */
export const PLATFORM_ID = 'azure:platform'

const learnedRoutes = ({ gateways, unreadGateways }: Surroundings): readonly Route[] => [
  ...gateways.flatMap(({ id, behind }) => [
    ...behind.prefixes.map(block => route(block, 'propagated', RANKS.propagated, { kind: 'gateway', id })),
    ...(behind.isWhole ? [] : [route(null, 'propagated', RANKS.propagated, { kind: 'gateway', id })]),
  ]),
  ...unreadGateways.map(why => unknownRoute('propagated', why, LEARNED_READ)),
]

/**
 * Whether packets flow where one half takes its access back, groups have a word in, too.
 * Source: “Create, change, or delete a virtual network peering”, Allow virtual network access.
 */
const peerRoutes = (peer: Peer): readonly Route[] => {
  const { peering, ranges } = peer
  if (!isOpenTo(peer)) return ranges.map(range => route(range, 'local', RANKS.system, closedHop(peering.id)))
  return ranges.length === 0
    ? [route(null, 'local', RANKS.system, { kind: 'peering', id: peering.id })]
    : ranges.map(range => route(range, 'local', RANKS.system, { kind: 'peering', id: peering.id }))
}

/** Over a peering without access. */
export const closedHop = (id: string): NextHop => ({
  kind: 'unknown',
  id,
  why: `\`${id}\` has no access to the other network, and whether a rule of a group lets packets flow all the same is not evaluated`,
  settledBy: 'a probe, or `allowVirtualNetworkAccess` on both sides',
})

const wholeOf = (address: AnyAddress): AnyCidr =>
  address.family === 4 ? { ...address, prefix: 32 } : { ...address, prefix: 128 }

const route = (destination: AnyCidr | null, by: Route['by'], rank: number, next: Route['next']): Route => ({
  destination,
  by,
  rank,
  next,
  at: [],
})

const unknownRoute = (by: Route['by'], why: string, settledBy: string): Route =>
  route(null, by, by === 'propagated' ? RANKS.propagated : RANKS.system, { kind: 'unknown', id: null, why, settledBy })
