import type { NextHop, Route, RouteTable } from '../../model/fabric.ts'
import { field, list } from '../../model/json.ts'
import { compareText } from '../../model/order.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import { type AnyCidr, printCidr } from '../../sets/cidr.ts'
import { type Collected, cloudObject, type GcpItem } from './collect.ts'
import type { Learned } from './dynamic-routes.ts'
import { idFor, idIn } from './links.ts'
import type { SubnetFacts } from './networks.ts'
import { exchanged, mayBeExchanged, type Peerings, type Side } from './peerings.ts'
import { type PolicyRoute, withPolicyRoutes } from './policy-routes.ts'
import { holds, setOf } from './ranges.ts'
import { IMPORTED, type RouteFact, unknown } from './routes.ts'
import { serviceRoutes } from './service-routes.ts'

/** Tables are no objects of the platform: each network has its routes, and a machine those that its place and its tags leave it. */
export interface Tables {
  /** The table of whoever has these tags in a subnet, null: tags that nobody knows; it is made where it is new. */
  readonly idOf: (subnet: SubnetFacts, tags: Tags) => string
  /** All that were asked for, sorted by id. */
  readonly made: () => readonly RouteTable[]
}

type Tags = readonly string[] | null

interface Sources {
  /** Whether all subnets that a network names were read; of one that was not read itself, whether any was. */
  readonly isWhole: (network: string) => boolean
  readonly subnets: readonly SubnetFacts[]
  readonly routes: readonly RouteFact[]
  readonly learned: Learned
  readonly policyRoutes: readonly PolicyRoute[]
  readonly peerings: Peerings
}

export const tablesIn = (collected: Collected, read: Omit<Sources, 'isWhole'>): Tables => {
  const networks = new Map(collected.in('network').map(item => [item.id, item]))
  const sources: Sources = { ...read, isWhole: wholeIn(networks, read.subnets) }
  const askedIn = new Map([...networks.keys()].map(id => [id, tagsAsked(id, sources)]))
  const isGlobal = (network: string): boolean =>
    field(field(networks.get(network)?.body, 'routingConfig'), 'routingMode') === 'GLOBAL'
  const made = new Map<string, RouteTable>()
  return {
    idOf: (subnet, tags) => {
      const { network } = subnet
      const item = networks.get(network)
      const [project, name] = network.slice('gcp:network/'.length).split('/')
      if (item === undefined) return idFor('route-table', project ?? null, name ?? null, 'unread')
      const all = askedIn.get(network) ?? new Set()
      const asked = all.size === 0 ? [] : (tags?.filter(tag => all.has(tag)) ?? null)
      const [isRegional, isOwn] = [hasLearned(network, sources), hasPolicyRoutes(network, sources)]
      const id = idFor(
        'route-table',
        project ?? null,
        name ?? null,
        isRegional && !isOwn ? subnet.region : null,
        isOwn ? subnet.item.link.place : null,
        isOwn ? subnet.item.link.name : null,
        subnet.hasPrivateAccess && !isOwn ? 'private-access' : null,
        asked === null ? 'anybody' : asked.length > 0 ? asked.join('+') : null,
      )
      if (!made.has(id))
        made.set(id, {
          ...cloudObject(item, { id, name: null }),
          network,
          routes: routesFor(subnet, asked, isGlobal, sources).toSorted(byDestination),
        })
      return id
    },
    made: () => [...made.values()].toSorted((a, b) => compareText(a.id, b.id)),
  }
}

/** Source: Compute Engine API, Network, `subnetworks`. */
const wholeIn = (networks: ReadonlyMap<string, GcpItem>, subnets: readonly SubnetFacts[]): Sources['isWhole'] => {
  const ids = new Set(subnets.map(({ item }) => item.id))
  const named = new Set(subnets.map(({ network }) => network))
  return network => {
    const item = networks.get(network)
    if (item === undefined) return named.has(network)
    return list(field(item.body, 'subnetworks')).every(one => ids.has(idIn(one, 'subnetworks', item.link) ?? ''))
  }
}

const tagsAsked = (network: string, { routes, policyRoutes }: Sources): ReadonlySet<string> =>
  new Set([...routes, ...policyRoutes].flatMap(one => (one.network === network ? one.tags : [])))

const hasLearned = (network: string, { learned, peerings }: Sources): boolean => {
  const near = [network, ...peerings.of(network).flatMap(side => (side.importsCustom ? [side.peer] : []))]
  return [...learned.routes, ...learned.unread].some(one => near.includes(one.network))
}

const hasPolicyRoutes = (network: string, { policyRoutes }: Sources): boolean =>
  policyRoutes.some(one => one.network === network)

const byDestination = (a: Route, b: Route): number =>
  compareText(nameOf(a), nameOf(b)) || a.rank - b.rank || compareText(JSON.stringify(a.next), JSON.stringify(b.next))

const nameOf = ({ destination }: Route): string => (destination === null ? '~' : printCidr(destination))

/**
 * What stays in the network or a neighbour of it comes first, however short its prefix; then the network’s own routes, then those
 * that neighbours hand over. Source: “Routes”, Applicability and order; “VPC Network Peering”.
 */
const routesFor = (
  subnet: SubnetFacts,
  tags: Tags,
  isGlobal: (network: string) => boolean,
  sources: Sources,
): readonly Route[] => {
  const { network } = subnet
  const own = sources.routes.filter(one => one.network === network)
  const locals = localRoutes(subnet, own, sources)
  const held = setOf(locals.flatMap(({ destination }) => (destination === null ? [] : [destination])))
  const custom = [
    ...own.flatMap(one => (one.by === 'local' ? [] : meantFor(one, tags))),
    ...learnedIn(network, subnet.region, isGlobal(network), sources),
    ...sources.peerings.of(network).flatMap(side => importedBy(side, subnet.region, isGlobal(side.peer), sources)),
  ]
  const hybrid = setOf(
    sources.subnets.filter(one => one.network === network && one.isHybrid).flatMap(({ ranges }) => ranges),
  )
  const counting = custom.flatMap(route => {
    if (route.destination === null || !holds(held, route.destination)) return [route]
    const meet = bothFamilies.intersect(hybrid, setOf([route.destination]))
    return bothFamilies.isEmpty(meet) ? [] : [{ ...route, by: 'static' as const, next: HYBRID }]
  })
  const applying = sources.policyRoutes
    .filter(one => one.network === network && isMeant(one.tags, tags) !== 'no')
    .map(one => (isMeant(one.tags, tags) === 'unknown' ? { ...one, doubt: TAGS_UNKNOWN } : one))
  const ordinary = [...locals, ...besideUnread(counting, network, own, sources)]
  const routes = withPolicyRoutes(ordinary, applying, subnet.ranges)
  const open = [
    ...(own.length === 0
      ? [unknown('the routes of the network were not read', null, 'gcloud compute routes list')]
      : []),
    ...(sources.isWhole(network) || own.some(({ next }) => next.kind === 'network')
      ? []
      : [unknown('a subnet of the network was not read', null, 'gcloud compute networks subnets list')]),
    ...unreadOf(subnet, isGlobal(network), sources),
  ]
  return [
    ...routes,
    ...(subnet.hasPrivateAccess ? serviceRoutes(routes) : []),
    ...open.map((next): Route => ({ destination: null, by: 'static', rank: 0, next, at: [] })),
  ]
}

const isMeant = (asked: readonly string[], tags: Tags): Tri =>
  asked.length === 0 ? 'yes' : tags === null ? 'unknown' : asked.some(tag => tags.includes(tag)) ? 'yes' : 'no'

type Tri = 'yes' | 'no' | 'unknown'

/** Where nobody knows the tags, it leads there or it is not there. */
const meantFor = (one: RouteFact, tags: Tags): readonly Route[] => {
  const counts = isMeant(one.tags, tags)
  return counts === 'no' ? [] : [counts === 'yes' ? routeOf(one) : { ...routeOf(one), next: unknown(TAGS_UNKNOWN) }]
}

const TAGS_UNKNOWN = 'a route is for machines with some tags, and which tags who sends has is not asked'

/**
 * Subnets of a neighbour come before every other route but those to one’s own. Where neither they nor the routes to them were read,
 * they may be wherever the peering hands subnets over.
 */
const besideUnread = (
  routes: readonly Route[],
  network: string,
  own: readonly RouteFact[],
  { peerings, isWhole }: Sources,
): readonly Route[] => {
  const unread = peerings
    .of(network)
    .filter(side => !isWhole(side.peer))
    .filter(side => peerings.isUp(network, side.peer))
    .filter(side => !own.some(({ next }) => next.kind === 'peering' && next.id === peerings.idOf(network, side.peer)))
  return unread.reduce<readonly Route[]>((before, side) => {
    const ranges = mayBeExchanged(side)
    const all = setOf(ranges)
    const next = unknown(
      `the subnets of \`${side.peer}\` were not read`,
      side.peer,
      'gcloud compute routes list, which shows those to its subnets, too',
    )
    return [
      ...before.map(route =>
        route.destination === null || !holds(all, route.destination) ? route : { ...route, next },
      ),
      ...ranges.map((destination): Route => ({ destination, by: 'static', rank: 0, next, at: [] })),
    ]
  }, routes)
}

const routeOf = ({ destination, by, rank, next }: RouteFact): Route => ({ destination, by, rank, next, at: [] })

const local = (destination: AnyCidr, next: NextHop): Route => ({ destination, by: 'local', rank: 0, next, at: [] })

/** By the subnets themselves, and by the routes to them, which say the same. */
const localRoutes = ({ network }: SubnetFacts, own: readonly RouteFact[], sources: Sources): readonly Route[] => {
  const { subnets, peerings } = sources
  const all = [
    ...subnets
      .filter(one => one.network === network)
      .flatMap(({ ranges }) => ranges.map(range => local(range, { kind: 'network' }))),
    ...peerings.of(network).flatMap(side => {
      const id = peerings.idOf(network, side.peer)
      const there = peerings.of(side.peer).find(one => one.peer === network)
      return id === null ? [] : exchanged(side, there, subnets).map(range => local(range, { kind: 'peering', id }))
    }),
    ...own.filter(({ by }) => by === 'local').map(routeOf),
  ]
  return [...new Map(all.map(route => [JSON.stringify([nameOf(route), route.next]), route])).values()]
}

/** A network that routes globally has what is learned anywhere in all of its regions; else each region its own. */
const learnedIn = (
  network: string,
  region: string | null,
  isGlobal: boolean,
  { learned }: Sources,
): readonly Route[] => {
  const all = learned.routes.filter(one => one.network === network)
  const here = all.filter(one => one.region === region)
  return (here.length === 0 && isGlobal ? all : here).map(routeOf)
}

/**
 * Routes that a neighbour hands over lead where they lead there. Those to the internet and those for tags stay at home.
 * Of several neighbours none comes first. What they learned is for the regions that their own mode says.
 * Source: “VPC Network Peering”, Custom routes; Effects of the dynamic routing mode.
 */
const importedBy = (side: Side, region: string | null, isGlobal: boolean, sources: Sources): readonly Route[] => {
  const there = sources.peerings.of(side.peer).find(one => one.peer === side.network)
  if (!side.importsCustom || there?.exportsCustom !== true) return []
  const all = [
    ...sources.routes
      .filter(one => one.network === side.peer && one.by !== 'local' && one.tags.length === 0)
      .filter(({ next }) => next.kind !== 'internet' && next.kind !== 'peering')
      .map(routeOf),
    ...learnedIn(side.peer, region, isGlobal, sources),
  ]
  const best = Map.groupBy(all, nameOf)
  return [...best.values()].flatMap(routes => {
    const lowest = Math.min(...routes.map(({ rank }) => rank))
    return routes.filter(({ rank }) => rank === lowest).map(route => ({ ...route, rank: IMPORTED }))
  })
}

/** What may lie beside what was read. */
const unreadOf = (
  { network, region }: SubnetFacts,
  isGlobal: boolean,
  { learned, peerings, routes }: Sources,
): readonly NextHop[] => [
  ...learned.unread
    .filter(one => one.network === network && (isGlobal || one.region === region))
    .map(({ router }) =>
      unknown(`the routes that \`${router}\` learned were not read`, null, 'gcloud compute routers get-status'),
    ),
  ...peerings.of(network).flatMap(side => {
    const there = peerings.of(side.peer).find(one => one.peer === network)
    if (!side.importsCustom || there?.exportsCustom === false) return []
    const isRead = there !== undefined && routes.some(one => one.network === side.peer)
    const unlearned = learned.unread.some(one => one.network === side.peer)
    return isRead && !unlearned
      ? []
      : [
          unknown(
            `the routes that \`${side.peer}\` hands over were not read`,
            null,
            'gcloud compute networks list and gcloud compute routes list, of the other project',
          ),
        ]
  }),
]

const HYBRID: NextHop = unknown('routes may take a part of a hybrid subnet elsewhere, which is not evaluated')
