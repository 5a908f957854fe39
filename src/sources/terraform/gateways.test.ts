import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AwsReading } from '../aws/fabric.ts'
import { afterOf, made, madeVpc, planOf, refs, stateOf, there } from './testing/plan-of.ts'

const shown = ({ fabric }: AwsReading): readonly string[] =>
  fabric.gateways.map(({ id, kind, network, subnet }) =>
    [
      id.replace(/^aws:[\w-]+\//, ''),
      kind,
      network?.replace('aws:vpc/', '') ?? '-',
      subnet?.replace('aws:subnet/', '') ?? '-',
    ].join(' '),
  )

const VPC = { vpc_id: refs('aws_vpc.v.id', 'aws_vpc.v') }

test('gateways stand where they are attached, by themselves or by a resource of its own', () => {
  const plan = planOf(
    {
      'aws_vpc.v': madeVpc(),
      'aws_internet_gateway.a': made({}, { vpc_id: true }),
      'aws_internet_gateway.b': made({}, { vpc_id: true }),
      'aws_internet_gateway.c': made({}, { vpc_id: true }),
      'aws_internet_gateway_attachment.x': made({}, { vpc_id: true, internet_gateway_id: true }),
      'aws_vpn_gateway.w': made({ vpc_id: 'vpc-9' }),
    },
    {
      resources: {
        'aws_internet_gateway.a': VPC,
        'aws_internet_gateway_attachment.x': {
          ...VPC,
          internet_gateway_id: refs('aws_internet_gateway.b.id', 'aws_internet_gateway.b'),
        },
      },
    },
  )
  assert.deepEqual(shown(afterOf(plan)), [
    'aws_internet_gateway.a internet aws_vpc.v -',
    'aws_internet_gateway.b internet aws_vpc.v -',
    'aws_internet_gateway.c internet - -',
    'aws_vpn_gateway.w on-premises vpc-9 -',
  ])
})

test('an attachment that the plan takes away', () => {
  const gateway = there({ id: 'igw-1', vpc_id: 'vpc-1' })
  const attachment = there({ id: 'x', internet_gateway_id: 'igw-1', vpc_id: 'vpc-1' })
  const before = { 'aws_internet_gateway.a': gateway, 'aws_internet_gateway_attachment.x': attachment }
  assert.deepEqual(shown(afterOf(planOf(before, {}, before))), ['igw-1 internet vpc-1 -'])
  assert.deepEqual(shown(afterOf(planOf({ 'aws_internet_gateway.a': gateway }, {}, before))), ['igw-1 internet - -'])
})

test('a NAT gateway in one of several subnets that say the same', () => {
  const subnet = (n: number) => made({ cidr_block: `10.0.${n}.0/24`, vpc_id: 'vpc-1' })
  const nat = made({}, { subnet_id: true, public_ip: true })
  const written = { resources: { 'aws_nat_gateway.n': { subnet_id: refs('aws_subnet.s', 'var.which') } } }
  const resources = { 'aws_subnet.s[0]': subnet(0), 'aws_subnet.s[1]': subnet(1), 'aws_nat_gateway.n': nat }
  assert.deepEqual(shown(afterOf(planOf(resources, written))), ['aws_nat_gateway.n nat vpc-1 aws_subnet.s[0]'])
  const association = made({ route_table_id: 'rtb-1' }, { subnet_id: true })
  const apart = planOf(
    { ...resources, 'aws_route_table_association.x': association },
    {
      resources: {
        ...written.resources,
        'aws_route_table_association.x': { subnet_id: refs('aws_subnet.s[1].id', 'aws_subnet.s[1]', 'aws_subnet.s') },
      },
    },
  )
  assert.deepEqual(shown(afterOf(apart)), [])
})

test('a peering is active once both sides took it', () => {
  const peering = (more: object) =>
    planOf({ 'aws_vpc_peering_connection.p': made({ vpc_id: 'vpc-1', peer_vpc_id: 'vpc-2', ...more }) })
  const isUp = (reading: AwsReading) => reading.fabric.peerings.map(one => one.isUp)
  assert.deepEqual(isUp(afterOf(peering({ auto_accept: true }))), [true])
  const state = stateOf({
    'aws_vpc_peering_connection.p': there({
      id: 'pcx-1',
      vpc_id: 'vpc-1',
      peer_vpc_id: 'vpc-2',
      accept_status: 'pending-acceptance',
    }),
  })
  assert.deepEqual(isUp(afterOf(state)), [false])
  const told = afterOf(peering({})).notes.map(({ why }) => why)
  assert.deepEqual(told, ['its status is not told'])
})

test('blocks of addresses of a network, those that are resources of their own among them', () => {
  const plan = planOf(
    {
      'aws_vpc.v': madeVpc({ cidr_block: '10.0.0.0/16' }),
      'aws_vpc_ipv4_cidr_block_association.x': made({ cidr_block: '10.1.0.0/16' }, { vpc_id: true }),
    },
    { resources: { 'aws_vpc_ipv4_cidr_block_association.x': VPC } },
  )
  assert.equal(afterOf(plan).fabric.networks[0]?.ranges.length, 2)
})

test('public access that is blocked leaves ways to the internet open', () => {
  const options = made({ internet_gateway_block_mode: 'block-bidirectional' })
  const plan = planOf({ 'aws_vpc.v': madeVpc(), 'aws_vpc_block_public_access_options.o': options })
  assert.equal(afterOf(plan).fabric.networks[0]?.internetDoubts.length, 1)
})

test('entries of a prefix list are the blocks of a route', () => {
  const plan = planOf(
    {
      'aws_ec2_managed_prefix_list.l': made({ entry: [{ cidr: '10.8.0.0/16' }] }),
      'aws_ec2_managed_prefix_list_entry.e': made({ cidr: '10.9.0.0/16' }, { prefix_list_id: true }),
      'aws_route_table.t': made({ vpc_id: 'vpc-1' }),
      'aws_route.r': made({ transit_gateway_id: 'tgw-1' }, { route_table_id: true, destination_prefix_list_id: true }),
    },
    {
      resources: {
        'aws_ec2_managed_prefix_list_entry.e': {
          prefix_list_id: refs('aws_ec2_managed_prefix_list.l.id', 'aws_ec2_managed_prefix_list.l'),
        },
        'aws_route.r': {
          route_table_id: refs('aws_route_table.t.id', 'aws_route_table.t'),
          destination_prefix_list_id: refs('aws_ec2_managed_prefix_list.l.id', 'aws_ec2_managed_prefix_list.l'),
        },
      },
    },
  )
  const routes = afterOf(plan).fabric.tables[0]?.routes ?? []
  assert.deepEqual(
    routes.map(({ by }) => by),
    ['local', 'prefix-list', 'prefix-list'],
  )
})
