import type { JsonObject } from '../../model/json.ts'
import type { Named } from './link.ts'
import { isOpenIn, type Resource } from './resource.ts'
import { openHop } from './route-targets.ts'
import { standaloneRoute } from './routes.ts'
import type { Around, Table, Tables } from './tables.ts'

/** Routes that are resources of their own, and what gateways bring into tables. */
export const putRoutes = (around: Around, tables: Tables): void => {
  const { world, linking, supply } = around
  for (const resource of world.ofType('aws_route')) {
    const route = standaloneRoute(world, linking, supply, resource)
    const link = linking.link(resource, 'route_table_id', 'route-table')
    supply.part(resource, link.kind === 'open' ? [link.why] : [])
    if (link.kind === 'id') tableOf(tables, link.id, resource).routes.push(route)
    else
      putPerhaps(
        around,
        tables,
        link.kind === 'open' && link.isAll ? link.among : [],
        resource,
        route,
        'route_table_id',
      )
  }
  for (const resource of world.ofType('aws_vpn_gateway_route_propagation')) {
    const table = linking.link(resource, 'route_table_id', 'route-table')
    const gateway = linking.link(resource, 'vpn_gateway_id', 'vpn-gateway')
    supply.part(resource, [PROPAGATED, ...[table, gateway].flatMap(link => (link.kind === 'open' ? [link.why] : []))])
    const from = gateway.kind === 'id' ? gateway : null
    if (table.kind === 'id') tableOf(tables, table.id, resource).routes.push(propagated(around, from, resource))
    else
      putPerhaps(
        around,
        tables,
        table.kind === 'open' && table.isAll ? table.among : [],
        resource,
        propagated(around, from, resource),
        'route_table_id',
      )
  }
  for (const table of tables.values()) {
    if (table.of.type !== 'aws_route_table' && table.of.type !== 'aws_default_route_table') continue
    const { named, open } = linking.links(table.of, 'propagating_vgws', 'vpn-gateway')
    for (const from of named) table.routes.push(propagated(around, from, table.of))
    if (open !== null && linking.isFed(table.of, 'propagating_vgws') && isOpenIn(table.of, 'propagating_vgws'))
      table.routes.push(propagated(around, null, table.of))
  }
}

const PROPAGATED = 'which routes a VPN gateway propagates stands in no plan and no state'

/** What a gateway learns is not told: it may be for anything that nothing longer takes. */
const propagated = ({ supply }: Around, from: Named | null, resource: Resource): JsonObject => {
  const target = from?.id ?? `${resource.address}.vpn_gateway_id`
  if (from === null || from.id === from.of?.address) supply.lead(target, openHop(PROPAGATED))
  return { GatewayId: target, Origin: 'EnableVgwRoutePropagation', State: 'active' }
}

/** A table that is named and not managed here has routes that nobody read. */
export const tableOf = (tables: Tables, id: string, resource: Resource): Table => {
  const known = tables.get(id)
  if (known !== undefined) return known
  const made: Table = { id, of: resource, vpc: null, routes: [], perhaps: [{}], associations: [] }
  tables.set(id, made)
  return made
}

/** A route of one of these tables; without any of them, of any table. */
export const putPerhaps = (
  { supply }: Around,
  tables: Tables,
  among: readonly Named[],
  resource: Resource,
  route: JsonObject,
  key: string,
): void => {
  const token = `${resource.address}.${key}?`
  supply.lead(token, openHop(`whether a table has the route \`${resource.address}\` is not known before it is applied`))
  const open: JsonObject = { ...destinationOf(route), GatewayId: token, State: 'active', Origin: 'CreateRoute' }
  if (among.length > 0) for (const { id } of among) tableOf(tables, id, resource).perhaps.push(open)
  else {
    // One such route in front of each says all that a second one would.
    const [first] = tables.values()
    if (first?.perhaps[0]?.['DestinationCidrBlock'] === null) return
    for (const table of tables.values()) table.perhaps.unshift({ ...open, ...ANYWHERE })
  }
}

const ANYWHERE = { DestinationCidrBlock: null, DestinationIpv6CidrBlock: null, DestinationPrefixListId: null }

const destinationOf = (route: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(route).filter(([key]) => key.startsWith('Destination')))
