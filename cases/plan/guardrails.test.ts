import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PlanResult } from '../../src/model/plan.ts'
import {
  approved,
  environment,
  faultsOf,
  type Has,
  judged,
  NETWORK,
  planOf,
  type Resources,
  route,
  without,
} from './plans.ts'

// Each guardrail on plans by hand: what breaks it, what looks alike and must not, and what cannot be decided.

type Beside = Readonly<Record<string, string>>

/** A plan that adds to the network that is there, or changes what is in it. */
const adding = (more: Resources, beside: Beside = {}): PlanResult =>
  judged({ ...beside, 'plan.json': planOf(NETWORK, { ...NETWORK, ...more }) })

const check = (name: string, result: () => PlanResult, expected: readonly string[]): void => {
  test(name, () => assert.deepEqual(faultsOf(result()), expected))
}

const TO_INTERNET = { gateway_id: 'igw-1' }
const TO_NAT = { nat_gateway_id: 'nat-1' }
const APPROVED = { 'exits.yaml': approved('nat-1') }

describe('PST-G001: no default route from workload subnets to a public gateway', () => {
  check('to the internet gateway', () => adding({ 'aws_route.out': route('rtb-1', '0.0.0.0/0', TO_INTERNET) }), [
    'PST-G001 broken aws_route.out',
  ])
  check(
    'in halves',
    () =>
      adding({
        'aws_route.a': route('rtb-1', '0.0.0.0/1', TO_INTERNET),
        'aws_route.b': route('rtb-1', '128.0.0.0/1', TO_INTERNET),
      }),
    ['PST-G001 broken aws_route.a', 'PST-G001 broken aws_route.b'],
  )
  check(
    'a part of the internet is no default',
    () => adding({ 'aws_route.a': route('rtb-1', '52.0.0.0/8', TO_INTERNET) }),
    [],
  )
  check(
    'a route that longer ones take everything from leads nobody out',
    () =>
      adding(
        {
          'aws_route.out': route('rtb-1', '0.0.0.0/0', TO_INTERNET),
          'aws_route.a': route('rtb-1', '0.0.0.0/1', TO_NAT),
          'aws_route.b': route('rtb-1', '128.0.0.0/1', TO_NAT),
        },
        APPROVED,
      ),
    [],
  )
  check(
    'to a NAT gateway that nobody approved',
    () => adding({ 'aws_route.out': route('rtb-1', '0.0.0.0/0', TO_NAT) }),
    ['PST-G001 broken aws_route.out'],
  )
  check('to the approved one', () => adding({ 'aws_route.out': route('rtb-1', '0.0.0.0/0', TO_NAT) }, APPROVED), [])
  check('all of IPv4 as IPv6', () => adding({ 'aws_route.out': route('rtb-1', '64:ff9b::/96', TO_NAT) }), [
    'PST-G001 broken aws_route.out',
  ])
  check(
    'from the subnet that holds the NAT gateway alone',
    () => judged({ 'plan.json': planOf(without(NETWORK, 'aws_route.public'), NETWORK) }),
    [],
  )
  check(
    'the same subnet, once a machine stands in it',
    () =>
      judged({
        'plan.json': planOf(without(NETWORK, 'aws_route.public'), {
          ...NETWORK,
          'aws_instance.bastion': {
            values: { subnet_id: 'subnet-2', associate_public_ip_address: false },
            unknown: ['id', 'private_ip'],
          },
        }),
      }),
    ['PST-G001 broken aws_route.public'],
  )
  check(
    'routes that stood there are new to a machine',
    () =>
      adding({
        'aws_instance.bastion': {
          values: { subnet_id: 'subnet-2', associate_public_ip_address: false },
          unknown: ['id', 'private_ip'],
        },
      }),
    ['PST-G001 broken aws_instance.bastion'],
  )
  check(
    'inside the table',
    () =>
      adding({
        'aws_route_table.private': {
          values: { id: 'rtb-1', vpc_id: 'vpc-1', route: [{ cidr_block: '0.0.0.0/0', gateway_id: 'igw-1' }] },
        },
      }),
    ['PST-G001 broken aws_route_table.private'],
  )
  check(
    'by another table',
    () =>
      adding({
        'aws_route_table_association.private': {
          values: { id: 'rtbassoc-1', subnet_id: 'subnet-1', route_table_id: 'rtb-2' },
        },
      }),
    ['PST-G001 broken aws_route_table_association.private'],
  )
  check(
    'a prefix list whose entries are most of the internet',
    () =>
      adding({
        'aws_ec2_managed_prefix_list.all': {
          values: {
            id: 'pl-1',
            address_family: 'IPv4',
            max_entries: 2,
            entry: [{ cidr: '0.0.0.0/1' }, { cidr: '128.0.0.0/1' }],
          },
        },
        'aws_route.out': {
          values: { id: 'r-1', route_table_id: 'rtb-1', destination_prefix_list_id: 'pl-1', gateway_id: 'igw-1' },
        },
      }),
    ['PST-G001 broken aws_route.out'],
  )
  check(
    'a prefix list that was not read cannot be decided',
    () =>
      adding({
        'aws_route.out': {
          values: { id: 'r-1', route_table_id: 'rtb-1', destination_prefix_list_id: 'pl-9', gateway_id: 'igw-1' },
        },
      }),
    ['PST-G001 unresolved aws_route.out'],
  )
  test('removing the routes to the approved NAT gateway uncovers the default to the internet', () => {
    const held: Resources = {
      ...NETWORK,
      'aws_route.out': route('rtb-1', '0.0.0.0/0', TO_INTERNET),
      'aws_route.a': route('rtb-1', '0.0.0.0/1', TO_NAT),
      'aws_route.b': route('rtb-1', '128.0.0.0/1', TO_NAT),
    }
    const result = judged({ ...APPROVED, 'plan.json': planOf(held, without(held, 'aws_route.a', 'aws_route.b')) })
    assert.deepEqual(faultsOf(result), [
      'PST-G001 broken aws_route.a',
      'PST-G001 broken aws_route.b',
      'PST-G002 broken aws_route.a',
      'PST-G002 broken aws_route.b',
    ])
  })
  test('what stood before and stays is no matter of the plan', () => {
    const open = { ...NETWORK, 'aws_route.out': route('rtb-1', '0.0.0.0/0', TO_INTERNET) }
    const result = judged({
      'plan.json': planOf(open, { ...open, 'aws_route.more': route('rtb-1', '10.9.0.0/16', TO_NAT) }),
    })
    assert.deepEqual(faultsOf(result), [])
    assert.deepEqual(
      result.guardrails.map(({ id, verdict, address }) => [id, verdict, address]),
      [['PST-G001', 'kept', 'aws_route.more']],
    )
  })
})

describe('PST-G002: default routes lead to approved exits only', () => {
  check(
    'to another NAT gateway than the approved one',
    () => adding({ 'aws_route.out': route('rtb-1', '0.0.0.0/0', TO_NAT) }, { 'exits.yaml': approved('nat-hub') }),
    ['PST-G001 broken aws_route.out', 'PST-G002 broken aws_route.out'],
  )
  test('without an approved exit it judges nothing', () => {
    const { guardrails } = adding({ 'aws_route.out': route('rtb-1', '0.0.0.0/0', TO_NAT) })
    assert.equal(
      guardrails.some(({ id }) => id === 'PST-G002'),
      false,
    )
  })
  check(
    'the approved one, made anew by the plan, and approved by its address',
    () =>
      judged({
        'exits.yaml': approved('aws_nat_gateway.one'),
        'plan.json': planOf(
          { ...NETWORK, 'aws_route.out': route('rtb-1', '0.0.0.0/0', TO_NAT) },
          {
            ...NETWORK,
            'aws_nat_gateway.one': {
              values: { subnet_id: 'subnet-2', connectivity_type: 'public' },
              unknown: ['id', 'public_ip', 'private_ip'],
              replaced: true,
            },
            'aws_route.out': {
              values: { id: 'r-rtb-1-0.0.0.0/0', route_table_id: 'rtb-1', destination_cidr_block: '0.0.0.0/0' },
              unknown: ['nat_gateway_id'],
              refs: { nat_gateway_id: ['aws_nat_gateway.one.id', 'aws_nat_gateway.one'] },
            },
          },
        ),
      }),
    [],
  )
})

const machine = (values: Has['values'], unknown: readonly string[] = []): Resources => ({
  'aws_instance.a': { values: { subnet_id: 'subnet-1', ...values }, unknown: ['id', 'private_ip', ...unknown] },
})
const PUBLIC = 'associate_public_ip_address'
const subnet = (name: 'private' | 'public', more: Has['values']): Has => ({
  values: { ...NETWORK[`aws_subnet.${name}`]?.values, ...more },
})

describe('PST-G003: no public addresses on machines, nor on subnets of machines', () => {
  check('on a machine', () => adding(machine({ [PUBLIC]: true })), ['PST-G003 broken aws_instance.a'])
  check('refused on a machine', () => adding(machine({ [PUBLIC]: false })), [])
  check('not written, in a subnet that gives none', () => adding(machine({}, [PUBLIC])), [])
  check(
    'not written, in a subnet that gives them',
    () =>
      judged({
        'plan.json': planOf(
          { ...NETWORK, 'aws_subnet.private': subnet('private', { map_public_ip_on_launch: true }) },
          {
            ...NETWORK,
            'aws_subnet.private': subnet('private', { map_public_ip_on_launch: true }),
            ...machine({}, [PUBLIC]),
          },
        ),
      }),
    ['PST-G003 broken aws_instance.a'],
  )
  check(
    'not written, in a subnet of which nothing is told',
    () => adding(machine({ subnet_id: 'subnet-9' }, [PUBLIC])),
    ['PST-G003 unresolved aws_instance.a'],
  )
  check('from a subnet', () => adding({ 'aws_subnet.private': subnet('private', { map_public_ip_on_launch: true }) }), [
    'PST-G003 broken aws_subnet.private',
  ])
  check(
    'from the subnet that holds the NAT gateway alone',
    () => adding({ 'aws_subnet.public': subnet('public', { map_public_ip_on_launch: true }) }),
    [],
  )
  check(
    'an elastic address on a machine',
    () =>
      adding({
        ...machine({ [PUBLIC]: false }),
        'aws_eip.a': {
          values: { domain: 'vpc' },
          unknown: ['id', 'instance', 'network_interface', 'public_ip'],
          refs: { instance: ['aws_instance.a.id', 'aws_instance.a'] },
        },
      }),
    ['PST-G003 broken aws_eip.a'],
  )
  check(
    'an elastic address that nobody put on a machine',
    () =>
      adding({
        'aws_eip.nat': { values: { domain: 'vpc' }, unknown: ['id', 'instance', 'network_interface', 'public_ip'] },
      }),
    [],
  )
  check(
    'by a launch template',
    () =>
      adding({ 'aws_launch_template.a': { values: { network_interfaces: [{ [PUBLIC]: 'true' }] }, unknown: ['id'] } }),
    ['PST-G003 broken aws_launch_template.a'],
  )
  check(
    'refused by a launch template',
    () =>
      adding({ 'aws_launch_template.a': { values: { network_interfaces: [{ [PUBLIC]: 'false' }] }, unknown: ['id'] } }),
    [],
  )
})

const TWO: Resources = { ...NETWORK, 'aws_vpc.two': { values: { id: 'vpc-2', cidr_block: '10.1.0.0/16' } } }
const peering = (beside: Beside): PlanResult =>
  judged({
    ...beside,
    'plan.json': planOf(TWO, {
      ...TWO,
      'aws_vpc_peering_connection.x': {
        values: { vpc_id: 'vpc-1', peer_vpc_id: 'vpc-2' },
        unknown: ['id', 'accept_status'],
      },
    }),
  })
const APART = { 'environments.yaml': `${environment('prod', 'vpc-1')}---\n${environment('dev', 'vpc-2')}` }
const TOGETHER = { 'environments.yaml': environment('prod', 'vpc-1', 'vpc-2') }

const HUB: Resources = {
  ...TWO,
  'aws_subnet.two': { values: { id: 'subnet-3', vpc_id: 'vpc-2', cidr_block: '10.1.1.0/24' } },
  'aws_ec2_transit_gateway.t': {
    values: { id: 'tgw-1', default_route_table_association: 'disable', default_route_table_propagation: 'disable' },
  },
  'aws_ec2_transit_gateway_route_table.t': { values: { id: 'tgw-rtb-1', transit_gateway_id: 'tgw-1' } },
  'aws_ec2_transit_gateway_vpc_attachment.a': {
    values: { id: 'tgw-attach-1', transit_gateway_id: 'tgw-1', vpc_id: 'vpc-1', subnet_ids: ['subnet-1'] },
  },
  'aws_ec2_transit_gateway_vpc_attachment.b': {
    values: { id: 'tgw-attach-2', transit_gateway_id: 'tgw-1', vpc_id: 'vpc-2', subnet_ids: ['subnet-3'] },
  },
  'aws_ec2_transit_gateway_route_table_association.a': {
    values: { id: 'a-1', transit_gateway_attachment_id: 'tgw-attach-1', transit_gateway_route_table_id: 'tgw-rtb-1' },
  },
}
const PROPAGATION = 'aws_ec2_transit_gateway_route_table_propagation.b'
const propagating = (beside: Beside): PlanResult =>
  judged({
    ...beside,
    'plan.json': planOf(HUB, {
      ...HUB,
      [PROPAGATION]: {
        values: { transit_gateway_attachment_id: 'tgw-attach-2', transit_gateway_route_table_id: 'tgw-rtb-1' },
        unknown: ['id'],
      },
    }),
  })

describe('PST-G004: nothing new between networks of different environments', () => {
  check('a peering between two', () => peering(APART), ['PST-G004 broken aws_vpc_peering_connection.x'])
  check('a peering inside one', () => peering(TOGETHER), [])
  check('a peering of which no environment tells', () => peering({}), [
    'PST-G004 unresolved aws_vpc_peering_connection.x',
  ])
  check('a propagation between two', () => propagating(APART), [`PST-G004 broken ${PROPAGATION}`])
  check('a propagation inside one', () => propagating(TOGETHER), [])
  check('a propagation of which no environment tells', () => propagating({}), [`PST-G004 unresolved ${PROPAGATION}`])
})

const balancer = (values: Has['values'], unknown: readonly string[] = [], beside: Beside = {}): PlanResult =>
  adding({ 'aws_lb.a': { values: { subnets: ['subnet-2'], ...values }, unknown: ['id', 'arn', ...unknown] } }, beside)

describe('PST-G005: no public load balancer without approval', () => {
  check('facing the internet', () => balancer({ internal: false }), ['PST-G005 broken aws_lb.a'])
  check('where nothing is written it does', () => balancer({}, ['internal']), ['PST-G005 broken aws_lb.a'])
  check('inside', () => balancer({ internal: true }), [])
  check(
    'one that passes packets to appliances has no public side',
    () => balancer({ load_balancer_type: 'gateway' }),
    [],
  )
  test('approved by an exception until it expires', () => {
    const exception = `apiVersion: postern.dev/v1alpha1
kind: Exception
metadata: { name: shop }
spec: { findings: [PST-G005], objects: ["aws_lb.a"], owner: web, justification: the shop, expires: "2027-01-01" }
`
    const at = (now: string) =>
      judged(
        {
          'exception.yaml': exception,
          'plan.json': planOf(NETWORK, {
            ...NETWORK,
            'aws_lb.a': { values: { subnets: ['subnet-2'], internal: false }, unknown: ['id'] },
          }),
        },
        { now },
      ).guardrails.map(({ verdict, state }) => [verdict, state])
    assert.deepEqual(at('2026-11-20'), [['broken', 'accepted']])
    assert.deepEqual(at('2027-01-02'), [['broken', 'open']])
  })
})
