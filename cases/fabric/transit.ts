import { acl, allowed, base, machine, type Output } from './aws.ts'

/**
 * The network of `base` with its private subnet behind a transit gateway, and a second one (vpc-2, 10.2.0.0/16) that everybody
 * leaves by: `subnet-inner` (10.2.1.0/24), where the transit gateway stands, leads to the NAT gateway `nat-2` in `subnet-outer`
 * (10.2.2.0/24), which leads to `igw-2`. `eni-far` 10.2.1.10 is a machine there. Of the transit gateway, `tgw-rtb-1` is for what
 * comes from vpc-1 (`tgw-attach-1`, in `subnet-plain`), `tgw-rtb-2` for what comes from vpc-2 (`tgw-attach-2`).
 */
export const joined = (): Output => {
  const of = base()
  return {
    ...of,
    Vpcs: [...(of['Vpcs'] ?? []), vpc('vpc-2', '10.2.0.0/16')],
    Subnets: [
      ...(of['Subnets'] ?? []),
      place('inner', 'vpc-2', '10.2.1.0/24', 'eu-west-1a'),
      place('outer', 'vpc-2', '10.2.2.0/24', 'eu-west-1a'),
    ],
    RouteTables: [
      ...(of['RouteTables'] ?? []).filter(one => (one as { RouteTableId: string }).RouteTableId !== 'rtb-private'),
      routes('private', 'vpc-1', { '10.0.0.0/16': 'local', '0.0.0.0/0': 'tgw-1' }, ['private']),
      routes('inner', 'vpc-2', { '10.2.0.0/16': 'local', '0.0.0.0/0': 'nat-2', '10.0.0.0/16': 'tgw-1' }, ['inner']),
      routes('outer', 'vpc-2', { '10.2.0.0/16': 'local', '0.0.0.0/0': 'igw-2', '10.0.0.0/16': 'tgw-1' }, ['outer']),
    ],
    InternetGateways: [...(of['InternetGateways'] ?? []), internet('igw-2', 'vpc-2')],
    NatGateways: [...(of['NatGateways'] ?? []), nat('nat-2', 'vpc-2', 'outer', '198.51.100.2', '10.2.2.5')],
    NetworkAcls: [
      ...(of['NetworkAcls'] ?? []),
      acl('2', ['inner', 'outer'], [allowed(100, true), allowed(100, false)]),
    ],
    SecurityGroups: [...(of['SecurityGroups'] ?? []), OPEN],
    NetworkInterfaces: [...(of['NetworkInterfaces'] ?? []), FAR],
    TransitGateways: [hub('tgw-1')],
    TransitGatewayVpcAttachments: [attached(1, 'vpc-1', ['plain']), attached(2, 'vpc-2', ['inner'])],
    TransitGatewayRouteTables: [hubTable('tgw-rtb-1'), hubTable('tgw-rtb-2')],
    wrapped: [
      associations('tgw-rtb-1', 'tgw-attach-1'),
      associations('tgw-rtb-2', 'tgw-attach-2'),
      hubRoutes('tgw-rtb-1', to('0.0.0.0/0', 'tgw-attach-2'), to('10.2.0.0/16', 'tgw-attach-2', 'propagated')),
      hubRoutes('tgw-rtb-2', to('10.0.0.0/16', 'tgw-attach-1', 'propagated')),
    ],
  }
}

const OPEN = {
  GroupId: 'sg-open',
  VpcId: 'vpc-2',
  IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
  IpPermissionsEgress: [],
}

const FAR = machine('far', 0, null, {
  SubnetId: 'subnet-inner',
  VpcId: 'vpc-2',
  Groups: [{ GroupId: 'sg-open' }],
  PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: '10.2.1.10' }],
})

export const vpc = (VpcId: string, CidrBlock: string, OwnerId = '111111111111'): object => ({
  VpcId,
  CidrBlock,
  OwnerId,
  CidrBlockAssociationSet: [{ CidrBlock, CidrBlockState: { State: 'associated' } }],
})

export const place = (name: string, VpcId: string, CidrBlock: string, AvailabilityZone: string): object => ({
  SubnetId: `subnet-${name}`,
  VpcId,
  CidrBlock,
  AvailabilityZone,
})

/** Targets by destination: GatewayId may hold each kind of them. */
export const routes = (
  name: string,
  VpcId: string,
  targets: Readonly<Record<string, string>>,
  subnets: readonly string[],
): object => ({
  RouteTableId: `rtb-${name}`,
  VpcId,
  Associations: subnets.map(one => ({ Main: false, SubnetId: `subnet-${one}` })),
  Routes: Object.entries(targets).map(([destination, GatewayId]) => ({
    [destination.includes(':') ? 'DestinationIpv6CidrBlock' : 'DestinationCidrBlock']: destination,
    GatewayId,
    State: 'active',
    Origin: GatewayId === 'local' ? 'CreateRouteTable' : 'CreateRoute',
  })),
})

export const internet = (InternetGatewayId: string, VpcId: string): object => ({
  InternetGatewayId,
  Attachments: [{ VpcId, State: 'available' }],
})

export const nat = (
  NatGatewayId: string,
  VpcId: string,
  subnet: string,
  PublicIp: string,
  PrivateIp: string,
): object => ({
  NatGatewayId,
  VpcId,
  SubnetId: `subnet-${subnet}`,
  State: 'available',
  ConnectivityType: 'public',
  NatGatewayAddresses: [{ PublicIp, PrivateIp }],
})

export const hub = (TransitGatewayId: string, Options: object = {}, State = 'available'): object => ({
  TransitGatewayId,
  OwnerId: '111111111111',
  State,
  Options,
})

export const hubTable = (TransitGatewayRouteTableId: string, TransitGatewayId = 'tgw-1'): object => ({
  TransitGatewayRouteTableId,
  TransitGatewayId,
  State: 'available',
})

export const attached = (n: number, VpcId: string, subnets: readonly string[], more: object = {}): object => ({
  TransitGatewayAttachmentId: `tgw-attach-${n}`,
  TransitGatewayId: 'tgw-1',
  VpcId,
  VpcOwnerId: '111111111111',
  State: 'available',
  SubnetIds: subnets.map(one => `subnet-${one}`),
  Options: { ApplianceModeSupport: 'disable', Ipv6Support: 'disable' },
  ...more,
})

export const associations = (TransitGatewayRouteTableId: string, ...attachments: readonly string[]): object => ({
  TransitGatewayRouteTableId,
  Associations: attachments.map(TransitGatewayAttachmentId => ({ TransitGatewayAttachmentId, State: 'associated' })),
})

export const hubRoutes = (TransitGatewayRouteTableId: string, ...Routes: readonly object[]): object => ({
  TransitGatewayRouteTableId,
  Routes,
  AdditionalRoutesAvailable: false,
})

export const to = (DestinationCidrBlock: string, attachment: string, Type = 'static', more: object = {}): object => ({
  DestinationCidrBlock,
  TransitGatewayAttachments: [{ TransitGatewayAttachmentId: attachment }],
  Type,
  State: 'active',
  ...more,
})

/** The output without what has this id, and with these in its place. */
export const instead =
  (key: string, id: string, ...others: readonly object[]) =>
  (of: Output): Output => ({
    ...of,
    [key]: [...(of[key] ?? []).filter(one => !Object.values(one).includes(id)), ...others],
  })

/** Of a table of the transit gateway, other routes. */
export const routed =
  (id: string, ...all: readonly object[]) =>
  (of: Output): Output => ({
    ...of,
    wrapped: [
      ...(of['wrapped'] ?? []).filter(one => !('Routes' in one) || !Object.values(one).includes(id)),
      hubRoutes(id, ...all),
    ],
  })
