import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import { readingOf, whysOf } from './testing/reading-of.ts'

/** What is read of a network beside its ways: who may ask machines, what is logged, what endpoints allow. */

const machine = (more: JsonObject) =>
  readingOf({ Reservations: [{ OwnerId: '1', Instances: [{ InstanceId: 'i-1', ...more }] }] }).fabric.machines[0]

test('machines say whose nodes they are', () => {
  const tags = (...pairs: readonly (readonly [string, string])[]): JsonObject => ({
    Tags: pairs.map(([Key, Value]) => ({ Key, Value })),
  })
  assert.deepEqual(machine({})?.clusters, [])
  assert.deepEqual(machine(tags(['kubernetes.io/cluster/prod', 'owned'], ['Name', 'a']))?.clusters, ['prod'])
  assert.deepEqual(machine(tags(['kubernetes.io/cluster/prod', 'owned'], ['aws:eks:cluster-name', 'prod']))?.clusters, [
    'prod',
  ])
})

test('metadata: all three settings, or nobody can tell', () => {
  const options = (HttpTokens: string, HttpPutResponseHopLimit: number, HttpEndpoint: string): JsonObject => ({
    MetadataOptions: { HttpTokens, HttpPutResponseHopLimit, HttpEndpoint },
  })
  const at = ['Reservations', 0, 'Instances', 0, 'MetadataOptions']
  assert.deepEqual(machine(options('required', 1, 'enabled'))?.metadata, { isOn: true, needsToken: true, hops: 1, at })
  assert.deepEqual(machine(options('optional', 2, 'disabled'))?.metadata, {
    isOn: false,
    needsToken: false,
    hops: 2,
    at,
  })
  assert.equal(machine({ MetadataOptions: { HttpTokens: 'required' } })?.metadata, null)
  assert.equal(machine({})?.metadata, null)
})

test('flow logs: what they watch, what they keep, and whether it arrives', () => {
  const log = (more: JsonObject): JsonObject => ({
    FlowLogs: [{ FlowLogId: 'fl-1', ResourceId: 'vpc-1', TrafficType: 'ALL', FlowLogStatus: 'ACTIVE', ...more }],
  })
  const told = (more: JsonObject) =>
    readingOf(log(more)).fabric.flowLogs?.map(({ of, keeps, broken, seconds }) => [of, keeps, broken, seconds])
  assert.deepEqual(told({ MaxAggregationInterval: 60 }), [['aws:vpc/vpc-1', 'all', null, 60]])
  assert.deepEqual(told({ ResourceId: 'subnet-1', TrafficType: 'REJECT' }), [
    ['aws:subnet/subnet-1', 'rejected', null, null],
  ])
  assert.deepEqual(told({ DeliverLogsStatus: 'FAILED', DeliverLogsErrorMessage: 'Access error' }), [
    ['aws:vpc/vpc-1', 'all', 'its delivery fails (`Access error`)', null],
  ])
  assert.deepEqual(whysOf(readingOf(log({ TrafficType: 'SOME' }))), ['what `SOME` keeps is not known'])
  // None is not the same as none that was read.
  assert.deepEqual(readingOf({ FlowLogs: [] }).fabric.flowLogs, [])
  assert.equal(readingOf({ Vpcs: [] }).fabric.flowLogs, null)
  assert.equal(readingOf({ ...log({}), NextToken: 'x' }).fabric.flowLogs, null)
})

test('exclusions that hold', () => {
  const told = (State: string, mode = 'allow-bidirectional') =>
    readingOf({
      VpcBlockPublicAccessExclusions: [
        {
          ExclusionId: 'vpcbpa-exclude-1',
          InternetGatewayExclusionMode: mode,
          ResourceArn: 'arn:aws:ec2:eu-west-1:1:subnet/subnet-1',
          State,
        },
      ],
    }).fabric.exclusions.map(({ of, lets }) => `${of} ${lets}`)
  assert.deepEqual(told('create-complete'), ['aws:subnet/subnet-1 both'])
  assert.deepEqual(told('update-complete', 'allow-egress'), ['aws:subnet/subnet-1 out'])
  assert.deepEqual(told('delete-complete'), [])
  assert.deepEqual(told('create-complete', 'allow-some'), [])
})

test('an endpoint’s policy is open, limited, or not told', () => {
  const open = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }
  const told = (policy: unknown): boolean | null | undefined => {
    const [endpoint] =
      readingOf({
        VpcEndpoints: [
          {
            VpcEndpointId: 'vpce-1',
            VpcEndpointType: 'Gateway',
            VpcId: 'vpc-1',
            ServiceName: 'com.amazonaws.eu-west-1.s3',
            State: 'available',
            ...(policy === undefined
              ? {}
              : { PolicyDocument: typeof policy === 'string' ? policy : JSON.stringify(policy) }),
          },
        ],
      }).fabric.endpoints ?? []
    return endpoint === undefined ? undefined : (endpoint.policy?.isOpen ?? null)
  }
  assert.equal(told({ Statement: [open] }), true)
  assert.equal(told({ Statement: { ...open, Principal: { AWS: ['*'] }, Action: ['*'], Resource: ['*'] } }), true)
  assert.equal(told({ Statement: [{ ...open, Condition: {} }] }), true)
  assert.equal(told({ Statement: [{ ...open, Condition: { StringEquals: { 'aws:ResourceOrgID': 'o-1' } } }] }), false)
  assert.equal(told({ Statement: [{ ...open, Resource: 'arn:aws:s3:::a/*' }] }), false)
  assert.equal(told({ Statement: [{ ...open, Principal: { AWS: 'arn:aws:iam::1:root' } }] }), false)
  // What a denial leaves of it is not worked out.
  assert.equal(told({ Statement: [open, { ...open, Effect: 'Deny', Action: 's3:PutObject' }] }), null)
  assert.equal(told('{'), null)
  assert.equal(told(undefined), null)
})

test('hubs say what they do with what is attached', () => {
  const told = (Options: JsonObject) =>
    readingOf({ TransitGateways: [{ TransitGatewayId: 'tgw-1', State: 'available', Options }] }).fabric.hubDefaults.map(
      ({ associates, propagates }) => [associates, propagates],
    )
  assert.deepEqual(told({ DefaultRouteTableAssociation: 'enable', DefaultRouteTablePropagation: 'disable' }), [
    [true, false],
  ])
  assert.deepEqual(told({ DefaultRouteTableAssociation: 'enable' }), [])
})

test('default groups and tags', () => {
  const { fabric } = readingOf(
    { SecurityGroups: [{ GroupId: 'sg-1', GroupName: 'default', IpPermissions: [], IpPermissionsEgress: [] }] },
    { SecurityGroups: [{ GroupId: 'sg-2', GroupName: 'nodes', Tags: [{ Key: 'team', Value: 'a' }] }] },
  )
  assert.deepEqual([...fabric.defaultFilters], ['aws:security-group/sg-1'])
  assert.deepEqual([...fabric.tags], [['aws:security-group/sg-2', new Map([['team', 'a']])]])
})
