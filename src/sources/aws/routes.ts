import type { NextHop, Route, RouteTable } from '../../model/fabric.ts'
import { field, type Json, list } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import { cidrIn, cloudObject, type Item, idFor, idIn, wordIn } from './item.ts'
import type { Lowered } from './lowered.ts'
import type { PrefixLists } from './prefix-lists.ts'
import { RANKS } from './route-ranks.ts'
import type { CollectionName } from './schema.ts'

/** What routes lean on: entries of prefix lists, and the interfaces of an instance. */
export interface RouteContext {
  readonly prefixLists: PrefixLists
  readonly interfacesOf: (instance: string) => readonly string[]
}

/** Source: EC2 API Reference, RouteTable, Route. */
export const lowerRouteTable = (item: Item, context: RouteContext): Lowered<RouteTable> => {
  const routes = field(item.body, 'Routes')
  const read = list(routes).map((route, i) => lowerRoute(route, [...item.at, 'Routes', i], context))
  const faults = read.flatMap(({ fault }) => (fault === null ? [] : [fault]))
  const object = cloudObject('RouteTables', item)
  const lowered = read.flatMap(route => route.routes)
  return {
    id: object.id,
    item,
    value: {
      ...object,
      network: idIn('Vpcs', item.body, 'VpcId'),
      routes: Array.isArray(routes) ? lowered : [openRoute('its routes were not read', [...item.at])],
    },
    faults: Array.isArray(routes) ? faults : ['its routes were not read'],
  }
}

/** A route that may be for anything and lead anywhere. */
export const openRoute = (why: string, at: DocumentPath): Route => ({
  destination: null,
  by: 'static',
  rank: RANKS.static,
  next: { kind: 'unknown', id: null, why, settledBy: 'the route table, read again' },
  at,
})

const lowerRoute = (
  route: Json,
  at: DocumentPath,
  context: RouteContext,
): { readonly routes: readonly Route[]; readonly fault: string | null } => {
  const { by, next, fault } = { ...originOf(route), next: nextHop(route, context) }
  const certain: NextHop =
    fault === null ? next : { kind: 'unknown', id: targetOf(next), why: fault, settledBy: LATER_VERSION }
  const list = wordIn(route, 'DestinationPrefixListId')
  if (list !== null) {
    const { cidrs, missing } = context.prefixLists.get(list)
    const origin: Route['by'] = by === 'propagated' ? by : 'prefix-list'
    const routes = [...cidrs, ...(missing === null ? [] : [null])].map(destination => ({
      destination,
      by: origin,
      rank: RANKS[origin],
      next: certain,
      at,
    }))
    return { routes, fault: fault ?? missing?.why ?? laterFault(certain) }
  }
  const key = wordIn(route, 'DestinationCidrBlock') === null ? 'DestinationIpv6CidrBlock' : 'DestinationCidrBlock'
  const read = cidrIn(route, key)
  const routes = [{ destination: read.kind === 'read' ? read.value : null, by, rank: RANKS[by], next: certain, at }]
  const unread = read.kind === 'refused' ? `the destination of a route cannot be read: ${read.why}` : null
  return { routes, fault: fault ?? unread ?? laterFault(certain) }
}

const laterFault = (next: NextHop): string | null => (next.kind === 'unknown' ? next.why : null)

const targetOf = (next: NextHop): string | null => ('id' in next ? next.id : null)

/**
 * How a route came to be; routes that a route server advertises are taken for propagated ones. Where nothing is said, the one to
 * the network itself is the local one. Source: EC2 API Reference, Route, `origin`.
 */
const originOf = (route: Json): { readonly by: Route['by']; readonly fault: string | null } => {
  const origin = wordIn(route, 'Origin')
  const local = field(route, 'GatewayId') === 'local'
  switch (origin) {
    case 'EnableVgwRoutePropagation':
    case 'Advertisement':
      return { by: 'propagated', fault: null }
    case 'CreateRouteTable':
    case null:
      return { by: local ? 'local' : 'static', fault: null }
    case 'CreateRoute':
      return { by: 'static', fault: null }
    default:
      return { by: 'static', fault: `a route of the origin \`${origin}\` is not evaluated` }
  }
}

/** Source: EC2 API Reference, Route, `state`: a black hole’s target is not available. */
const nextHop = (route: Json, context: RouteContext): NextHop => {
  const state = wordIn(route, 'State')
  const target = targetIn(route, context)
  if (state === 'blackhole') return { kind: 'nowhere', id: targetOf(target) }
  if (state === null || state === 'active') return target
  return {
    kind: 'unknown',
    id: targetOf(target),
    why: `a route in the state \`${state}\` is not evaluated`,
    settledBy: LATER_VERSION,
  }
}

const LATER_VERSION = 'a version of this program that evaluates it, or a probe'

/** Each kind of target by the prefix of its id: one field may hold several kinds. Longer prefixes stand first. */
const TARGETS: readonly (readonly [string, 'gateway' | 'peering' | 'interface', CollectionName])[] = [
  ['eigw-', 'gateway', 'EgressOnlyInternetGateways'],
  ['igw-', 'gateway', 'InternetGateways'],
  ['nat-', 'gateway', 'NatGateways'],
  ['vgw-', 'gateway', 'VpnGateways'],
  ['vpce-', 'gateway', 'VpcEndpoints'],
  ['tgw-', 'gateway', 'TransitGateways'],
  ['pcx-', 'peering', 'VpcPeeringConnections'],
  ['eni-', 'interface', 'NetworkInterfaces'],
]

const TARGET_KEYS = [
  'GatewayId',
  'NatGatewayId',
  'EgressOnlyInternetGatewayId',
  'TransitGatewayId',
  'VpcPeeringConnectionId',
  'NetworkInterfaceId',
] as const

const OTHER_TARGETS = ['CarrierGatewayId', 'LocalGatewayId', 'CoreNetworkArn', 'OdbNetworkArn', 'IpAddress'] as const

const targetIn = (route: Json, { interfacesOf }: RouteContext): NextHop => {
  for (const key of TARGET_KEYS) {
    const target = wordIn(route, key)
    if (target === 'local') return { kind: 'network' }
    if (target !== null) return hopTo(target)
  }
  const instance = wordIn(route, 'InstanceId')
  if (instance !== null) {
    const [only, ...more] = interfacesOf(idFor('Reservations', instance))
    if (only !== undefined && more.length === 0) return { kind: 'interface', id: only }
    return {
      kind: 'unknown',
      id: idFor('Reservations', instance),
      why: `which interface of \`${instance}\` a route leads to is not told`,
      settledBy: 'the output of `describe-network-interfaces`',
    }
  }
  for (const key of OTHER_TARGETS) {
    const target = wordIn(route, key)
    if (target !== null) return notEvaluated(target)
  }
  return { kind: 'unknown', id: null, why: 'a route names no target that is known', settledBy: LATER_VERSION }
}

const hopTo = (target: string): NextHop => {
  const known = TARGETS.find(([prefix]) => target.startsWith(prefix))
  return known === undefined ? notEvaluated(target) : { kind: known[1], id: idFor(known[2], target) }
}

const notEvaluated = (target: string): NextHop => ({
  kind: 'unknown',
  id: `aws:route-target/${target}`,
  why: `a route to \`${target}\` is not evaluated`,
  settledBy: LATER_VERSION,
})
