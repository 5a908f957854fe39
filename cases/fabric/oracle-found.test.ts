import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acl, allowed, ask, base, EVERYTHING, machine, type Output, subnet, table, told } from './aws.ts'

// What the second evaluator found, each as the smallest network that shows it, with the platform's own word.

const without = (of: Output, key: string): Output =>
  Object.fromEntries(Object.entries(of).filter(([name]) => name !== key))

const isTable = (name: string) => (one: object) => (one as { RouteTableId: string }).RouteTableId === `rtb-${name}`

/** The base, with other routes in one of its tables. */
const routesOf = (of: Output, name: string, routes: readonly object[]): Output => ({
  ...of,
  RouteTables: [
    ...(of['RouteTables'] ?? []).filter(one => !isTable(name)(one)),
    table(name, routes, name === 'main' ? { associations: [{ Main: true }] } : { subnets: [name] }),
  ],
})

const VPN = { VpnGatewayId: 'vgw-1', State: 'available', VpcAttachments: [{ VpcId: 'vpc-1', State: 'attached' }] }
const TO_VPN = { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'vgw-1' }
const EIGW = {
  EgressOnlyInternetGatewayId: 'eigw-1',
  Attachments: [{ VpcId: 'vpc-1', State: 'attached' }],
}
const OPEN_ACL = acl(
  '1',
  ['public', 'private', 'plain'],
  [true, false].flatMap(Egress => [
    allowed(100, Egress),
    { RuleNumber: 101, Protocol: '-1', RuleAction: 'allow', Egress, Ipv6CidrBlock: '::/0' },
  ]),
)
const SIX = { Ipv6Addresses: [{ Ipv6Address: '2001:db8:0:102::10' }] }

/** `i-private` with an IPv6 address, and the way of translated addresses to the NAT gateway. */
const translating = (): Output => {
  const of = routesOf(base(), 'private', [
    { DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1' },
    { DestinationIpv6CidrBlock: '64:ff9b::/96', NatGatewayId: 'nat-1' },
  ])
  return { ...of, NetworkAcls: [OPEN_ACL], NetworkInterfaces: [machine('private', 2, null, SIX), machine('plain', 3)] }
}

// AWS Site-to-Site VPN User Guide, "Route tables and AWS Site-to-Site VPN route priority": where a propagated route overlaps the
// local one, the local one is preferred. Elsewhere the propagated one counts: a default route from a VPN is the usual case.
test('a propagated route that holds the local one takes everything else', () => {
  const of = routesOf(base(), 'main', [{ ...TO_VPN, Origin: 'EnableVgwRoutePropagation' }])
  assert.equal(told(ask({ ...of, VpnGateways: [VPN] }, 'i-plain', '203.0.113.9:443/tcp')), 'allowed on-premises vgw-1')
})

// Amazon VPC User Guide, "Enable internet access": the instance must have an IPv6 address from the range of its subnet.
test('who has no IPv6 address sends none', () => {
  const of = routesOf(base(), 'public', [{ DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: 'eigw-1' }])
  const all = { ...of, NetworkAcls: [OPEN_ACL], EgressOnlyInternetGateways: [EIGW] }
  assert.equal(told(ask(all, 'i-public', '[2606:4700::1]:443/tcp')), 'denied blackhole')
  assert.equal(told(ask(all, 'i-public', '[2001:db8:0:101::7]:443/tcp')), 'denied blackhole')
})

// Amazon VPC User Guide, "DNS64 and NAT64": the address inside is what the gateway sends the packet to, by the routes of its subnet.
test('what is translated goes on as IPv4', () => {
  const of = translating()
  assert.equal(told(ask(of, 'i-private', '[64:ff9b::c0a8:701]:443/tcp')), 'denied blackhole')
  assert.equal(
    ask(of, 'i-private', '[64:ff9b::a00:30a]:443/tcp').exit.kind,
    'blackhole',
    'the group of `i-plain` lets in its members alone',
  )
  const [nat] = of['NatGateways'] ?? []
  const isPrivate = {
    ...of,
    NatGateways: [{ ...nat, ConnectivityType: 'private', NatGatewayAddresses: [{ PrivateIp: '10.0.1.5' }] }],
  }
  assert.equal(told(ask(isPrivate, 'i-private', '[64:ff9b::cb00:7109]:443/tcp')), 'denied blackhole')
})

// Amazon VPC User Guide, "NAT gateway basics": it supports TCP, UDP and ICMP.
test('a NAT gateway takes TCP, UDP and ICMP', () => {
  assert.equal(told(ask(base(), 'i-private', '203.0.113.9:9/sctp')), 'denied blackhole')
  assert.equal(told(ask(base(), 'i-private', '203.0.113.9:*/gre')), 'denied blackhole')
})

// Amazon VPC User Guide, "NAT gateways": for a private one the source is its private address. `sourceAddresses` that are empty say
// that the sender's own address is seen.
test('a NAT gateway is seen by its private address on-premises and in networks', () => {
  const of = { ...routesOf(base(), 'public', [TO_VPN]), VpnGateways: [VPN] }
  assert.equal(told(ask(of, 'i-private', '192.168.7.1:443/tcp')), 'allowed on-premises vgw-1 10.0.1.5')
})

// No page of the User Guide says that the platform drops it: at the least it is open.
test('a second NAT gateway on the way is not denied for certain', () => {
  const [nat] = base()['NatGateways'] ?? []
  const of = routesOf(base(), 'plain', [{ DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-2' }])
  const second = {
    ...nat,
    NatGatewayId: 'nat-2',
    SubnetId: 'subnet-private',
    ConnectivityType: 'private',
    NatGatewayAddresses: [{ PrivateIp: '10.0.2.5' }],
  }
  const answer = ask({ ...of, NatGateways: [nat ?? {}, second] }, 'i-plain', '203.0.113.9:443/tcp')
  assert.notEqual(answer.verdict, 'denied')
})

// Amazon VPC User Guide, "Subnet route tables", Routes: packets for 169.254.168.0/22 and fd00:ec2::/32 are not forwarded.
test('blocks of the provider are not routed', () => {
  const of = { ...routesOf(base(), 'public', [TO_VPN]), VpnGateways: [VPN] }
  assert.equal(told(ask(of, 'i-public', '169.254.168.9:443/tcp')), 'denied blackhole')
})

// IANA IPv4 Special-Purpose Address Registry; RFC 1112 and RFC 5771; Amazon VPC FAQ: no multicast.
test('nobody on the internet has loopback, multicast and reserved addresses', () => {
  for (const to of ['127.0.0.1', '224.0.0.1', '255.255.255.255', '0.0.0.9'])
    assert.equal(told(ask(base(), 'i-public', `${to}:443/tcp`)), 'denied blackhole', to)
})

// Amazon VPC User Guide, "Enable outbound IPv6 traffic using an egress-only internet gateway": to the internet.
test('an egress-only gateway leads to no local address', () => {
  const of = routesOf(base(), 'private', [{ DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: 'eigw-1' }])
  const all = {
    ...of,
    NetworkAcls: [OPEN_ACL],
    EgressOnlyInternetGateways: [EIGW],
    NetworkInterfaces: [machine('private', 2, null, SIX)],
  }
  assert.equal(told(ask(all, 'i-private', '[fd12::1]:443/tcp')), 'denied blackhole')
})

// Amazon VPC User Guide, "Gateway route tables", considerations: tables are for what leaves a subnet; inside it packets go from
// interface to interface.
test('what stays in a subnet is not routed', () => {
  const unread = without(base(), 'RouteTables')
  assert.equal(told(ask(unread, 'i-public', '10.0.1.99:443/tcp')), 'allowed peer-network vpc-1')
  const past = routesOf(base(), 'public', [
    { DestinationCidrBlock: '10.0.1.0/24', NatGatewayId: 'nat-gone', State: 'blackhole' },
  ])
  assert.equal(told(ask(past, 'i-public', '10.0.1.99:443/tcp')), 'allowed peer-network vpc-1')
})

/** Three networks: `vpc-9` (10.9.0.0/24) and, where asked for, `vpc-8` of the same block as `vpc-1`, peered with `vpc-9` each. */
const peered = (of: Output): Output => ({
  ...routesOf(of, 'public', [{ DestinationCidrBlock: '10.9.0.0/16', VpcPeeringConnectionId: 'pcx-1' }]),
  VpcPeeringConnections: [peering('pcx-1', 'vpc-1')],
})
const peering = (id: string, from: string): object => ({
  VpcPeeringConnectionId: id,
  Status: { Code: 'active' },
  RequesterVpcInfo: { VpcId: from },
  AccepterVpcInfo: { VpcId: 'vpc-9' },
})

// Amazon VPC Peering Guide, "VPC peering basics": a peering leads to the blocks of the other side, which nobody read here.
test('a peer that was not read is open', () => {
  assert.equal(ask(peered(base()), 'i-public', '10.9.200.7:443/tcp').verdict, 'unknown')
})

// Amazon VPC User Guide, "Security groups", "Network ACL basics": metadata is filtered by neither. It is at the same address
// everywhere, so that no document is missing.
test('metadata is there whatever was read', () => {
  for (const from of ['i-public', 'i-plain'])
    assert.equal(told(ask(without(base(), 'Vpcs'), from, '169.254.169.254:80/tcp')), 'allowed provider-managed vpc-1')
})

// Amazon VPC User Guide, "Amazon DNS server": at the second address of the primary block, which is `CidrBlock`. The API promises no
// order of the associated blocks.
test('the resolver is at the primary block', () => {
  const [vpc] = base()['Vpcs'] ?? []
  const more = ['100.64.0.0/16', '10.0.0.0/16'].map(CidrBlock => ({
    CidrBlock,
    CidrBlockState: { State: 'associated' },
  }))
  const of = { ...base(), Vpcs: [{ ...vpc, CidrBlockAssociationSet: more }] }
  assert.equal(told(ask(of, 'i-plain', '10.0.0.2:53/udp')), 'allowed provider-managed vpc-1')
})

/** `i-public` may send to members of `sg-2` alone. */
const toMembers = (of: Output): Output => ({
  ...of,
  SecurityGroups: [
    {
      GroupId: 'sg-1',
      VpcId: 'vpc-1',
      IpPermissions: [EVERYTHING],
      IpPermissionsEgress: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-2' }] }],
    },
    { GroupId: 'sg-2', VpcId: 'vpc-1', IpPermissions: [EVERYTHING], IpPermissionsEgress: [EVERYTHING] },
  ],
})

// An interface that was not read makes an address of its network open, whatever has that address in another network.
test('an interface that was not read may be anywhere in its network', () => {
  const [vpc] = base()['Vpcs'] ?? []
  const other = machine('other', 2, null, {
    VpcId: 'vpc-8',
    Groups: [],
    PrivateIpAddresses: [{ PrivateIpAddress: '10.0.3.77' }],
  })
  const of = toMembers({
    ...base(),
    Vpcs: [vpc ?? {}, { ...vpc, VpcId: 'vpc-8', Ipv6CidrBlockAssociationSet: [] }],
    Subnets: [...(base()['Subnets'] ?? []), { ...subnet('other', 3), VpcId: 'vpc-8' }],
    NetworkInterfaces: [...(base()['NetworkInterfaces'] ?? []), other],
  })
  assert.equal(ask(of, 'i-public', '10.0.3.78:443/tcp').verdict, 'unknown', 'where nobody has it')
  assert.equal(ask(of, 'i-public', '10.0.3.77:443/tcp').verdict, 'unknown')
})

// Amazon VPC Peering Guide, "Update your security groups to reference peer security groups": instances that are associated with the
// group, and no others of the same address.
test('a member is an interface and no address', () => {
  const of = peered(base())
  const [vpc] = base()['Vpcs'] ?? []
  const blocks = [{ CidrBlock: '10.9.0.0/24', CidrBlockState: { State: 'associated' } }]
  const twin = machine('twin', 2, null, {
    VpcId: 'vpc-8',
    SubnetId: 'subnet-twin',
    Groups: [{ GroupId: 'sg-8' }],
    PrivateIpAddresses: [{ PrivateIpAddress: '10.0.1.10' }],
  })
  const server = machine('server', 0, null, {
    VpcId: 'vpc-9',
    SubnetId: 'subnet-other',
    Groups: [{ GroupId: 'sg-9' }],
    PrivateIpAddresses: [{ PrivateIpAddress: '10.9.0.7' }],
  })
  const all = {
    ...of,
    Vpcs: [
      vpc ?? {},
      { ...vpc, VpcId: 'vpc-8', Ipv6CidrBlockAssociationSet: [] },
      { VpcId: 'vpc-9', CidrBlock: '10.9.0.0/24', CidrBlockAssociationSet: blocks },
    ],
    Subnets: [
      ...(of['Subnets'] ?? []),
      { ...subnet('twin', 1), VpcId: 'vpc-8' },
      { ...subnet('other', 0, 'vpc-9'), Ipv6CidrBlockAssociationSet: [] },
    ],
    NetworkAcls: [OPEN_ACL, acl('9', ['other'], [allowed(100, true), allowed(100, false)])],
    VpcPeeringConnections: [peering('pcx-1', 'vpc-1'), peering('pcx-8', 'vpc-8')],
    SecurityGroups: [
      ...(of['SecurityGroups'] ?? []),
      { GroupId: 'sg-8', VpcId: 'vpc-8', IpPermissions: [], IpPermissionsEgress: [EVERYTHING] },
      {
        GroupId: 'sg-9',
        VpcId: 'vpc-9',
        IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-8', VpcId: 'vpc-8' }] }],
        IpPermissionsEgress: [EVERYTHING],
      },
    ],
    NetworkInterfaces: [...(of['NetworkInterfaces'] ?? []), twin, server],
  }
  assert.equal(told(ask(all, 'i-public', '10.9.0.7:443/tcp')), 'denied blackhole')
})

// Amazon VPC User Guide, "How route priority works", prefix lists: of several that overlap the platform takes any one.
test('of two lists with one prefix either may count', () => {
  const lists = ['pl-1', 'pl-2'].map(PrefixListId => ({ PrefixListId, Cidrs: ['203.0.113.0/24'] }))
  const of = routesOf(base(), 'public', [
    { DestinationPrefixListId: 'pl-1', GatewayId: 'igw-1' },
    { DestinationPrefixListId: 'pl-2', GatewayId: 'vgw-1', State: 'blackhole' },
  ])
  assert.equal(ask({ ...of, PrefixLists: lists }, 'i-public', '203.0.113.9:443/tcp').verdict, 'unknown')
})
