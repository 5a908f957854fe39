import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { acl, allowed, ask, base, EVERYTHING, machine, type Output, subnet, table, told } from './aws.ts'

// What AWS does with a packet, line by line. Expected answers come from its documentation, named in each group.

interface Row {
  readonly says: string
  readonly from: string
  readonly to: string
  readonly is: string
  readonly change?: (of: Output) => Output
}

const rows = (name: string, all: readonly Row[]): void => {
  describe(name, () => {
    for (const { says, from, to, is, change = (of: Output) => of } of all)
      test(says, () => assert.equal(told(ask(change(base()), from, to)), is))
  })
}

const WORLD = '203.0.113.9:443/tcp'
const WORLD6 = '[2606:4700::1]:443/tcp'

/** The public subnet with these routes beside the local ones. */
const publicRoutes =
  (routes: readonly object[]) =>
  (of: Output): Output => ({
    ...of,
    RouteTables: [
      ...(of['RouteTables'] ?? []).filter(one => (one as { RouteTableId: string }).RouteTableId !== 'rtb-public'),
      table('public', routes, { subnets: ['public'] }),
    ],
  })

const DEFAULT = { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' }
const withV6 = (of: Output): Output => ({
  ...of,
  NetworkInterfaces: [
    machine('public', 1, { PublicIp: '198.51.100.10' }, { Ipv6Addresses: [{ Ipv6Address: '2001:db8:0:101::10' }] }),
    ...(of['NetworkInterfaces'] ?? []).slice(1),
  ],
})

// docs.aws.amazon.com/vpc/latest/userguide: "Enable internet access using internet gateways", "NAT gateways"
rows('ways to the internet', [
  {
    says: 'an internet gateway shows the public address',
    from: 'i-public',
    to: WORLD,
    is: 'allowed internet-gateway igw-1 198.51.100.10',
  },
  {
    says: 'without a public address it is no way out',
    from: 'i-public',
    to: WORLD,
    is: 'denied blackhole',
    change: of => ({ ...of, NetworkInterfaces: [machine('public', 1)] }),
  },
  {
    says: 'of a whole subnet it depends on the address',
    from: 'subnet-public',
    to: WORLD,
    is: 'unknown internet-gateway igw-1',
  },
  { says: 'a NAT gateway shows its own', from: 'i-private', to: WORLD, is: 'allowed nat nat-1 198.51.100.1' },
  {
    says: 'a NAT gateway leaves by the routes of its own subnet',
    from: 'i-private',
    to: WORLD,
    is: 'denied blackhole',
    change: publicRoutes([]),
  },
  {
    says: 'a NAT gateway whose own subnet leads back to it',
    from: 'i-private',
    to: WORLD,
    is: 'denied blackhole',
    change: publicRoutes([{ DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1' }]),
  },
  {
    says: 'a private NAT gateway has no way to the internet',
    from: 'i-private',
    to: WORLD,
    is: 'denied blackhole',
    change: of => ({
      ...of,
      NatGateways: [
        {
          NatGatewayId: 'nat-1',
          VpcId: 'vpc-1',
          SubnetId: 'subnet-public',
          State: 'available',
          ConnectivityType: 'private',
          NatGatewayAddresses: [{ PrivateIp: '10.0.1.5' }],
        },
      ],
    }),
  },
  {
    says: 'GatewayId may hold a NAT gateway',
    from: 'i-public',
    to: WORLD,
    is: 'allowed nat nat-1 198.51.100.1',
    change: of => ({
      ...publicRoutes([{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'nat-1' }])(of),
      Subnets: [...(of['Subnets'] ?? []), subnet('edge', 4)],
      NatGateways: [{ ...(of['NatGateways'] ?? [])[0], SubnetId: 'subnet-edge' }],
      RouteTables: [
        table('public', [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'nat-1' }], { subnets: ['public'] }),
        table('edge', [DEFAULT], { subnets: ['edge'] }),
      ],
      NetworkAcls: [acl('1', ['public', 'edge'], [allowed(100, true), allowed(100, false)])],
    }),
  },
  {
    says: 'where public access is blocked, routes promise nothing',
    from: 'i-public',
    to: WORLD,
    is: 'unknown internet-gateway igw-1 198.51.100.10',
    change: of => ({
      ...of,
      Vpcs: [
        { ...(of['Vpcs'] ?? [])[0], BlockPublicAccessStates: { InternetGatewayBlockMode: 'block-bidirectional' } },
      ],
    }),
  },
  {
    says: 'nor where an account blocks it',
    from: 'i-private',
    to: WORLD,
    is: 'unknown nat nat-1 198.51.100.1',
    change: of => ({
      ...of,
      VpcBlockPublicAccessOptions: { InternetGatewayBlockMode: 'block-bidirectional' } as never,
    }),
  },
  {
    says: 'nobody on the internet has a private address',
    from: 'i-public',
    to: '192.168.7.1:443/tcp',
    is: 'denied blackhole',
  },
  { says: 'nor behind a NAT gateway', from: 'i-private', to: '100.64.7.1:443/tcp', is: 'denied blackhole' },
  { says: '0.0.0.0/0 says nothing about IPv6', from: 'i-public', to: WORLD6, is: 'denied blackhole', change: withV6 },
  {
    says: 'with an IPv6 address an internet gateway is two-way, and shows it',
    from: 'i-public',
    to: WORLD6,
    is: 'allowed internet-gateway igw-1 2001:db8:0:101::10',
    change: of => ({
      ...withV6(publicRoutes([DEFAULT, { DestinationIpv6CidrBlock: '::/0', GatewayId: 'igw-1' }])(of)),
      NetworkAcls: [
        acl(
          '1',
          ['public'],
          [{ RuleNumber: 101, Protocol: '-1', RuleAction: 'allow', Egress: true, Ipv6CidrBlock: '::/0' }],
        ),
      ],
    }),
  },
  {
    says: 'an egress-only gateway takes IPv6 out',
    from: 'i-public',
    to: WORLD6,
    is: 'allowed egress-only-gateway eigw-1 2001:db8:0:101::10',
    change: of => ({
      ...withV6(
        publicRoutes([DEFAULT, { DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: 'eigw-1' }])(of),
      ),
      EgressOnlyInternetGateways: [
        { EgressOnlyInternetGatewayId: 'eigw-1', Attachments: [{ VpcId: 'vpc-1', State: 'attached' }] },
      ],
      NetworkAcls: [
        acl(
          '1',
          ['public'],
          [
            allowed(100, true),
            { RuleNumber: 101, Protocol: '-1', RuleAction: 'allow', Egress: true, Ipv6CidrBlock: '::/0' },
          ],
        ),
      ],
    }),
  },
])

// docs.aws.amazon.com/vpc/latest/userguide, "Configure route tables", Route priority
rows('routes', [
  {
    says: 'the longest prefix decides',
    from: 'i-public',
    to: WORLD,
    is: 'denied blackhole',
    change: publicRoutes([
      DEFAULT,
      { DestinationCidrBlock: '203.0.113.0/24', NatGatewayId: 'nat-gone', State: 'blackhole' },
    ]),
  },
  {
    says: 'a route whose target is gone still takes its packets',
    from: 'i-public',
    to: WORLD,
    is: 'denied blackhole',
    change: publicRoutes([{ ...DEFAULT, State: 'blackhole' }]),
  },
  {
    says: 'two halves are a default route',
    from: 'i-public',
    to: WORLD,
    is: 'allowed internet-gateway igw-1 198.51.100.10',
    change: publicRoutes([
      { DestinationCidrBlock: '0.0.0.0/1', GatewayId: 'igw-1' },
      { DestinationCidrBlock: '128.0.0.0/1', GatewayId: 'igw-1' },
    ]),
  },
  {
    says: 'of one prefix a static route comes before a propagated one',
    from: 'i-public',
    to: WORLD,
    is: 'allowed internet-gateway igw-1 198.51.100.10',
    change: of => ({
      ...publicRoutes([
        { DestinationCidrBlock: '203.0.113.0/24', GatewayId: 'vgw-1', Origin: 'EnableVgwRoutePropagation' },
        { DestinationCidrBlock: '203.0.113.0/24', GatewayId: 'igw-1' },
      ])(of),
      VpnGateways: [VPN],
    }),
  },
  {
    says: 'a propagated route takes what nothing longer takes',
    from: 'i-public',
    to: '192.168.7.1:443/tcp',
    is: 'allowed on-premises vgw-1',
    change: of => ({
      ...publicRoutes([
        DEFAULT,
        { DestinationCidrBlock: '192.168.0.0/16', GatewayId: 'vgw-1', Origin: 'EnableVgwRoutePropagation' },
      ])(of),
      VpnGateways: [VPN],
    }),
  },
  {
    says: 'a propagated route inside the local one loses, though it is longer',
    from: 'i-public',
    to: '10.0.2.10:443/tcp',
    is: 'allowed peer-network vpc-1',
    change: of => ({
      ...publicRoutes([
        { DestinationCidrBlock: '10.0.2.0/24', GatewayId: 'vgw-1', Origin: 'EnableVgwRoutePropagation' },
      ])(of),
      VpnGateways: [VPN],
    }),
  },
  { says: 'no association is the main table of the network', from: 'i-plain', to: WORLD, is: 'denied blackhole' },
  {
    says: 'the main table is not guessed',
    from: 'i-plain',
    to: WORLD,
    is: 'unknown unknown',
    change: of => ({ ...of, RouteTables: (of['RouteTables'] ?? []).slice(1) }),
  },
  {
    says: 'an edge association is no subnet’s',
    from: 'i-plain',
    to: WORLD,
    is: 'denied blackhole',
    change: of => ({
      ...of,
      RouteTables: [
        ...(of['RouteTables'] ?? []),
        table('edge', [DEFAULT], { associations: [{ Main: false, GatewayId: 'igw-1' }] }),
      ],
    }),
  },
  {
    says: 'a list of prefixes that was not read may take anything',
    from: 'i-public',
    to: WORLD,
    is: 'unknown internet-gateway igw-1 198.51.100.10',
    change: publicRoutes([DEFAULT, { DestinationPrefixListId: 'pl-1', GatewayId: 'vpce-1' }]),
  },
  {
    says: 'a gateway endpoint is a route for a list of prefixes, and longer than the default',
    from: 'i-public',
    to: WORLD,
    is: 'allowed private-endpoint vpce-1',
    change: of => ({
      ...publicRoutes([DEFAULT, { DestinationPrefixListId: 'pl-1', GatewayId: 'vpce-1' }])(of),
      PrefixLists: [{ PrefixListId: 'pl-1', PrefixListName: 'com.amazonaws.eu-west-1.s3', Cidrs: ['203.0.113.0/24'] }],
      VpcEndpoints: [
        { VpcEndpointId: 'vpce-1', VpcEndpointType: 'Gateway', VpcId: 'vpc-1', State: 'available', ServiceName: 's3' },
      ],
    }),
  },
])

const VPN = { VpnGatewayId: 'vgw-1', State: 'available', VpcAttachments: [{ VpcId: 'vpc-1', State: 'attached' }] }

// docs.aws.amazon.com/vpc/latest/peering, "How VPC peering connections work": no transitive peering
const peered = (of: Output): Output => ({
  ...publicRoutes([DEFAULT, { DestinationCidrBlock: '10.9.0.0/16', VpcPeeringConnectionId: 'pcx-1' }])(of),
  Vpcs: [
    ...(of['Vpcs'] ?? []),
    {
      VpcId: 'vpc-9',
      CidrBlock: '10.9.0.0/24',
      CidrBlockAssociationSet: [{ CidrBlock: '10.9.0.0/24', CidrBlockState: { State: 'associated' } }],
    },
  ],
  Subnets: [...(of['Subnets'] ?? []), { ...subnet('other', 0, 'vpc-9'), Ipv6CidrBlockAssociationSet: [] }],
  NetworkAcls: [...(of['NetworkAcls'] ?? []), acl('9', ['other'], [allowed(100, true), allowed(100, false)])],
  VpcPeeringConnections: [
    {
      VpcPeeringConnectionId: 'pcx-1',
      Status: { Code: 'active' },
      RequesterVpcInfo: { VpcId: 'vpc-1' },
      AccepterVpcInfo: { VpcId: 'vpc-9' },
    },
  ],
})
rows('peering', [
  {
    says: 'it leads to the other network',
    from: 'i-public',
    to: '10.9.0.7:443/tcp',
    is: 'allowed peer-network vpc-9',
    change: peered,
  },
  {
    says: 'and to nothing beyond it',
    from: 'i-public',
    to: '10.9.5.7:443/tcp',
    is: 'denied blackhole',
    change: peered,
  },
  {
    says: 'until it is accepted nothing passes',
    from: 'i-public',
    to: '10.9.0.7:443/tcp',
    is: 'denied blackhole',
    change: of => {
      const all = peered(of)
      const [one] = all['VpcPeeringConnections'] ?? []
      return { ...all, VpcPeeringConnections: [{ ...one, Status: { Code: 'pending-acceptance' } }] }
    },
  },
])

const group = (egress: readonly object[], ingress: readonly object[] = []): object => ({
  GroupId: 'sg-1',
  VpcId: 'vpc-1',
  IpPermissions: ingress,
  IpPermissionsEgress: egress,
})

// docs.aws.amazon.com/vpc/latest/userguide: "Security group rules", "Network ACL rules"
rows('filters', [
  {
    says: 'a group without rules lets nothing out',
    from: 'i-public',
    to: WORLD,
    is: 'denied blackhole',
    change: of => ({ ...of, SecurityGroups: [group([])] }),
  },
  {
    says: 'a port that no rule names',
    from: 'i-public',
    to: '203.0.113.9:80/tcp',
    is: 'denied blackhole',
    change: of => ({
      ...of,
      SecurityGroups: [group([{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }])],
    }),
  },
  {
    says: 'a group that was not read',
    from: 'i-public',
    to: WORLD,
    is: 'unknown internet-gateway igw-1 198.51.100.10',
    change: of => ({ ...of, SecurityGroups: [] }),
  },
  {
    says: 'members let in members',
    from: 'i-public',
    to: 'aws:instance/i-private:5432/tcp',
    is: 'allowed peer-network vpc-1',
  },
  {
    says: 'and nobody else',
    from: 'i-public',
    to: 'aws:instance/i-private:5432/tcp',
    is: 'denied blackhole',
    change: of => ({
      ...of,
      SecurityGroups: [group([EVERYTHING], [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '192.0.2.0/24' }] }])],
    }),
  },
  {
    says: 'the first entry of an access list decides',
    from: 'i-public',
    to: WORLD,
    is: 'denied blackhole',
    change: of => ({
      ...of,
      NetworkAcls: [
        acl(
          '1',
          ['public'],
          [
            allowed(100, true),
            {
              RuleNumber: 90,
              Protocol: '6',
              PortRange: { From: 443, To: 443 },
              RuleAction: 'deny',
              Egress: true,
              CidrBlock: '203.0.113.0/24',
            },
            allowed(100, false),
          ],
        ),
      ],
    }),
  },
  {
    says: 'an access list sees nothing of what stays in its subnet',
    from: 'i-public',
    to: '10.0.1.99:443/tcp',
    is: 'allowed peer-network vpc-1',
    change: of => ({ ...of, NetworkAcls: [acl('1', ['public'], [])] }),
  },
  {
    says: 'the access list of a NAT gateway’s subnet counts, too',
    from: 'i-private',
    to: WORLD,
    is: 'denied blackhole',
    change: of => ({
      ...of,
      NetworkAcls: [
        acl('1', ['private'], [allowed(100, true), allowed(100, false)]),
        acl('2', ['public'], [allowed(100, true)]),
      ],
    }),
  },
  {
    says: 'no filter and no route keeps anybody from metadata',
    from: 'i-plain',
    to: '169.254.169.254:80/tcp',
    is: 'allowed provider-managed vpc-1',
    change: of => ({ ...of, SecurityGroups: [group([])] }),
  },
  {
    says: 'nor from the resolver at the second address of the network',
    from: 'i-plain',
    to: '10.0.0.2:53/udp',
    is: 'allowed provider-managed vpc-1',
    change: of => ({ ...of, SecurityGroups: [group([])] }),
  },
])

test('the same whatever the order of the documents', () => {
  const output = peered(base())
  const turned = Object.fromEntries(
    Object.entries(output)
      .toReversed()
      .map(([key, list]) => [key, list.toReversed()]),
  )
  for (const from of ['i-public', 'i-private', 'subnet-plain'])
    for (const to of ['0.0.0.0/0', '::/0', '10.9.0.0/16:443/tcp'])
      assert.deepEqual(
        ask(turned, from, to).parts.map(part => ({ ...part, because: [] })),
        ask(output, from, to).parts.map(part => ({ ...part, because: [] })),
      )
})

test('the parts of a question are the question: none overlap, none is left out', () => {
  const { parts } = ask(base(), 'i-private', '0.0.0.0/0:443/tcp')
  const numbers = parts
    .flatMap(({ to }) => (to.kind === 'addresses' ? to.ranges : []))
    .map(range => {
      const [first = '', last = first] = range.split('-')
      const number = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
      return [number(first), number(last)] as const
    })
    .sort(([a], [b]) => a - b)
  let next = 0
  for (const [first, last] of numbers) {
    assert.equal(first, next)
    next = last + 1
  }
  assert.equal(next, 2 ** 32)
})
