import assert from 'node:assert/strict'
import { test } from 'node:test'
import { can } from '../../src/app/can.ts'
import { loaded } from '../reach/estate.ts'

// A plan is a source like any other: the network is the one that it makes. One that is none is refused by name.

const vpc = {
  address: 'aws_vpc.one',
  mode: 'managed',
  type: 'aws_vpc',
  name: 'one',
  values: { id: 'vpc-1', cidr_block: '10.0.0.0/16' },
}
const subnet = {
  address: 'aws_subnet.one',
  mode: 'managed',
  type: 'aws_subnet',
  name: 'one',
  values: { id: 'subnet-1', vpc_id: 'vpc-1', cidr_block: '10.0.1.0/24' },
}
const gateway = {
  address: 'aws_internet_gateway.one',
  mode: 'managed',
  type: 'aws_internet_gateway',
  name: 'one',
  values: { id: 'igw-1', vpc_id: 'vpc-1' },
}
const table = (routes: readonly object[]) => ({
  address: 'aws_route_table.one',
  mode: 'managed',
  type: 'aws_route_table',
  name: 'one',
  values: { id: 'rtb-1', vpc_id: 'vpc-1', route: routes },
})
const association = {
  address: 'aws_route_table_association.one',
  mode: 'managed',
  type: 'aws_route_table_association',
  name: 'one',
  values: { id: 'rtbassoc-1', subnet_id: 'subnet-1', route_table_id: 'rtb-1' },
}
const DEFAULT = { cidr_block: '0.0.0.0/0', gateway_id: 'igw-1' }

const values = (routes: readonly object[]) => ({
  root_module: { resources: [vpc, subnet, gateway, table(routes), association] },
})
const plan = (more: object = {}) => ({
  format_version: '1.2',
  terraform_version: '1.13.0',
  planned_values: values([DEFAULT]),
  prior_state: { format_version: '1.0', values: values([]) },
  resource_changes: [
    {
      address: 'aws_route_table.one',
      mode: 'managed',
      type: 'aws_route_table',
      name: 'one',
      change: { actions: ['update'], before: table([]).values, after: table([DEFAULT]).values, after_unknown: {} },
    },
  ],
  ...more,
})

const ask = (document: object, to: string) =>
  can(loaded({ 'plan.json': JSON.stringify(document) }), 'aws:subnet/subnet-1', to, { profile: null, compat: null })

test('the network of a plan is the one that it makes', () => {
  const { verdict, exit } = ask(plan(), '203.0.113.9:443/tcp')
  assert.equal(verdict, 'unknown', 'which of the subnet’s interfaces has a public address is not asked')
  assert.equal(exit.id, 'aws:internet-gateway/igw-1')
  assert.deepEqual(loaded({ 'plan.json': JSON.stringify(plan()) }).estate.planned, [
    { address: 'aws_route_table.one', actions: ['update'], file: 'plan.json' },
  ])
})

test('a plan that failed, or is not whole, is refused by name, and nothing of it counts', () => {
  for (const [more, why] of [
    [{ errored: true }, /the plan failed/],
    [{ complete: false }, /the plan is not complete/],
    [{ deferred_changes: [{}] }, /puts changes off/],
    [{ format_version: '2.0' }, /format version/],
  ] as const) {
    const { estate } = loaded({ 'plan.json': JSON.stringify(plan(more)) })
    assert.deepEqual(
      estate.diagnostics.map(({ severity, file }) => [severity, file]),
      [['error', 'plan.json']],
    )
    assert.match(estate.diagnostics[0]?.message ?? '', why)
    assert.deepEqual([estate.fabric.networks.length, estate.planned.length], [0, 0])
  }
})
