import type { Json } from '../../model/json.ts'
import type { Link, Named } from './link.ts'
import type { Resource } from './resource.ts'
import { openHop } from './route-targets.ts'
import type { SubnetOf } from './subnets.ts'
import { tableOf } from './table-parts.ts'
import type { Around, Tables } from './tables.ts'

/**
 * Which table a subnet uses. One that names none uses the main one. Where the plan does not tell which of several tables it is, and
 * they do not say the same, the subnet has a table of which nothing but the local routes is known.
 * Source: AWS provider, `aws_route_table_association`; VPC User Guide, “Subnet route tables”.
 */
export const putAssociations = (around: Around, tables: Tables, subnets: ReadonlyMap<string, SubnetOf>): void => {
  const { world, linking, supply } = around
  const isSame = sameContent(tables)
  const open = new Map<string, string>()
  for (const resource of world.ofType('aws_route_table_association')) {
    const table = linking.link(resource, 'route_table_id', 'route-table')
    const gateway = linking.link(resource, 'gateway_id', 'gateway')
    const subnet = linking.link(resource, 'subnet_id', 'subnet')
    const same = table.kind === 'open' && isSame(table) ? table.among[0] : undefined
    supply.part(resource, same === undefined ? whysOf([table, subnet, gateway]) : whysOf([subnet, gateway]))
    const chosen = table.kind === 'id' ? table : same
    if (subnet.kind === 'id') {
      if (chosen !== undefined) tableOf(tables, chosen.id, resource).associations.push(associated(subnet.id))
      else openTable(around, tables, subnets.get(subnet.id), subnet.id, resource, whysOf([table])[0] ?? UNTOLD)
    } else if (subnet.kind === 'open')
      for (const id of subnet.isAll ? subnet.among.map(one => one.id) : subnets.keys()) open.set(id, subnet.why)
    else if (gateway.kind === 'id' && chosen !== undefined)
      tableOf(tables, chosen.id, resource).associations.push({ Main: false, GatewayId: gateway.id })
  }
  const named = new Set([...tables.values()].flatMap(({ associations }) => associations.map(subnetOf)))
  for (const [id, why] of open) {
    const subnet = subnets.get(id)
    if (subnet !== undefined && !named.has(id)) openTable(around, tables, subnet, id, subnet.of, why)
  }
}

const UNTOLD = 'the table that the subnet uses is not told'

const whysOf = (links: readonly Link[]): readonly string[] =>
  links.flatMap(link => (link.kind === 'open' ? [link.why] : []))

const associated = (SubnetId: string): Json => ({ Main: false, SubnetId, AssociationState: { State: 'associated' } })

const subnetOf = (association: Json): Json | undefined => (association as Readonly<Record<string, Json>>)['SubnetId']

const openTable = (
  { supply }: Around,
  tables: Tables,
  subnet: SubnetOf | undefined,
  subnetId: string,
  resource: Resource,
  why: string,
): void => {
  const id = `${resource.address}.route_table_id`
  supply.lead(id, openHop(why))
  const to = { GatewayId: id, Origin: 'CreateRoute', State: 'active' }
  tables.set(id, {
    id,
    of: resource,
    vpc: subnet?.vpc ?? null,
    routes: [
      { DestinationCidrBlock: '0.0.0.0/0', ...to },
      { DestinationIpv6CidrBlock: '::/0', ...to },
    ],
    perhaps: [],
    associations: [associated(subnetId)],
  })
}

/** What a table does, as text. Each is looked at once. */
const contentIn = (tables: Tables): ((id: string) => string | undefined) => {
  const known = new Map<string, string>()
  return id => {
    const before = known.get(id)
    const table = tables.get(id)
    if (before !== undefined || table === undefined) return before
    const { vpc, routes, perhaps } = table
    const content = JSON.stringify([vpc, routes.map(one => JSON.stringify(one)).sort(), perhaps])
    known.set(id, content)
    return content
  }
}

/** Whether it does not matter which of the tables it is. */
const sameContent = (
  tables: Tables,
): ((link: { readonly among: readonly Named[]; readonly isAll: boolean }) => boolean) => {
  const contentOf = contentIn(tables)
  return ({ among, isAll }) => isAll && new Set(among.map(({ id }) => contentOf(id) ?? `unread ${id}`)).size === 1
}

/** Whether subnets have the same network, routes and filters. */
export const sameSubnets = (
  tables: Tables,
  subnets: ReadonlyMap<string, SubnetOf>,
  aclOf: ReadonlyMap<string, string>,
): ((ids: readonly string[]) => boolean) => {
  const contentOf = contentIn(tables)
  const tableOf = new Map<Json | undefined, string>()
  for (const { id, associations } of tables.values()) for (const one of associations) tableOf.set(subnetOf(one), id)
  const contentOfSubnet = (id: string): string => {
    const subnet = subnets.get(id)
    if (subnet === undefined) return `unread ${id}`
    const table = tableOf.get(id)
    return [subnet.vpc, aclOf.get(id), table === undefined ? 'main' : contentOf(table)].join(' ')
  }
  return ids => new Set(ids.map(contentOfSubnet)).size === 1
}
