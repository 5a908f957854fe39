import assert from 'node:assert/strict'
import { test } from 'node:test'
import { afterOf, made, planOf, refs, routesOf, stateOf, there } from './testing/plan-of.ts'

const TABLE = there({ id: 'rtb-1', vpc_id: 'vpc-1' })
const VPC = there({ id: 'vpc-1', cidr_block: '10.0.0.0/16' })
const S3 = { id: 'vpce-1', vpc_id: 'vpc-1', vpc_endpoint_type: 'Gateway', prefix_list_id: 'pl-1', state: 'available' }

test('a gateway endpoint is a route for its prefix list, whose blocks a state knows', () => {
  const endpoint = there({ ...S3, route_table_ids: ['rtb-1'], cidr_blocks: ['198.51.100.0/24'] })
  const reading = afterOf(stateOf({ 'aws_vpc.v': VPC, 'aws_route_table.t': TABLE, 'aws_vpc_endpoint.e': endpoint }))
  assert.deepEqual(routesOf(reading, 'rtb-1'), ['10.0.0.0/16 local', '198.51.100.0/24 vpc-endpoint/vpce-1'])
})

test('before it is made, nobody knows what it takes', () => {
  const reading = afterOf(
    planOf(
      {
        'aws_vpc.v': VPC,
        'aws_route_table.t': TABLE,
        'aws_vpc_endpoint.e': made(
          { vpc_id: 'vpc-1' },
          { prefix_list_id: true, route_table_ids: true, cidr_blocks: true },
        ),
        'aws_vpc_endpoint_route_table_association.x': made({ route_table_id: 'rtb-1' }, { vpc_endpoint_id: true }),
      },
      {
        resources: {
          'aws_vpc_endpoint.e': {},
          'aws_vpc_endpoint_route_table_association.x': {
            vpc_endpoint_id: refs('aws_vpc_endpoint.e.id', 'aws_vpc_endpoint.e'),
          },
        },
      },
    ),
  )
  assert.deepEqual(routesOf(reading, 'rtb-1'), ['10.0.0.0/16 local', '? vpc-endpoint/aws_vpc_endpoint.e'])
})

test('tables that are perhaps among those it names perhaps have its route', () => {
  const reading = afterOf(
    planOf(
      {
        'aws_vpc.v': VPC,
        'aws_route_table.t': made({ vpc_id: 'vpc-1' }),
        'aws_vpc_endpoint.e': made({ vpc_id: 'vpc-1' }, { prefix_list_id: true, route_table_ids: true }),
      },
      { resources: { 'aws_route_table.t': {}, 'aws_vpc_endpoint.e': { route_table_ids: refs('local.tables') } } },
    ),
  )
  assert.deepEqual(routesOf(reading, 'aws_route_table.t'), ['10.0.0.0/16 local', '? unknown'])
})

test('an interface endpoint is no target', () => {
  const endpoint = there({ ...S3, vpc_endpoint_type: 'Interface', route_table_ids: [] })
  assert.deepEqual(afterOf(stateOf({ 'aws_vpc_endpoint.e': endpoint })).fabric.gateways, [])
})
