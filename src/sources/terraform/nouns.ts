/**
 * What an attribute may name: the types whose instances have such an id, with the attribute that holds it (`id` for their own),
 * and what attributes of that meaning are called.
 * Source: Terraform Registry, AWS provider, the pages of these resources.
 */
interface Noun {
  readonly holders: Readonly<Record<string, readonly string[]>>
  readonly attributes: readonly string[]
}

const OWN = ['id'] as const

export const NOUNS = {
  vpc: { holders: { aws_vpc: OWN, aws_default_vpc: OWN }, attributes: ['vpc_id'] },
  subnet: { holders: { aws_subnet: OWN, aws_default_subnet: OWN }, attributes: ['subnet_id'] },
  'route-table': {
    holders: { aws_route_table: OWN, aws_default_route_table: OWN },
    attributes: ['route_table_id', 'default_route_table_id', 'main_route_table_id'],
  },
  'network-acl': {
    holders: { aws_network_acl: OWN, aws_default_network_acl: OWN },
    attributes: ['network_acl_id', 'default_network_acl_id'],
  },
  'security-group': {
    holders: { aws_security_group: OWN, aws_default_security_group: OWN },
    attributes: ['security_group_id', 'default_security_group_id'],
  },
  gateway: {
    holders: { aws_internet_gateway: OWN, aws_vpn_gateway: OWN },
    attributes: ['gateway_id', 'internet_gateway_id', 'vpn_gateway_id'],
  },
  'internet-gateway': { holders: { aws_internet_gateway: OWN }, attributes: ['internet_gateway_id', 'gateway_id'] },
  'vpn-gateway': { holders: { aws_vpn_gateway: OWN }, attributes: ['vpn_gateway_id', 'gateway_id'] },
  'nat-gateway': { holders: { aws_nat_gateway: OWN }, attributes: ['nat_gateway_id'] },
  'egress-only-gateway': {
    holders: { aws_egress_only_internet_gateway: OWN },
    attributes: ['egress_only_gateway_id'],
  },
  peering: {
    holders: { aws_vpc_peering_connection: OWN, aws_vpc_peering_connection_accepter: OWN },
    attributes: ['vpc_peering_connection_id'],
  },
  endpoint: { holders: { aws_vpc_endpoint: OWN }, attributes: ['vpc_endpoint_id'] },
  interface: {
    holders: { aws_network_interface: OWN, aws_instance: ['primary_network_interface_id'] },
    attributes: ['network_interface_id', 'primary_network_interface_id'],
  },
  instance: { holders: { aws_instance: OWN }, attributes: ['instance_id'] },
  'prefix-list': {
    holders: { aws_ec2_managed_prefix_list: OWN, aws_vpc_endpoint: ['prefix_list_id'] },
    attributes: ['prefix_list_id'],
  },
  'transit-gateway': { holders: { aws_ec2_transit_gateway: OWN }, attributes: ['transit_gateway_id'] },
  attachment: {
    holders: {
      aws_ec2_transit_gateway_vpc_attachment: OWN,
      aws_ec2_transit_gateway_vpc_attachment_accepter: OWN,
      aws_ec2_transit_gateway_peering_attachment: OWN,
      aws_ec2_transit_gateway_peering_attachment_accepter: OWN,
      aws_ec2_transit_gateway_connect: OWN,
      aws_vpn_connection: ['transit_gateway_attachment_id'],
    },
    attributes: ['transit_gateway_attachment_id'],
  },
  'transit-table': {
    holders: {
      aws_ec2_transit_gateway_route_table: OWN,
      aws_ec2_transit_gateway: ['association_default_route_table_id', 'propagation_default_route_table_id'],
    },
    attributes: ['transit_gateway_route_table_id'],
  },
} as const satisfies Readonly<Record<string, Noun>>

export type NounName = keyof typeof NOUNS

/** The attributes by which instances of a type have an id of that kind; null: they have none. */
export const holdingOf = (noun: NounName, type: string): readonly string[] | null => {
  const holders: Readonly<Record<string, readonly string[]>> = NOUNS[noun].holders
  return Object.hasOwn(holders, type) ? (holders[type] ?? null) : null
}

/** Other names of an object’s own id. */
export const isOwnId = (type: string, attribute: string): boolean =>
  attribute === 'id' || (type === 'aws_eip' && attribute === 'allocation_id')

/** Defaults that every VPC comes with, by the attribute of `aws_vpc` that names them. */
export const DEFAULTS_OF_VPC = {
  default_route_table_id: 'aws_default_route_table',
  default_network_acl_id: 'aws_default_network_acl',
  default_security_group_id: 'aws_default_security_group',
} as const
