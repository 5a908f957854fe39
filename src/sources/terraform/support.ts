import { compareText } from '../../model/order.ts'
import type { Resource } from './resource.ts'
import type { Supply } from './supply.ts'

/** Types that are read, or are parts of what is. */
export const EVALUATED: readonly string[] = [
  'aws_vpc',
  'aws_default_vpc',
  'aws_vpc_ipv4_cidr_block_association',
  'aws_vpc_ipv6_cidr_block_association',
  'aws_subnet',
  'aws_default_subnet',
  'aws_route_table',
  'aws_default_route_table',
  'aws_route',
  'aws_route_table_association',
  'aws_main_route_table_association',
  'aws_internet_gateway',
  'aws_internet_gateway_attachment',
  'aws_egress_only_internet_gateway',
  'aws_nat_gateway',
  'aws_eip',
  'aws_eip_association',
  'aws_vpn_gateway',
  'aws_vpn_gateway_attachment',
  'aws_vpn_gateway_route_propagation',
  'aws_vpc_peering_connection',
  'aws_vpc_peering_connection_accepter',
  'aws_vpc_endpoint',
  'aws_vpc_endpoint_route_table_association',
  'aws_security_group',
  'aws_default_security_group',
  'aws_security_group_rule',
  'aws_vpc_security_group_egress_rule',
  'aws_vpc_security_group_ingress_rule',
  'aws_network_acl',
  'aws_default_network_acl',
  'aws_network_acl_rule',
  'aws_network_acl_association',
  'aws_ec2_managed_prefix_list',
  'aws_ec2_managed_prefix_list_entry',
  'aws_network_interface',
  'aws_instance',
  'aws_ec2_transit_gateway',
  'aws_ec2_transit_gateway_vpc_attachment',
  'aws_ec2_transit_gateway_route_table',
  'aws_ec2_transit_gateway_route',
  'aws_ec2_transit_gateway_route_table_association',
  'aws_ec2_transit_gateway_route_table_propagation',
  'aws_vpc_block_public_access_options',
]

/** Beginnings of types of networks that are not read. Source: Terraform Registry, AWS provider, the list of its resources. */
export const NETWORK_TYPES: readonly string[] = [
  'aws_vpc',
  'aws_default',
  'aws_ec2_',
  'aws_network',
  'aws_route',
  'aws_vpn',
  'aws_customer_gateway',
  'aws_dx_',
  'aws_networkfirewall_',
  'aws_networkmanager_',
  'aws_nat',
  'aws_eip',
  'aws_internet',
  'aws_egress',
  'aws_main_',
  'aws_security_group',
  'aws_lb',
  'aws_alb',
  'aws_elb',
  'aws_lambda_function',
  'aws_launch_template',
  'aws_autoscaling_group',
  'aws_eks_',
  'aws_ecs_service',
  'aws_globalaccelerator_',
  'aws_odb_',
  'aws_subnet',
  'aws_carrier_gateway',
  'aws_verifiedaccess_',
]

/** What an `aws_ec2_…` is called that has nothing to do with networks. */
const NOT_NETWORK = [
  'aws_ec2_tag',
  'aws_default_tags',
  'aws_ec2_serial_console_access',
  'aws_ec2_image_block_public_access',
]

/** A note for each type that becomes nothing, with how many there are. */
export const leaveOthers = (resources: readonly Resource[], supply: Supply): void => {
  const left = Map.groupBy(
    resources.filter(({ type }) => !EVALUATED.includes(type)),
    ({ type }) => type,
  )
  for (const [type, all] of [...left].sort(([a], [b]) => compareText(a, b))) {
    const [first] = all
    if (first === undefined) continue
    const isNetwork = !NOT_NETWORK.includes(type) && NETWORK_TYPES.some(start => type.startsWith(start))
    if (isNetwork) supply.leave('notImplemented', first, all.length, `${type} (${all.length}): not evaluated`)
    else supply.leave('ignorable', first, all.length, `${type} (${all.length}): nothing of it is about networks of AWS`)
  }
}
