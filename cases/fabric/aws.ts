import assert from 'node:assert/strict'
import { canFromFabric } from '../../src/app/can-fabric.ts'
import type { Answer } from '../../src/model/answer.ts'
import { loaded } from '../reach/estate.ts'

/**
 * Saved output of `aws ec2 describe-*`, by its top-level key: what a case adds or says otherwise. Under `wrapped` stands output
 * that does not name its subject, each with the id of it.
 */
export type Output = Readonly<Record<string, readonly object[]>>

/**
 * A network of 10.0.0.0/16 and 2001:db8:0:100::/56 with a public subnet (10.0.1.0/24), a private one behind a NAT gateway in the
 * public (10.0.2.0/24), and one that names no table (10.0.3.0/24); a machine in each: `i-public` 10.0.1.10 (seen as 198.51.100.10),
 * `i-private` 10.0.2.10, `i-plain` 10.0.3.10. Filters are as the platform makes them: a group that lets everything out and only its
 * own members in, and an access list that allows all.
 */
export const base = (): Output => ({
  Vpcs: [
    {
      VpcId: 'vpc-1',
      CidrBlock: '10.0.0.0/16',
      OwnerId: '111111111111',
      CidrBlockAssociationSet: [{ CidrBlock: '10.0.0.0/16', CidrBlockState: { State: 'associated' } }],
      Ipv6CidrBlockAssociationSet: [
        { Ipv6CidrBlock: '2001:db8:0:100::/56', Ipv6CidrBlockState: { State: 'associated' } },
      ],
    },
  ],
  Subnets: [subnet('public', 1), subnet('private', 2), subnet('plain', 3)],
  RouteTables: [
    table('main', [], { associations: [{ Main: true }] }),
    table('public', [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' }], { subnets: ['public'] }),
    table('private', [{ DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1' }], { subnets: ['private'] }),
  ],
  InternetGateways: [{ InternetGatewayId: 'igw-1', Attachments: [{ VpcId: 'vpc-1', State: 'available' }] }],
  NatGateways: [
    {
      NatGatewayId: 'nat-1',
      VpcId: 'vpc-1',
      SubnetId: 'subnet-public',
      State: 'available',
      ConnectivityType: 'public',
      NatGatewayAddresses: [{ PublicIp: '198.51.100.1', PrivateIp: '10.0.1.5' }],
    },
  ],
  SecurityGroups: [
    {
      GroupId: 'sg-1',
      VpcId: 'vpc-1',
      IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-1' }] }],
      IpPermissionsEgress: [EVERYTHING],
    },
  ],
  NetworkAcls: [acl('1', ['public', 'private', 'plain'], [allowed(100, true), allowed(100, false)])],
  NetworkInterfaces: [machine('public', 1, { PublicIp: '198.51.100.10' }), machine('private', 2), machine('plain', 3)],
})

export const EVERYTHING = {
  IpProtocol: '-1',
  IpRanges: [{ CidrIp: '0.0.0.0/0' }],
  Ipv6Ranges: [{ CidrIpv6: '::/0' }],
}

export const subnet = (name: string, n: number, vpc = 'vpc-1'): object => ({
  SubnetId: `subnet-${name}`,
  VpcId: vpc,
  CidrBlock: vpc === 'vpc-1' ? `10.0.${n}.0/24` : `10.9.${n}.0/24`,
  AvailabilityZone: 'eu-west-1a',
  Ipv6CidrBlockAssociationSet: [
    { Ipv6CidrBlock: `2001:db8:0:10${n}::/64`, Ipv6CidrBlockState: { State: 'associated' } },
  ],
})

const LOCAL = [
  { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' },
  { DestinationIpv6CidrBlock: '2001:db8:0:100::/56', GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' },
]

export const table = (
  name: string,
  routes: readonly object[],
  {
    subnets = [],
    associations = [],
  }: { readonly subnets?: readonly string[]; readonly associations?: readonly object[] },
): object => ({
  RouteTableId: `rtb-${name}`,
  VpcId: 'vpc-1',
  Associations: [
    ...associations,
    ...subnets.map(one => ({ Main: false, SubnetId: `subnet-${one}`, AssociationState: { State: 'associated' } })),
  ],
  Routes: [...LOCAL, ...routes.map(route => ({ State: 'active', Origin: 'CreateRoute', ...route }))],
})

export const machine = (name: string, n: number, association: object | null = null, more: object = {}): object => ({
  NetworkInterfaceId: `eni-${name}`,
  SubnetId: `subnet-${name}`,
  VpcId: 'vpc-1',
  SourceDestCheck: true,
  Groups: [{ GroupId: 'sg-1' }],
  Attachment: { InstanceId: `i-${name}`, Status: 'attached' },
  PrivateIpAddresses: [
    {
      Primary: true,
      PrivateIpAddress: `10.0.${n}.10`,
      ...(association === null ? {} : { Association: association }),
    },
  ],
  Ipv6Addresses: [],
  ...more,
})

export const acl = (name: string, subnets: readonly string[], entries: readonly object[]): object => ({
  NetworkAclId: `acl-${name}`,
  VpcId: 'vpc-1',
  Associations: subnets.map(one => ({ SubnetId: `subnet-${one}` })),
  Entries: [
    ...entries,
    ...[true, false].map(Egress => ({
      RuleNumber: 32767,
      Protocol: '-1',
      RuleAction: 'deny',
      Egress,
      CidrBlock: '0.0.0.0/0',
    })),
  ],
})

export const allowed = (RuleNumber: number, Egress: boolean, more: object = {}): object => ({
  RuleNumber,
  Protocol: '-1',
  RuleAction: 'allow',
  Egress,
  CidrBlock: '0.0.0.0/0',
  ...more,
})

export const ask = (output: Output, from: string, to: string): Answer => {
  const files = Object.entries(output).map(([key, list]): [string, string] => [
    `${key}.json`,
    JSON.stringify(key === 'wrapped' ? list : { [key]: list }),
  ])
  const answer = canFromFabric(loaded(Object.fromEntries(files)), from, to)
  assert.ok(answer !== null, `${from} is there`)
  return answer
}

/** Verdict, exit and the addresses that the world sees, as one line. */
export const told = ({ verdict, exit }: Answer): string =>
  [verdict, exit.kind, exit.id?.split('/')[1] ?? '', exit.sourceAddresses.join(' ')].filter(Boolean).join(' ')
