import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { acl, allowed, ask, machine, type Output, table, told } from './aws.ts'
import {
  associations,
  attached,
  hub,
  hubRoutes,
  hubTable,
  instead,
  internet,
  joined,
  nat,
  place,
  routed,
  routes,
  to,
  vpc,
} from './transit.ts'

// What a transit gateway does with a packet, line by line. Expected answers come from the documentation, named in each group.

interface Row {
  readonly says: string
  readonly to?: string
  readonly is: string
  readonly from?: string
  readonly change?: readonly ((of: Output) => Output)[]
  /** What is named as the reason, or as what is open. */
  readonly names?: RegExp
}

const WORLD = '203.0.113.9:443/tcp'
const NAT_2 = 'allowed nat nat-2 198.51.100.2'
const LOST = 'denied blackhole'
const OPEN = 'unknown unknown'

const rows = (name: string, all: readonly Row[]): void => {
  describe(name, () => {
    for (const { says, from = 'i-private', to = WORLD, is, change = [], names } of all)
      test(says, () => {
        const output = change.reduce((of, step) => step(of), joined())
        const answer = ask(output, from, to)
        assert.equal(told(answer), is)
        const because = answer.stages.flatMap(stage => stage.because).map(({ object, says }) => `${object} ${says}`)
        const words = [...because, ...answer.unknowns.map(({ why }) => why)].join('\n')
        if (names !== undefined) assert.match(words, names)
      })
  })
}

const TABLES = 'TransitGatewayRouteTables'
const VPC_ATTACHMENTS = 'TransitGatewayVpcAttachments'

// docs.aws.amazon.com/vpc/latest/tgw: "How Amazon VPC Transit Gateways work", "Centralized outbound routing to the internet"
rows('ways through a transit gateway', [
  { says: 'a NAT gateway of another network is everybody’s exit', is: NAT_2 },
  { says: 'what is in the other network is reached', to: '10.2.1.10:443/tcp', is: 'allowed peer-network vpc-2' },
  {
    says: 'past the filters of the interface there',
    to: '10.2.1.10:443/tcp',
    is: LOST,
    change: [
      instead('SecurityGroups', 'sg-open', {
        GroupId: 'sg-open',
        VpcId: 'vpc-2',
        IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '10.9.0.0/16' }] }],
        IpPermissionsEgress: [],
      }),
    ],
    names: /lets none of it in/,
  },
  {
    // Source: EC2 API Reference, TransitGatewayOptions, `SecurityGroupReferencingSupport`.
    says: 'members of a group of the other network are not known there where the transit gateway says so',
    to: '10.2.1.10:443/tcp',
    is: LOST,
    change: [
      instead('TransitGateways', 'tgw-1', hub('tgw-1', { SecurityGroupReferencingSupport: 'disable' })),
      instead('SecurityGroups', 'sg-open', {
        GroupId: 'sg-open',
        VpcId: 'vpc-2',
        IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-1' }] }],
        IpPermissionsEgress: [],
      }),
    ],
    names: /lets none of it in/,
  },
  {
    says: 'whether members of a group of the other network are known there is open',
    to: '10.2.1.10:443/tcp',
    is: 'unknown peer-network vpc-2',
    change: [
      instead('SecurityGroups', 'sg-open', {
        GroupId: 'sg-open',
        VpcId: 'vpc-2',
        IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-1' }] }],
        IpPermissionsEgress: [],
      }),
    ],
  },
  {
    says: 'one that was not read is open, and named',
    is: OPEN,
    change: [of => ({ ...of, TransitGateways: [] })],
    names: /the gateway `aws:transit-gateway\/tgw-1` was not read/,
  },
  {
    says: 'one that is gone passes nothing',
    is: LOST,
    change: [of => ({ ...of, TransitGateways: [hub('tgw-1', {}, 'deleted')] })],
    names: /is not up/,
  },
])

// "Transit gateway route tables"; "Amazon VPC attachments", Limits and Lifecycle
rows('what comes in', [
  {
    says: 'the attachment that a packet enters by chooses the table',
    is: LOST,
    change: [
      of => ({
        ...of,
        wrapped: [
          ...(of['wrapped'] ?? []).filter(one => 'Routes' in one),
          associations('tgw-rtb-2', 'tgw-attach-1', 'tgw-attach-2'),
          associations('tgw-rtb-1'),
        ],
      }),
    ],
    names: /tgw-rtb-2 has no route for it/,
  },
  {
    says: 'without an association it goes nowhere',
    is: LOST,
    change: [
      of => ({
        ...of,
        wrapped: [
          ...(of['wrapped'] ?? []).filter(one => 'Routes' in one),
          associations('tgw-rtb-1'),
          associations('tgw-rtb-2', 'tgw-attach-2'),
        ],
      }),
    ],
    names: /tgw-attach-1 is associated with no table/,
  },
  {
    says: 'as the list of all attachments tells it',
    is: LOST,
    change: [
      of => ({
        ...of,
        wrapped: (of['wrapped'] ?? []).filter(one => 'Routes' in one),
        TransitGatewayAttachments: [listed('tgw-attach-1', 'vpc', 'vpc-1', null)],
      }),
    ],
    names: /tgw-attach-1 is associated with no table/,
  },
  {
    says: 'unless a policy table may choose',
    is: OPEN,
    change: [
      of => ({
        ...of,
        wrapped: (of['wrapped'] ?? []).filter(one => 'Routes' in one),
        TransitGatewayAttachments: [listed('tgw-attach-1', 'vpc', 'vpc-1', null)],
        TransitGatewayPolicyTables: [{ TransitGatewayPolicyTableId: 'tgw-ptb-1', TransitGatewayId: 'tgw-1' }],
      }),
    ],
    names: /policy table/,
  },
  {
    says: 'an association that nobody read is open',
    is: OPEN,
    change: [of => ({ ...of, wrapped: (of['wrapped'] ?? []).filter(one => 'Routes' in one) })],
    names: /the table that it is associated with was not read/,
  },
  {
    says: 'by default it is the default table’s, which anybody may have changed',
    is: 'unknown nat nat-2 198.51.100.2',
    change: [
      of => ({
        ...of,
        wrapped: (of['wrapped'] ?? []).filter(one => 'Routes' in one),
        TransitGateways: [
          hub('tgw-1', { DefaultRouteTableAssociation: 'enable', AssociationDefaultRouteTableId: 'tgw-rtb-1' }),
        ],
      }),
    ],
    names: /the table that it is associated with was not read/,
  },
  {
    says: 'documents that tell two tables',
    is: OPEN,
    change: [
      of => ({
        ...of,
        TransitGatewayAttachments: [listed('tgw-attach-1', 'vpc', 'vpc-1', 'tgw-rtb-2')],
      }),
    ],
    names: /documents say different things of it/,
  },
  {
    says: 'a network that is not attached reaches nothing',
    is: LOST,
    change: [instead(VPC_ATTACHMENTS, 'tgw-attach-1')],
    names: /tgw-1 has no attachment to `aws:vpc\/vpc-1`/,
  },
  {
    says: 'unless attachments were not read',
    is: OPEN,
    change: [of => ({ ...of, [VPC_ATTACHMENTS]: [] })],
    names: /the attachment of `aws:vpc\/vpc-1` to `aws:transit-gateway\/tgw-1` was not read/,
  },
  {
    says: 'or only those of another account',
    is: OPEN,
    change: [of => ({ ...of, [VPC_ATTACHMENTS]: [attached(2, 'vpc-2', ['inner'], { VpcOwnerId: '222222222222' })] })],
    names: /was not read/,
  },
  {
    says: 'an attachment that waits for somebody to accept it',
    is: LOST,
    change: [instead(VPC_ATTACHMENTS, 'tgw-attach-1', attached(1, 'vpc-1', ['plain'], { State: 'pendingAcceptance' }))],
    names: /tgw-attach-1 is not up/,
  },
  {
    says: 'a zone without a subnet of the attachment reaches nothing',
    is: LOST,
    change: [instead('Subnets', 'subnet-plain', place('plain', 'vpc-1', '10.0.3.0/24', 'eu-west-1b'))],
    names: /tgw-attach-1 stands in no subnet of the zone `eu-west-1a`/,
  },
  {
    says: 'zones of two accounts are compared by their ids',
    is: LOST,
    change: [
      of => ({
        ...of,
        Subnets: (of['Subnets'] ?? []).map((one, i) => ({ ...one, AvailabilityZoneId: `euw1-az${i}` })),
      }),
    ],
    names: /stands in no subnet of the zone/,
  },
  {
    says: 'a local zone reaches it by another zone',
    is: 'unknown nat nat-2 198.51.100.2',
    change: [instead('Subnets', 'subnet-private', place('private', 'vpc-1', '10.0.2.0/24', 'eu-west-1-ber-1a'))],
    names: /is not told/,
  },
])

const listed = (id: string, ResourceType: string, ResourceId: string, association: string | null, hubId = 'tgw-1') => ({
  TransitGatewayAttachmentId: id,
  TransitGatewayId: hubId,
  TransitGatewayOwnerId: '111111111111',
  ResourceOwnerId: '111111111111',
  ResourceType,
  ResourceId,
  State: 'available',
  ...(association === null ? {} : { Association: { TransitGatewayRouteTableId: association, State: 'associated' } }),
})

// "How Network ACLs work with transit gateways"
rows('access lists around the subnets of an attachment', [
  {
    says: 'what goes to the transit gateway enters its subnet',
    is: LOST,
    change: [
      instead(
        'NetworkAcls',
        'acl-1',
        acl('1', ['public', 'private'], [allowed(100, true), allowed(100, false)]),
        acl('3', ['plain'], [allowed(100, true)]),
      ),
    ],
    names: /subnet-plain its filters let none of it in/,
  },
  {
    says: 'and leaves that unseen',
    is: NAT_2,
    change: [
      instead(
        'NetworkAcls',
        'acl-1',
        acl('1', ['public', 'private'], [allowed(100, true), allowed(100, false)]),
        acl('3', ['plain'], [allowed(100, false)]),
      ),
    ],
  },
  {
    says: 'what comes from it is in its subnet already',
    is: NAT_2,
    change: [
      instead(
        'NetworkAcls',
        'acl-2',
        acl('2', ['inner'], [allowed(100, true)]),
        acl('4', ['outer'], [allowed(100, true), allowed(100, false)]),
      ),
    ],
  },
  {
    says: 'and leaves it past its list',
    is: LOST,
    change: [
      instead(
        'NetworkAcls',
        'acl-2',
        acl('2', ['inner'], [allowed(100, false)]),
        acl('4', ['outer'], [allowed(100, true), allowed(100, false)]),
      ),
    ],
    names: /acl-2 lets none of it leave/,
  },
  {
    says: 'what stays in that subnet meets no list',
    to: '10.2.1.10:443/tcp',
    is: 'allowed peer-network vpc-2',
    change: [instead('NetworkAcls', 'acl-2', acl('2', ['inner', 'outer'], []))],
  },
])

const BLACKHOLE = { State: 'blackhole', TransitGatewayAttachments: [] }

// "How Amazon VPC Transit Gateways work", Route evaluation order
rows('routes of a transit gateway', [
  {
    says: 'the longest prefix decides',
    is: LOST,
    change: [routed('tgw-rtb-1', to('0.0.0.0/0', 'tgw-attach-2'), to('203.0.113.0/24', '', 'static', BLACKHOLE))],
    names: /tgw-rtb-1 has a route for it that drops what it takes/,
  },
  {
    says: 'of one prefix static comes before propagated',
    is: LOST,
    change: [
      routed('tgw-rtb-1', to('0.0.0.0/0', 'tgw-attach-2', 'propagated'), to('0.0.0.0/0', '', 'static', BLACKHOLE)),
    ],
  },
  {
    says: 'and a list of prefixes in between',
    is: LOST,
    change: [
      routed(
        'tgw-rtb-1',
        to('0.0.0.0/0', 'tgw-attach-2', 'propagated'),
        to('0.0.0.0/0', '', 'static', { ...BLACKHOLE, PrefixListId: 'pl-1' }),
      ),
    ],
  },
  {
    says: 'after static ones',
    is: NAT_2,
    change: [
      routed(
        'tgw-rtb-1',
        to('0.0.0.0/0', '', 'static', { ...BLACKHOLE, PrefixListId: 'pl-1' }),
        to('0.0.0.0/0', 'tgw-attach-2'),
      ),
    ],
  },
  { says: 'no route is no way', is: LOST, change: [routed('tgw-rtb-1')], names: /tgw-rtb-1 has no route for it/ },
  {
    says: 'more routes than were read may be for anything',
    is: 'unknown nat nat-2 198.51.100.2',
    change: [
      of => ({
        ...of,
        wrapped: (of['wrapped'] ?? []).map(one =>
          'Routes' in one ? { ...one, AdditionalRoutesAvailable: true } : one,
        ),
      }),
    ],
    names: /has more routes than were read/,
  },
  {
    says: 'a table that was not read is open, and named',
    is: OPEN,
    change: [
      of => ({
        ...of,
        wrapped: (of['wrapped'] ?? []).filter(one => !('Routes' in one)),
      }),
    ],
    names: /the route table `aws:transit-gateway-route-table\/tgw-rtb-1` was not read/,
  },
  {
    says: 'where propagations alone were read, static routes may still take anything',
    to: '10.2.1.10:443/tcp',
    is: 'unknown peer-network vpc-2',
    change: [
      of => ({
        ...of,
        wrapped: [
          ...(of['wrapped'] ?? []).filter(one => !('Routes' in one)),
          propagations('tgw-rtb-1', 'tgw-attach-2'),
        ],
      }),
    ],
    names: /static ones may take anything/,
  },
  {
    says: 'what propagates by default goes the same way',
    to: '10.2.1.10:443/tcp',
    is: 'unknown peer-network vpc-2',
    change: [
      of => ({
        ...of,
        wrapped: (of['wrapped'] ?? []).filter(one => !('Routes' in one)),
        TransitGateways: [
          hub('tgw-1', { DefaultRouteTablePropagation: 'enable', PropagationDefaultRouteTableId: 'tgw-rtb-1' }),
        ],
      }),
    ],
  },
  {
    says: 'a line on-premises propagates what nobody read',
    is: OPEN,
    change: [
      of => ({
        ...of,
        TransitGatewayAttachments: [listed('tgw-attach-vpn', 'vpn', 'vpn-1', 'tgw-rtb-2')],
        wrapped: [
          ...(of['wrapped'] ?? []).filter(one => !('Routes' in one)),
          propagations('tgw-rtb-1', 'tgw-attach-vpn'),
        ],
      }),
    ],
    names: /the addresses that `tgw-attach-vpn` propagates were not read/,
  },
  {
    says: 'and peerings propagate nothing',
    to: '10.3.0.1:443/tcp',
    is: OPEN,
    change: [
      of => ({
        ...of,
        TransitGatewayAttachments: [listed('tgw-attach-p', 'peering', 'tgw-2', 'tgw-rtb-2')],
        wrapped: [
          ...(of['wrapped'] ?? []).filter(one => !('Routes' in one)),
          propagations('tgw-rtb-1', 'tgw-attach-p'),
        ],
      }),
    ],
    names: /has no route for it/,
  },
  {
    says: 'a line on-premises is a way out',
    to: '192.168.7.1:443/tcp',
    is: 'allowed on-premises tgw-attach-vpn',
    change: [
      routed('tgw-rtb-1', to('192.168.0.0/16', 'tgw-attach-vpn', 'propagated')),
      of => ({ ...of, TransitGatewayAttachments: [listed('tgw-attach-vpn', 'vpn', 'vpn-1', 'tgw-rtb-2')] }),
    ],
  },
  {
    says: 'also where only the route tells what it is',
    to: '192.168.7.1:443/tcp',
    is: 'allowed on-premises tgw-attach-dx',
    change: [
      routed('tgw-rtb-1', {
        ...to('192.168.0.0/16', 'x', 'propagated'),
        TransitGatewayAttachments: [
          { TransitGatewayAttachmentId: 'tgw-attach-dx', ResourceId: 'dxgw-1', ResourceType: 'direct-connect-gateway' },
        ],
      }),
    ],
  },
  {
    says: 'an attachment that nothing tells of',
    is: OPEN,
    change: [routed('tgw-rtb-1', to('0.0.0.0/0', 'tgw-attach-9'))],
    names: /tgw-attach-9/,
  },
  {
    says: 'an appliance that is attached is not followed',
    is: OPEN,
    change: [
      routed('tgw-rtb-1', to('0.0.0.0/0', 'tgw-attach-c')),
      of => ({ ...of, TransitGatewayAttachments: [listed('tgw-attach-c', 'connect', 'tgw-attach-2', 'tgw-rtb-2')] }),
    ],
    names: /an attachment of the type `connect`/,
  },
  {
    says: 'the network of an account that was not read',
    is: OPEN,
    change: [
      routed('tgw-rtb-1', to('0.0.0.0/0', 'tgw-attach-3')),
      of => ({
        ...of,
        [VPC_ATTACHMENTS]: [
          ...(of[VPC_ATTACHMENTS] ?? []),
          attached(3, 'vpc-3', ['theirs'], { VpcOwnerId: '333333333333' }),
        ],
      }),
    ],
    names: /the network `aws:vpc\/vpc-3` was not read/,
  },
])

const propagations = (TransitGatewayRouteTableId: string, ...attachments: readonly string[]): object => ({
  TransitGatewayRouteTableId,
  TransitGatewayRouteTablePropagations: attachments.map(TransitGatewayAttachmentId => ({
    TransitGatewayAttachmentId,
    State: 'enabled',
  })),
})

const innerRoutes = (targets: Readonly<Record<string, string>>): ((of: Output) => Output) =>
  instead('RouteTables', 'rtb-inner', routes('inner', 'vpc-2', { '10.2.0.0/16': 'local', ...targets }, ['inner']))

// VPC Peering Guide, "VPC peering basics", Limitations; AWS PrivateLink Guide, "Gateway endpoints for Amazon S3"
rows('on from the other network', [
  {
    says: 'an internet gateway takes no address of another network',
    is: LOST,
    change: [innerRoutes({ '0.0.0.0/0': 'igw-2' })],
    names: /igw-2 takes addresses of its own network alone/,
  },
  {
    says: 'also of who has a public address in its own',
    from: 'i-public',
    is: LOST,
    change: [
      innerRoutes({ '0.0.0.0/0': 'igw-2' }),
      instead(
        'RouteTables',
        'rtb-public',
        table('public', [{ DestinationCidrBlock: '0.0.0.0/0', TransitGatewayId: 'tgw-1' }], { subnets: ['public'] }),
      ),
    ],
  },
  {
    says: 'nothing passes on over a peering',
    to: '10.4.0.1:443/tcp',
    is: LOST,
    change: [
      innerRoutes({ '10.4.0.0/16': 'pcx-1' }),
      of => ({
        ...of,
        VpcPeeringConnections: [
          {
            VpcPeeringConnectionId: 'pcx-1',
            Status: { Code: 'active' },
            RequesterVpcInfo: { VpcId: 'vpc-2' },
            AccepterVpcInfo: { VpcId: 'vpc-4' },
          },
        ],
      }),
    ],
    names: /pcx-1 .*nothing passes through/,
  },
  {
    says: 'nor to a virtual private gateway',
    to: '192.168.7.1:443/tcp',
    is: LOST,
    change: [
      innerRoutes({ '192.168.0.0/16': 'vgw-1' }),
      of => ({
        ...of,
        VpnGateways: [
          { VpnGatewayId: 'vgw-1', State: 'available', VpcAttachments: [{ VpcId: 'vpc-2', State: 'attached' }] },
        ],
      }),
    ],
    names: /vgw-1 takes what its own network sends/,
  },
  {
    says: 'nor to a gateway endpoint',
    is: LOST,
    change: [
      innerRoutes({ '203.0.113.0/24': 'vpce-1' }),
      of => ({
        ...of,
        VpcEndpoints: [{ VpcEndpointId: 'vpce-1', VpcEndpointType: 'Gateway', VpcId: 'vpc-2', State: 'available' }],
      }),
    ],
    names: /vpce-1 takes what its own network sends/,
  },
  {
    says: 'a firewall on the way is open',
    is: OPEN,
    change: [
      innerRoutes({ '0.0.0.0/0': 'vpce-2' }),
      of => ({
        ...of,
        VpcEndpoints: [
          { VpcEndpointId: 'vpce-2', VpcEndpointType: 'GatewayLoadBalancer', VpcId: 'vpc-2', State: 'available' },
        ],
      }),
    ],
  },
  {
    says: 'so is an appliance',
    is: OPEN,
    change: [innerRoutes({ '0.0.0.0/0': 'eni-far' })],
    names: /a machine on the way/,
  },
  {
    says: 'what a NAT gateway sends on is of its own network',
    to: '192.168.7.1:443/tcp',
    is: 'allowed on-premises vgw-1 10.2.2.5',
    change: [
      instead(
        'RouteTables',
        'rtb-outer',
        routes('outer', 'vpc-2', { '10.2.0.0/16': 'local', '192.168.0.0/16': 'vgw-1' }, ['outer']),
      ),
      of => ({
        ...of,
        VpnGateways: [
          { VpnGatewayId: 'vgw-1', State: 'available', VpcAttachments: [{ VpcId: 'vpc-2', State: 'attached' }] },
        ],
      }),
    ],
  },
  {
    says: 'a private NAT gateway may send it through the transit gateway, to another one',
    is: NAT_2,
    change: [
      instead(
        'RouteTables',
        'rtb-private',
        routes('private', 'vpc-1', { '10.0.0.0/16': 'local', '0.0.0.0/0': 'nat-p' }, ['private']),
      ),
      instead('RouteTables', 'rtb-public', routes('public', 'vpc-1', { '0.0.0.0/0': 'tgw-1' }, ['public'])),
      of => ({
        ...of,
        NatGateways: [
          ...(of['NatGateways'] ?? []),
          {
            NatGatewayId: 'nat-p',
            VpcId: 'vpc-1',
            SubnetId: 'subnet-public',
            State: 'available',
            ConnectivityType: 'private',
            NatGatewayAddresses: [{ PrivateIp: '10.0.1.7' }],
          },
        ],
      }),
    ],
  },
])

/** A second zone of vpc-2, whose subnet leads elsewhere; the first is the sender’s. */
const twoZones =
  (appliance: string, zone: string, other: Readonly<Record<string, string>>) =>
  (of: Output): Output => ({
    ...of,
    Subnets: [
      ...(of['Subnets'] ?? []).filter(one => (one as { SubnetId: string }).SubnetId !== 'subnet-inner'),
      place('inner', 'vpc-2', '10.2.1.0/24', zone),
      place('inner-b', 'vpc-2', '10.2.3.0/24', 'eu-west-1b'),
      place('outer-b', 'vpc-2', '10.2.4.0/24', 'eu-west-1b'),
    ],
    RouteTables: [
      ...(of['RouteTables'] ?? []),
      routes('inner-b', 'vpc-2', { '10.2.0.0/16': 'local', ...other }, ['inner-b']),
      routes('outer-b', 'vpc-2', { '10.2.0.0/16': 'local', '0.0.0.0/0': 'igw-2' }, ['outer-b']),
    ],
    NatGateways: [...(of['NatGateways'] ?? []), nat('nat-b', 'vpc-2', 'outer-b', '198.51.100.3', '10.2.4.5')],
    NetworkAcls: [
      ...(of['NetworkAcls'] ?? []),
      acl('b', ['inner-b', 'outer-b'], [allowed(100, true), allowed(100, false)]),
    ],
    [VPC_ATTACHMENTS]: [
      attached(1, 'vpc-1', ['plain']),
      attached(2, 'vpc-2', ['inner', 'inner-b'], { Options: { ApplianceModeSupport: appliance } }),
    ],
  })

// "How Amazon VPC Transit Gateways work", Availability Zones; "Example: Appliance in a shared services VPC"
rows('zones', [
  {
    says: 'a packet stays in the zone that it comes from',
    is: NAT_2,
    change: [twoZones('disable', 'eu-west-1a', { '0.0.0.0/0': 'nat-b' })],
  },
  {
    says: 'with appliance mode each flow is given one, and where ways differ nobody can tell',
    is: 'unknown nat 198.51.100.2 198.51.100.3',
    change: [twoZones('enable', 'eu-west-1a', { '0.0.0.0/0': 'nat-b' })],
    names: /each flow is given one of the subnets of `.*tgw-attach-2` by chance/,
  },
  {
    says: 'where they do not differ it makes none',
    is: NAT_2,
    change: [twoZones('enable', 'eu-west-1a', { '0.0.0.0/0': 'nat-2' })],
  },
  {
    says: 'one way that ends leaves the answer open',
    is: 'unknown nat nat-2 198.51.100.2',
    change: [twoZones('enable', 'eu-west-1a', {})],
  },
  {
    says: 'a zone that the other network has no subnet in',
    is: 'unknown nat 198.51.100.2 198.51.100.3',
    change: [twoZones('disable', 'eu-west-1c', { '0.0.0.0/0': 'nat-b' })],
    names: /in which of its subnets/,
  },
])

/** vpc-1 and vpc-2 each on its own transit gateway, and a peering between these. */
const apart =
  (accepter: string, association: readonly object[]) =>
  (of: Output): Output => ({
    ...of,
    TransitGateways: [hub('tgw-1'), hub('tgw-2')],
    [VPC_ATTACHMENTS]: [
      attached(1, 'vpc-1', ['plain']),
      attached(2, 'vpc-2', ['inner'], { TransitGatewayId: 'tgw-2' }),
    ],
    TransitGatewayPeeringAttachments: [
      {
        TransitGatewayAttachmentId: 'tgw-attach-p',
        ...(accepter === 'tgw-attach-p' ? {} : { AccepterTransitGatewayAttachmentId: accepter }),
        RequesterTgwInfo: { TransitGatewayId: 'tgw-1', OwnerId: '111111111111', Region: 'eu-west-1' },
        AccepterTgwInfo: { TransitGatewayId: 'tgw-2', OwnerId: '111111111111', Region: 'us-east-1' },
        State: 'available',
      },
    ],
    [TABLES]: [hubTable('tgw-rtb-1'), hubTable('tgw-rtb-2', 'tgw-2'), hubTable('tgw-rtb-3', 'tgw-2')],
    wrapped: [
      associations('tgw-rtb-1', 'tgw-attach-1', 'tgw-attach-p'),
      associations('tgw-rtb-2', 'tgw-attach-2'),
      hubRoutes('tgw-rtb-1', to('0.0.0.0/0', 'tgw-attach-p')),
      hubRoutes('tgw-rtb-2', to('10.0.0.0/16', accepter)),
      hubRoutes('tgw-rtb-3', to('0.0.0.0/0', 'tgw-attach-2')),
      ...association,
    ],
  })

// "Transit gateway peering attachments", "Example: Peered transit gateways"
rows('from one transit gateway to another', [
  {
    says: 'the side over there chooses the table over there',
    is: NAT_2,
    change: [apart('tgw-attach-p', [associations('tgw-rtb-3', 'tgw-attach-p')])],
  },
  {
    says: 'also where the sides have ids of their own',
    is: NAT_2,
    change: [apart('tgw-attach-q', [associations('tgw-rtb-3', 'tgw-attach-q')])],
  },
  {
    says: 'a side without a table',
    is: LOST,
    change: [apart('tgw-attach-q', [associations('tgw-rtb-3')])],
    names: /tgw-attach-q is associated with no table/,
  },
  {
    says: 'a side whose table was not read',
    is: OPEN,
    change: [apart('tgw-attach-q', [])],
    names: /the table that it is associated with was not read/,
  },
  {
    says: 'a transit gateway that was not read',
    is: OPEN,
    change: [apart('tgw-attach-p', [associations('tgw-rtb-3', 'tgw-attach-p')]), instead('TransitGateways', 'tgw-2')],
    names: /the gateway `aws:transit-gateway\/tgw-2` was not read/,
  },
  {
    says: 'two of them in a circle',
    is: LOST,
    change: [
      apart('tgw-attach-q', [associations('tgw-rtb-3', 'tgw-attach-q')]),
      routed('tgw-rtb-3', to('0.0.0.0/0', 'tgw-attach-q')),
    ],
    names: /tgw-rtb-[13] has it a second time, from `.*tgw-rtb-[13]`: the way goes in a circle/,
  },
])

const BACK = routes('plain', 'vpc-1', { '10.0.0.0/16': 'local', '0.0.0.0/0': 'tgw-1' }, ['plain'])

rows('circles', [
  {
    says: 'back the way it came, and there again',
    is: LOST,
    change: [
      routed('tgw-rtb-1', to('0.0.0.0/0', 'tgw-attach-1')),
      of => ({ ...of, RouteTables: [...(of['RouteTables'] ?? []), BACK] }),
    ],
    names: /tgw-rtb-1 has it a second time, from `.*subnet-plain`: the way goes in a circle/,
  },
  {
    says: 'back the way it came, and out from there, with the address that is seen there',
    from: 'i-public',
    is: 'allowed internet-gateway igw-1 198.51.100.10',
    change: [
      routed('tgw-rtb-1', to('0.0.0.0/0', 'tgw-attach-1')),
      of => ({
        ...of,
        RouteTables: [
          ...(of['RouteTables'] ?? []).slice(0, 1),
          routes('public', 'vpc-1', { '10.0.0.0/16': 'local', '0.0.0.0/0': 'tgw-1' }, ['public']),
          routes('plain', 'vpc-1', { '10.0.0.0/16': 'local', '0.0.0.0/0': 'igw-1' }, ['plain']),
        ],
      }),
    ],
  },
  {
    says: 'the other network sends it back',
    is: LOST,
    change: [innerRoutes({ '0.0.0.0/0': 'tgw-1' }), routed('tgw-rtb-2', to('0.0.0.0/0', 'tgw-attach-2'))],
    names: /subnet-inner has it a second time, from `.*tgw-rtb-2`: the way goes in a circle/,
  },
])

test('each attachment, table and gateway on the way is named', () => {
  const { stages } = ask(joined(), 'i-private', WORLD)
  assert.deepEqual(
    stages[0]?.hops.map(({ id }) => id.split('/')[1]),
    [
      'eni-private',
      'subnet-private',
      'rtb-private',
      'tgw-1',
      'tgw-attach-1',
      'tgw-rtb-1',
      'tgw-attach-2',
      'vpc-2',
      'subnet-inner',
      'rtb-inner',
      'nat-2',
      'subnet-outer',
      'rtb-outer',
      'igw-2',
    ],
  )
})

// "CreateTransitGatewayVpcAttachmentRequestOptions", `Ipv6Support`: it propagates, and filters nothing
test('IPv6 goes through, and leaves by no gateway of another network', () => {
  const six = machine('private', 2, null, { Ipv6Addresses: [{ Ipv6Address: '2001:db8:0:102::10' }] })
  const everything = { RuleNumber: 101, Protocol: '-1', RuleAction: 'allow', Ipv6CidrBlock: '::/0' }
  const lists = ['public', 'private', 'plain'].map(one =>
    acl(
      one,
      [one],
      [allowed(100, true), allowed(100, false), { ...everything, Egress: true }, { ...everything, Egress: false }],
    ),
  )
  const of = joined()
  const output: Output = {
    ...of,
    NetworkInterfaces: [six],
    NetworkAcls: [...lists, acl('inner', ['inner', 'outer'], [{ ...everything, Egress: true }])],
    InternetGateways: [internet('igw-2', 'vpc-2')],
    Vpcs: [...(of['Vpcs'] ?? []).slice(0, 1), vpc('vpc-2', '10.2.0.0/16')],
    RouteTables: [
      ...(of['RouteTables'] ?? []).slice(0, 1),
      routes('private', 'vpc-1', { '::/0': 'tgw-1' }, ['private']),
      routes('inner', 'vpc-2', { '::/0': 'igw-2' }, ['inner']),
    ],
    wrapped: [
      associations('tgw-rtb-1', 'tgw-attach-1'),
      associations('tgw-rtb-2', 'tgw-attach-2'),
      hubRoutes('tgw-rtb-1', to('::/0', 'tgw-attach-2')),
    ],
  }
  const answer = ask(output, 'i-private', '[2606:4700::1]:443/tcp')
  assert.equal(told(answer), LOST)
  const said = answer.stages.flatMap(({ because }) => because.map(({ says }) => says))
  assert.ok(said.some(says => says.startsWith('takes addresses of its own network alone')))
})

test('the same whatever the order of the documents', () => {
  const output = [twoZones('enable', 'eu-west-1a', { '0.0.0.0/0': 'nat-b' })].reduce((of, step) => step(of), joined())
  const turned = Object.fromEntries(
    Object.entries(output)
      .toReversed()
      .map(([key, list]) => [key, list.toReversed()]),
  )
  const parts = (of: Output) => ask(of, 'i-private', '0.0.0.0/0').parts.map(part => ({ ...part, because: [] }))
  assert.deepEqual(parts(turned), parts(output))
})

/** The parts that an answer has of all IPv4 addresses: none overlap, none is left out. */
const checkWhole = ({ parts }: ReturnType<typeof ask>): void => {
  const number = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const numbers = parts
    .flatMap(({ to }) => (to.kind === 'addresses' ? to.ranges : []))
    .map(range => {
      const [first = '', last = first] = range.split('-')
      return [number(first), number(last)] as const
    })
    .sort(([a], [b]) => a - b)
  let next = 0
  for (const [first, last] of numbers) {
    assert.equal(first, next)
    next = last + 1
  }
  assert.equal(next, 2 ** 32)
}

test('the parts of a question are the question, where ways are chosen by chance, too', () => {
  const output = twoZones('enable', 'eu-west-1a', { '0.0.0.0/1': 'nat-b', '10.0.0.0/16': 'tgw-1' })(joined())
  checkWhole(ask(output, 'i-private', '0.0.0.0/0:443/tcp'))
})

const TARGETS = ['igw-2', 'nat-2', 'nat-b', 'tgw-1', 'tgw-2', 'eni-far']
const SIDES = ['tgw-attach-1', 'tgw-attach-2', 'tgw-attach-p']

test('however it is wired, every way ends, and the answer is whole', () => {
  const block = fc.constantFrom('0.0.0.0/0', '128.0.0.0/1', '10.2.0.0/16', '203.0.113.0/24')
  const wires = <T extends string>(...targets: readonly T[]) =>
    fc.dictionary(block, fc.constantFrom(...targets), { maxKeys: 3 })
  fc.assert(
    fc.property(
      fc.tuple(wires(...TARGETS), wires(...TARGETS), wires('tgw-1', 'tgw-2', 'igw-1', 'nat-1'), wires(...TARGETS)),
      fc.tuple(wires(...SIDES), wires(...SIDES), wires(...SIDES)),
      fc.constantFrom('enable', 'disable'),
      ([inner, outer, plain, innerB], [one, two, three], appliance) => {
        const made = apart('tgw-attach-p', [associations('tgw-rtb-3', 'tgw-attach-p')])(
          twoZones(appliance, 'eu-west-1a', innerB)(joined()),
        )
        const output: Output = {
          ...made,
          RouteTables: [
            ...(made['RouteTables'] ?? []).filter(table => !/inner|outer/.test(JSON.stringify(table))),
            routes('inner', 'vpc-2', { '10.2.0.0/16': 'local', ...inner }, ['inner']),
            routes('inner-b', 'vpc-2', { '10.2.0.0/16': 'local', ...innerB }, ['inner-b']),
            routes('outer', 'vpc-2', outer, ['outer', 'outer-b']),
            routes('plain', 'vpc-1', plain, ['plain']),
          ],
          [VPC_ATTACHMENTS]: ['tgw-1', 'tgw-2'].flatMap(TransitGatewayId => [
            attached(1, 'vpc-1', ['plain'], { TransitGatewayId }),
            attached(2, 'vpc-2', ['inner', 'inner-b'], {
              TransitGatewayId,
              Options: { ApplianceModeSupport: appliance },
            }),
          ]),
          wrapped: [
            ...(made['wrapped'] ?? []).filter(table => !('Routes' in table)),
            ...[one, two, three].map((targets, i) =>
              hubRoutes(`tgw-rtb-${i + 1}`, ...Object.entries(targets).map(([block, side]) => to(block, side))),
            ),
          ],
        }
        checkWhole(ask(output, 'i-private', '0.0.0.0/0:443/tcp'))
      },
    ),
    { numRuns: 300 },
  )
})
