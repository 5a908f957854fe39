import type { JsonObject } from '../../model/json.ts'
import type { Link } from './link.ts'
import { listOf, type Resource, wordOf } from './resource.ts'
import { targetField } from './route-targets.ts'
import { tagsOf } from './supply.ts'
import { putPerhaps, tableOf } from './table-parts.ts'
import type { Around, Tables } from './tables.ts'
import { idOf } from './world.ts'

/**
 * A gateway endpoint puts a route for its service’s prefix list into the tables that it names.
 * Source: AWS provider, `aws_vpc_endpoint`, `aws_vpc_endpoint_route_table_association`; AWS PrivateLink Guide, “Gateway endpoints”.
 */
export const putEndpoints = (around: Around, tables: Tables): void => {
  const { world, linking, supply, before } = around
  for (const resource of world.ofType('aws_vpc_endpoint')) {
    const id = idOf(resource)
    const vpc = linking.link(resource, 'vpc_id', 'vpc')
    // Absent is a gateway.
    const type = wordOf(resource, 'vpc_endpoint_type') ?? 'Gateway'
    if (vpc.kind === 'open') supply.say(resource, vpc.why)
    const body: JsonObject = {
      VpcEndpointId: id,
      VpcEndpointType: type,
      VpcId: vpc.kind === 'id' ? vpc.id : null,
      ServiceName: wordOf(resource, 'service_name'),
      State: wordOf(resource, 'state') ?? 'available',
      NetworkInterfaceIds: [...listOf(resource, 'network_interface_ids')],
      ...tagsOf(resource),
    }
    supply.put('VpcEndpoints', id, body, resource)
    if (type !== 'Gateway') continue
    const blocks = listOf(resource, 'cidr_blocks')
    const list = wordOf(resource, 'prefix_list_id')
    if (blocks.length > 0 && list !== null)
      supply.wrap(list, { PrefixListId: list, Entries: blocks.map(Cidr => ({ Cidr })) }, resource)
    const removed = new Set(
      before
        .having('aws_vpc_endpoint_route_table_association', 'vpc_endpoint_id', id)
        .map(one => wordOf(one, 'route_table_id')),
    )
    const { named, open } = linking.links(resource, 'route_table_ids', 'route-table')
    for (const table of named)
      if (!removed.has(table.id)) tableOf(tables, table.id, resource).routes.push(routeTo(around, resource, resource))
    if (open === null || !linking.isFed(resource, 'route_table_ids')) continue
    supply.say(resource, open.why)
    putPerhaps(
      around,
      tables,
      open.isAll ? open.among : [],
      resource,
      routeTo(around, resource, resource),
      'route_table_ids',
    )
  }
  for (const resource of world.ofType('aws_vpc_endpoint_route_table_association')) {
    const table = linking.link(resource, 'route_table_id', 'route-table')
    const endpoint = linking.link(resource, 'vpc_endpoint_id', 'endpoint')
    supply.part(
      resource,
      [table, endpoint].flatMap(link => (link.kind === 'open' ? [link.why] : [])),
    )
    const route = routeTo(around, endpoint.kind === 'id' ? endpoint.of : null, resource, endpoint)
    if (table.kind === 'id') tableOf(tables, table.id, resource).routes.push(route)
    else
      putPerhaps(
        around,
        tables,
        table.kind === 'open' && table.isAll ? table.among : [],
        resource,
        route,
        'route_table_id',
      )
  }
}

const routeTo = ({ supply }: Around, endpoint: Resource | null, resource: Resource, link?: Link): JsonObject => {
  const own: Link = link ?? { kind: 'id', id: idOf(resource), of: resource }
  const list = endpoint === null ? null : (wordOf(endpoint, 'prefix_list_id') ?? `${endpoint.address}.prefix_list_id`)
  return {
    DestinationPrefixListId: list ?? `${resource.address}.prefix_list_id`,
    ...targetField(own, 'GatewayId', `${resource.address}.vpc_endpoint_id`, supply),
    Origin: 'CreateRoute',
    State: 'active',
  }
}
