import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import type { AwsReading } from '../aws/fabric.ts'
import { afterOf, made, madeVpc, type Planned, planOf, refs, stateOf, there } from './testing/plan-of.ts'

const VPC = { vpc_id: refs('aws_vpc.v.id', 'aws_vpc.v') }
const base: Readonly<Record<string, Planned>> = {
  'aws_vpc.v': madeVpc({ cidr_block: '10.0.0.0/16' }),
  'aws_subnet.a': made({ cidr_block: '10.0.0.0/24' }, { vpc_id: true }),
  'aws_subnet.b': made({ cidr_block: '10.0.1.0/24' }, { vpc_id: true }),
}
const written = { 'aws_subnet.a': VPC, 'aws_subnet.b': VPC }
const entry = (rule_no: number, action: string, cidr_block = '0.0.0.0/0'): JsonObject => ({
  rule_no,
  action,
  cidr_block,
  protocol: '-1',
  from_port: 0,
  to_port: 0,
})

/** The list of each subnet, and how many of its entries allow, out and in. */
const listsOf = ({ fabric }: AwsReading): Readonly<Record<string, string>> =>
  Object.fromEntries(
    fabric.subnets.map(({ id, filters }) => {
      const list = fabric.filters.find(one => one.id === filters?.[0])
      const allows = (direction: 'egress' | 'ingress'): number =>
        list?.[direction].filter(({ action }) => action === 'allow').length ?? 0
      const open = (list?.doubts.length ?? 0) > 0 ? ' open' : ''
      const shown = filters === null ? 'unread' : `${filters.join()} ${allows('egress')} ${allows('ingress')}${open}`
      return [id.replace('aws:subnet/', ''), shown.replace('aws:network-acl/', '')]
    }),
  )

test('a network that is made has a list that lets everything pass', () => {
  const list = 'aws_vpc.v.default_network_acl_id 1 1'
  const plan = planOf(base, { resources: written })
  assert.deepEqual(listsOf(afterOf(plan)), { 'aws_subnet.a': list, 'aws_subnet.b': list })
})

test('with IPv6, where the network has it', () => {
  const vpc = madeVpc({ assign_generated_ipv6_cidr_block: true, cidr_block: '10.0.0.0/16' })
  const plan = planOf({ ...base, 'aws_vpc.v': vpc }, { resources: written })
  assert.equal(listsOf(afterOf(plan))['aws_subnet.a'], 'aws_vpc.v.default_network_acl_id 2 2')
})

describe('lists that are managed', () => {
  test('take their subnets from the default one', () => {
    const acl = made({ egress: [entry(100, 'allow')], ingress: [] }, { vpc_id: true, subnet_ids: true })
    const expressions = { ...VPC, subnet_ids: refs('aws_subnet.a.id', 'aws_subnet.a') }
    const plan = planOf(
      { ...base, 'aws_network_acl.n': acl },
      { resources: { ...written, 'aws_network_acl.n': expressions } },
    )
    assert.deepEqual(listsOf(afterOf(plan)), {
      'aws_subnet.a': 'aws_network_acl.n 1 0',
      'aws_subnet.b': 'aws_vpc.v.default_network_acl_id 1 1',
    })
  })
  test('a subnet that perhaps has one has none that is known', () => {
    const acl = made({ egress: [], ingress: [] }, { vpc_id: true, subnet_ids: true })
    const expressions = { ...VPC, subnet_ids: refs('local.subnets') }
    const plan = planOf(
      { ...base, 'aws_network_acl.n': acl },
      { resources: { ...written, 'aws_network_acl.n': expressions } },
    )
    assert.deepEqual(listsOf(afterOf(plan)), { 'aws_subnet.a': 'unread', 'aws_subnet.b': 'unread' })
  })
  test('rules and associations that are resources of their own', () => {
    const acl = { network_acl_id: refs('aws_network_acl.n.id', 'aws_network_acl.n') }
    const rule: JsonObject = {
      rule_number: 1,
      egress: true,
      rule_action: 'allow',
      protocol: 'tcp',
      cidr_block: '0.0.0.0/0',
      from_port: 443,
      to_port: 443,
    }
    const plan = planOf(
      {
        ...base,
        'aws_network_acl.n': made({}, { vpc_id: true, subnet_ids: true, egress: true, ingress: true }),
        'aws_network_acl_rule.r': made(rule, { network_acl_id: true }),
        'aws_network_acl_association.x': made({}, { network_acl_id: true, subnet_id: true }),
      },
      {
        resources: {
          ...written,
          'aws_network_acl.n': VPC,
          'aws_network_acl_rule.r': acl,
          'aws_network_acl_association.x': { ...acl, subnet_id: refs('aws_subnet.b.id', 'aws_subnet.b') },
        },
      },
    )
    assert.equal(listsOf(afterOf(plan))['aws_subnet.b'], 'aws_network_acl.n 1 0')
  })
  test('a default one that is adopted has what is written and no more', () => {
    const plan = planOf(
      { ...base, 'aws_default_network_acl.d': made({}, { default_network_acl_id: true }) },
      {
        resources: {
          ...written,
          'aws_default_network_acl.d': {
            default_network_acl_id: refs('aws_vpc.v.default_network_acl_id', 'aws_vpc.v'),
          },
        },
      },
    )
    assert.equal(listsOf(afterOf(plan))['aws_subnet.a'], 'aws_default_network_acl.d 0 0')
  })
})

test('of a network that was there and does not manage it the default list is not read', () => {
  const state = {
    'aws_vpc.v': there({ id: 'vpc-1', default_network_acl_id: 'acl-1' }),
    'aws_subnet.a': there({ id: 'subnet-1', vpc_id: 'vpc-1', cidr_block: '10.0.0.0/24' }),
  }
  assert.deepEqual(listsOf(afterOf(stateOf(state))), { 'subnet-1': 'unread' })
  const acl = there({
    id: 'acl-1',
    default_network_acl_id: 'acl-1',
    subnet_ids: ['subnet-1'],
    egress: [entry(100, 'allow')],
  })
  const managed = { ...state, 'aws_default_network_acl.d': acl }
  assert.deepEqual(listsOf(afterOf(stateOf(managed))), { 'subnet-1': 'acl-1 1 0' })
})

test('an entry that the plan takes away is gone from the list that mirrors it', () => {
  const acl = there({
    id: 'acl-1',
    vpc_id: 'vpc-1',
    subnet_ids: ['subnet-1'],
    egress: [entry(1, 'allow'), entry(2, 'allow')],
    ingress: [],
  })
  const subnet = there({ id: 'subnet-1', vpc_id: 'vpc-1', cidr_block: '10.0.0.0/24' })
  const rule = there({ network_acl_id: 'acl-1', rule_number: 2, egress: true })
  const all = { 'aws_network_acl.n': acl, 'aws_subnet.a': subnet }
  const plan = planOf(all, {}, { ...all, 'aws_network_acl_rule.r': rule })
  assert.deepEqual(listsOf(afterOf(plan)), { 'subnet-1': 'acl-1 1 0' })
})
