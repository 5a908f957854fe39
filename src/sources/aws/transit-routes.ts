import type { HubNextHop, HubRoute } from '../../model/fabric.ts'
import { field, type Json, list } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import { printCidr } from '../../sets/cidr.ts'
import { cidrIn, idFor, wordIn } from './item.ts'
import type { PrefixLists } from './prefix-lists.ts'
import { RANKS } from './route-ranks.ts'

/** A route that may be for anything and lead anywhere. */
export const openHubRoute = (why: string, at: DocumentPath, settledBy: string = READ): HubRoute => ({
  destination: null,
  by: 'static',
  rank: RANKS.static,
  next: { kind: 'unknown', why, settledBy },
  at,
})

const READ = 'the output of `search-transit-gateway-routes`, wrapped with the id of its table'

/** Source: EC2 API Reference, TransitGatewayRoute. */
export const lowerHubRoute = (
  route: Json,
  at: DocumentPath,
  prefixLists: PrefixLists,
): { readonly routes: readonly HubRoute[]; readonly fault: string | null } => {
  const state = wordIn(route, 'State') ?? 'active'
  if (state === 'deleted') return { routes: [], fault: null }
  const prefixList = wordIn(route, 'PrefixListId')
  const type = wordIn(route, 'Type')
  const known = type === 'propagated' || type === 'static' || prefixList !== null
  const by: HubRoute['by'] = prefixList !== null ? 'prefix-list' : type === 'propagated' ? 'propagated' : 'static'
  const next = known ? nextIn(route, state) : open(`a route of the type \`${type ?? ''}\` is not evaluated`)
  const fault = next.kind === 'unknown' ? next.why : null
  const isNamed = wordIn(route, 'DestinationCidrBlock') !== null
  if (prefixList !== null && !isNamed) {
    const { cidrs, missing } = prefixLists.get(prefixList)
    const routes = cidrs.map((destination): HubRoute => ({ destination, by, rank: RANKS[by], next, at }))
    const unread = missing === null ? [] : [openHubRoute(missing.why, at, missing.settledBy)]
    return { routes: [...routes, ...unread], fault: fault ?? missing?.why ?? null }
  }
  const read = cidrIn(route, 'DestinationCidrBlock')
  if (read.kind === 'read') return { routes: [{ destination: read.value, by, rank: RANKS[by], next, at }], fault }
  const why = `the destination of a route cannot be read: ${read.why}`
  return { routes: [openHubRoute(why, at)], fault: fault ?? why }
}

/** Several attachments share a route where it has equal ways, as of several tunnels. */
const nextIn = (route: Json, state: string): HubNextHop => {
  if (state === 'blackhole') return { kind: 'nowhere' }
  if (state !== 'active') return open(`a route in the state \`${state}\` is not evaluated`)
  const ids = list(field(route, 'TransitGatewayAttachments')).flatMap(
    one => wordIn(one, 'TransitGatewayAttachmentId') ?? [],
  )
  return ids.length === 0 ? open('a route names no attachment') : attachments(ids)
}

const open = (why: string): HubNextHop => ({ kind: 'unknown', why, settledBy: 'the route table, read again' })

const attachments = (ids: readonly string[]): HubNextHop => ({
  kind: 'attachments',
  ids: [...new Set(ids)].toSorted().map(id => idFor('TransitGatewayAttachments', id)),
})

/** Of one prefix and origin several routes are several ways, of which nobody can tell which is taken. */
export const withEqualsJoined = (routes: readonly HubRoute[]): readonly HubRoute[] =>
  [...Map.groupBy(routes, keyOf).values()].flatMap(same => {
    const [first] = same as [HubRoute]
    if (same.length === 1 || first.destination === null) return same
    const ids = new Set(same.flatMap(({ next }) => (next.kind === 'attachments' ? next.ids : [])))
    const kinds = new Set(same.map(({ next }) => next.kind))
    if (kinds.size > 1) return [{ ...first, next: open('the table has several routes for one prefix') }]
    return [first.next.kind === 'attachments' ? { ...first, next: { ...first.next, ids: [...ids].toSorted() } } : first]
  })

const keyOf = ({ destination, by }: HubRoute): string => `${by} ${destination === null ? '' : printCidr(destination)}`
