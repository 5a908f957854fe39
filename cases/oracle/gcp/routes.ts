import { type Address, type Block, inBlock, readBlock } from '../ip.ts'
import { at, integer, list, text } from '../json.ts'
import type { Json, Tri } from '../types.ts'
import {
  blocksOf,
  type Documents,
  isIn,
  lastOf,
  ofKind,
  pathOf,
  rangesOf,
  regionOf,
  subnetsOf,
  textsOf,
} from './documents.ts'
import { handsOver, isExchanged, type Peer, peersOf } from './peerings.ts'
import type { Broken } from './types.ts'

/** Where a route leads. `inside`: into that network. `open`: to what no document tells. */
export type Target =
  | { readonly kind: 'inside'; readonly network: string }
  | { readonly kind: 'internet' | 'nowhere' }
  | { readonly kind: 'line'; readonly id: string }
  | { readonly kind: 'open'; readonly id: string | null }

export interface Asking {
  readonly network: string
  readonly region: string
  readonly from: Address
  readonly to: Address
  /** null: nobody knows. */
  readonly tags: readonly string[] | null
  readonly broken: Broken
}

/**
 * Policy-based routes, subnets, then all others: the longest prefix; own ones before those of peers; the lowest priority; then
 * machines, addresses and tunnels, learned routes, balancers, the internet. Several ends: any of them.
 * Source: VPC documentation, "Routes", Routing order; "Policy-based routes".
 */
export const routed = (documents: Documents, asking: Asking): readonly Target[] => {
  const { broken } = asking
  const isLast = broken.has('policy-based routes before all others')
  const rest = (): readonly Target[] => {
    const inside = bySubnet(documents, asking)
    if (inside.length > 0 && !broken.has('subnets before other routes')) return inside
    const others = byOthers(documents, asking)
    return others.length === 0 ? (inside.length > 0 ? inside : [{ kind: 'nowhere' }]) : others
  }
  return isLast ? rest() : byPolicy(documents, asking, rest)
}

const byPolicy = (
  documents: Documents,
  { network, from, to, tags, broken }: Asking,
  rest: () => readonly Target[],
): readonly Target[] => {
  const isFor = (value: Json | undefined, address: Address): boolean => {
    const block = readBlock(text(value) ?? '')
    return block === null || inBlock(address, block)
  }
  const fitting = documents
    .filter(one => at(one, 'kind') === 'networkconnectivity#policyBasedRoute' && pathOf(at(one, 'network')) === network)
    .filter(one => at(one, 'interconnectAttachment') === undefined)
    .filter(one => (at(one, 'filter', 'protocolVersion') === 'IPV6' ? 6 : 4) === to.family)
    .filter(one => isFor(at(one, 'filter', 'srcRange'), from) && isFor(at(one, 'filter', 'destRange'), to))
    .toSorted((a, b) => (integer(at(a, 'priority')) ?? 0) - (integer(at(b, 'priority')) ?? 0))
  const ends: Target[] = []
  for (const one of fitting) {
    const counts: Tri = broken.has('a policy-based route for some tags')
      ? 'yes'
      : isTagged(at(one, 'virtualMachine', 'tags'), tags)
    if (counts === 'no') continue
    const isDefault = at(one, 'nextHopOtherRoutes') === 'DEFAULT_ROUTING'
    ends.push(
      ...(isDefault && !broken.has('a policy-based route may leave it to other routes')
        ? rest()
        : [{ kind: 'open', id: text(at(one, 'nextHopIlbIp')) ?? null } as const]),
    )
    if (counts === 'yes') return ends
  }
  return [...ends, ...rest()]
}

const isTagged = (names: Json | undefined, held: readonly string[] | null): Tri => {
  const asked = textsOf(names)
  if (asked.length === 0) return 'yes'
  return held === null ? 'unknown' : asked.some(one => held.includes(one)) ? 'yes' : 'no'
}

/** Own ones, and those that a peer hands over. */
const bySubnet = (documents: Documents, { network, to, broken }: Asking): readonly Target[] => {
  const holds = (of: string, isGiven: (range: Block) => boolean): boolean =>
    subnetsOf(documents, of).some(one => rangesOf(one).some(range => inBlock(to, range) && isGiven(range)))
  if (holds(network, () => true)) return [{ kind: 'inside', network }]
  const peers = peersOf(documents, network, broken)
  const beyond = broken.has('nothing over two peerings')
    ? peers.flatMap(one => peersOf(documents, one.network, broken)).filter(one => one.network !== network)
    : []
  return [...peers, ...beyond]
    .filter(peer => holds(peer.network, range => isExchanged(peer, range, broken)))
    .slice(0, 1)
    .map(peer => ({ kind: 'inside', network: peer.network }))
}

interface Candidate {
  readonly length: number
  readonly isPeers: boolean
  readonly priority: number
  readonly category: number
  readonly counts: Tri
  readonly target: Target
}

const byOthers = (documents: Documents, asking: Asking): readonly Target[] => {
  const { network, to, broken } = asking
  const own = [...staticsOf(documents, network, asking, null), ...learnedOf(documents, network, asking, null)]
  const peers = peersOf(documents, network, broken)
  const handed = peers.map((peer): readonly Candidate[] =>
    peer.body === undefined || !handsOver(peer, broken)
      ? []
      : [...staticsOf(documents, peer.network, asking, peer), ...learnedOf(documents, peer.network, asking, peer)],
  )
  // A subnet of a peer that was not read may have any address that is handed over, and so may its other routes.
  const unread = peers.filter(
    one =>
      one.body === undefined &&
      (isExchanged(one, { ...to, length: to.family === 4 ? 32 : 128 }, broken) ||
        at(one.here, 'importCustomRoutes') === true),
  )
  const open: readonly Target[] = unread.map(one => ({ kind: 'open', id: lastOf(one.network) }))
  // Of several peers with one prefix the platform picks one, whatever their priorities.
  const longest = Math.max(...handed.flat().map(({ length }) => length))
  const among = handed.filter(all => all.some(({ length }) => length === longest))
  const ends = (among.length === 0 ? [[]] : among).flatMap(all => bestOf([...own, ...all], broken))
  return open.length === 0 ? ends : [...(ends.length === 0 ? [{ kind: 'nowhere' } as const] : ends), ...open]
}

/** The first, and those that may come before it or are of its rank. */
const bestOf = (candidates: readonly Candidate[], broken: Broken): readonly Target[] => {
  const ends: Target[] = []
  let sure: Candidate | null = null
  for (const one of candidates.toSorted((a, b) => compare(a, b, broken))) {
    if (sure !== null && (compare(sure, one, broken) !== 0 || broken.has('routes of equal rank are both possible')))
      break
    ends.push(one.target)
    if (one.counts === 'yes') sure = one
  }
  return sure === null && ends.length > 0 ? [...ends, { kind: 'nowhere' }] : ends
}

const compare = (a: Candidate, b: Candidate, broken: Broken): number =>
  (broken.has('the longest prefix') ? 0 : b.length - a.length) ||
  (broken.has('own routes before those of a peer') ? 0 : Number(a.isPeers) - Number(b.isPeers)) ||
  (broken.has('the lowest priority') ? 0 : a.priority - b.priority) ||
  a.category - b.category

/** `peer`: the network that they come from, by whose side they are handed over. */
const staticsOf = (
  documents: Documents,
  network: string,
  { to, tags, broken }: Asking,
  peer: Peer | null,
): readonly Candidate[] =>
  ofKind(documents, 'compute#route')
    .filter(one => pathOf(at(one, 'network')) === network)
    .filter(one => at(one, 'nextHopNetwork') === undefined && at(one, 'nextHopPeering') === undefined)
    .flatMap((one): readonly Candidate[] => {
      const block = readBlock(text(at(one, 'destRange')) ?? '')
      if (block === null || !inBlock(to, block)) return []
      const target = targetOf(documents, one)
      const names = at(one, 'tags')
      if (peer !== null) {
        if (target.kind === 'internet' && !broken.has('no default gateway of a peer')) return []
        if (textsOf(names).length > 0 && !broken.has('no tagged route of a peer')) return []
      }
      const counts: Tri = broken.has('routes for some tags') || peer !== null ? 'yes' : isTagged(names, tags)
      if (counts === 'no') return []
      return [
        {
          length: block.length,
          isPeers: peer !== null,
          priority: integer(at(one, 'priority')) ?? 1000,
          category: categoryOf(one, broken),
          counts,
          target,
        },
      ]
    })

const categoryOf = (route: Json, broken: Broken): number => {
  if (at(route, 'nextHopGateway') !== undefined)
    return broken.has('the internet after all others of one priority') ? -1 : 4
  if (at(route, 'nextHopIlb') !== undefined) return broken.has('balancers after learned routes') ? 1.5 : 3
  return broken.has('tunnels before learned routes') ? 2.5 : 1
}

const targetOf = (documents: Documents, route: Json): Target => {
  if (at(route, 'nextHopGateway') !== undefined) return { kind: 'internet' }
  const tunnel = text(at(route, 'nextHopVpnTunnel'))
  if (tunnel !== undefined) return lineOf(documents, 'compute#vpnTunnel', pathOf(tunnel))
  const instance = pathOf(at(route, 'nextHopInstance'))
  if (instance !== '') {
    const found = ofKind(documents, 'compute#instance').find(one => pathOf(at(one, 'selfLink')) === instance)
    // A machine that may not forward takes nothing that is for others.
    if (found !== undefined && at(found, 'canIpForward') !== true) return { kind: 'nowhere' }
    return { kind: 'open', id: lastOf(instance) }
  }
  return { kind: 'open', id: text(at(route, 'nextHopIp')) ?? lastOf(text(at(route, 'nextHopIlb')) ?? '') }
}

const lineOf = (documents: Documents, kind: string, path: string): Target =>
  ofKind(documents, kind).some(one => pathOf(at(one, 'selfLink')) === path)
    ? { kind: 'line', id: lastOf(path) }
    : { kind: 'open', id: lastOf(path) }

/**
 * Learned by routers of the region or, where the network routes globally, of all. Source: Compute Engine API, routers.getRouterStatus,
 * bestRoutes; VPC documentation, "Dynamic routing mode".
 */
const learnedOf = (
  documents: Documents,
  network: string,
  { region, to, broken }: Asking,
  peer: Peer | null,
): readonly Candidate[] => {
  const body = ofKind(documents, 'compute#network').find(one => pathOf(at(one, 'selfLink')) === network)
  const isGlobal =
    (at(body, 'routingConfig', 'routingMode') === 'GLOBAL' && !broken.has('a learned route is for all regions')) ||
    broken.has('a learned route is for its region')
  const routers = ofKind(documents, 'compute#router').filter(one => pathOf(at(one, 'network')) === network)
  const seen = new Set<string>()
  return routers
    .filter(one => isGlobal || regionOf(pathOf(at(one, 'selfLink'))) === region)
    .flatMap(router => {
      const path = pathOf(at(router, 'selfLink'))
      const wrapped = documents.find(one => at(one, 'status') !== undefined && pathOf(at(one, 'router')) === path)
      return list(at(wrapped, 'status', 'result', 'bestRoutes')).flatMap((route): readonly Candidate[] => {
        const [block] = blocksOf([at(route, 'destRange')])
        if (block === undefined || !isIn(to, [block])) return []
        const tunnel = pathOf(at(route, 'nextHopVpnTunnel'))
        const key = JSON.stringify([at(route, 'destRange'), tunnel, at(route, 'nextHopIp')])
        if (seen.has(key)) return []
        seen.add(key)
        return [
          {
            length: block.length,
            isPeers: peer !== null,
            priority: integer(at(route, 'priority')) ?? 0,
            category: 2,
            counts: 'yes',
            target:
              tunnel !== '' ? lineOf(documents, 'compute#vpnTunnel', tunnel) : neighbour(documents, router, route),
          },
        ]
      })
    })
}

/** Whoever has the address of the neighbour. Source: Compute Engine API, routers: bgpPeers[].peerIpAddress, interfaces[]. */
const neighbour = (documents: Documents, router: Json, route: Json): Target => {
  const peer = list(at(router, 'bgpPeers')).find(one => at(one, 'peerIpAddress') === at(route, 'nextHopIp'))
  const face = list(at(router, 'interfaces')).find(one => at(one, 'name') === at(peer, 'interfaceName'))
  const tunnel = pathOf(at(face, 'linkedVpnTunnel'))
  return tunnel === '' ? { kind: 'open', id: null } : lineOf(documents, 'compute#vpnTunnel', tunnel)
}
