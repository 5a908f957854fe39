import type { Json, JsonObject } from '../../model/json.ts'
import type { Linking } from './link.ts'
import { isUnknown, type Resource, wordOf } from './resource.ts'
import { inlineRoutes } from './routes.ts'
import type { Supply } from './supply.ts'
import type { Vpc } from './vpcs.ts'
import { expressionOf, idOf, type World } from './world.ts'

/** A route table while what belongs to it is gathered. */
export interface Table {
  readonly id: string
  readonly of: Resource
  readonly vpc: string | null
  readonly routes: JsonObject[]
  /** Routes that it may have: they count after all that it has. */
  readonly perhaps: JsonObject[]
  readonly associations: Json[]
}

export type Tables = Map<string, Table>

/** What a plan and what came before it say of the same things. */
export interface Around {
  readonly world: World
  readonly linking: Linking
  readonly supply: Supply
  /** What was there before; of a state, itself. */
  readonly before: World
  readonly vpcs: ReadonlyMap<string, Vpc>
}

/**
 * Managed tables, and the main ones of VPCs that are made now: they come with the local routes alone. The main table of a VPC that
 * was there and is not managed is unknown. Source: VPC User Guide, “Subnet route tables”, Main route table.
 */
export const tablesIn = (around: Around): Tables => {
  const { world, linking, supply, vpcs } = around
  const tables: Tables = new Map()
  for (const resource of world.ofType('aws_route_table')) {
    const vpc = linking.link(resource, 'vpc_id', 'vpc')
    if (vpc.kind === 'open') supply.say(resource, vpc.why)
    put(tables, idOf(resource), resource, vpc.kind === 'id' ? vpc.id : null, routesOf(around, resource))
  }
  const mains = new Map<string, string | null>()
  for (const { id, of: resource } of vpcs.values()) {
    const first = linking.named(
      wordOf(resource, 'default_route_table_id') ?? `${resource.address}.default_route_table_id`,
    )
    if (first.of?.type === 'aws_default_route_table') put(tables, first.id, first.of, id, routesOf(around, first.of))
    else if (resource.isNew) put(tables, first.id, resource, id, [])
    mains.set(id, resource.isNew ? first.id : wordOf(resource, 'main_route_table_id'))
  }
  for (const resource of world.ofType('aws_default_route_table'))
    if (!tables.has(idOf(resource)))
      put(tables, idOf(resource), resource, wordOf(resource, 'vpc_id'), routesOf(around, resource))
  for (const [vpc, main] of mainsOf(around, mains)) {
    const table = main === null ? undefined : tables.get(main)
    if (table?.vpc === vpc || table?.vpc === null) table?.associations.push({ Main: true, RouteTableId: main })
  }
  return tables
}

const put = (
  tables: Tables,
  id: string,
  resource: Resource,
  vpc: string | null,
  routes: readonly JsonObject[],
): void => {
  if (!tables.has(id)) tables.set(id, { id, of: resource, vpc, routes: [...routes], perhaps: [], associations: [] })
}

/** The provider mirrors in a table what resources of their own put there: those are read for themselves. */
const routesOf = ({ world, linking, supply, before }: Around, resource: Resource): readonly JsonObject[] => {
  const routes = inlineRoutes(linking, supply, resource)
  if (expressionOf(world, resource, 'route') !== undefined) return routes
  const owned = new Set(
    before
      .having('aws_route', 'route_table_id', idOf(resource))
      .map(route => DESTINATION_KEYS.map(key => wordOf(route, key) ?? '').join(' ')),
  )
  return routes.filter(route => !owned.has(AWS_KEYS.map(key => String(route[key] ?? '')).join(' ')))
}

const DESTINATION_KEYS = ['destination_cidr_block', 'destination_ipv6_cidr_block', 'destination_prefix_list_id']
const AWS_KEYS = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId']

/** Somebody may have made another table the main one; who takes that back leaves open which it is then. */
const mainsOf = (
  { world, linking, supply, before }: Around,
  first: Map<string, string | null>,
): Map<string, string | null> => {
  const mains = new Map(first)
  const type = 'aws_main_route_table_association'
  for (const resource of before.ofType(type)) {
    const vpc = wordOf(resource, 'vpc_id')
    if (vpc !== null) mains.set(vpc, null)
  }
  for (const resource of world.ofType(type)) {
    const [vpc, table] = [
      linking.link(resource, 'vpc_id', 'vpc'),
      linking.link(resource, 'route_table_id', 'route-table'),
    ]
    supply.part(
      resource,
      [vpc, table].flatMap(link => (link.kind === 'open' ? [link.why] : [])),
    )
    const main = table.kind === 'id' ? table.id : null
    if (vpc.kind === 'id') mains.set(vpc.id, main)
    else if (vpc.kind === 'open') for (const { id } of vpc.among) mains.set(id, null)
  }
  return mains
}

/** Each block of its network is local, but for one that a route says something else of. Source: VPC User Guide, “Subnet route tables”. */
export const withLocalRoutes = ({ vpc, routes, perhaps }: Table, vpcs: ReadonlyMap<string, Vpc>): readonly Json[] => {
  const network = vpc === null ? undefined : vpcs.get(vpc)
  const all = [...routes, ...perhaps]
  const taken = new Set(all.flatMap(route => AWS_KEYS.flatMap(key => (route[key] === undefined ? [] : [route[key]]))))
  if (network === undefined) return [LOCAL, ...all]
  return [
    ...network.ranges4.flatMap(range =>
      range === null ? [LOCAL] : taken.has(range) ? [] : [{ DestinationCidrBlock: range, ...LOCAL }],
    ),
    // What block of IPv6 it will have is not known: the route to it takes nothing else.
    ...network.ranges6.flatMap(range =>
      range === null || taken.has(range) ? [] : [{ DestinationIpv6CidrBlock: range, ...LOCAL }],
    ),
    ...all,
  ]
}

const LOCAL: JsonObject = { GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' }

/** Whether the provider alone decides on it. */
export const isFilledIn = (world: World, resource: Resource, key: string): boolean =>
  isUnknown(resource, key) && expressionOf(world, resource, key) === undefined
