import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { walkIn } from '../../engine/fabric/walk.ts'
import type { Fabric } from '../../model/fabric.ts'
import type { JsonObject } from '../../model/json.ts'
import { addressesOf } from '../../sets/address-set.ts'
import { type AnyCidr, readCidr } from '../../sets/cidr.ts'
import { parseTraffic } from '../../sets/parse-traffic.ts'
import { regions } from '../../sets/region.ts'
import { trafficTable } from '../../sets/traffic-table.ts'
import { readingOf } from './testing/reading-of.ts'

// Ways of what runs without machines, and through firewalls. Expected answers come from the documentation that is named.

/**
 * What becomes of packets from an interface, a subnet or a workload without machines, to a block, of some traffic (`443/tcp`): each
 * verdict with its exit, sorted.
 */
const walkOf = (fabric: Fabric, from: string, to: string, traffic: string): readonly string[] => {
  const [sent, block] = [parseTraffic(traffic), readCidr(to)]
  if (sent.kind === 'refused' || block.kind === 'refused') throw new Error('no question')
  const managed = fabric.managed.find(({ id }) => id === from)
  const sender = fabric.interfaces.find(({ id }) => id === from)
  const subnet = fabric.subnets.find(({ id }) => id === from)
  const start =
    managed !== undefined
      ? ({ kind: 'managed', of: managed } as const)
      : sender !== undefined
        ? ({ kind: 'interface', of: sender } as const)
        : ({ kind: 'subnet', of: subnet as never } as const)
  const walk = (cidr: AnyCidr) => {
    const table = trafficTable()
    const id = table.idOf(sent.value)
    if (cidr.family === 4) {
      const addresses = addressesOf(4).ofCidrs([cidr as never])
      return walkIn(fabric, 4, table)(start, regions(4, table).ofBoxes([{ addresses, id }]))
    }
    const addresses = addressesOf(6).ofCidrs([cidr as never])
    return walkIn(fabric, 6, table)(start, regions(6, table).ofBoxes([{ addresses, id }]))
  }
  const ways = walk(block.value)
  return [...new Set(ways.map(({ verdict, exit }) => `${verdict} ${exit.kind} ${exit.id ?? '-'}`))].sort()
}

const verdict = (way: string): string => way.split(' ')[0] ?? ''

const FOUR = '203.0.113.9/32'
const SIX = '2606:4700::1/128'

/** A VPC whose subnets route everything to an internet gateway. */
const PUBLIC: JsonObject = {
  Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' }],
  Subnets: ['1', '2'].map(n => ({
    SubnetId: `subnet-${n}`,
    VpcId: 'vpc-1',
    CidrBlock: `10.0.${n}.0/24`,
    Ipv6CidrBlockAssociationSet: [
      { Ipv6CidrBlock: `2001:db8:0:${n}::/64`, Ipv6CidrBlockState: { State: 'associated' } },
    ],
  })),
  RouteTables: [
    {
      RouteTableId: 'rtb-1',
      VpcId: 'vpc-1',
      Associations: [{ Main: true }],
      Routes: [
        { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' },
        { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active' },
        { DestinationIpv6CidrBlock: '::/0', GatewayId: 'igw-1', State: 'active' },
      ],
    },
  ],
  InternetGateways: [{ InternetGatewayId: 'igw-1', Attachments: [{ VpcId: 'vpc-1', State: 'available' }] }],
  SecurityGroups: [
    {
      GroupId: 'sg-1',
      IpPermissions: [],
      IpPermissionsEgress: [
        { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
      ],
    },
  ],
  NetworkAcls: [
    {
      NetworkAclId: 'acl-1',
      VpcId: 'vpc-1',
      Associations: [{ SubnetId: 'subnet-1' }, { SubnetId: 'subnet-2' }],
      Entries: [true, false].flatMap(Egress => [
        { RuleNumber: 100, Egress, Protocol: '-1', RuleAction: 'allow', CidrBlock: '0.0.0.0/0' },
        { RuleNumber: 101, Egress, Protocol: '-1', RuleAction: 'allow', Ipv6CidrBlock: '::/0' },
      ]),
    },
  ],
}

// Lambda Developer Guide, “Giving Lambda functions access to resources in an Amazon VPC”, “Enable internet access for VPC-connected
// Lambda functions”: a public subnet gives a function no public address.
describe('functions', () => {
  const ID = 'aws:lambda/111122223333/eu-west-1/mail'
  const fabricOf = (VpcConfig: JsonObject): Fabric => {
    const FunctionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:mail'
    return readingOf({ Functions: [{ FunctionName: 'mail', FunctionArn, VpcConfig }] }, PUBLIC).fabric
  }
  const IN_VPC: JsonObject = { SubnetIds: ['subnet-1', 'subnet-2'], SecurityGroupIds: ['sg-1'], VpcId: 'vpc-1' }
  test('without a VPC they leave by the provider', () => {
    assert.deepEqual(walkOf(fabricOf({}), ID, FOUR, '443/tcp'), [`allowed provider-managed ${ID}`])
  })
  const dual = (): Fabric => fabricOf({ ...IN_VPC, Ipv6AllowedForDualStack: true })
  test('in a public subnet they have no way to the internet of IPv4, nor of IPv6 where that is not allowed', () => {
    assert.deepEqual(walkOf(fabricOf(IN_VPC), ID, FOUR, '443/tcp').map(verdict), ['denied'])
    assert.deepEqual(walkOf(fabricOf(IN_VPC), ID, SIX, '443/tcp').map(verdict), ['denied'])
    assert.deepEqual(walkOf(dual(), ID, FOUR, '443/tcp').map(verdict), ['denied'])
  })
  test('of IPv6, where that is allowed, they have the way of their subnet', () => {
    assert.deepEqual(walkOf(dual(), ID, SIX, '443/tcp'), ['allowed internet-gateway aws:internet-gateway/igw-1'])
  })
  test('inside the VPC they reach what their groups allow', () => {
    assert.deepEqual(walkOf(fabricOf(IN_VPC), ID, '10.0.2.7/32', '443/tcp'), ['allowed peer-network aws:vpc/vpc-1'])
  })
})

// ECS Developer Guide, “Amazon ECS task networking options for Fargate”.
describe('containers', () => {
  const ARN = 'arn:aws:ecs:eu-west-1:111122223333'
  const ID = 'aws:ecs-service/111122223333/eu-west-1/shop/web'
  const service = (assignPublicIp: string): JsonObject => ({
    services: [
      {
        serviceArn: `${ARN}:service/shop/web`,
        serviceName: 'web',
        networkConfiguration: {
          awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'], assignPublicIp },
        },
      },
    ],
    failures: [],
  })
  const task: JsonObject = {
    tasks: [
      {
        taskArn: `${ARN}:task/shop/0a1`,
        group: 'service:web',
        lastStatus: 'RUNNING',
        attachments: [
          {
            type: 'ElasticNetworkInterface',
            status: 'ATTACHED',
            details: [
              { name: 'subnetId', value: 'subnet-1' },
              { name: 'networkInterfaceId', value: 'eni-1' },
            ],
          },
        ],
      },
    ],
    failures: [],
  }
  const eni: JsonObject = {
    NetworkInterfaces: [
      {
        NetworkInterfaceId: 'eni-1',
        SubnetId: 'subnet-1',
        SourceDestCheck: true,
        Groups: [{ GroupId: 'sg-1' }],
        PrivateIpAddresses: [{ PrivateIpAddress: '10.0.1.9', Association: { PublicIp: '198.51.100.9' } }],
      },
    ],
  }
  test('without public addresses an internet gateway takes nothing of them', () => {
    const { fabric } = readingOf(service('DISABLED'), PUBLIC)
    assert.deepEqual(walkOf(fabric, ID, FOUR, '443/tcp').map(verdict), ['denied'])
  })
  test('with public addresses that nobody told the answer is open', () => {
    const { fabric } = readingOf(service('ENABLED'), PUBLIC)
    assert.deepEqual(walkOf(fabric, ID, FOUR, '443/tcp').map(verdict), ['unknown'])
  })
  test('the interfaces of running tasks settle it', () => {
    const { fabric } = readingOf(service('ENABLED'), task, eni, PUBLIC)
    assert.deepEqual(walkOf(fabric, ID, FOUR, '443/tcp'), ['allowed internet-gateway aws:internet-gateway/igw-1'])
  })
})

// AWS PrivateLink Guide, “Access an AWS service using an interface VPC endpoint”: its interfaces are the way to the service.
test('what goes to an interface of an endpoint goes to its service', () => {
  const endpoint: JsonObject = {
    VpcEndpoints: [
      {
        VpcEndpointId: 'vpce-7',
        VpcEndpointType: 'Interface',
        VpcId: 'vpc-1',
        ServiceName: 'com.amazonaws.eu-west-1.ssm',
        State: 'available',
        NetworkInterfaceIds: ['eni-7'],
      },
    ],
    NetworkInterfaces: [
      {
        NetworkInterfaceId: 'eni-7',
        InterfaceType: 'vpc_endpoint',
        SubnetId: 'subnet-2',
        SourceDestCheck: true,
        Groups: [{ GroupId: 'sg-2' }],
        PrivateIpAddress: '10.0.2.7',
      },
    ],
  }
  const groups: JsonObject = {
    SecurityGroups: [
      {
        GroupId: 'sg-2',
        IpPermissionsEgress: [],
        IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/16' }] }],
      },
    ],
  }
  const { fabric } = readingOf(PUBLIC, endpoint, groups)
  assert.equal(fabric.interfaces[0]?.of, 'aws:vpc-endpoint/vpce-7')
  assert.deepEqual(walkOf(fabric, 'aws:subnet/subnet-1', '10.0.2.7/32', '443/tcp'), [
    'allowed private-endpoint aws:vpc-endpoint/vpce-7',
  ])
})

const NFW = 'arn:aws:network-firewall:eu-west-1:111122223333'

/** A VPC whose subnet-1 routes everything to a firewall in subnet-2, which routes on to a NAT gateway in subnet-3. */
const BEHIND_A_FIREWALL: JsonObject = {
  ...PUBLIC,
  Subnets: ['1', '2', '3'].map(n => ({ SubnetId: `subnet-${n}`, VpcId: 'vpc-1', CidrBlock: `10.0.${n}.0/24` })),
  RouteTables: [
    ['1', 'GatewayId', 'vpce-1'],
    ['2', 'NatGatewayId', 'nat-1'],
    ['3', 'GatewayId', 'igw-1'],
  ].map(([n, key, target]) => ({
    RouteTableId: `rtb-${n}`,
    VpcId: 'vpc-1',
    Associations: [{ SubnetId: `subnet-${n}` }],
    Routes: [
      { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' },
      // The command line prints an endpoint as the gateway of a route.
      { DestinationCidrBlock: '0.0.0.0/0', [key ?? '']: target ?? '', State: 'active' },
    ],
  })),
  NatGateways: [
    {
      NatGatewayId: 'nat-1',
      VpcId: 'vpc-1',
      SubnetId: 'subnet-3',
      State: 'available',
      NatGatewayAddresses: [{ PublicIp: '198.51.100.1', PrivateIp: '10.0.3.5' }],
    },
  ],
  NetworkAcls: [
    {
      NetworkAclId: 'acl-1',
      VpcId: 'vpc-1',
      Associations: ['1', '2', '3'].map(n => ({ SubnetId: `subnet-${n}` })),
      Entries: [true, false].map(Egress => ({
        RuleNumber: 100,
        Egress,
        Protocol: '-1',
        RuleAction: 'allow',
        CidrBlock: '0.0.0.0/0',
      })),
    },
  ],
  NetworkInterfaces: [
    {
      NetworkInterfaceId: 'eni-1',
      SubnetId: 'subnet-1',
      SourceDestCheck: true,
      Groups: [{ GroupId: 'sg-1' }],
      PrivateIpAddress: '10.0.1.9',
    },
  ],
}

const FIREWALL: JsonObject = {
  Firewall: {
    FirewallName: 'edge',
    FirewallArn: `${NFW}:firewall/edge`,
    FirewallPolicyArn: `${NFW}:firewall-policy/strict`,
    VpcId: 'vpc-1',
    SubnetMappings: [{ SubnetId: 'subnet-2' }],
  },
  FirewallStatus: {
    Status: 'READY',
    SyncStates: {
      'eu-west-1a': { Attachment: { SubnetId: 'subnet-2', EndpointId: 'vpce-1', Status: 'READY' } },
    },
  },
}

const policyOf = (FirewallPolicy: JsonObject): JsonObject => ({
  FirewallPolicyResponse: { FirewallPolicyName: 'strict', FirewallPolicyArn: `${NFW}:firewall-policy/strict` },
  FirewallPolicy: {
    StatelessDefaultActions: ['aws:forward_to_sfe'],
    StatelessFragmentDefaultActions: ['aws:forward_to_sfe'],
    ...FirewallPolicy,
  },
})

const groupOf = (name: string, RuleGroup: JsonObject, kind = 'stateful'): JsonObject => ({
  RuleGroupResponse: { RuleGroupName: name, RuleGroupArn: `${NFW}:${kind}-rulegroup/${name}` },
  RuleGroup,
})
const textOf = (name: string, ...rules: readonly string[]): JsonObject =>
  groupOf(name, { RulesSource: { RulesString: rules.join('\n') } })

const stateful = (...names: readonly string[]): JsonObject => ({
  StatefulRuleGroupReferences: names.map((name, i) => ({
    ResourceArn: `${NFW}:stateful-rulegroup/${name}`,
    Priority: i + 1,
  })),
})
const STRICT: JsonObject = { StatefulEngineOptions: { RuleOrder: 'STRICT_ORDER' } }
const DROP_REST: JsonObject = { ...STRICT, StatefulDefaultActions: ['aws:drop_strict'] }

/** What becomes of packets of the machine behind the firewall. */
const behind = (traffic: string, to: string, ...documents: readonly JsonObject[]): string =>
  walkOf(readingOf(BEHIND_A_FIREWALL, FIREWALL, ...documents).fabric, 'aws:network-interface/eni-1', to, traffic)
    .map(way => way.replace('nat aws:nat-gateway/nat-1', 'nat'))
    .join(', ')

const PASSED = 'allowed nat'
const OPEN = 'unknown nat'
const STOPPED = 'denied blackhole -'

interface Row {
  readonly says: string
  readonly policy?: JsonObject
  readonly groups?: readonly JsonObject[]
  readonly traffic?: string
  readonly to?: string
  readonly is: string
}

const rows = (name: string, all: readonly Row[]): void => {
  describe(name, () => {
    for (const { says, policy, groups = [], traffic = '443/tcp', to = FOUR, is } of all)
      test(says, () => {
        assert.equal(behind(traffic, to, ...(policy === undefined ? [] : [policyOf(policy)]), ...groups), is)
      })
  })
}

// Network Firewall Developer Guide, “How AWS Network Firewall filters network traffic”, “Defining rule actions”.
rows('firewalls on the way', [
  { says: 'whose policy was not read may stop anything', is: OPEN },
  { says: 'that forward everything, and have no rules, let everything pass', policy: {}, is: PASSED },
  { says: 'that drop by default', policy: { StatelessDefaultActions: ['aws:drop'] }, is: STOPPED },
  {
    says: 'that pass by default ask no stateful rule',
    policy: { StatelessDefaultActions: ['aws:pass'], ...stateful('a') },
    groups: [textOf('a', 'drop ip any any -> any any (sid:1;)')],
    is: PASSED,
  },
  { says: 'whose default action is not told', policy: { StatelessDefaultActions: [] }, is: OPEN },
  { says: 'with a setting that nobody knows', policy: { Sections: [{ a: 1 }] }, is: OPEN },
])

const stateless = (Priority: number, Actions: readonly string[], MatchAttributes: JsonObject): JsonObject => ({
  Priority,
  RuleDefinition: { Actions, MatchAttributes },
})
const statelessGroup = (name: string, ...StatelessRules: readonly JsonObject[]): JsonObject =>
  groupOf(name, { RulesSource: { StatelessRulesAndCustomActions: { StatelessRules } } }, 'stateless')
const statelessly = (...pairs: readonly (readonly [string, number])[]): JsonObject => ({
  StatelessRuleGroupReferences: pairs.map(([name, Priority]) => ({
    ResourceArn: `${NFW}:stateless-rulegroup/${name}`,
    Priority,
  })),
})
const TLS = { Protocols: [6], DestinationPorts: [{ FromPort: 443, ToPort: 443 }] }

// The same guide, and the API Reference: StatelessRule, MatchAttributes, RuleDefinition.
rows('stateless rules', [
  {
    says: 'are asked by the priority of their group, then by their own',
    policy: { StatelessDefaultActions: ['aws:drop'], ...statelessly(['late', 20], ['early', 10]) },
    groups: [
      statelessGroup('late', stateless(1, ['aws:drop'], TLS)),
      statelessGroup('early', stateless(2, ['aws:drop'], {}), stateless(1, ['aws:pass', 'count'], TLS)),
    ],
    is: PASSED,
  },
  {
    says: 'forward to stateful rules, past all other stateless ones',
    policy: { StatelessDefaultActions: ['aws:drop'], ...statelessly(['a', 1], ['b', 2]) },
    groups: [
      statelessGroup('a', stateless(1, ['aws:forward_to_sfe'], TLS)),
      statelessGroup('b', stateless(1, ['aws:drop'], {})),
    ],
    is: PASSED,
  },
  {
    says: 'are about the sender, too',
    policy: { StatelessDefaultActions: ['aws:drop'], ...statelessly(['a', 1]) },
    groups: [statelessGroup('a', stateless(1, ['aws:pass'], { Sources: [{ AddressDefinition: '10.0.2.0/24' }] }))],
    is: STOPPED,
  },
  {
    says: 'are about where packets go',
    policy: { StatelessDefaultActions: ['aws:drop'], ...statelessly(['a', 1]) },
    groups: [
      statelessGroup('a', stateless(1, ['aws:pass'], { Destinations: [{ AddressDefinition: '203.0.113.8/31' }] })),
    ],
    is: PASSED,
  },
  {
    says: 'that ask for flags of TCP perhaps count',
    policy: { ...statelessly(['a', 1]) },
    groups: [statelessGroup('a', stateless(1, ['aws:drop'], { ...TLS, TCPFlags: [{ Flags: ['SYN'] }] }))],
    is: OPEN,
  },
  {
    says: 'of a group that was not read may do anything',
    policy: { StatelessDefaultActions: ['aws:drop'], ...statelessly(['a', 1]) },
    is: OPEN,
  },
  {
    says: 'of one priority have no order',
    policy: { StatelessDefaultActions: ['aws:drop'], ...statelessly(['a', 1]) },
    groups: [statelessGroup('a', stateless(1, ['aws:pass'], TLS), stateless(1, ['aws:drop'], TLS))],
    is: OPEN,
  },
])

// The same guide, “Managing evaluation order for Suricata compatible rules”.
rows('the order of stateful rules', [
  {
    says: 'by action: what passes comes first, wherever it stands',
    policy: stateful('a', 'b'),
    groups: [textOf('a', 'drop tcp any any -> any any (sid:1;)'), textOf('b', 'pass tcp any any -> any 443 (sid:2;)')],
    is: PASSED,
  },
  {
    says: 'strict: the first that matches decides',
    policy: { ...STRICT, ...stateful('a', 'b') },
    groups: [textOf('a', 'drop tcp any any -> any any (sid:1;)'), textOf('b', 'pass tcp any any -> any 443 (sid:2;)')],
    is: STOPPED,
  },
  {
    says: 'strict: alerts decide nothing, and what nothing matches passes',
    policy: { ...STRICT, StatefulDefaultActions: ['aws:alert_strict'], ...stateful('a') },
    groups: [textOf('a', 'alert ip any any -> any any (sid:1;)')],
    is: PASSED,
  },
  { says: 'strict: all that is left is dropped', policy: DROP_REST, is: STOPPED },
  {
    says: 'strict: established connections are dropped, which TCP is of use only as',
    policy: { ...STRICT, StatefulDefaultActions: ['aws:drop_established'] },
    is: STOPPED,
  },
  {
    says: 'strict: of UDP the first packets pass where established connections are dropped',
    policy: { ...STRICT, StatefulDefaultActions: ['aws:drop_established'] },
    traffic: '53/udp',
    is: OPEN,
  },
  {
    says: 'strict: a default that nobody knows',
    policy: { ...STRICT, StatefulDefaultActions: ['aws:drop_new'] },
    is: OPEN,
  },
  { says: 'a group that was not read may do anything', policy: { ...DROP_REST, ...stateful('a') }, is: OPEN },
])

const MANAGED =
  'arn:aws:network-firewall:eu-west-1:aws-managed:stateful-rulegroup/BotNetCommandAndControlDomainsStrictOrder'
const managed = (Override?: JsonObject): JsonObject => ({
  StatefulRuleGroupReferences: [{ ResourceArn: MANAGED, Priority: 1, ...(Override === undefined ? {} : { Override }) }],
})

// “Using managed rule groups”; API Reference, StatefulRuleGroupOverride.
rows('groups that AWS manages', [
  { says: 'may drop anything', policy: { ...STRICT, ...managed() }, is: OPEN },
  { says: 'let nothing pass', policy: { ...DROP_REST, ...managed() }, is: STOPPED },
  { says: 'only tell, where that is set', policy: { ...STRICT, ...managed({ Action: 'DROP_TO_ALERT' }) }, is: PASSED },
])

const drops = (rule: string, more: JsonObject = {}): Pick<Row, 'policy' | 'groups'> => ({
  policy: { ...STRICT, ...stateful('a'), ...more },
  groups: [textOf('a', rule)],
})
const passes = (rule: string, more: JsonObject = {}): Pick<Row, 'policy' | 'groups'> => ({
  policy: { ...DROP_REST, ...stateful('a'), ...more },
  groups: [textOf('a', rule)],
})

// Suricata User Guide, “Rules Format”, “Flow Keywords”; Network Firewall Developer Guide, “Limitations and caveats for stateful rules”.
rows('rules as text', [
  {
    says: 'plain',
    ...passes('pass tcp 10.0.1.0/24 any -> 203.0.113.0/24 443 (msg:"a; b"; sid:1; rev:2;)'),
    is: PASSED,
  },
  { says: 'of another sender', ...passes('pass tcp 10.0.2.0/24 any -> any any (sid:1;)'), is: STOPPED },
  { says: 'of another port', ...passes('pass tcp any any -> any [80,8000:8080] (sid:1;)'), is: STOPPED },
  { says: 'of every port but one', ...passes('pass tcp any any -> any !80 (sid:1;)'), is: PASSED },
  {
    says: 'of addresses but some',
    ...passes('pass ip any any -> [203.0.113.0/24, !203.0.113.9] any (sid:1;)'),
    is: STOPPED,
  },
  { says: 'both ways', ...passes('pass tcp 203.0.113.9 443 <> any any (sid:1;)'), is: PASSED },
  { says: 'of the sender’s port perhaps count', ...passes('pass tcp any 1024: -> any 443 (sid:1;)'), is: OPEN },
  { says: 'on two lines', ...passes('# all\npass tcp any any -> \\\n any any (sid:1;)'), is: PASSED },
  { says: 'that cannot be read', ...passes('pass tcp any -> any'), is: OPEN },
  { says: 'of a variable that nobody set', ...passes('pass tcp any any -> $PARTNERS any (sid:1;)'), is: OPEN },
  { says: 'of a sender that nobody set', ...passes('pass tcp $PARTNERS any -> any any (sid:1;)'), is: OPEN },
  {
    says: 'with an option that addresses do not tell',
    ...drops('drop tcp any any -> any 443 (content:"x"; sid:1;)'),
    is: OPEN,
  },
  { says: 'of a protocol inside', ...drops('drop tls any any -> any any (flow:to_server; sid:1;)'), is: OPEN },
  {
    says: 'of a protocol inside say nothing of others',
    ...drops('drop tls any any -> any any (sid:1;)'),
    traffic: '53/udp',
    is: PASSED,
  },
  { says: 'of a protocol that nobody knows', ...drops('drop carrier-pigeon any any -> any any (sid:1;)'), is: OPEN },
  {
    says: 'that drop established TCP drop it',
    ...drops('drop tcp any any -> any 443 (flow:established,to_server; sid:1;)'),
    is: STOPPED,
  },
  {
    says: 'that pass established connections alone',
    ...passes('pass tcp any any -> any 443 (flow:established; sid:1;)'),
    is: OPEN,
  },
  {
    says: 'about the other direction, which replies are, too',
    ...drops('drop tcp $EXTERNAL_NET any -> $HOME_NET any (sid:1;)'),
    is: OPEN,
  },
  {
    says: 'about requests of the other direction alone',
    ...drops('drop tcp $EXTERNAL_NET any -> $HOME_NET any (flow:to_server; sid:1;)'),
    is: PASSED,
  },
  {
    says: 'about ports that no reply goes to',
    ...drops('drop tcp $EXTERNAL_NET any -> $HOME_NET 22 (sid:1;)'),
    is: PASSED,
  },
  { says: 'reject, too', ...drops('reject udp any any -> any 53 (sid:1;)'), traffic: '53/udp', is: STOPPED },
  { says: 'with an action that nobody knows', ...drops('mangle ip any any -> any any (sid:1;)'), is: OPEN },
])

const home = (...Definition: readonly string[]): JsonObject => ({
  PolicyVariables: { RuleVariables: { HOME_NET: { Definition } } },
})
const OUTWARD = 'pass tcp $HOME_NET any -> $EXTERNAL_NET 443 (sid:1;)'
const withSets = (IPSets: JsonObject, rule = OUTWARD): Pick<Row, 'policy' | 'groups'> => ({
  policy: { ...DROP_REST, ...stateful('a') },
  groups: [groupOf('a', { RuleVariables: { IPSets }, RulesSource: { RulesString: rule } })],
})

// “Limitations and caveats for stateful rules”: HOME_NET and EXTERNAL_NET.
rows('variables', [
  { says: 'HOME_NET is the VPC, unless somebody says otherwise', ...passes(OUTWARD), is: PASSED },
  { says: 'of the policy', ...passes(OUTWARD, home('10.9.0.0/16')), is: STOPPED },
  { says: 'EXTERNAL_NET is everything else', ...passes(OUTWARD, home('10.0.0.0/16', '203.0.113.0/24')), is: STOPPED },
  { says: 'of the group', ...withSets({ HOME_NET: { Definition: ['10.9.0.0/16'] } }), is: STOPPED },
  {
    says: 'EXTERNAL_NET does not follow what a group sets HOME_NET to',
    ...withSets({ HOME_NET: { Definition: ['10.0.0.0/16', '203.0.113.0/24'] } }),
    is: PASSED,
  },
  { says: 'that cannot be read', ...withSets({ HOME_NET: { Definition: [7] } }), is: OPEN },
])

const listOf = (
  GeneratedRulesType: string,
  Targets: readonly string[],
  TargetTypes = ['TLS_SNI', 'HTTP_HOST'],
): JsonObject => groupOf('a', { RulesSource: { RulesSourceList: { GeneratedRulesType, Targets, TargetTypes } } })
const NAMED = stateful('a')

// “Stateful domain list rule groups”; the rules that “Examples of stateful rules” shows for an allow list.
rows('lists of names', [
  {
    says: 'what is allowed of TCP hangs on the name',
    policy: NAMED,
    groups: [listOf('ALLOWLIST', ['.example.com'])],
    is: OPEN,
  },
  {
    says: 'nothing is said of UDP',
    policy: NAMED,
    groups: [listOf('ALLOWLIST', ['.example.com'])],
    traffic: '53/udp',
    is: PASSED,
  },
  { says: 'what is denied hangs on the name', policy: NAMED, groups: [listOf('DENYLIST', ['.example.com'])], is: OPEN },
  { says: 'alerts decide nothing', policy: NAMED, groups: [listOf('ALERTLIST', ['.example.com'])], is: PASSED },
  {
    says: 'what is not from HOME_NET is not asked for its name',
    policy: { ...NAMED, ...home('10.9.0.0/16') },
    groups: [listOf('DENYLIST', ['.example.com'])],
    is: PASSED,
  },
  {
    says: 'of a kind that nobody knows',
    policy: { ...DROP_REST, ...NAMED },
    groups: [listOf('MAYBELIST', ['a.b'])],
    is: OPEN,
  },
])

// “Considerations for transit gateway-attached firewalls”: what it lets pass goes back to the transit gateway.
describe('a firewall on a transit gateway', () => {
  const hub: JsonObject = {
    Vpcs: [
      { VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' },
      { VpcId: 'vpc-2', CidrBlock: '10.2.0.0/16' },
    ],
    Subnets: [
      { SubnetId: 'subnet-1', VpcId: 'vpc-1', CidrBlock: '10.0.1.0/24', AvailabilityZone: 'eu-west-1a' },
      { SubnetId: 'subnet-2', VpcId: 'vpc-2', CidrBlock: '10.2.1.0/24', AvailabilityZone: 'eu-west-1a' },
    ],
    RouteTables: ['1', '2'].map(n => ({
      RouteTableId: `rtb-${n}`,
      VpcId: `vpc-${n}`,
      Associations: [{ Main: true }],
      Routes: [
        { DestinationCidrBlock: n === '1' ? '10.0.0.0/16' : '10.2.0.0/16', GatewayId: 'local', State: 'active' },
        { DestinationCidrBlock: '10.0.0.0/8', TransitGatewayId: 'tgw-1', State: 'active' },
      ],
    })),
    NetworkAcls: ['1', '2'].map(n => ({
      NetworkAclId: `acl-${n}`,
      VpcId: `vpc-${n}`,
      Associations: [{ SubnetId: `subnet-${n}` }],
      Entries: [true, false].map(Egress => ({
        RuleNumber: 100,
        Egress,
        Protocol: '-1',
        RuleAction: 'allow',
        CidrBlock: '0.0.0.0/0',
      })),
    })),
    SecurityGroups: PUBLIC['SecurityGroups'] ?? [],
    NetworkInterfaces: BEHIND_A_FIREWALL['NetworkInterfaces'] ?? [],
    TransitGateways: [{ TransitGatewayId: 'tgw-1', State: 'available' }],
    TransitGatewayRouteTables: ['before', 'after'].map(name => ({
      TransitGatewayRouteTableId: `tgw-rtb-${name}`,
      TransitGatewayId: 'tgw-1',
      State: 'available',
    })),
    TransitGatewayVpcAttachments: ['1', '2'].map(n => ({
      TransitGatewayAttachmentId: `tgw-attach-${n}`,
      TransitGatewayId: 'tgw-1',
      VpcId: `vpc-${n}`,
      SubnetIds: [`subnet-${n}`],
      State: 'available',
      Options: { ApplianceModeSupport: 'disable' },
    })),
    TransitGatewayAttachments: [
      ['1', 'vpc', 'before'],
      ['2', 'vpc', 'before'],
      ['fw', 'network-function', 'after'],
    ].map(([n, ResourceType, table]) => ({
      TransitGatewayAttachmentId: `tgw-attach-${n}`,
      TransitGatewayId: 'tgw-1',
      ResourceType: ResourceType ?? '',
      ...(ResourceType === 'vpc' ? { ResourceId: `vpc-${n}` } : {}),
      State: 'available',
      Association: { TransitGatewayRouteTableId: `tgw-rtb-${table}`, State: 'associated' },
    })),
  }
  const tableOf = (name: string, DestinationCidrBlock: string, attachment: string): JsonObject => ({
    TransitGatewayRouteTableId: `tgw-rtb-${name}`,
    Routes: [
      {
        DestinationCidrBlock,
        State: 'active',
        Type: 'static',
        TransitGatewayAttachments: [{ TransitGatewayAttachmentId: attachment }],
      },
    ],
  })
  const tables = [tableOf('before', '0.0.0.0/0', 'tgw-attach-fw'), tableOf('after', '10.2.0.0/16', 'tgw-attach-2')]
  const hanging: JsonObject = {
    Firewall: {
      FirewallName: 'edge',
      FirewallArn: `${NFW}:firewall/edge`,
      FirewallPolicyArn: `${NFW}:firewall-policy/strict`,
      TransitGatewayId: 'tgw-1',
      TransitGatewayAttachmentId: 'tgw-attach-fw',
    },
    FirewallStatus: { Status: 'READY' },
  }
  const through = (policy: JsonObject, ...groups: readonly JsonObject[]): readonly string[] =>
    walkOf(
      readingOf(hub, ...tables, hanging, policyOf(policy), ...groups).fabric,
      'aws:network-interface/eni-1',
      '10.2.1.9/32',
      '443/tcp',
    )
  test('lets pass what its policy does', () => assert.deepEqual(through({}), ['allowed peer-network aws:vpc/vpc-2']))
  test('stops what its policy does', () => assert.deepEqual(through(DROP_REST), [STOPPED]))
  test('has no HOME_NET that nobody set', () =>
    assert.deepEqual(through({ ...DROP_REST, ...stateful('a') }, textOf('a', OUTWARD)), [
      'unknown peer-network aws:vpc/vpc-2',
    ]))
})

const field = (Action: string, header: JsonObject, ...options: readonly JsonObject[]): JsonObject =>
  groupOf('a', {
    RulesSource: {
      StatefulRules: [
        {
          Action,
          Header: {
            Protocol: 'TCP',
            Source: '$HOME_NET',
            SourcePort: 'ANY',
            Direction: 'FORWARD',
            Destination: 'ANY',
            DestinationPort: '443',
            ...header,
          },
          RuleOptions: [{ Keyword: 'sid:1' }, ...options],
        },
      ],
    },
  })

// API Reference, StatefulRule, Header, RuleOption.
rows('rules in fields', [
  { says: 'that pass', policy: { ...DROP_REST, ...NAMED }, groups: [field('PASS', {})], is: PASSED },
  { says: 'that drop', policy: NAMED, groups: [field('DROP', {})], is: STOPPED },
  { says: 'that alert', policy: NAMED, groups: [field('ALERT', {})], is: PASSED },
  {
    says: 'of any direction',
    policy: { ...DROP_REST, ...NAMED },
    groups: [field('PASS', { Direction: 'ANY', Source: '203.0.113.9', SourcePort: '443', DestinationPort: 'ANY' })],
    is: PASSED,
  },
  {
    says: 'with an option that addresses do not tell',
    policy: NAMED,
    groups: [field('DROP', {}, { Keyword: 'content', Settings: ['"x"'] })],
    is: OPEN,
  },
  {
    says: 'that lack a field',
    policy: { ...DROP_REST, ...NAMED },
    groups: [field('PASS', { Destination: 7 })],
    is: OPEN,
  },
])
