import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import { printCidr } from '../../sets/cidr.ts'
import type { AwsReading } from '../aws/fabric.ts'
import { afterOf, made, madeVpc, type Planned, planOf, refs, stateOf, there } from './testing/plan-of.ts'

const short = (id: string): string => id.replace(/^aws:[\w-]+\//, '')

/** Each table with its routes; each attachment with its table. */
const shown = ({ fabric }: AwsReading): JsonObject => ({
  ...Object.fromEntries(
    fabric.hubTables.map(({ id, routes }) => [
      short(id),
      routes.map(({ destination, by, next }) =>
        [
          destination === null ? '?' : printCidr(destination),
          by,
          next.kind === 'attachments' ? next.ids.map(short).join() : next.kind,
        ].join(' '),
      ),
    ]),
  ),
  ...Object.fromEntries(
    fabric.attachments.map(({ id, table }) => [short(id), table.kind === 'table' ? short(table.id) : table.kind]),
  ),
})

const HUB = 'aws_ec2_transit_gateway.h'
const A = 'aws_ec2_transit_gateway_vpc_attachment.a'
const B = 'aws_ec2_transit_gateway_vpc_attachment.b'
const T = 'aws_ec2_transit_gateway_route_table.t'
const DEFAULT = `${HUB}.association_default_route_table_id`
const hub = (isOn: boolean): Planned => {
  const word = isOn ? 'enable' : 'disable'
  return made(
    { default_route_table_association: word, default_route_table_propagation: word },
    { association_default_route_table_id: true, propagation_default_route_table_id: true },
  )
}
const vpcs = {
  'aws_vpc.a': madeVpc({ cidr_block: '10.1.0.0/16' }),
  'aws_vpc.b': madeVpc({ cidr_block: '10.2.0.0/16' }),
}
const attachment = (values: JsonObject = {}): Planned =>
  made({ subnet_ids: ['subnet-1'], ...values }, { vpc_id: true, transit_gateway_id: true })
const attaches = (vpc: string): JsonObject => ({
  vpc_id: refs(`aws_vpc.${vpc}.id`, `aws_vpc.${vpc}`),
  transit_gateway_id: refs(`${HUB}.id`, HUB),
})
const written = { [A]: attaches('a'), [B]: attaches('b') }

describe('a transit gateway that is made', () => {
  test('with its default table: everything reaches everything', () => {
    const plan = planOf({ ...vpcs, [HUB]: hub(true), [A]: attachment(), [B]: attachment() }, { resources: written })
    assert.deepEqual(shown(afterOf(plan)), {
      [DEFAULT]: [`10.1.0.0/16 propagated ${A}`, `10.2.0.0/16 propagated ${B}`],
      [A]: DEFAULT,
      [B]: DEFAULT,
    })
  })
  test('an attachment that keeps away from it', () => {
    const away = attachment({
      transit_gateway_default_route_table_association: false,
      transit_gateway_default_route_table_propagation: false,
    })
    const plan = planOf({ ...vpcs, [HUB]: hub(true), [A]: away, [B]: attachment() }, { resources: written })
    assert.deepEqual(shown(afterOf(plan)), { [DEFAULT]: [`10.2.0.0/16 propagated ${B}`], [A]: 'none', [B]: DEFAULT })
  })
  test('with a table of its own: what is associated, propagated and static', () => {
    const table = { transit_gateway_route_table_id: refs(`${T}.id`, T) }
    const parts = { transit_gateway_route_table_id: true, transit_gateway_attachment_id: true }
    const of = (one: string): JsonObject => ({ ...table, transit_gateway_attachment_id: refs(`${one}.id`, one) })
    const plan = planOf(
      {
        ...vpcs,
        [HUB]: hub(false),
        [A]: attachment(),
        [B]: attachment(),
        [T]: made({}, { transit_gateway_id: true }),
        'aws_ec2_transit_gateway_route_table_association.x': made({}, parts),
        'aws_ec2_transit_gateway_route_table_propagation.y': made({}, parts),
        'aws_ec2_transit_gateway_route.r': made({ destination_cidr_block: '0.0.0.0/0' }, parts),
        'aws_ec2_transit_gateway_route.s': made({ destination_cidr_block: '10.0.0.0/8', blackhole: true }, parts),
      },
      {
        resources: {
          ...written,
          [T]: { transit_gateway_id: refs(`${HUB}.id`, HUB) },
          'aws_ec2_transit_gateway_route_table_association.x': of(A),
          'aws_ec2_transit_gateway_route_table_propagation.y': of(B),
          'aws_ec2_transit_gateway_route.r': of(A),
          'aws_ec2_transit_gateway_route.s': table,
        },
      },
    )
    assert.deepEqual(shown(afterOf(plan)), {
      [T]: [`10.2.0.0/16 propagated ${B}`, `0.0.0.0/0 static ${A}`, '10.0.0.0/8 static nowhere'],
      [A]: T,
      [B]: 'none',
    })
  })
  test('tunnels may bring routes that nobody read', () => {
    const plan = planOf(
      { ...vpcs, [HUB]: hub(true), [A]: attachment(), 'aws_vpn_connection.v': made() },
      { resources: written },
    )
    assert.deepEqual(shown(afterOf(plan))[DEFAULT], [`10.1.0.0/16 propagated ${A}`, '? static unknown'])
  })
})

test('a table that was there has routes that others put into it', () => {
  const table = there({ id: 'tgw-rtb-1', transit_gateway_id: 'tgw-1' })
  assert.deepEqual(shown(afterOf(stateOf({ [T]: table }))), { 'tgw-rtb-1': ['? static unknown'] })
})
