import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import { readingOf, whysOf } from './testing/reading-of.ts'

const ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:mail'
const ID = 'aws:lambda/111122223333/eu-west-1/mail'
const functions = (more: JsonObject, arn = ARN): JsonObject => ({
  Functions: [{ FunctionName: 'mail', FunctionArn: arn, ...more }],
})
const IN_VPC = { VpcConfig: { SubnetIds: ['subnet-1', 'subnet-2'], SecurityGroupIds: ['sg-1'], VpcId: 'vpc-1' } }

// Lambda Developer Guide, “Giving Lambda functions access to resources in an Amazon VPC”.
test('a function without a VPC leaves by the provider', () => {
  for (const more of [{}, { VpcConfig: null }, { VpcConfig: { SubnetIds: [], SecurityGroupIds: [], VpcId: '' } }]) {
    const { fabric, counts } = readingOf(functions(more))
    assert.deepEqual(
      fabric.managed.map(one => [one.id, one.kind, one.name, one.account, one.region, one.doubts.length]),
      [[ID, 'function', 'mail', '111122223333', 'eu-west-1', 0]],
    )
    assert.ok(bothFamilies.isEmpty(fabric.managed[0]?.pinned ?? bothFamilies.full))
    assert.deepEqual([fabric.interfaces, counts.understood], [[], 1])
  }
})

test('one in a VPC sends everything by an interface in each subnet', () => {
  const { fabric, counts } = readingOf(functions(IN_VPC))
  assert.ok(bothFamilies.equals(fabric.managed[0]?.pinned ?? bothFamilies.empty, bothFamilies.full))
  assert.deepEqual(
    fabric.interfaces.map(one => [one.id, one.of, one.subnet, one.untold, one.filters, one.forwards]),
    ['1', '2'].map(n => [`${ID}@subnet-${n}`, ID, `aws:subnet/subnet-${n}`, [4], ['aws:security-group/sg-1'], false]),
  )
  assert.deepEqual(
    fabric.interfaces.flatMap(one => [...one.addresses, ...one.publicAddresses]),
    [],
  )
  // What stands for interfaces is no object that was read.
  assert.equal(counts.understood, 1)
})

test('interfaces of functions that are shown stay interfaces of their own', () => {
  const eni = {
    NetworkInterfaceId: 'eni-1',
    InterfaceType: 'lambda',
    Description: 'AWS Lambda VPC ENI-mail-1',
    SubnetId: 'subnet-1',
    SourceDestCheck: true,
    Groups: [{ GroupId: 'sg-1' }],
    PrivateIpAddress: '10.0.1.9',
  }
  const { interfaces } = readingOf(functions(IN_VPC), { NetworkInterfaces: [eni] }).fabric
  assert.deepEqual(
    interfaces.map(({ id, of }) => [id, of]),
    [
      [`${ID}@subnet-1`, ID],
      [`${ID}@subnet-2`, ID],
      ['aws:network-interface/eni-1', null],
    ],
  )
})

test('what cannot be told of a function is open, with a note', () => {
  const cases: readonly (readonly [JsonObject, string])[] = [
    [{ VpcConfig: 7 }, 'which subnets it sends into cannot be read'],
    [{ VpcConfig: { SubnetIds: [1], SecurityGroupIds: ['sg-1'] } }, 'which subnets it sends into cannot be read'],
    [
      { CapacityProviderConfig: { LambdaManagedInstancesCapacityProviderConfig: {} } },
      'it runs on machines of a capacity provider, whose network was not read',
    ],
  ]
  for (const [more, why] of cases) {
    const reading = readingOf(functions(more))
    assert.deepEqual(
      reading.fabric.managed[0]?.doubts.map(doubt => doubt.why),
      [why],
    )
    assert.deepEqual([whysOf(reading), reading.counts.partly], [[why], 1])
  }
  const groupless = readingOf(functions({ VpcConfig: { SubnetIds: ['subnet-1'] } }))
  assert.deepEqual(groupless.fabric.interfaces[0]?.filters, ['aws:security-group/unread'])
  assert.deepEqual(whysOf(groupless), ['its security groups were not read'])
})

test('versions are functions of their own, and documents that differ leave it open where it sends', () => {
  const versions = readingOf(functions({}, `${ARN}:$LATEST`), functions({}, `${ARN}:3`)).fabric.managed
  assert.deepEqual(
    versions.map(({ id }) => id),
    [ID, `${ID}:3`],
  )
  const differing = readingOf(
    functions(IN_VPC),
    functions({ VpcConfig: { SubnetIds: ['subnet-3'], SecurityGroupIds: ['sg-1'] } }),
  )
  assert.ok((differing.fabric.managed[0]?.doubts.length ?? 0) > 0)
  assert.equal(readingOf({ Functions: [{ FunctionName: 'mail' }] }).counts.unrecognised, 1)
  assert.equal(readingOf(functions({}, 'mail')).counts.unrecognised, 1)
})
