import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import { printAddress } from '../../sets/cidr.ts'
import { readingOf, whysOf } from './testing/reading-of.ts'

const ARN = 'arn:aws:ecs:eu-west-1:111122223333'
const WEB = 'aws:ecs-service/111122223333/eu-west-1/shop/web'
const TASK = 'aws:ecs-task/111122223333/eu-west-1/shop/0a1'

const service = (more: JsonObject): JsonObject => ({
  services: [{ serviceArn: `${ARN}:service/shop/web`, serviceName: 'web', ...more }],
  failures: [],
})
const network = (more: JsonObject = {}): JsonObject => ({
  networkConfiguration: {
    awsvpcConfiguration: {
      subnets: ['subnet-1', 'subnet-2'],
      securityGroups: ['sg-1'],
      assignPublicIp: 'DISABLED',
      ...more,
    },
  },
})
const task = (more: JsonObject = {}): JsonObject => ({
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
            { name: 'privateIPv4Address', value: '10.0.1.9' },
          ],
        },
      ],
      ...more,
    },
  ],
  failures: [],
})
const eni = (more: JsonObject = {}): JsonObject => ({
  NetworkInterfaces: [
    {
      NetworkInterfaceId: 'eni-1',
      SubnetId: 'subnet-1',
      SourceDestCheck: true,
      Groups: [{ GroupId: 'sg-1' }],
      PrivateIpAddress: '10.0.1.9',
      ...more,
    },
  ],
})

/** Workloads with what is open about each, and interfaces with their owners. */
const told = (...documents: readonly JsonObject[]) => {
  const { managed, interfaces } = readingOf(...documents).fabric
  return [managed.map(({ id, doubts }) => `${id} ${doubts.length}`), interfaces.map(({ id, of }) => `${id} ${of}`)]
}

test('a service with interfaces of its own sends by one in each of its subnets', () => {
  assert.deepEqual(told(service(network())), [[`${WEB} 0`], [`${WEB}@subnet-1 ${WEB}`, `${WEB}@subnet-2 ${WEB}`]])
  const [one] = readingOf(service(network())).fabric.managed
  assert.deepEqual([one?.kind, one?.name, one?.account, one?.region], ['container', 'web', '111122223333', 'eu-west-1'])
  assert.deepEqual(readingOf(service(network())).fabric.interfaces[0]?.filters, ['aws:security-group/sg-1'])
})

test('an older ARN lacks the cluster, which stands beside it', () => {
  const old = { serviceArn: `${ARN}:service/web`, clusterArn: `${ARN}:cluster/shop`, ...network() }
  assert.deepEqual(told({ services: [old], failures: [] })[0], [`${WEB} 0`])
})

test('a subnet with IPv6 gives tasks an address of it, unless an account setting is off', () => {
  const subnets = (more: JsonObject): JsonObject => ({ Subnets: [{ SubnetId: 'subnet-1', VpcId: 'vpc-1', ...more }] })
  const six = { Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: '2001:db8::/64' }] }
  const reading = readingOf(service(network()), subnets({ CidrBlock: '10.0.1.0/24', ...six }))
  assert.deepEqual(reading.fabric.interfaces[0]?.untold, [4, 6])
  assert.ok(whysOf(reading).some(why => why.includes('dualStackIPv6')))
  assert.deepEqual(
    readingOf(service(network()), subnets({ CidrBlock: '10.0.1.0/24' })).fabric.interfaces[0]?.untold,
    [4],
  )
  const only = readingOf(service(network()), subnets({ Ipv6Native: true, ...six }))
  assert.deepEqual(only.fabric.interfaces[0]?.untold, [6])
})

test('running tasks tell whose their interfaces are, and settle what the settings leave open', () => {
  const shown = service(network({ subnets: ['subnet-1'], assignPublicIp: 'ENABLED' }))
  assert.deepEqual(told(shown), [[`${WEB} 1`], [`${WEB}@subnet-1 ${WEB}`]])
  assert.deepEqual(told(shown, task(), eni()), [[`${WEB} 0`], [`aws:network-interface/eni-1 ${WEB}`]])
  // One that stopped has none any more.
  assert.deepEqual(told(shown, task({ lastStatus: 'STOPPED' }), eni())[1], [
    `${WEB}@subnet-1 ${WEB}`,
    'aws:network-interface/eni-1 null',
  ])
})

test('an interface of a task on a machine is the task’s, in both documents that show it', () => {
  const attached = eni({ Attachment: { InstanceId: 'i-1' } })
  const inside = (attached['NetworkInterfaces'] as readonly JsonObject[])[0] as JsonObject
  const machine = { Reservations: [{ OwnerId: '1', Instances: [{ InstanceId: 'i-1', NetworkInterfaces: [inside] }] }] }
  const reading = readingOf(service(network({ subnets: ['subnet-1'] })), task(), attached, machine)
  assert.deepEqual(
    reading.fabric.interfaces.map(({ id, of }) => [id, of]),
    [['aws:network-interface/eni-1', WEB]],
  )
  assert.deepEqual(whysOf(reading), [])
})

test('a task of no service that was read stands by itself', () => {
  assert.deepEqual(told(task(), eni()), [[`${TASK} 0`], [`aws:network-interface/eni-1 ${TASK}`]])
  const { interfaces, managed } = readingOf(task()).fabric
  assert.deepEqual(
    [interfaces[0]?.addresses.map(printAddress), interfaces[0]?.filters, managed[0]?.doubts.length],
    [['10.0.1.9'], ['aws:security-group/unread'], 1],
  )
})

// ECS Developer Guide, “Amazon ECS task networking options for EC2”.
test('what has no interface of its own leaves as its machine, which is said', () => {
  const taskDefinition = (networkMode: string): JsonObject => ({
    taskDefinition: { taskDefinitionArn: `${ARN}:task-definition/web:3`, networkMode },
  })
  const plain = service({ taskDefinition: `${ARN}:task-definition/web:3` })
  assert.deepEqual(whysOf(readingOf(plain, taskDefinition('bridge'))), [
    'its tasks leave as the machine that they run on',
  ])
  assert.deepEqual(whysOf(readingOf(plain, taskDefinition('none'))), ['its tasks have no network'])
  assert.deepEqual(whysOf(readingOf(plain)), ['its tasks leave as the machine that they run on, as far as is told'])
  assert.deepEqual(whysOf(readingOf(task({ attachments: [] }))), [
    'it has no interface of its own: it leaves as the machine that it runs on',
  ])
  assert.deepEqual(told(plain)[0], [])
})

test('of Kubernetes clusters only that they are there', () => {
  const cluster = { cluster: { name: 'prod', arn: 'arn:aws:eks:eu-west-1:111122223333:cluster/prod' } }
  const profile = {
    fargateProfile: {
      fargateProfileArn: 'arn:aws:eks:eu-west-1:111122223333:fargateprofile/prod/web/0a1',
      subnets: [],
    },
  }
  const reading = readingOf(cluster, profile)
  assert.deepEqual([reading.counts.partly, reading.counts.unrecognised], [2, 0])
  assert.deepEqual(
    reading.notes.map(({ object }) => object),
    ['aws:eks-cluster/111122223333/eu-west-1/prod', 'aws:eks-fargate-profile/111122223333/eu-west-1/prod/web/0a1'],
  )
})
