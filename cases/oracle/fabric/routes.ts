import { type Address, type Block, inBlock } from '../ip.ts'
import { at, list, text } from '../json.ts'
import type { Json } from '../types.ts'
import { allOf, type Bodies, blockOf, blocksOfPrefixList, isState, liesIn } from './documents.ts'
import type { Broken } from './types.ts'

/** Where a route leads. */
export type Target =
  | { readonly kind: 'local' }
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'to'; readonly id: string }

/** What a table says of one address: every route that may be the one. null: the table was not read. */
export type Routed = readonly (Target | null)[]

/**
 * The table of a subnet is the one associated with it, or else the main one of its network.
 * Source: Amazon VPC User Guide, "Subnet route tables".
 */
export const tableOf = (bodies: Bodies, subnet: Json, broken: Broken): Json | undefined => {
  const associated = (test: (association: Json) => boolean): Json | undefined =>
    allOf(bodies, 'RouteTables').find(table =>
      list(at(table, 'Associations')).some(
        one => isState(at(one, 'AssociationState', 'State'), 'associated') && test(one),
      ),
    )
  const own = associated(one => at(one, 'SubnetId') === at(subnet, 'SubnetId'))
  const vpc = at(subnet, 'VpcId')
  if (own !== undefined) return own
  if (broken.has('the main table')) return allOf(bodies, 'RouteTables').findLast(table => at(table, 'VpcId') === vpc)
  return allOf(bodies, 'RouteTables').find(
    table =>
      at(table, 'VpcId') === vpc &&
      list(at(table, 'Associations')).some(
        one => at(one, 'Main') === true && isState(at(one, 'AssociationState', 'State'), 'associated'),
      ),
  )
}

interface Candidate {
  readonly length: number
  readonly rank: number
  readonly target: Target
}

/**
 * Longest prefix; of one prefix static before prefix list before propagated; where a local route covers the address no
 * propagated route counts, nor a list that nobody read; a route whose target is gone takes its packets all the same. Of two prefix lists with one prefix
 * nobody knows which the platform took. Anywhere else such a list may hold the address, at any length.
 * Source: Amazon VPC User Guide, "How route priority works".
 */
export const routed = (bodies: Bodies, table: Json | undefined, to: Address, broken: Broken): Routed => {
  if (table === undefined) return [null]
  const routes = list(at(table, 'Routes')).filter(
    route => !broken.has('a blackhole takes its packets') || at(route, 'State') !== 'blackhole',
  )
  const isLocal = routes.some(route => at(route, 'GatewayId') === 'local' && covers(blockOf(destinationOf(route)), to))
  const counted = routes.filter(
    route =>
      !isPropagated(route) || broken.has('local before propagated') || !(isLocal || isShadowed(routes, route, broken)),
  )
  const candidates = counted.flatMap(route => candidatesOf(bodies, route, to, broken))
  const unread = counted.filter(route => {
    const id = text(at(route, 'DestinationPrefixListId'))
    return id !== undefined && blocksOfPrefixList(bodies, id) === null
  })
  const best = candidates.filter(one => candidates.every(other => compare(one, other, broken) >= 0))
  const taken = broken.has('of two lists with one prefix either may count') ? best.slice(0, 1) : best
  const sure: readonly Target[] = taken.length === 0 ? [{ kind: 'nowhere' }] : taken.map(({ target }) => target)
  return isLocal ? sure : [...sure, ...unread.map(targetOf)]
}

/** With a rule left out: a propagated route that overlaps a local one counts nowhere. */
const isShadowed = (routes: readonly Json[], route: Json, broken: Broken): boolean => {
  if (!broken.has('a propagated route gives way where the local one is, and nowhere else')) return false
  const own = blockOf(destinationOf(route))
  return routes.some(one => {
    const local = at(one, 'GatewayId') === 'local' ? blockOf(destinationOf(one)) : null
    return own !== null && local !== null && liesIn(local, own) !== 'no'
  })
}

/** Above 0: the first is the better one. */
const compare = (a: Candidate, b: Candidate, broken: Broken): number =>
  (broken.has('the longest prefix') ? b.length - a.length : a.length - b.length) || a.rank - b.rank

const candidatesOf = (bodies: Bodies, route: Json, to: Address, broken: Broken): readonly Candidate[] => {
  const id = text(at(route, 'DestinationPrefixListId'))
  const blocks = id === undefined ? [blockOf(destinationOf(route))] : (blocksOfPrefixList(bodies, id) ?? [])
  const target = targetOf(route)
  return blocks.flatMap(block => {
    const isDefault = block?.length === 0 && broken.has('families apart')
    if (block === null || (!isDefault && !covers(block, to))) return []
    return [{ length: block.length, rank: rankOf(route, broken), target }]
  })
}

const rankOf = (route: Json, broken: Broken): number => {
  if (isPropagated(route)) return broken.has('static before propagated') ? 4 : 1
  if (at(route, 'DestinationPrefixListId') !== undefined) return broken.has('static before prefix list') ? 3.5 : 2
  return 3
}

const isPropagated = (route: Json): boolean => at(route, 'Origin') === 'EnableVgwRoutePropagation'

const covers = (block: Block | null, address: Address): boolean => block !== null && inBlock(address, block)

const destinationOf = (route: Json): Json | undefined =>
  at(route, 'DestinationCidrBlock') ?? at(route, 'DestinationIpv6CidrBlock')

const TARGETS = [
  'GatewayId',
  'NatGatewayId',
  'EgressOnlyInternetGatewayId',
  'VpcPeeringConnectionId',
  'TransitGatewayId',
  'NetworkInterfaceId',
  'InstanceId',
  'LocalGatewayId',
  'CarrierGatewayId',
  'CoreNetworkArn',
]

const targetOf = (route: Json): Target => {
  const id = TARGETS.map(key => text(at(route, key))).find(one => one !== undefined)
  if (at(route, 'State') === 'blackhole' || id === undefined) return { kind: 'nowhere' }
  return id === 'local' ? { kind: 'local' } : { kind: 'to', id }
}
