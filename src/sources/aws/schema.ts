/**
 * What the AWS command line prints, by top-level key. Ids are `aws:NOUN/ID`; of what is known by an ARN alone, the ID is
 * `ACCOUNT/REGION/NAME`. Source: Amazon EC2 API Reference, the `Describe…` actions and their data types; the API References of AWS
 * Lambda, Amazon ECS, Amazon EKS and AWS Network Firewall.
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
  Functions: { noun: 'lambda', key: 'FunctionArn' },
  services: { noun: 'ecs-service', key: 'serviceArn' },
  tasks: { noun: 'ecs-task', key: 'taskArn' },
  taskDefinition: { noun: 'ecs-task-definition', key: 'taskDefinitionArn' },
  cluster: { noun: 'eks-cluster', key: 'arn' },
  fargateProfile: { noun: 'eks-fargate-profile', key: 'fargateProfileArn' },
  Firewall: { noun: 'network-firewall', key: 'FirewallArn' },
  FirewallPolicyResponse: { noun: 'network-firewall-policy', key: 'FirewallPolicyArn' },
  RuleGroupResponse: { noun: 'network-firewall-rule-group', key: 'RuleGroupArn' },
  VpcEndpointAssociation: { noun: 'network-firewall-endpoint-association', key: 'VpcEndpointAssociationArn' },
} as const

export type CollectionName = keyof typeof COLLECTIONS

export const COLLECTION_NAMES = Object.keys(COLLECTIONS) as readonly CollectionName[]

export const isCollectionName = (key: string): key is CollectionName => Object.hasOwn(COLLECTIONS, key)

/** Keys under which one object stands instead of a list. What the output says of it stands beside, and all of it is the object. */
export const SINGLES: readonly CollectionName[] = [
  'taskDefinition',
  'cluster',
  'fargateProfile',
  'Firewall',
  'FirewallPolicyResponse',
  'RuleGroupResponse',
  'VpcEndpointAssociation',
]

/** Lists that are known and not evaluated. What is in none of the lists here is told by its form. */
export const LATER_LISTS: readonly string[] = [
  'CarrierGateways',
  'LocalGateways',
  'Firewalls',
  'FirewallPolicies',
  'RuleGroups',
  'LoadBalancers',
  'TargetGroups',
  'Listeners',
  'HostedZones',
]

/** Single objects that are known and not evaluated. */
export const LATER_OBJECTS: readonly string[] = ['VpcBlockPublicAccessOptions']

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
export const MORE_FOLLOWS: readonly string[] = ['NextToken', 'NextMarker', 'nextToken']
export const BESIDE: readonly string[] = [
  ...MORE_FOLLOWS,
  'Marker',
  'IsTruncated',
  'MaxItems',
  'ResponseMetadata',
  'AdditionalRoutesAvailable',
  'UpdateToken',
  'tags',
]
