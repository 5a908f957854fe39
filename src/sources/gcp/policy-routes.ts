import type { NextHop, Route } from '../../model/fabric.ts'
import { field, integer, list, text } from '../../model/json.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import type { AnyCidr } from '../../sets/cidr.ts'
import { type Collected, type Fault, type GcpItem, textOf } from './collect.ts'
import { idIn } from './links.ts'
import { addressOf, cidrsOf, holds, rangeOf, setOf } from './ranges.ts'
import { unknown } from './routes.ts'
import { wordsIn } from './who.ts'

/** A route that is chosen by who sends, before any other. */
export interface PolicyRoute {
  readonly id: string
  readonly network: string
  readonly priority: number
  readonly source: AnyCidr | null
  readonly destination: AnyCidr | null
  /** null: it hands packets on to the ordinary routes. */
  readonly next: NextHop | null
  readonly tags: readonly string[]
  /** Not null: what it takes cannot be told. */
  readonly doubt: string | null
}

/** Source: Network Connectivity API, projects.locations.global.policyBasedRoutes. */
export const policyRoutesIn = (
  collected: Collected,
): { readonly routes: readonly PolicyRoute[]; readonly faults: readonly Fault[] } => {
  const read = collected.in('policy-route').map(item => ({ item, route: readOne(item) }))
  return {
    routes: read.flatMap(({ route }) => (route === null ? [] : [route])).toSorted((a, b) => a.priority - b.priority),
    faults: read.flatMap(({ item: { id }, route }) =>
      route === null ? [{ id, why: 'it names no network' }] : route.doubt === null ? [] : [{ id, why: route.doubt }],
    ),
  }
}

const readOne = (item: GcpItem): PolicyRoute | null => {
  const { body, link } = item
  const network = idIn(field(body, 'network'), 'networks', link)
  if (network === null) return null
  // Those of lines on-premises are for what comes in by them.
  if (field(body, 'interconnectAttachment') !== undefined) return { ...NOBODYS, id: item.id, network }
  const filter = field(body, 'filter')
  const protocol = textOf(field(filter, 'ipProtocol')) ?? 'ALL'
  const v6 = text(field(filter, 'protocolVersion')) === 'IPV6'
  const range = (key: string): AnyCidr | null => rangeOf(field(filter, key) ?? (v6 ? '::/0' : '0.0.0.0/0'))
  const [source, destination] = [range('srcRange'), range('destRange')]
  const address = addressOf(field(body, 'nextHopIlbIp'))
  const isOrdinary = field(body, 'nextHopOtherRoutes') === 'DEFAULT_ROUTING'
  return {
    id: item.id,
    network,
    priority: integer(field(body, 'priority')) ?? 1000,
    source,
    destination,
    next: isOrdinary
      ? null
      : address === null
        ? unknown('the next hop of a route cannot be read')
        : { kind: 'address', address },
    tags: wordsIn(field(field(body, 'virtualMachine'), 'tags')),
    doubt: item.isDisputed
      ? 'documents say different things of a route'
      : source === null || destination === null
        ? UNREADABLE
        : protocol.toUpperCase() !== 'ALL'
          ? `a policy-based route of the protocol \`${protocol}\` alone is not evaluated`
          : list(field(body, 'warnings')).length > 0
            ? 'what becomes of a policy-based route with a warning is not evaluated'
            : null,
  }
}

const NOBODYS = { priority: 0, source: null, destination: null, next: null, tags: [''], doubt: null } as const

/**
 * What a table becomes for senders of some ranges. A route that is asked before all others takes what it is for from longer ones and
 * from subnets, too, and where nobody can tell whether it does, so does the doubt; the last asked is laid in first.
 * Source: “Policy-based routes”, Specifications; “Routes”, Applicability and order.
 */
export const withPolicyRoutes = (
  ordinary: readonly Route[],
  applying: readonly PolicyRoute[],
  sources: readonly AnyCidr[],
): readonly Route[] => {
  let routes = ordinary
  for (const one of applying.toReversed()) {
    const meant = isMeant(one, sources)
    if (meant === 'no') continue
    const { destination, next } = one
    const doubt =
      one.doubt ?? (meant === 'unknown' ? `the policy-based route \`${one.id}\` is for a part of those who send` : null)
    const taken = setOf(destination === null ? ALL : [destination])
    const outside = routes.filter(route => route.destination === null || !holds(taken, route.destination))
    const inside: readonly Route[] =
      destination === null || doubt !== null
        ? (destination === null ? ALL : [destination]).map(range => routeTo(range, unknown(doubt ?? UNREADABLE)))
        : next === null
          ? clipped(ordinary, destination)
          : [routeTo(destination, next)]
    routes = [...outside, ...inside]
  }
  return routes
}

/** `unknown`: it is for a part of these senders, or for whom cannot be read. */
const isMeant = ({ source }: PolicyRoute, sources: readonly AnyCidr[]): 'yes' | 'no' | 'unknown' => {
  if (source === null) return 'unknown'
  const all = setOf([source])
  if (bothFamilies.isEmpty(bothFamilies.intersect(setOf(sources), all))) return 'no'
  return sources.filter(({ family }) => family === source.family).every(range => holds(all, range)) ? 'yes' : 'unknown'
}

const ALL = cidrsOf('0.0.0.0/0', '::/0')
const UNREADABLE = 'what a policy-based route takes cannot be read'

/** What of the ordinary routes is for these addresses. */
const clipped = (routes: readonly Route[], range: AnyCidr): readonly Route[] => {
  const all = setOf([range])
  const within = routes.filter(({ destination }) => destination !== null && holds(all, destination))
  const around = routes.filter(
    ({ destination }) =>
      destination !== null && destination.prefix < range.prefix && holds(setOf([destination]), range),
  )
  const longest = Math.max(...around.map(({ destination }) => destination?.prefix ?? 0))
  const isEqual = within.some(({ destination }) => destination?.prefix === range.prefix)
  return [
    ...within,
    ...(isEqual
      ? []
      : around.filter(one => one.destination?.prefix === longest).map(one => ({ ...one, destination: range }))),
  ]
}

const routeTo = (destination: AnyCidr, next: NextHop): Route => ({ destination, by: 'static', rank: 0, next, at: [] })
