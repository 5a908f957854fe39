import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Answer } from '../../src/model/answer.ts'
import { acl, allowed, ask, base, EVERYTHING, machine, type Output, subnet, table } from './aws.ts'

// Replies pass what keeps state; what keeps none has to let them in, to the ports that senders open: 32768 to 60999 for machines
// (Linux, `ip_local_port_range`), 1024 to 65535 for NAT gateways (Amazon VPC User Guide, "Custom network ACLs"). And the other
// network has to have a way back.

const back = ({ stages }: Answer) => stages.find(({ stage }) => stage === 'return')
const verdictOf = (output: Output, from: string, to: string): string | undefined => back(ask(output, from, to))?.verdict

const entry = (RuleNumber: number, Egress: boolean, more: object = {}): object => ({
  RuleNumber,
  Protocol: '6',
  RuleAction: 'allow',
  Egress,
  CidrBlock: '0.0.0.0/0',
  ...more,
})
const ports = (From: number, To: number) => ({ PortRange: { From, To } })

/** The list of the public subnet alone lets in only this. */
const letting = (...inward: readonly object[]): Output => ({
  ...base(),
  NetworkAcls: [
    acl('1', ['private', 'plain'], [allowed(100, true), allowed(100, false)]),
    acl('2', ['public'], [allowed(100, true), ...inward]),
  ],
})

const WORLD = '203.0.113.9:443/tcp'

describe('replies', () => {
  test('pass lists that let everything in', () => {
    assert.equal(verdictOf(base(), 'i-public', WORLD), 'symmetric')
    assert.equal(verdictOf(base(), 'i-private', WORLD), 'symmetric')
  })
  test('do not come to the port that was asked', () => {
    const answer = ask(letting(entry(100, false, ports(443, 443))), 'i-public', WORLD)
    assert.equal(answer.verdict, 'allowed', 'the packet itself leaves')
    assert.equal(back(answer)?.verdict, 'asymmetric')
    assert.deepEqual(
      back(answer)?.because.map(({ object }) => object),
      ['aws:network-acl/acl-2'],
    )
  })
  test('come to the ports that the sender opens', () => {
    assert.equal(verdictOf(letting(entry(100, false, ports(32768, 60999))), 'i-public', WORLD), 'symmetric')
    assert.equal(verdictOf(letting(entry(100, false, ports(32768, 40000))), 'i-public', WORLD), 'unknown')
    assert.equal(
      verdictOf(letting(entry(100, false, { ...ports(1024, 65535), CidrBlock: '198.51.100.0/24' })), 'i-public', WORLD),
      'asymmetric',
      'from elsewhere alone',
    )
  })
  test('to a NAT gateway come to more ports than to a machine', () => {
    const inside = entry(90, false, { Protocol: '-1', CidrBlock: '10.0.0.0/16' })
    assert.equal(verdictOf(letting(inside), 'i-private', WORLD), 'asymmetric')
    assert.equal(verdictOf(letting(inside, entry(100, false, ports(32768, 60999))), 'i-private', WORLD), 'unknown')
    assert.equal(verdictOf(letting(inside, entry(100, false, ports(1024, 65535))), 'i-private', WORLD), 'symmetric')
  })
  test('from another subnet of the network pass both lists again', () => {
    const closed = {
      ...base(),
      NetworkAcls: [
        acl('1', ['private', 'plain'], [allowed(100, true), allowed(100, false)]),
        acl('2', ['public'], [entry(100, true, ports(443, 443)), allowed(100, false)]),
      ],
    }
    // The public subnet lets the question in and out to 443 alone: the answer goes to another port.
    assert.equal(verdictOf(closed, 'i-private', '10.0.1.10:443/tcp'), 'asymmetric')
    assert.equal(verdictOf(base(), 'i-private', '10.0.1.10:443/tcp'), 'symmetric')
  })
  test('of other protocols are not looked at', () =>
    assert.equal(verdictOf(base(), 'i-public', '203.0.113.9:8/icmp'), 'not-assessed'))
  test('that never come, since nothing left, are no matter', () =>
    assert.equal(verdictOf(base(), 'i-public', '192.168.1.1:443/tcp'), 'not-assessed'))
})

/** `vpc-9` (10.9.0.0/16) with a machine, peered with `vpc-1`; its table has `routes`. */
const peered = (...routes: readonly object[]): Output => {
  const of = base()
  return {
    ...of,
    Vpcs: [...(of['Vpcs'] ?? []), { VpcId: 'vpc-9', CidrBlock: '10.9.0.0/16', OwnerId: '111111111111' }],
    Subnets: [
      ...(of['Subnets'] ?? []),
      { ...subnet('far', 0), VpcId: 'vpc-9', CidrBlock: '10.9.0.0/24', Ipv6CidrBlockAssociationSet: [] },
    ],
    RouteTables: [
      ...(of['RouteTables'] ?? []).filter(one => !JSON.stringify(one).includes('rtb-public')),
      table('public', [{ DestinationCidrBlock: '10.9.0.0/16', VpcPeeringConnectionId: 'pcx-1' }], {
        subnets: ['public'],
      }),
      {
        RouteTableId: 'rtb-far',
        VpcId: 'vpc-9',
        Associations: [{ Main: true, AssociationState: { State: 'associated' } }],
        Routes: [
          { DestinationCidrBlock: '10.9.0.0/16', GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' },
          ...routes,
        ],
      },
    ],
    NetworkAcls: [...(of['NetworkAcls'] ?? []), acl('9', ['far'], [allowed(100, true), allowed(100, false)])],
    SecurityGroups: [
      ...(of['SecurityGroups'] ?? []),
      { GroupId: 'sg-9', VpcId: 'vpc-9', IpPermissions: [EVERYTHING], IpPermissionsEgress: [] },
    ],
    NetworkInterfaces: [
      ...(of['NetworkInterfaces'] ?? []),
      {
        ...machine('far', 9),
        VpcId: 'vpc-9',
        Groups: [{ GroupId: 'sg-9' }],
        PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: '10.9.0.7' }],
      },
    ],
    VpcPeeringConnections: [
      {
        VpcPeeringConnectionId: 'pcx-1',
        Status: { Code: 'active' },
        RequesterVpcInfo: { VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' },
        AccepterVpcInfo: { VpcId: 'vpc-9', CidrBlock: '10.9.0.0/16' },
      },
    ],
  }
}
const TO_US = {
  DestinationCidrBlock: '10.0.0.0/16',
  VpcPeeringConnectionId: 'pcx-1',
  Origin: 'CreateRoute',
  State: 'active',
}

describe('the way back from another network', () => {
  test('is there with a route, whatever the group there lets out', () => {
    const answer = ask(peered(TO_US), 'i-public', '10.9.0.7:443/tcp')
    assert.equal(answer.verdict, 'allowed')
    assert.equal(back(answer)?.verdict, 'symmetric')
  })
  test('is missing without one', () => {
    const answer = ask(peered(), 'i-public', '10.9.0.7:443/tcp')
    assert.equal(answer.verdict, 'allowed')
    assert.equal(back(answer)?.verdict, 'asymmetric')
    assert.ok(back(answer)?.because.some(({ object }) => object === 'aws:route-table/rtb-far'))
  })
  test('may lead elsewhere', () => {
    const gone = { ...TO_US, DestinationCidrBlock: '10.0.1.0/24', State: 'blackhole' }
    assert.equal(verdictOf(peered(TO_US, gone), 'i-public', '10.9.0.7:443/tcp'), 'asymmetric')
  })
  test('from on-premises is in no document', () => {
    const of = base()
    const vpn = { VpnGatewayId: 'vgw-1', State: 'available', VpcAttachments: [{ VpcId: 'vpc-1', State: 'attached' }] }
    const output = {
      ...of,
      VpnGateways: [vpn],
      RouteTables: [
        table('main', [], { associations: [{ Main: true }] }),
        table('public', [{ DestinationCidrBlock: '192.168.0.0/16', GatewayId: 'vgw-1' }], { subnets: ['public'] }),
      ],
    }
    assert.equal(verdictOf(output, 'i-public', '192.168.1.1:443/tcp'), 'unknown')
  })
})
