import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Json, JsonObject } from '../../model/json.ts'
import { supportPageBeside } from '../testing/support-page.ts'
import { awsFabric } from './fabric.ts'
import { isAwsOutput } from './recognise.ts'
import { COLLECTION_NAMES, LATER_LISTS, LATER_OBJECTS, SINGLES, WRAPPED } from './schema.ts'
import { documentsOf, readingOf, whysOf } from './testing/reading-of.ts'

describe('what is not evaluated is named', () => {
  test('by its key, with how many there are', () => {
    const reading = readingOf({ LoadBalancers: [{ LoadBalancerName: 'a' }, { LoadBalancerName: 'b' }] })
    assert.deepEqual(reading.notes, [
      { state: 'notImplemented', object: null, file: '0.json', line: 1, why: 'LoadBalancers (2): not evaluated' },
    ])
    assert.equal(reading.counts.notImplemented, 2)
  })
  test('entries without their list', () => {
    assert.deepEqual(whysOf(readingOf({ Entries: [{ Cidr: '10.0.0.0/8' }] })), [
      'entries of a prefix list that is not named: wrap them as `{"PrefixListId": "pl-…", "Entries": […]}`',
    ])
  })
  test('objects without an id, and documents that are nothing', () => {
    const reading = readingOf({ Vpcs: [{}, null, { VpcId: 'vpc-1' }] }, { a: 1 })
    assert.deepEqual([reading.counts.unrecognised, reading.fabric.networks.length], [3, 1])
  })
})

test('every list is sorted by id, and the same object of two documents is there once', () => {
  const vpc = (id: string): JsonObject => ({ VpcId: id, CidrBlock: '10.0.0.0/16', Tags: [] })
  const reading = readingOf({ Vpcs: [vpc('vpc-2'), vpc('vpc-1')] }, { Vpcs: [vpc('vpc-3'), vpc('vpc-2')] })
  assert.deepEqual(
    reading.fabric.networks.map(({ id }) => id),
    ['aws:vpc/vpc-1', 'aws:vpc/vpc-2', 'aws:vpc/vpc-3'],
  )
  assert.equal(reading.counts.understood, 3)
})

test('documents that differ leave open what they differ in', () => {
  const igw = (VpcId: string): JsonObject => ({
    InternetGateways: [{ InternetGatewayId: 'igw-1', Attachments: [{ State: 'available', VpcId }] }],
  })
  const differing = readingOf(igw('vpc-1'), igw('vpc-2'))
  assert.deepEqual([differing.fabric.gateways, differing.counts.partly, differing.notes.length], [[], 1, 2])
  const eni = (...groups: string[]): JsonObject => ({
    NetworkInterfaces: [
      {
        NetworkInterfaceId: 'eni-1',
        SubnetId: 'subnet-1',
        SourceDestCheck: true,
        Groups: groups.map(GroupId => ({ GroupId })),
      },
    ],
  })
  assert.deepEqual(readingOf(eni('sg-1'), eni('sg-2')).fabric.interfaces[0]?.filters, ['aws:security-group/unread'])
  const rule = (CidrIpv4: string): JsonObject => ({
    SecurityGroupRules: [{ SecurityGroupRuleId: 'sgr-1', GroupId: 'sg-1', IsEgress: true, IpProtocol: '-1', CidrIpv4 }],
  })
  assert.equal(readingOf(rule('10.0.0.0/8'), rule('0.0.0.0/0')).fabric.filters[0]?.doubts.length, 1)
  // A name is not what counts.
  const named = (Value: string): JsonObject => ({ Vpcs: [{ VpcId: 'vpc-1', Tags: [{ Key: 'Name', Value }] }] })
  assert.deepEqual(readingOf(named('a'), named('b')).notes, [])
})

/** Words that documents are made of, so that random ones come near to real ones. */
const KEYS = [
  ...COLLECTION_NAMES,
  ...'VpcId SubnetId RouteTableId GroupId NetworkAclId NetworkInterfaceId NatGatewayId PrefixListId InstanceId'.split(
    ' ',
  ),
  ...'SecurityGroupRuleId InternetGatewayId VpcEndpointId AllocationId Associations Routes Entries Cidrs Cidr'.split(
    ' ',
  ),
  ...'IpPermissions IpPermissionsEgress IpProtocol FromPort ToPort IpRanges CidrIp UserIdGroupPairs'.split(' '),
  ...'RuleNumber Egress Protocol PortRange From To RuleAction CidrBlock Ipv6CidrBlock Instances Groups'.split(' '),
  ...'NetworkInterfaces PrivateIpAddresses PrivateIpAddress Association PublicIp State GatewayId Main'.split(' '),
  ...'DestinationCidrBlock DestinationPrefixListId Origin Tags Key NextToken __proto__ constructor'.split(' '),
  ...'TransitGatewayId TransitGatewayAttachmentId TransitGatewayRouteTableId ResourceType ResourceId Type'.split(' '),
  ...'SubnetIds Options TransitGatewayAttachments TransitGatewayRouteTablePropagations PrefixListId'.split(' '),
  ...'FunctionArn VpcConfig SecurityGroupIds serviceArn taskArn networkConfiguration awsvpcConfiguration subnets'.split(
    ' ',
  ),
  ...'attachments details value group FirewallArn FirewallPolicyArn RuleGroupArn FirewallPolicy RuleGroup'.split(' '),
  ...'FirewallStatus SyncStates Attachment EndpointId Status StatefulRuleGroupReferences Priority ResourceArn'.split(
    ' ',
  ),
  ...'StatelessDefaultActions RulesSource RulesString RulesSourceList StatefulRules Header Source Targets'.split(' '),
  ...'RequesterTgwInfo AccepterTgwInfo AccepterTransitGatewayAttachmentId AdditionalRoutesAvailable'.split(' '),
]
const WORDS =
  'arn:aws:x:r:1:t/n PASS TLS_SNI ALLOWLIST aws:drop a eni-1 sg-1 pl-1 rtb-1 local igw-1 10.0.0.0/8 ::/0 10.0.0.1 -1 6 tcp allow Name active x-1 vpc peering vpn associated'.split(
    ' ',
  )
const { value, object } = fc.letrec<{ value: Json; object: JsonObject }>(tie => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 6 },
    fc.constantFrom<Json>(...WORDS, null, true, false, -1, 0, 80, 70000, 1.5),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc
    .array(fc.tuple(fc.constantFrom(...KEYS), tie('value')), { maxLength: 6 })
    .map(pairs => Object.fromEntries(pairs) as JsonObject),
}))
/** Outputs whose items are likely to have an id. */
const output: fc.Arbitrary<JsonObject> = fc
  .array(fc.tuple(fc.constantFrom(...COLLECTION_NAMES), fc.array(value, { maxLength: 4 })), { maxLength: 3 })
  .map(pairs => {
    const withIds = (items: readonly Json[]): readonly Json[] =>
      items.map(item =>
        typeof item === 'object' && item !== null && !Array.isArray(item)
          ? {
              ...Object.fromEntries(KEYS.filter(key => key.endsWith('Id')).map(key => [key, 'x-1'])),
              ...Object.fromEntries(KEYS.filter(key => key.endsWith('Arn')).map(key => [key, 'arn:aws:x:r:1:t/n'])),
              ...item,
            }
          : item,
      )
    return Object.fromEntries(
      pairs.map(([key, items]) => [key, SINGLES.includes(key) ? (withIds(items)[0] ?? null) : withIds(items)]),
    ) as JsonObject
  })

test('nothing throws, and the order of documents never counts', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(output, object), { maxLength: 4 }), bodies => {
      for (const body of bodies) isAwsOutput(body)
      const documents = documentsOf(...bodies)
      assert.deepEqual(awsFabric(documents.toReversed()), awsFabric(documents))
    }),
    { numRuns: 300 },
  )
})

test('the page tells of every collection', () => {
  const page = supportPageBeside(import.meta.url)
  page.checkTable('Evaluated', [...COLLECTION_NAMES, ...Object.keys(WRAPPED)])
  page.checkTable('Not evaluated', [...LATER_LISTS, ...LATER_OBJECTS])
})
