import type { HubRoute, HubTable, Network } from '../../model/fabric.ts'
import { field, list } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import type { Collected } from './collect.ts'
import { cloudObject, type Item, idFor, wordIn } from './item.ts'
import { DIFFERS, type Lowered, type Merged, merge } from './lowered.ts'
import type { PrefixLists } from './prefix-lists.ts'
import { RANKS } from './route-ranks.ts'
import { MORE_FOLLOWS } from './schema.ts'
import { defaultTablesIn } from './transit-associations.ts'
import type { AttachmentFact } from './transit-fact.ts'
import { PROPAGATIONS } from './transit-mentions.ts'
import { lowerHubRoute, openHubRoute, withEqualsJoined } from './transit-routes.ts'

interface Context {
  readonly facts: readonly AttachmentFact[]
  readonly networks: readonly Network[]
  readonly prefixLists: PrefixLists
}

/**
 * Tables of transit gateways. Their routes are an output of their own, and the truth where it was read. Where it was not, routes
 * that propagate are what the VPCs’ blocks say, and static ones, which come before them, may take anything.
 */
export const lowerTransitTables = (collected: Collected, context: Context): Merged<HubTable> => {
  const wrapped = Map.groupBy(collected.hubTables, ({ id }) => id)
  const described = Map.groupBy(collected.in('TransitGatewayRouteTables'), ({ id }) => id)
  const ids = [...new Set([...wrapped.keys(), ...described.keys()])]
  const lowered = ids.flatMap((id): readonly Lowered<HubTable>[] => {
    const own = wrapped.get(id) ?? []
    const withRoutes = own.filter(({ body }) => Array.isArray(field(body, 'Routes')))
    const names = propagating(id, own, described.get(id) ?? [], collected, context)
    if (withRoutes.length > 0)
      return withRoutes.map(item => {
        const { value, ...read } = fromRoutes(item, context)
        if (value === null || !isOfStatic(item)) return { ...read, value }
        const beside = names === null ? [openHubRoute(UNTOLD, item.at)] : propagated(names, item.at, context)
        return { ...read, value: { ...value, routes: withEqualsJoined([...value.routes, ...beside]) } }
      })
    const [item] = [...(described.get(id) ?? []), ...own]
    if (item === undefined) return []
    const value =
      names === null ? null : tableOf(item, [...propagated(names, item.at, context), openHubRoute(UNREAD, item.at)])
    return [{ id: idFor('TransitGatewayRouteTables', id), item, value, faults: [UNREAD] }]
  })
  return merge(lowered, table => ({ ...table, routes: [...table.routes, openHubRoute(DIFFERS, table.at)] }))
}

/** A list that says so in its name holds the static routes of each table alone. */
const isOfStatic = ({ at: [key] }: Item): boolean => typeof key === 'string' && key.includes('Static')

const UNTOLD = 'which attachments propagate to a transit gateway’s table was not read'
const UNREAD = 'the routes of a transit gateway’s table were not read, and static ones may take anything'
const CUT = 'a transit gateway’s table has more routes than were read'

const tableOf = (item: Item, routes: readonly HubRoute[]): HubTable => ({
  ...cloudObject('TransitGatewayRouteTables', item),
  routes: withEqualsJoined(routes),
})

const fromRoutes = (item: Item, { prefixLists }: Context): Lowered<HubTable> => {
  const read = list(field(item.body, 'Routes')).map((route, i) =>
    lowerHubRoute(route, [...item.at, 'Routes', i], prefixLists),
  )
  const isCut =
    field(item.body, 'AdditionalRoutesAvailable') === true || MORE_FOLLOWS.some(key => wordIn(item.body, key) !== null)
  return {
    id: idFor('TransitGatewayRouteTables', item.id),
    item,
    value: tableOf(item, [...read.flatMap(({ routes }) => routes), ...(isCut ? [openHubRoute(CUT, item.at)] : [])]),
    faults: [...read.flatMap(({ fault }) => fault ?? []), ...(isCut ? [CUT] : [])],
  }
}

/** Attachments whose routes the table has by propagation, or has unless somebody changed it; null: nobody can tell. */
const propagating = (
  id: string,
  own: readonly Item[],
  described: readonly Item[],
  collected: Collected,
  { facts }: Context,
): readonly string[] | null => {
  const told = own.filter(({ body }) => Array.isArray(field(body, PROPAGATIONS)))
  if (told.length > 0)
    return told.flatMap(({ body }) =>
      list(field(body, PROPAGATIONS))
        .filter(one => wordIn(one, 'State') !== 'disabled')
        .flatMap(one => wordIn(one, 'TransitGatewayAttachmentId') ?? []),
    )
  const defaults = defaultTablesIn(collected, 'Propagation')
  const hubs = described.flatMap(({ body }) => wordIn(body, 'TransitGatewayId') ?? [])
  const hub = hubs.find(one => defaults.get(one) === id)
  return hub === undefined ? null : facts.filter(fact => fact.isObject && fact.hub === hub).map(fact => fact.id)
}

/**
 * Peerings never propagate; lines and tunnels do, and what is said there stands in no document. Blocks of IPv6 propagate where
 * the attachment takes part in it. Source: EC2 API Reference, CreateTransitGatewayVpcAttachmentRequestOptions; Amazon VPC Transit
 * Gateways, “Route tables”, “Transit gateway peering attachments”.
 */
const propagated = (names: readonly string[], at: DocumentPath, { facts, networks }: Context): readonly HubRoute[] =>
  [...new Set(names)].flatMap((name): readonly HubRoute[] => {
    const own = facts.filter(({ id }) => id === name)
    const type = own.find(fact => fact.type !== null)?.type ?? null
    if (type === 'peering') return []
    const resource = own.find(fact => fact.resource !== null)?.resource ?? null
    const network = networks.find(one => type === 'vpc' && resource !== null && one.id === idFor('Vpcs', resource))
    if (network === undefined) return [openHubRoute(`the addresses that \`${name}\` propagates were not read`, at)]
    const hasV6 = own.every(({ place }) => place?.propagatesV6 !== false)
    const next = { kind: 'attachments', ids: [idFor('TransitGatewayAttachments', name)] } as const
    return network.ranges
      .filter(({ family }) => family === 4 || hasV6)
      .map(destination => ({ destination, by: 'propagated', rank: RANKS.propagated, next, at }))
  })
