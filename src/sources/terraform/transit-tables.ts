import type { Json, JsonObject } from '../../model/json.ts'
import type { Link } from './link.ts'
import { attributeOf, isTrue, isUnknown, type Resource, wordOf } from './resource.ts'
import { tagsOf } from './supply.ts'
import type { Around } from './tables.ts'
import { type Attached, defaultTableOf, hasDefault } from './transit-defaults.ts'
import { idOf } from './world.ts'

interface HubTable {
  readonly id: string
  readonly of: Resource
  readonly hub: string | null
  /** Of one that was there others may have routes, too. */
  readonly isNew: boolean
  readonly routes: Json[]
}

/** Whose routes propagate, or stand in tables, and are not read. */
const NOT_READ = [
  'aws_vpn_connection',
  'aws_ec2_transit_gateway_connect',
  'aws_ec2_transit_gateway_vpc_attachment_accepter',
  'aws_ec2_transit_gateway_prefix_list_reference',
  'aws_dx_gateway_association',
]

/**
 * Tables of transit gateways with their routes: static ones, and those that VPCs propagate. What somebody else put into a table that
 * was there is not told. `associationOf`: what an output about an attachment says of its association; null: nothing.
 * Source: EC2 API Reference, TransitGatewayRouteTable, TransitGatewayRoute; Amazon VPC Transit Gateways, “Transit gateway route tables”.
 */
export const hubTablesIn = (
  around: Around,
  attached: readonly Attached[],
): { readonly associationOf: (one: Attached) => JsonObject | null } => {
  const { world, linking, supply } = around
  const tables = new Map<string, HubTable>()
  const put = (id: string, resource: Resource, hub: string | null, isNew: boolean): HubTable => {
    const made = tables.get(id) ?? { id, of: resource, hub, isNew, routes: [] }
    tables.set(id, made)
    return made
  }
  for (const resource of world.ofType('aws_ec2_transit_gateway_route_table')) {
    const hub = linking.link(resource, 'transit_gateway_id', 'transit-gateway')
    if (hub.kind === 'open') supply.say(resource, hub.why)
    put(idOf(resource), resource, hub.kind === 'id' ? hub.id : null, resource.isNew)
  }
  for (const hub of world.ofType('aws_ec2_transit_gateway'))
    for (const what of ['association', 'propagation'] as const) {
      const id = defaultTableOf(hub, what)
      if (id !== null && hub.isNew) put(id, hub, idOf(hub), true)
    }
  /** The tables that a link may mean. */
  const meant = (link: Link, resource: Resource): readonly HubTable[] =>
    link.kind === 'id'
      ? [put(link.id, resource, null, false)]
      : link.kind === 'open' && link.isAll
        ? link.among.map(({ id }) => put(id, resource, null, false))
        : [...tables.values()]
  const byId = new Map(attached.map(one => [one.id, one]))
  const associations = new Map<string, Link>()
  const propagations = new Set<string>()
  for (const resource of world.ofType('aws_ec2_transit_gateway_route_table_association')) {
    const { table, attachment } = linksOf(around, resource)
    if (attachment.kind === 'id') associations.set(attachment.id, table)
    else
      for (const { id } of attachment.kind === 'open' && attachment.isAll ? attachment.among : attached)
        associations.set(id, UNTOLD)
  }
  for (const resource of world.ofType('aws_ec2_transit_gateway_route_table_propagation')) {
    const { table, attachment } = linksOf(around, resource)
    const isCertain = table.kind === 'id' && attachment.kind === 'id'
    for (const one of meant(table, resource))
      one.routes.push(...(isCertain ? propagatedBy(around, byId.get(attachment.id), attachment.id) : [OPEN]))
    if (isCertain) propagations.add(`${table.id} ${attachment.id}`)
  }
  for (const resource of world.ofType('aws_ec2_transit_gateway_route')) {
    const { table, attachment } = linksOf(around, resource)
    for (const one of meant(table, resource))
      one.routes.push(table.kind === 'id' ? staticRoute(resource, attachment) : OPEN)
  }
  for (const one of attached) {
    const by = one.hub?.of ?? null
    const table = by === null ? null : defaultTableOf(by, 'propagation')
    const isOn = by === null ? null : goesToDefault(one, by, 'propagation')
    if (isOn !== false && table !== null && !propagations.has(`${table} ${one.id}`))
      tables.get(table)?.routes.push(...(isOn === true ? propagatedBy(around, one, one.id) : [OPEN]))
  }
  const isOpen = NOT_READ.some(type => world.ofType(type).length > 0)
  for (const { id, of: resource, hub, isNew, routes } of tables.values()) {
    const body = { TransitGatewayRouteTableId: id, TransitGatewayId: hub, State: 'available' }
    if (hub !== null)
      supply.put(
        'TransitGatewayRouteTables',
        id,
        { ...body, ...(idOf(resource) === id ? tagsOf(resource) : {}) },
        resource,
      )
    supply.wrap(
      id,
      { TransitGatewayRouteTableId: id, Routes: [...routes, ...(isNew && !isOpen ? [] : [OPEN])] },
      resource,
    )
  }
  return {
    associationOf: one => {
      const explicit = associations.get(one.id)
      if (explicit !== undefined) return associated(explicit.kind === 'id' ? explicit.id : null)
      const by = one.hub?.of ?? null
      const isOn = by === null ? null : goesToDefault(one, by, 'association')
      const table = by === null ? null : defaultTableOf(by, 'association')
      // Of an attachment that was there, another state may tell.
      if (isOn === null || !one.of.isNew || (isOn && table === null)) return null
      return isOn ? associated(table) : {}
    },
  }
}

const UNTOLD: Link = { kind: 'open', why: '', among: [], isAll: false }

/** A route that may be for anything. */
const OPEN: JsonObject = { Type: 'static', State: 'active' }

const associated = (table: string | null): JsonObject => ({
  Association: { TransitGatewayRouteTableId: table, State: 'associated' },
})

const linksOf = (
  { linking, supply }: Around,
  resource: Resource,
): { readonly table: Link; readonly attachment: Link } => {
  const table = linking.link(resource, 'transit_gateway_route_table_id', 'transit-table')
  const attachment = linking.link(resource, 'transit_gateway_attachment_id', 'attachment')
  supply.part(
    resource,
    [table, attachment].flatMap(link => (link.kind === 'open' ? [link.why] : [])),
  )
  return { table, attachment }
}

const staticRoute = (resource: Resource, attachment: Link): JsonObject => ({
  DestinationCidrBlock: wordOf(resource, 'destination_cidr_block'),
  Type: 'static',
  State: isTrue(resource, 'blackhole') ? 'blackhole' : 'active',
  TransitGatewayAttachments: attachment.kind === 'id' ? [{ TransitGatewayAttachmentId: attachment.id }] : [],
})

/** The blocks of what is attached. Those of IPv6 that are not known yet are left out, as in every table. */
const propagatedBy = ({ vpcs }: Around, one: Attached | undefined, id: string): readonly JsonObject[] => {
  const vpc = one?.vpc == null ? undefined : vpcs.get(one.vpc)
  if (vpc === undefined || one === undefined) return [OPEN]
  const ranges6 = wordOf(one.of, 'ipv6_support') === 'enable' ? vpc.ranges6.filter(range => range !== null) : []
  return [...vpc.ranges4, ...ranges6].map(range => ({
    DestinationCidrBlock: range,
    Type: 'propagated',
    State: 'active',
    TransitGatewayAttachments: [{ TransitGatewayAttachmentId: id }],
  }))
}

/** null: not told. */
const goesToDefault = (
  { of: resource }: Attached,
  hub: Resource,
  what: 'association' | 'propagation',
): boolean | null => {
  const key = `transit_gateway_default_route_table_${what}`
  if (isUnknown(resource, key)) return null
  const isOn = hasDefault(hub, what)
  return attributeOf(resource, key) === false ? false : isOn
}
