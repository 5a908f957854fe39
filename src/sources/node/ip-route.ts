import { field, isObject, type Json, type JsonObject, list } from '../../model/json.ts'
import type { NextHop, NodeRoute, RouteType } from '../../model/node-facts.ts'
import type { AddressFamily, AddressPrefix } from '../../model/node-firewall.ts'
import { anywhere, parseAddress, parsePrefix } from './address.ts'
import { has, integerOf, textOf, textsOf, unknownMembers } from './json-fields.ts'
import { type JsonItem, jsonItems } from './json-items.ts'
import { type Journal, openJournal, type Reading } from './reading.ts'

/**
 * `ip -j route show table all` of one family or both. `default` names no family: it is the section's, else IPv6 when
 * the route has a `pref` (only IPv6 routes do) or an IPv6 gateway of its own, else IPv4. A route without `table` is in
 * `main`, one without `type` is unicast.
 */
export const readIpRoute = (
  text: string,
  file: string,
  firstLine = 1,
  section: AddressFamily | null = null,
): Reading<readonly NodeRoute[]> => {
  const journal = openJournal(file)
  const routes: NodeRoute[] = []
  for (const item of jsonItems(text, 1, journal, firstLine)) {
    const route = routeOf(item, file, section, journal)
    if (route !== null) routes.push(route)
  }
  return journal.close(routes)
}

const routeOf = ({ value, line, index }: JsonItem, file: string, section: AddressFamily | null, journal: Journal) => {
  if (isObject(value) && Object.keys(value).length === 0) return null
  const dst = isObject(value) ? textOf(value, 'dst') : null
  if (!isObject(value) || dst === null) {
    journal.refuse(line, 'a route without `dst`, save `ip -j route show table all` again')
    return null
  }
  if (has(value, 'cache')) {
    journal.note('ignorable', line, 'the answer of `ip route get`, not a route of a table')
    return null
  }
  const hops = nextHopsOf(value, line, journal)
  const destination = dst === 'default' ? anywhere(section ?? familyOfDefault(value, hops)) : parsePrefix(dst)
  const from = textOf(value, 'from')
  const source = from === null || from === 'default' ? null : parsePrefix(from)
  if (destination === null || hops === null || (from !== null && from !== 'default' && source === null)) {
    journal.refuse(line, 'a route whose addresses cannot be read', JSON.stringify(value))
    return null
  }
  const type = textOf(value, 'type') ?? 'unicast'
  const unknown = unknownMembers(value, KNOWN)
  for (const { text } of unknown) journal.note('partly', line, 'a member of a route is not understood', text)
  if (!TYPES.has(type)) journal.note('partly', line, 'a type of route is not understood', type)
  const route: NodeRoute = {
    family: destination.family,
    type: TYPES.has(type) ? (type as RouteType) : { kind: 'unknown', text: type },
    table: textOf(value, 'table') ?? 'main',
    destination,
    source: source as AddressPrefix | null,
    nextHops: DEAD_ENDS.has(type) ? [] : hops,
    preferredSource: parseAddress(textOf(value, 'prefsrc') ?? '')?.text ?? null,
    metric: integerOf(value, 'metric'),
    protocol: textOf(value, 'protocol'),
    scope: textOf(value, 'scope'),
    tos: textOf(value, 'tos'),
    unknown,
    origin: { file, line, index },
  }
  return route
}

/** null when a gateway is malformed: a route that leads elsewhere than it says must not be kept. */
const nextHopsOf = (route: JsonObject, line: number, journal: Journal): readonly NextHop[] | null => {
  const several = list(field(route, 'nexthops'))
  const hops: NextHop[] = []
  for (const entry of several.length > 0 ? several : [route]) {
    const hop = isObject(entry) ? nextHopOf(entry) : null
    if (hop === null) return null
    // A nexthop object that is named but not spelled out: `{ "nhid": 5 }`.
    if (hop.gateway === null && hop.device === null && has(route, 'nhid'))
      journal.note('partly', line, 'the next hop is an object that the output names by number only')
    if (hop.gateway !== null || hop.device !== null) hops.push(hop)
  }
  return hops
}

const nextHopOf = (entry: JsonObject): NextHop | null => {
  const via = field(entry, 'via')
  const told: Json | undefined = field(entry, 'gateway') ?? field(via, 'host')
  const gateway = typeof told === 'string' ? parseAddress(told) : null
  if (told !== undefined && gateway === null) return null
  return {
    gateway: gateway === null ? null : { family: gateway.family, address: gateway.text },
    device: textOf(entry, 'dev'),
    weight: integerOf(entry, 'weight') ?? 1,
    flags: textsOf(entry, 'flags'),
  }
}

const familyOfDefault = (route: JsonObject, hops: readonly NextHop[] | null): AddressFamily => {
  if (has(route, 'pref')) return 6
  const source = parseAddress(textOf(route, 'prefsrc') ?? '')
  if (source !== null) return source.family
  // An IPv4 route over an IPv6 gateway prints it under `via`.
  if (has(route, 'via')) return 4
  return hops?.find(hop => hop.gateway !== null)?.gateway?.family ?? 4
}

const TYPES: ReadonlySet<string> = new Set([
  ...['unicast', 'local', 'broadcast', 'multicast', 'anycast', 'blackhole', 'unreachable', 'prohibit', 'throw', 'nat'],
])
/** IPv6 prints a device (`lo`) for these, which no packet ever takes. */
const DEAD_ENDS: ReadonlySet<string> = new Set(['blackhole', 'unreachable', 'prohibit', 'throw'])

const KNOWN: ReadonlySet<string> = new Set([
  ...[
    'type',
    'dst',
    'from',
    'gateway',
    'via',
    'dev',
    'table',
    'protocol',
    'scope',
    'prefsrc',
    'metric',
    'tos',
    'flags',
  ],
  ...['nexthops', 'nhid', 'nh_info', 'weight'],
  // These change how a packet travels, not where.
  ...['pref', 'metrics', 'expires', 'used', 'error', 'age', 'users', 'linkdown'],
])
