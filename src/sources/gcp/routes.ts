import type { NextHop, RouteOrigin } from '../../model/fabric.ts'
import { field, integer, type Json, list, text } from '../../model/json.ts'
import type { AnyCidr } from '../../sets/cidr.ts'
import type { Fault, GcpItem } from './collect.ts'
import { idIn, idOf, type Link, readLink } from './links.ts'
import { addressOf, rangeOf } from './ranges.ts'
import { wordsIn } from './who.ts'

/** A route of a network before it is put into a table. */
export interface RouteFact {
  readonly network: string
  /** null: what it is for cannot be read. */
  readonly destination: AnyCidr | null
  readonly by: Extract<RouteOrigin, 'local' | 'static' | 'propagated'>
  readonly rank: number
  readonly next: NextHop
  /** Not empty: for machines with one of these alone. */
  readonly tags: readonly string[]
  /** null: of all regions. */
  readonly region: string | null
}

/** What routes lean on. */
export interface HopContext {
  /** The interfaces of a machine in a network. */
  readonly interfacesOf: (instance: string, network: string) => readonly string[]
  /** The peering that a network calls so. */
  readonly peeringOf: (network: string, name: string) => string | null
  /** Where a neighbour of a router stands. */
  readonly neighbourOf: (network: string, address: string) => NextHop | null
  /** The address of a load balancer. */
  readonly balancerOf: (forwardingRule: string) => string | null
}

/** Routes of the network itself come before those of its neighbours, whatever their priority. Source: “Routes”, Applicability and order. */
export const IMPORTED = 2 ** 40

/** Source: Compute Engine API, Route. */
export const readRoute = (
  { body, link, isDisputed }: Pick<GcpItem, 'body' | 'link' | 'isDisputed'>,
  context: HopContext,
  learned: { readonly region: string | null } | null = null,
): RouteFact | null => {
  const network = idIn(field(body, 'network'), 'networks', link)
  if (network === null) return null
  const next = isDisputed ? unknown('documents say different things of a route') : nextHop(body, network, link, context)
  const type = text(field(body, 'routeType'))
  const isLocal = next.kind === 'network' || (next.kind === 'peering' && (type === undefined || type === 'SUBNET'))
  const by = isLocal ? 'local' : learned !== null || type === 'BGP' ? 'propagated' : 'static'
  const priority = integer(field(body, 'priority'))
  return {
    network,
    destination: rangeOf(field(body, 'destRange')),
    by,
    rank: isLocal ? 0 : has(body, 'nextHopPeering') ? IMPORTED + 1 : rankOf(priority ?? 1000, by, body),
    next,
    tags: wordsIn(field(body, 'tags')),
    region: learned?.region ?? null,
  }
}

/**
 * Of one prefix the lowest priority counts; of one priority, machines and tunnels come before what neighbours taught, then load
 * balancers, then the internet; what is left is used by turns. Source: “Routes”, Applicability and order.
 */
const rankOf = (priority: number, by: RouteFact['by'], route: Json): number => {
  const preference = by === 'propagated' ? 1 : has(route, 'nextHopIlb') ? 2 : has(route, 'nextHopGateway') ? 3 : 0
  return 4 * priority + preference
}

const has = (route: Json, key: string): boolean => (field(route, key) ?? null) !== null

const nextHop = (route: Json, network: string, near: Link | null, context: HopContext): NextHop => {
  const warning = list(field(route, 'warnings')).flatMap(one => text(field(one, 'code')) ?? [])[0]
  if (warning !== undefined) return unknown(`what becomes of a route with the warning \`${warning}\` is not evaluated`)
  const status = text(field(route, 'routeStatus'))
  if (status !== undefined && status !== 'ACTIVE') return unknown(`a route in the state \`${status}\` is not evaluated`)
  const gateway = text(field(route, 'nextHopGateway'))
  if (gateway !== undefined)
    return gateway.endsWith('/default-internet-gateway') || gateway === 'default-internet-gateway'
      ? { kind: 'internet' }
      : unknown(`a route to \`${gateway}\` is not evaluated`)
  const instance = idIn(field(route, 'nextHopInstance'), 'instances', near)
  if (instance !== null) {
    const [only, ...more] = context.interfacesOf(instance, network)
    return only !== undefined && more.length === 0
      ? { kind: 'interface', id: only }
      : unknown(
          `which interface of \`${instance}\` a route leads to is not told`,
          instance,
          'gcloud compute instances list',
        )
  }
  const tunnel = idIn(field(route, 'nextHopVpnTunnel'), 'vpnTunnels', near)
  if (tunnel !== null) return { kind: 'gateway', id: tunnel }
  const line = idIn(field(route, 'nextHopInterconnectAttachment'), 'interconnectAttachments', near)
  if (line !== null) return { kind: 'gateway', id: line }
  const peering = text(field(route, 'nextHopPeering'))
  if (peering !== undefined) {
    const id = context.peeringOf(network, peering)
    const type = text(field(route, 'routeType'))
    // Where it leads is told by the other network’s own routes, which come before it.
    if (type !== undefined && type !== 'SUBNET')
      return unknown(
        `where the route leads that the peering \`${peering}\` hands over is told by the other network`,
        id,
      )
    return id === null
      ? unknown(`the peering \`${peering}\` was not read`, null, 'gcloud compute networks list')
      : { kind: 'peering', id }
  }
  const other = idIn(field(route, 'nextHopNetwork'), 'networks', near)
  if (other !== null)
    return other === network
      ? { kind: 'network' }
      : unknown(`a route to the network \`${other}\` is not evaluated`, other)
  const balancer = text(field(route, 'nextHopIlb'))
  if (balancer !== undefined) return balancerHop(balancer, near, context)
  const ip = text(field(route, 'nextHopIp'))
  if (ip !== undefined) {
    const address = addressOf(ip)
    // What a neighbour of a router teaches is reached by the router’s own line.
    return (
      context.neighbourOf(network, ip) ??
      (address === null ? unknown('the next hop of a route cannot be read') : { kind: 'address', address })
    )
  }
  const hub = text(field(route, 'nextHopHub'))
  return unknown(
    hub === undefined ? 'a route names no target that is known' : `a route to the hub \`${hub}\` is not evaluated`,
  )
}

const balancerHop = (written: string, near: Link | null, context: HopContext): NextHop => {
  const link = readLink(written, 'forwardingRules', near)
  const address = addressOf(written) ?? (link === null ? null : addressOf(context.balancerOf(idOf(link)) ?? ''))
  return address === null
    ? unknown(
        `the address of the load balancer \`${written}\` was not read`,
        null,
        'gcloud compute forwarding-rules list',
      )
    : { kind: 'address', address }
}

export const unknown = (
  why: string,
  id: string | null = null,
  command = 'a version of this program that evaluates it, or a probe',
): NextHop => ({
  kind: 'unknown',
  id,
  why,
  settledBy: command.startsWith('gcloud') ? `the output of \`${command}\`` : command,
})

export const routeFaults = ({ id }: GcpItem, fact: RouteFact | null): readonly Fault[] => {
  if (fact === null) return [{ id, why: 'it names no network' }]
  return [
    ...(fact.destination === null ? [{ id, why: 'its destination cannot be read' }] : []),
    ...(fact.next.kind === 'unknown' ? [{ id, why: fact.next.why }] : []),
  ]
}
