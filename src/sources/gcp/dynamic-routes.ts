import type { NextHop } from '../../model/fabric.ts'
import { field, isObject, list, text } from '../../model/json.ts'
import type { Collected, Fault, GcpItem } from './collect.ts'
import { idIn, regionOf } from './links.ts'
import { type HopContext, type RouteFact, readRoute } from './routes.ts'

/** What neighbours taught the routers of networks. */
export interface Learned {
  readonly routes: readonly RouteFact[]
  /** Regions of a network where a router has neighbours, and what it learned was not read. */
  readonly unread: readonly { readonly network: string; readonly region: string | null; readonly router: string }[]
  readonly faults: readonly Fault[]
}

/**
 * The status of a router tells the best routes that its network has in its own region.
 * Source: Compute Engine API, routers.getRouterStatus, `bestRoutes`.
 */
export const learnedIn = (collected: Collected, context: HopContext): Learned => {
  const routes: RouteFact[] = []
  const unread: Learned['unread'][number][] = []
  const faults: Fault[] = []
  const seen = new Set<string>()
  for (const router of collected.in('router')) {
    const network = idIn(field(router.body, 'network'), 'networks', router.link)
    if (network === null) {
      faults.push({ id: router.id, why: 'it names no network' })
      continue
    }
    if (list(field(router.body, 'bgpPeers')).length === 0) continue
    const status = collected.statusOf(router.id)
    const region = regionOf(router.link.place)
    const best = status === null ? null : bestIn(status)
    if (status === null || best === null || status.isDisputed || router.isDisputed) {
      unread.push({ network, region, router: router.id })
      faults.push({ id: router.id, why: 'the routes that it learned were not read' })
      continue
    }
    // Routers of one region of a network tell the same.
    if (seen.has(`${network} ${region}`)) continue
    seen.add(`${network} ${region}`)
    for (const body of best) {
      const own = { ...body, network: text(field(router.body, 'network')) ?? '' }
      const fact = readRoute({ body: own, link: router.link, isDisputed: false }, context, { region })
      if (fact === null) continue
      routes.push(fact)
      if (fact.next.kind === 'unknown') faults.push({ id: status.id, why: fact.next.why })
      if (fact.destination === null) faults.push({ id: status.id, why: 'the destination of a route cannot be read' })
    }
  }
  return { routes, unread, faults }
}

/** The output of the command has it under `result`. */
const bestIn = ({ body }: GcpItem) => {
  const status = field(body, 'status')
  const result = field(status, 'result') ?? status
  return isObject(result) ? list(field(result, 'bestRoutes')).filter(isObject) : null
}

/** The tunnel or the line by which a router knows a neighbour. Source: Compute Engine API, Router, `bgpPeers`, `interfaces`. */
export const neighboursIn = (collected: Collected): HopContext['neighbourOf'] => {
  const hops = new Map<string, NextHop>()
  for (const { body, link } of collected.in('router')) {
    const network = idIn(field(body, 'network'), 'networks', link)
    const interfaces = new Map(list(field(body, 'interfaces')).map(one => [text(field(one, 'name')), one]))
    for (const peer of list(field(body, 'bgpPeers'))) {
      const by = interfaces.get(text(field(peer, 'interfaceName')))
      const id =
        idIn(field(by, 'linkedVpnTunnel'), 'vpnTunnels', link) ??
        idIn(field(by, 'linkedInterconnectAttachment'), 'interconnectAttachments', link)
      if (id === null) continue
      for (const key of ['peerIpAddress', 'peerIpv6NexthopAddress', 'peerIpv4NexthopAddress'])
        hops.set(`${network} ${text(field(peer, key)) ?? ''}`, { kind: 'gateway', id })
    }
  }
  return (network, address) => (address === '' ? null : (hops.get(`${network} ${address}`) ?? null))
}
