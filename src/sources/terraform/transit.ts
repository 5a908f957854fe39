import type { JsonObject } from '../../model/json.ts'
import type { Link } from './link.ts'
import { type Resource, wordOf } from './resource.ts'
import { tagsOf } from './supply.ts'
import type { Around } from './tables.ts'
import { type Attached, defaultTableOf } from './transit-defaults.ts'
import { hubTablesIn } from './transit-tables.ts'
import { idOf } from './world.ts'

/**
 * Transit gateways, the VPCs that are attached to them, and their tables. An attachment that says nothing else is associated with the
 * default table of its transit gateway, and its routes propagate to the default one for that: which one that is, is known of a transit
 * gateway that is made now.
 * Source: AWS provider, `aws_ec2_transit_gateway` and the resources around it; EC2 API Reference, TransitGateway,
 * TransitGatewayVpcAttachment, TransitGatewayAttachment.
 */
export const putTransit = (around: Around): void => {
  const { world, linking, supply } = around
  for (const resource of world.ofType('aws_ec2_transit_gateway')) {
    const id = idOf(resource)
    const Options: JsonObject = {
      DefaultRouteTableAssociation: wordOf(resource, 'default_route_table_association'),
      DefaultRouteTablePropagation: wordOf(resource, 'default_route_table_propagation'),
      AssociationDefaultRouteTableId: defaultTableOf(resource, 'association'),
      PropagationDefaultRouteTableId: defaultTableOf(resource, 'propagation'),
    }
    const body = { TransitGatewayId: id, OwnerId: wordOf(resource, 'owner_id'), State: 'available', Options }
    supply.put('TransitGateways', id, { ...body, ...tagsOf(resource) }, resource)
  }
  const attached = world.ofType('aws_ec2_transit_gateway_vpc_attachment').map((resource): Attached => {
    const hub = linking.link(resource, 'transit_gateway_id', 'transit-gateway')
    const vpc = linking.link(resource, 'vpc_id', 'vpc')
    say(around, resource, [hub, vpc])
    return { id: idOf(resource), of: resource, hub: hub.kind === 'id' ? hub : null, vpc: idOr(vpc) }
  })
  const { associationOf } = hubTablesIn(around, attached)
  for (const one of attached) putAttachment(around, one, associationOf(one))
}

const idOr = (link: Link): string | null => (link.kind === 'id' ? link.id : null)

const say = ({ supply }: Around, resource: Resource, links: readonly Link[]): void => {
  for (const link of links) if (link.kind === 'open') supply.say(resource, link.why)
}

/** Two outputs speak of it: its own, and the one that tells its association. */
const putAttachment = (
  { linking, supply }: Around,
  { id, of, hub, vpc }: Attached,
  association: JsonObject | null,
): void => {
  const subnets = linking.links(of, 'subnet_ids', 'subnet')
  if (subnets.open !== null) supply.say(of, subnets.open.why)
  const both = { TransitGatewayAttachmentId: id, TransitGatewayId: hub?.id ?? null, State: 'available' }
  supply.put(
    'TransitGatewayVpcAttachments',
    id,
    {
      ...both,
      VpcId: vpc,
      ...(subnets.open === null ? { SubnetIds: subnets.named.map(one => one.id) } : {}),
      Options: { ApplianceModeSupport: wordOf(of, 'appliance_mode_support'), Ipv6Support: wordOf(of, 'ipv6_support') },
      ...tagsOf(of),
    },
    of,
  )
  if (association === null) return
  supply.put(
    'TransitGatewayAttachments',
    id,
    { ...both, ResourceType: 'vpc', ResourceId: vpc, ...association, ...tagsOf(of) },
    of,
  )
}
