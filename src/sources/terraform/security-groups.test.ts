import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import { printAddresses } from '../../sets/address-text.ts'
import type { AwsReading } from '../aws/fabric.ts'
import { afterOf, made, madeVpc, type Planned, planOf, refs, stateOf, there } from './testing/plan-of.ts'

type Rules = readonly string[] | 'open'

/** Whom the rules of a group are about, each direction by itself. */
const rulesOf = ({ fabric }: AwsReading, id: string): readonly [egress: Rules, ingress: Rules] => {
  const filter = fabric.filters.find(one => one.id === `aws:security-group/${id}`)
  assert.ok(filter !== undefined, id)
  const open = (direction: string): boolean => filter.doubts.some(({ why }) => why.includes(direction))
  const shown = (direction: 'egress' | 'ingress'): Rules =>
    open(direction)
      ? 'open'
      : filter[direction].map(({ peers }) =>
          peers.kind === 'addresses'
            ? printAddresses(peers.addresses).join()
            : peers.kind === 'members'
              ? peers.filter.replace('aws:security-group/', '')
              : 'unknown',
        )
  return [shown('egress'), shown('ingress')]
}

const ANY = '0.0.0.0-255.255.255.255'
const all = (more: JsonObject): JsonObject => ({ protocol: '-1', from_port: 0, to_port: 0, ...more })
const GROUP = made({ vpc_id: 'vpc-1' }, { egress: true, ingress: true })

describe('a group that is made', () => {
  test('lets nothing out unless a rule says so', () => {
    assert.deepEqual(rulesOf(afterOf(planOf({ 'aws_security_group.g': GROUP })), 'aws_security_group.g'), [[], []])
  })
  test('with rules that are resources of their own', () => {
    const group = { security_group_id: refs('aws_security_group.g.id', 'aws_security_group.g') }
    const open = { security_group_id: true, source_security_group_id: true }
    const reading = afterOf(
      planOf(
        {
          'aws_security_group.g': GROUP,
          'aws_security_group.h': GROUP,
          'aws_security_group_rule.a': made(all({ type: 'egress', cidr_blocks: ['0.0.0.0/0'] }), open),
          'aws_security_group_rule.b': made(all({ type: 'ingress', self: true }), open),
          'aws_security_group_rule.c': made(all({ type: 'ingress' }), open),
          'aws_vpc_security_group_egress_rule.d': made({ cidr_ipv4: '192.0.2.0/24', ip_protocol: '-1' }, open),
          'aws_vpc_security_group_ingress_rule.e': made({ prefix_list_id: 'pl-1', ip_protocol: '-1' }, open),
        },
        {
          resources: {
            'aws_security_group_rule.a': group,
            'aws_security_group_rule.b': group,
            'aws_security_group_rule.c': {
              ...group,
              source_security_group_id: refs('aws_security_group.h.id', 'aws_security_group.h'),
            },
            'aws_vpc_security_group_egress_rule.d': group,
            'aws_vpc_security_group_ingress_rule.e': group,
          },
        },
      ),
    )
    assert.deepEqual(rulesOf(reading, 'aws_security_group.g'), [
      [ANY, '192.0.2.0-192.0.2.255'],
      ['aws_security_group.g', 'aws_security_group.h', 'unknown'],
    ])
  })
  test('with rules inside it, and what of them is not known', () => {
    const rule = all({ cidr_blocks: ['192.0.2.0/24'], security_groups: [], self: false })
    const reading = afterOf(
      planOf(
        {
          'aws_security_group.g': made(
            { egress: [rule, all({ self: true })] },
            { egress: [{ cidr_blocks: [true] }, { security_groups: true }], ingress: true },
          ),
          'aws_security_group.h': GROUP,
        },
        {
          resources: {
            'aws_security_group.g': { egress: refs('aws_security_group.h.id', 'aws_security_group.h') },
          },
        },
      ),
    )
    assert.deepEqual(rulesOf(reading, 'aws_security_group.g'), [
      ['unknown', 'aws_security_group.h', 'aws_security_group.g'],
      [],
    ])
  })
  test('of which a whole direction depends on what is not known', () => {
    const written = { resources: { 'aws_security_group.g': { egress: refs('aws_vpc.v.cidr_block', 'aws_vpc.v') } } }
    const plan = planOf({ 'aws_security_group.g': GROUP }, written)
    assert.deepEqual(rulesOf(afterOf(plan), 'aws_security_group.g'), ['open', []])
  })
})

describe('the default group', () => {
  const vpc = madeVpc({ cidr_block: '10.0.0.0/16' })
  test('of a network that is made lets everything out and its members in', () => {
    const id = 'aws_vpc.v.default_security_group_id'
    assert.deepEqual(rulesOf(afterOf(planOf({ 'aws_vpc.v': vpc })), id), [[ANY], [id]])
  })
  test('that is adopted has what is written and no more', () => {
    const reading = afterOf(
      planOf(
        { 'aws_vpc.v': vpc, 'aws_default_security_group.d': made({}, { vpc_id: true, egress: true, ingress: true }) },
        { resources: { 'aws_default_security_group.d': { vpc_id: refs('aws_vpc.v.id', 'aws_vpc.v') } } },
      ),
    )
    assert.deepEqual(rulesOf(reading, 'aws_default_security_group.d'), [[], []])
    assert.equal(reading.fabric.filters.filter(({ stateful }) => stateful).length, 1)
  })
  test('of a network that was there and does not manage it is not read', () => {
    const reading = afterOf(stateOf({ 'aws_vpc.v': there({ id: 'vpc-1', default_security_group_id: 'sg-1' }) }))
    assert.deepEqual(reading.fabric.filters, [])
  })
})

test('a rule of a group that is managed elsewhere leaves the group open', () => {
  const rule = made(all({ type: 'egress', security_group_id: 'sg-9', cidr_blocks: ['0.0.0.0/0'] }))
  assert.deepEqual(rulesOf(afterOf(planOf({ 'aws_security_group_rule.r': rule })), 'sg-9'), ['open', 'open'])
})

test('a rule that the plan takes away is gone from the group that mirrors it', () => {
  const wide = all({
    cidr_blocks: ['0.0.0.0/0'],
    ipv6_cidr_blocks: [],
    prefix_list_ids: [],
    security_groups: [],
    self: false,
  })
  const narrow = { ...wide, cidr_blocks: ['192.0.2.0/24'] }
  const group = there({ id: 'sg-1', vpc_id: 'vpc-1', egress: [wide, narrow], ingress: [] })
  const rule = (cidr: string): Planned =>
    there(all({ id: cidr, type: 'egress', security_group_id: 'sg-1', cidr_blocks: [cidr] }))
  const before = {
    'aws_security_group.g': group,
    'aws_security_group_rule.wide': rule('0.0.0.0/0'),
    'aws_security_group_rule.narrow': rule('192.0.2.0/24'),
  }
  const after = { 'aws_security_group.g': group, 'aws_security_group_rule.narrow': rule('192.0.2.0/24') }
  assert.deepEqual(rulesOf(afterOf(planOf(after, {}, before)), 'sg-1'), [['192.0.2.0-192.0.2.255'], []])
})
