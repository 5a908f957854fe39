import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import {
  afterOf,
  made,
  madeVpc,
  type Planned,
  planOf,
  refs,
  routesOf,
  stateOf,
  tablesOf,
  there,
  type Written,
} from './testing/plan-of.ts'

const OPEN = { vpc_id: true }
const VPC = { vpc_id: refs('aws_vpc.v.id', 'aws_vpc.v') }
const network = (...subnets: readonly string[]): Record<string, Planned> => ({
  'aws_vpc.v': madeVpc({ cidr_block: '10.0.0.0/16' }),
  ...Object.fromEntries(subnets.map((name, n) => [`aws_subnet.${name}`, made({ cidr_block: `10.0.${n}.0/24` }, OPEN)])),
})
const ROUTE_OPEN = { route_table_id: true, network_interface_id: true, instance_id: true, state: true }
const route = (destination: string, ...targets: readonly string[]): Planned =>
  made(
    { [destination.includes(':') ? 'destination_ipv6_cidr_block' : 'destination_cidr_block']: destination },
    { ...ROUTE_OPEN, ...Object.fromEntries(targets.map(key => [key, true])) },
  )
const inTable = (name: string, more: JsonObject = {}): JsonObject => ({
  route_table_id: refs(`aws_route_table.${name}.id`, `aws_route_table.${name}`),
  ...more,
})
const TABLE = made({}, { ...OPEN, route: true })
const LINK = made({}, { subnet_id: true, route_table_id: true })
const link = (subnet: string, table: string): JsonObject => ({
  subnet_id: refs(`aws_subnet.${subnet}.id`, `aws_subnet.${subnet}`),
  ...inTable(table),
})

describe('routes of their own', () => {
  test('each kind of target that has no id yet', () => {
    const written: Written = {
      resources: {
        'aws_subnet.s': VPC,
        'aws_route_table.t': VPC,
        'aws_internet_gateway.g': VPC,
        'aws_egress_only_internet_gateway.e': VPC,
        'aws_nat_gateway.n': { subnet_id: refs('aws_subnet.s.id', 'aws_subnet.s') },
        'aws_route.a': inTable('t', { gateway_id: refs('aws_internet_gateway.g.id', 'aws_internet_gateway.g') }),
        'aws_route.b': inTable('t', { nat_gateway_id: refs('aws_nat_gateway.n.id', 'aws_nat_gateway.n') }),
        'aws_route.c': inTable('t', {
          egress_only_gateway_id: refs('aws_egress_only_internet_gateway.e.id', 'aws_egress_only_internet_gateway.e'),
        }),
        'aws_route.d': inTable('t', { vpc_peering_connection_id: refs('local.peering') }),
      },
    }
    const reading = afterOf(
      planOf(
        {
          ...network('s'),
          'aws_route_table.t': TABLE,
          'aws_internet_gateway.g': made({}, OPEN),
          'aws_egress_only_internet_gateway.e': made({}, OPEN),
          'aws_nat_gateway.n': made({}, { subnet_id: true }),
          'aws_route.a': route('0.0.0.0/0', 'gateway_id'),
          'aws_route.b': route('192.0.2.0/24', 'nat_gateway_id'),
          'aws_route.c': route('::/0', 'egress_only_gateway_id'),
          'aws_route.d': route('10.9.0.0/16', 'vpc_peering_connection_id'),
        },
        written,
      ),
    )
    assert.deepEqual(routesOf(reading, 'aws_route_table.t'), [
      '10.0.0.0/16 local',
      '0.0.0.0/0 internet-gateway/aws_internet_gateway.g',
      '192.0.2.0/24 nat-gateway/aws_nat_gateway.n',
      '::/0 egress-only-internet-gateway/aws_egress_only_internet_gateway.e',
      '10.9.0.0/16 unknown',
    ])
  })
  test('a route of one of several tables is one that each of them may have', () => {
    const reading = afterOf(
      planOf(
        {
          ...network(),
          'aws_route_table.t[0]': TABLE,
          'aws_route_table.t[1]': TABLE,
          'aws_route.a': made({ destination_cidr_block: '0.0.0.0/0', gateway_id: 'igw-1' }, { route_table_id: true }),
        },
        {
          resources: {
            'aws_route_table.t': VPC,
            'aws_route.a': { route_table_id: refs('aws_route_table.t', 'var.which') },
          },
        },
      ),
    )
    for (const n of [0, 1])
      assert.deepEqual(routesOf(reading, `aws_route_table.t[${n}]`), ['10.0.0.0/16 local', '0.0.0.0/0 unknown'])
  })
  test('a table that is managed elsewhere has routes that nobody read', () => {
    const reading = afterOf(
      planOf({
        'aws_route.a': made({ route_table_id: 'rtb-9', destination_cidr_block: '0.0.0.0/0', gateway_id: 'igw-1' }),
      }),
    )
    assert.deepEqual(routesOf(reading, 'rtb-9'), ['? local', '0.0.0.0/0 internet-gateway/igw-1', '? unknown'])
  })
})

describe('routes in their table', () => {
  const inline = (routes: readonly JsonObject[], unknown: readonly JsonObject[], ...references: readonly string[]) =>
    routesOf(
      afterOf(
        planOf(
          {
            ...network(),
            'aws_internet_gateway.g': made({}, OPEN),
            'aws_internet_gateway.h': made({}, OPEN),
            'aws_nat_gateway.n': made({ subnet_id: 'subnet-1' }),
            'aws_route_table.t': made({ route: routes }, { ...OPEN, route: unknown }),
          },
          { resources: { 'aws_route_table.t': { ...VPC, route: refs(...references) } } },
        ),
      ),
      'aws_route_table.t',
    )
  const IGW = ['aws_internet_gateway.g.id', 'aws_internet_gateway.g']
  const NAT = ['aws_nat_gateway.n.id', 'aws_nat_gateway.n']
  test('one target of each kind in the list of references', () => {
    assert.deepEqual(
      inline(
        [{ cidr_block: '0.0.0.0/0' }, { cidr_block: '192.0.2.0/24' }],
        [{ gateway_id: true }, { nat_gateway_id: true }],
        ...NAT,
        ...IGW,
      ),
      [
        '10.0.0.0/16 local',
        '0.0.0.0/0 internet-gateway/aws_internet_gateway.g',
        '192.0.2.0/24 nat-gateway/aws_nat_gateway.n',
      ],
    )
  })
  test('of two of one kind nobody can tell which', () => {
    assert.deepEqual(
      inline(
        [{ cidr_block: '0.0.0.0/0' }],
        [{ gateway_id: true }],
        ...IGW,
        'aws_internet_gateway.h.id',
        'aws_internet_gateway.h',
      ),
      ['10.0.0.0/16 local', '0.0.0.0/0 unknown'],
    )
  })
  test('a local route that is written stands in place of the own one', () => {
    assert.deepEqual(inline([{ cidr_block: '10.0.0.0/16', network_interface_id: 'eni-1' }], [{}]), [
      '10.0.0.0/16 network-interface/eni-1',
    ])
  })
})

describe('which table a subnet uses', () => {
  const written = (more: Readonly<Record<string, JsonObject>>): Written => ({
    resources: { 'aws_subnet.a': VPC, 'aws_subnet.b': VPC, 'aws_route_table.t': VPC, ...more },
  })
  test('the one that an association names, or the main one of a network that is made now', () => {
    const reading = afterOf(
      planOf(
        { ...network('a', 'b'), 'aws_route_table.t': TABLE, 'aws_route_table_association.x': LINK },
        written({ 'aws_route_table_association.x': link('a', 't') }),
      ),
    )
    assert.deepEqual(tablesOf(reading), { 'aws_subnet.a': 'aws_route_table.t', 'aws_subnet.b': null })
    assert.equal(reading.fabric.networks[0]?.mainTable, 'aws:route-table/aws_vpc.v.default_route_table_id')
    assert.deepEqual(routesOf(reading, 'aws_vpc.v.default_route_table_id'), ['10.0.0.0/16 local'])
  })
  test('the default table that is managed is the main one', () => {
    const reading = afterOf(
      planOf(
        {
          ...network('a', 'b'),
          'aws_default_route_table.d': made({}, { default_route_table_id: true, route: true, vpc_id: true }),
        },
        written({
          'aws_default_route_table.d': {
            default_route_table_id: refs('aws_vpc.v.default_route_table_id', 'aws_vpc.v'),
          },
        }),
      ),
    )
    assert.equal(reading.fabric.networks[0]?.mainTable, 'aws:route-table/aws_default_route_table.d')
  })
  test('another one may be made the main one', () => {
    const reading = afterOf(
      planOf(
        {
          ...network('a', 'b'),
          'aws_route_table.t': TABLE,
          'aws_main_route_table_association.m': made({}, { vpc_id: true, route_table_id: true }),
        },
        written({ 'aws_main_route_table_association.m': { ...VPC, ...inTable('t') } }),
      ),
    )
    assert.equal(reading.fabric.networks[0]?.mainTable, 'aws:route-table/aws_route_table.t')
  })
  test('the main table of a network that was there and does not manage it is unknown', () => {
    const vpc = there({
      id: 'vpc-1',
      cidr_block: '10.0.0.0/16',
      main_route_table_id: 'rtb-1',
      default_route_table_id: 'rtb-1',
    })
    const state = {
      'aws_vpc.v': vpc,
      'aws_subnet.a': there({ id: 'subnet-1', vpc_id: 'vpc-1', cidr_block: '10.0.0.0/24' }),
    }
    assert.equal(afterOf(stateOf(state)).fabric.networks[0]?.mainTable, null)
    const managed = {
      ...state,
      'aws_default_route_table.d': there({ id: 'rtb-1', default_route_table_id: 'rtb-1', vpc_id: 'vpc-1' }),
    }
    assert.equal(afterOf(stateOf(managed)).fabric.networks[0]?.mainTable, 'aws:route-table/rtb-1')
  })
  const choice = (...more: readonly (readonly [string, Planned, JsonObject])[]) =>
    afterOf(
      planOf(
        {
          ...network('a', 'b'),
          'aws_route_table.t[0]': TABLE,
          'aws_route_table.t[1]': TABLE,
          'aws_route_table_association.x': LINK,
          ...Object.fromEntries(more.map(([address, planned]) => [address, planned])),
        },
        written({
          'aws_route_table_association.x': {
            subnet_id: refs('aws_subnet.a.id', 'aws_subnet.a'),
            route_table_id: refs('aws_route_table.t', 'var.which'),
          },
          ...Object.fromEntries(more.map(([address, , expressions]) => [address, expressions])),
        }),
      ),
    )
  test('of several that say the same it does not matter which', () => {
    assert.equal(tablesOf(choice())['aws_subnet.a'], 'aws_route_table.t[0]')
  })
  test('of several that differ nothing is known but what is local', () => {
    const reading = choice([
      'aws_route.r',
      made({ destination_cidr_block: '0.0.0.0/0', gateway_id: 'igw-1' }, { route_table_id: true }),
      { route_table_id: refs('aws_route_table.t[1].id', 'aws_route_table.t[1]', 'aws_route_table.t') },
    ])
    const table = tablesOf(reading)['aws_subnet.a'] ?? ''
    assert.equal(table, 'aws_route_table_association.x.route_table_id')
    assert.deepEqual(routesOf(reading, table), ['10.0.0.0/16 local', '0.0.0.0/0 unknown', '::/0 unknown'])
  })
})

describe('what a plan takes away', () => {
  const vpc = there({ id: 'vpc-1', cidr_block: '10.0.0.0/16' })
  const table = (...routes: readonly JsonObject[]): Planned => there({ id: 'rtb-1', vpc_id: 'vpc-1', route: routes })
  const MIRROR = [
    { cidr_block: '0.0.0.0/0', gateway_id: 'igw-1' },
    { cidr_block: '192.0.2.0/24', gateway_id: 'vgw-1' },
  ]
  const rule = there({ id: 'r', route_table_id: 'rtb-1', destination_cidr_block: '192.0.2.0/24', gateway_id: 'vgw-1' })
  test('a route that was a resource is gone from the table that mirrors it', () => {
    const before = { 'aws_vpc.v': vpc, 'aws_route_table.t': table(...MIRROR), 'aws_route.r': rule }
    const plan = planOf({ 'aws_vpc.v': vpc, 'aws_route_table.t': table(...MIRROR) }, {}, before)
    assert.deepEqual(routesOf(afterOf(plan), 'rtb-1'), ['10.0.0.0/16 local', '0.0.0.0/0 internet-gateway/igw-1'])
  })
  test('one that stays is there once', () => {
    const all = { 'aws_vpc.v': vpc, 'aws_route_table.t': table(...MIRROR), 'aws_route.r': rule }
    assert.deepEqual(routesOf(afterOf(planOf(all, {}, all)), 'rtb-1'), [
      '10.0.0.0/16 local',
      '0.0.0.0/0 internet-gateway/igw-1',
      '192.0.2.0/24 vpn-gateway/vgw-1',
    ])
  })
})
