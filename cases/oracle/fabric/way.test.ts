import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Json } from '../types.ts'
import type { NetPacket } from './types.ts'
import { packetWay } from './way.ts'

// Expected ends follow from the pages of the Amazon VPC User Guide that each file of this folder names.

const OPEN = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] }]
const allows = (Egress: boolean): Json => ({
  RuleNumber: 100,
  Protocol: '-1',
  RuleAction: 'allow',
  Egress,
  CidrBlock: '0.0.0.0/0',
})
const LOCAL = { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' }
const route = (DestinationCidrBlock: string, target: { readonly [key: string]: Json }): Json => ({
  DestinationCidrBlock,
  Origin: 'CreateRoute',
  State: 'active',
  ...target,
})
const table = (id: string, subnets: readonly string[], routes: readonly Json[]): Json => ({
  RouteTableId: id,
  VpcId: 'vpc-1',
  Associations: subnets.length === 0 ? [{ Main: true }] : subnets.map(SubnetId => ({ Main: false, SubnetId })),
  Routes: [LOCAL, ...routes],
})
const nic = (
  id: string,
  subnet: string,
  PrivateIpAddress: string,
  more: { readonly [key: string]: Json } = {},
): Json => ({
  NetworkInterfaceId: id,
  SubnetId: subnet,
  VpcId: 'vpc-1',
  Groups: [{ GroupId: 'sg-1' }],
  PrivateIpAddresses: [{ PrivateIpAddress, ...more }],
})

const NETWORK: { readonly [key: string]: readonly Json[] } = {
  Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' }],
  Subnets: [
    { SubnetId: 'subnet-out', VpcId: 'vpc-1', CidrBlock: '10.0.1.0/24' },
    { SubnetId: 'subnet-in', VpcId: 'vpc-1', CidrBlock: '10.0.2.0/24' },
  ],
  RouteTables: [
    table(
      'rtb-main',
      [],
      [route('0.0.0.0/0', { NatGatewayId: 'nat-1' }), route('203.0.113.128/25', { GatewayId: 'vgw-1' })],
    ),
    table('rtb-out', ['subnet-out'], [route('0.0.0.0/0', { GatewayId: 'igw-1' })]),
  ],
  InternetGateways: [{ InternetGatewayId: 'igw-1', Attachments: [{ VpcId: 'vpc-1', State: 'available' }] }],
  NatGateways: [
    {
      NatGatewayId: 'nat-1',
      VpcId: 'vpc-1',
      SubnetId: 'subnet-out',
      State: 'available',
      NatGatewayAddresses: [{ PrivateIp: '10.0.1.5', PublicIp: '198.51.100.1' }],
    },
  ],
  SecurityGroups: [
    {
      GroupId: 'sg-1',
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 90, UserIdGroupPairs: [{ GroupId: 'sg-1' }] }],
      IpPermissionsEgress: OPEN,
    },
  ],
  NetworkAcls: [
    {
      NetworkAclId: 'acl-1',
      Associations: [{ SubnetId: 'subnet-out' }, { SubnetId: 'subnet-in' }],
      Entries: [allows(true), allows(false)],
    },
  ],
  NetworkInterfaces: [
    nic('eni-out', 'subnet-out', '10.0.1.10', { Association: { PublicIp: '198.51.100.10' } }),
    nic('eni-in', 'subnet-in', '10.0.2.10'),
  ],
}

const told = (from: string, destination: string, more: Partial<NetPacket> = {}, network = NETWORK): string => {
  const bodies = Object.entries(network).map(([key, list]): Json => ({ [key]: list }))
  const packet = { destination, protocol: 6, port: 80, ...more }
  const { verdict, exit } = packetWay(bodies, { kind: 'interface', id: from }, packet)
  return [verdict, exit.kind, exit.id ?? '', ...exit.sourceAddresses].filter(Boolean).join(' ')
}

test('a packet by the way that the documents tell', () => {
  assert.equal(told('eni-out', '203.0.113.9'), 'allowed internet-gateway igw-1 198.51.100.10')
  assert.equal(told('eni-in', '203.0.113.9'), 'allowed nat nat-1 198.51.100.1')
  assert.equal(told('eni-in', '203.0.113.9', { protocol: 132 }), 'denied blackhole')
  assert.equal(told('eni-in', '203.0.113.128'), 'unknown unknown vgw-1')
  assert.equal(told('eni-in', '10.0.0.2'), 'allowed provider-managed vpc-1')
  assert.equal(told('eni-in', '10.0.3.1'), 'unknown unknown')
})

test('a packet to another interface, at the ends of a range', () => {
  for (const [port, verdict] of [
    [79, 'denied blackhole'],
    [80, 'allowed peer-network vpc-1'],
    [90, 'allowed peer-network vpc-1'],
    [91, 'denied blackhole'],
  ] as const)
    assert.equal(told('eni-out', '10.0.2.10', { port }), verdict, String(port))
})

test('what was not read leaves every end that fits', () => {
  const { SecurityGroups: _, ...rest } = NETWORK
  const bodies = Object.entries(rest).map(([key, list]): Json => ({ [key]: list }))
  const way = packetWay(
    bodies,
    { kind: 'interface', id: 'eni-out' },
    { destination: '203.0.113.9', protocol: 6, port: 80 },
  )
  assert.deepEqual(
    way.ends.map(({ verdict, exit }) => `${verdict} ${exit.kind}`),
    ['denied blackhole', 'allowed internet-gateway'],
  )
  assert.equal(way.verdict, 'unknown')
})

test('nothing here is shared with the engine that it checks', () => {
  const folder = import.meta.dirname
  for (const name of readdirSync(folder).filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts')))
    for (const [, from = ''] of readFileSync(`${folder}/${name}`, 'utf8').matchAll(
      /^(?:import|export|}).* from '(.+)'$/gm,
    ))
      assert.match(from, /^(\.\/|\.\.\/[a-z]+\.ts$)/, `${name} imports ${from}`)
})
