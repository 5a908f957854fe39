import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FilterPeers } from '../../model/fabric.ts'
import type { JsonObject } from '../../model/json.ts'
import { readingOf, whysOf } from './testing/reading-of.ts'

const NFW = 'arn:aws:network-firewall:eu-west-1:111122223333'
const EDGE = 'aws:network-firewall/111122223333/eu-west-1/edge'
const POLICY = 'aws:network-firewall-policy/111122223333/eu-west-1/p'

const attached = (EndpointId: string, SubnetId: string, Status = 'READY'): JsonObject => ({
  Attachment: { EndpointId, SubnetId, Status },
})
const firewall = (more: JsonObject = {}, FirewallStatus: JsonObject = {}): JsonObject => ({
  Firewall: {
    FirewallName: 'edge',
    FirewallArn: `${NFW}:firewall/edge`,
    FirewallPolicyArn: `${NFW}:firewall-policy/p`,
    ...more,
  },
  FirewallStatus,
})
const IN_VPC = firewall({ VpcId: 'vpc-1' }, { SyncStates: { 'eu-west-1a': attached('vpce-1', 'subnet-1') } })
const policy = (more: JsonObject = {}): JsonObject => ({
  FirewallPolicyResponse: { FirewallPolicyName: 'p', FirewallPolicyArn: `${NFW}:firewall-policy/p` },
  FirewallPolicy: {
    StatelessDefaultActions: ['aws:forward_to_sfe'],
    StatelessFragmentDefaultActions: ['aws:forward_to_sfe'],
    ...more,
  },
})
const group = (RulesSource: JsonObject): JsonObject => ({
  RuleGroupResponse: { RuleGroupName: 'g', RuleGroupArn: `${NFW}:stateful-rulegroup/g` },
  RuleGroup: { RulesSource },
})
const USING = { StatefulRuleGroupReferences: [{ ResourceArn: `${NFW}:stateful-rulegroup/g` }] }
const VPC = { Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' }] }

const gateways = (...documents: readonly JsonObject[]): readonly string[] =>
  readingOf(...documents).fabric.gateways.map(one =>
    [one.kind, one.id, one.network ?? '-', one.subnet ?? '-', one.filter ?? '-', one.isUp ? 'up' : 'down'].join(' '),
  )

// API Reference, FirewallStatus, SyncState, Attachment: routes lead to the endpoint.
test('each endpoint is a gateway in its subnet, with what the policy lets pass', () => {
  assert.deepEqual(gateways(IN_VPC, policy()), [
    `firewall aws:vpc-endpoint/vpce-1 aws:vpc/vpc-1 aws:subnet/subnet-1 ${POLICY}@aws:vpc/vpc-1 up`,
  ])
  assert.deepEqual(gateways(IN_VPC), ['firewall aws:vpc-endpoint/vpce-1 aws:vpc/vpc-1 aws:subnet/subnet-1 - up'])
  assert.deepEqual(whysOf(readingOf(IN_VPC)), ['its policy was not read'])
  const two = firewall(
    { VpcId: 'vpc-1' },
    { SyncStates: { a: attached('vpce-1', 'subnet-1', 'FAILED'), b: attached('vpce-2', 'subnet-2') } },
  )
  assert.deepEqual(
    gateways(two).map(one => one.split(' ').at(-1)),
    ['down', 'up'],
  )
  assert.deepEqual(whysOf(readingOf(firewall({ VpcId: 'vpc-1' }), policy())), ['which endpoints it has is not told'])
})

test('an endpoint that is shown by itself is the firewall’s, and others before appliances stay open', () => {
  const endpoint = (VpcEndpointId: string, State = 'available'): JsonObject => ({
    VpcEndpoints: [{ VpcEndpointId, VpcEndpointType: 'GatewayLoadBalancer', VpcId: 'vpc-1', State }],
  })
  const reading = readingOf(IN_VPC, policy(), endpoint('vpce-1'))
  assert.deepEqual(
    reading.fabric.gateways.map(({ kind, subnet }) => [kind, subnet]),
    [['firewall', 'aws:subnet/subnet-1']],
  )
  assert.deepEqual(whysOf(reading), [])
  assert.equal(gateways(IN_VPC, policy(), endpoint('vpce-1', 'Deleted'))[0]?.split(' ').at(-1), 'down')
  assert.deepEqual(
    readingOf(IN_VPC, policy(), endpoint('vpce-9')).fabric.gateways.map(({ kind }) => kind),
    ['firewall', 'other'],
  )
})

test('endpoints in other networks belong to the firewall, too', () => {
  const association = {
    VpcEndpointAssociation: {
      VpcEndpointAssociationArn: `${NFW}:vpc-endpoint-association/0a1`,
      FirewallArn: `${NFW}:firewall/edge`,
      VpcId: 'vpc-2',
    },
    VpcEndpointAssociationStatus: { AssociationSyncState: { 'eu-west-1a': attached('vpce-2', 'subnet-9') } },
  }
  assert.equal(
    gateways(IN_VPC, policy(), association)[1],
    `firewall aws:vpc-endpoint/vpce-2 aws:vpc/vpc-2 aws:subnet/subnet-9 ${POLICY}@aws:vpc/vpc-1 up`,
  )
})

// Developer Guide, “Considerations for transit gateway-attached firewalls”: HOME_NET has to be set.
test('a firewall may hang on a transit gateway', () => {
  const hanging = firewall({ TransitGatewayId: 'tgw-1', TransitGatewayAttachmentId: 'tgw-attach-1' })
  const attachment = {
    TransitGatewayAttachments: [
      {
        TransitGatewayAttachmentId: 'tgw-attach-1',
        TransitGatewayId: 'tgw-1',
        ResourceType: 'network-function',
        State: 'available',
        Association: { TransitGatewayRouteTableId: 'tgw-rtb-1', State: 'associated' },
      },
    ],
  }
  const { fabric } = readingOf(hanging, policy(), attachment)
  assert.deepEqual(fabric.attachments[0]?.to, { kind: 'firewall', id: EDGE })
  assert.deepEqual(gateways(hanging, policy()), [`firewall ${EDGE} - - ${POLICY}@${EDGE} up`])
  assert.equal(readingOf(attachment).fabric.attachments[0]?.to.kind, 'unknown')
  const homeless = readingOf(
    hanging,
    policy(USING),
    group({ RulesString: 'pass tcp $HOME_NET any -> any any (sid:1;)' }),
  )
  assert.ok(whysOf(homeless).some(why => why.includes('`HOME_NET`')))
})

const peersOf = (RulesSource: JsonObject): readonly FilterPeers[] =>
  readingOf(IN_VPC, VPC, policy(USING), group(RulesSource)).fabric.filters.flatMap(({ egress }) =>
    egress.filter(({ tier, action }) => tier === 1 && action === 'allow').map(({ peers }) => peers),
  )
const names = (RulesSource: JsonObject): readonly (readonly string[])[] =>
  peersOf(RulesSource).flatMap(peers => (peers.kind === 'names' ? [peers.patterns] : []))

// API Reference, RulesSourceList: a name that begins with a dot is the name itself and all below it.
test('names of a list', () => {
  const list = { GeneratedRulesType: 'ALLOWLIST', Targets: ['.example.com', 'a.example.net'], TargetTypes: ['TLS_SNI'] }
  assert.deepEqual(names({ RulesSourceList: list }), [['example.com', '*.example.com'], ['a.example.net']])
  assert.deepEqual(peersOf({ RulesSourceList: { ...list, TargetTypes: ['QUIC'] } })[0]?.kind, 'unknown')
})

// Suricata User Guide, “SSL/TLS Keywords”, “Transformations”, “Payload Keywords”.
test('names of rules as text', () => {
  const written = (options: string) => names({ RulesString: `pass tls $HOME_NET any -> any 443 (${options} sid:1;)` })
  assert.deepEqual(written('tls.sni; content:"a.example.com"; startswith; endswith; nocase; flow:to_server;'), [
    ['a.example.com'],
  ])
  assert.deepEqual(written('tls.sni; dotprefix; content:".example.com"; endswith;'), [['example.com', '*.example.com']])
  assert.deepEqual(written('tls.sni; content:".example.com"; endswith;'), [['*.example.com']])
  // Also `notexample.com` ends so.
  assert.deepEqual(written('tls.sni; content:"example.com"; endswith;'), [])
  assert.deepEqual(written('tls.sni; content:"example.com"; startswith; endswith; ja3.hash;'), [])
})

test('a prefix list that a group refers to is told by its entries', () => {
  const referring = {
    ...group({ RulesString: 'pass tcp any any -> @PARTNERS any (sid:1;)' }),
    RuleGroup: {
      RulesSource: { RulesString: 'pass tcp any any -> @PARTNERS any (sid:1;)' },
      ReferenceSets: {
        IPSetReferences: { PARTNERS: { ReferenceArn: 'arn:aws:ec2:eu-west-1:1:prefix-list/pl-1' } },
      },
    },
  }
  const entries = { PrefixListId: 'pl-1', Entries: [{ Cidr: '203.0.113.0/24' }] }
  assert.deepEqual(whysOf(readingOf(IN_VPC, VPC, policy(USING), referring, entries)), [])
  assert.deepEqual(whysOf(readingOf(IN_VPC, VPC, policy(USING), referring)), [
    'an end of a rule cannot be told: prefix list `pl-1` was not read',
  ])
})

test('what is read of a policy and not evaluated is named', () => {
  const odd = policy({
    StatelessDefaultActions: ['aws:drop'],
    TLSInspectionConfigurationArn: `${NFW}:tls-configuration/t`,
    Sections: [{ a: 1 }],
  })
  assert.deepEqual(whysOf(readingOf(IN_VPC, VPC, odd)), [
    '`Sections` of the policy is not evaluated',
    'what TLS inspection refuses is not evaluated',
    'what becomes of fragments of UDP is not evaluated',
    'what stateless rules do with replies is not evaluated',
  ])
})

test('documents that differ leave it open', () => {
  const differing = readingOf(IN_VPC, VPC, policy(), policy({ StatelessDefaultActions: ['aws:drop'] }))
  assert.equal(differing.fabric.filters[0]?.doubts.length, 1)
  const [pass, drop] = ['pass', 'drop'].map(action =>
    group({ RulesString: `${action} ip any any -> any any (sid:1;)` }),
  )
  const groups = readingOf(IN_VPC, VPC, policy(USING), pass as JsonObject, drop as JsonObject)
  assert.ok(whysOf(groups).some(why => /rule group .* is not certain/.test(why)))
  // The same twice is one.
  const same = readingOf(IN_VPC, IN_VPC, VPC, policy(), policy())
  assert.deepEqual([same.fabric.gateways.length, same.fabric.filters.length, whysOf(same)], [1, 1, []])
})

test('objects without an ARN are named', () => {
  const reading = readingOf({ Firewall: {}, FirewallStatus: {} }, { RuleGroupResponse: { RuleGroupArn: 7 } })
  assert.equal(reading.counts.unrecognised, 2)
  assert.equal(whysOf(reading)[0], '`Firewall` is no object with a `FirewallArn`')
})
