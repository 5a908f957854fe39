/**
 * What the AWS command line prints, by top-level key. Ids are `aws:NOUN/ID`.
 * Source: Amazon EC2 API Reference, the `Describe…` actions and their data types.
 */
export const COLLECTIONS = {
  Vpcs: { noun: 'vpc', key: 'VpcId' },
  Subnets: { noun: 'subnet', key: 'SubnetId' },
  RouteTables: { noun: 'route-table', key: 'RouteTableId' },
  SecurityGroups: { noun: 'security-group', key: 'GroupId' },
  SecurityGroupRules: { noun: 'security-group-rule', key: 'SecurityGroupRuleId' },
  NetworkAcls: { noun: 'network-acl', key: 'NetworkAclId' },
  NetworkInterfaces: { noun: 'network-interface', key: 'NetworkInterfaceId' },
  Addresses: { noun: 'elastic-address', key: 'AllocationId' },
  /** The instances in them are the objects. */
  Reservations: { noun: 'instance', key: 'InstanceId' },
  InternetGateways: { noun: 'internet-gateway', key: 'InternetGatewayId' },
  EgressOnlyInternetGateways: { noun: 'egress-only-internet-gateway', key: 'EgressOnlyInternetGatewayId' },
  NatGateways: { noun: 'nat-gateway', key: 'NatGatewayId' },
  VpnGateways: { noun: 'vpn-gateway', key: 'VpnGatewayId' },
  VpcPeeringConnections: { noun: 'vpc-peering-connection', key: 'VpcPeeringConnectionId' },
  VpcEndpoints: { noun: 'vpc-endpoint', key: 'VpcEndpointId' },
  TransitGateways: { noun: 'transit-gateway', key: 'TransitGatewayId' },
  TransitGatewayAttachments: { noun: 'transit-gateway-attachment', key: 'TransitGatewayAttachmentId' },
  TransitGatewayVpcAttachments: { noun: 'transit-gateway-attachment', key: 'TransitGatewayAttachmentId' },
  TransitGatewayPeeringAttachments: { noun: 'transit-gateway-attachment', key: 'TransitGatewayAttachmentId' },
  TransitGatewayRouteTables: { noun: 'transit-gateway-route-table', key: 'TransitGatewayRouteTableId' },
  TransitGatewayPolicyTables: { noun: 'transit-gateway-policy-table', key: 'TransitGatewayPolicyTableId' },
  ManagedPrefixLists: { noun: 'prefix-list', key: 'PrefixListId' },
  PrefixLists: { noun: 'prefix-list', key: 'PrefixListId' },
  FlowLogs: { noun: 'flow-log', key: 'FlowLogId' },
  VpcBlockPublicAccessExclusions: { noun: 'block-public-access-exclusion', key: 'ExclusionId' },
} as const

export type CollectionName = keyof typeof COLLECTIONS

export const COLLECTION_NAMES = Object.keys(COLLECTIONS) as readonly CollectionName[]

export const isCollectionName = (key: string): key is CollectionName => Object.hasOwn(COLLECTIONS, key)

/** Lists that are known and not evaluated. What is in none of the lists here is told by its form. */
export const LATER_LISTS: readonly string[] = [
  'CarrierGateways',
  'LocalGateways',
  'Firewalls',
  'FirewallPolicies',
  'RuleGroups',
  'Functions',
  'LoadBalancers',
  'HostedZones',
]

/** Single objects that are known and not evaluated. */
export const LATER_OBJECTS: readonly string[] = [
  'VpcBlockPublicAccessOptions',
  'FirewallStatus',
  'FirewallPolicyResponse',
  'RuleGroupResponse',
]

/** Lists whose output does not name whose they are: the key that they are wrapped with, then the lists. */
export const WRAPPED = {
  PrefixListId: ['Entries'],
  TransitGatewayRouteTableId: [
    'Routes',
    'TransitGatewayRouteTablePropagations',
    'Associations',
    'TransitGatewayRouteTableAssociations',
  ],
} as const

/** What stands beside a list and is none of its objects. Of the first kind: more objects follow that are not here. */
export const MORE_FOLLOWS: readonly string[] = ['NextToken', 'NextMarker']
export const BESIDE: readonly string[] = [
  ...MORE_FOLLOWS,
  'Marker',
  'IsTruncated',
  'MaxItems',
  'ResponseMetadata',
  'AdditionalRoutesAvailable',
]
