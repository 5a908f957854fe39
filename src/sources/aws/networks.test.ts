import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import { printCidr } from '../../sets/cidr.ts'
import { readingOf, whysOf } from './testing/reading-of.ts'

const VPC: JsonObject = {
  VpcId: 'vpc-1',
  OwnerId: '111122223333',
  CidrBlock: '10.0.0.0/16',
  Tags: [{ Key: 'Name', Value: 'main' }],
  CidrBlockAssociationSet: [
    { CidrBlock: '10.0.0.0/16', CidrBlockState: { State: 'associated' } },
    { CidrBlock: '100.64.0.0/16', CidrBlockState: { State: 'disassociated' } },
    { CidrBlock: '10.1.0.0/16', CidrBlockState: { State: 'associated' } },
  ],
  Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: '2001:db8::/56', Ipv6CidrBlockState: { State: 'associated' } }],
}
const SUBNET: JsonObject = {
  SubnetId: 'subnet-1',
  VpcId: 'vpc-1',
  AvailabilityZone: 'us-west-2-lax-1a',
  CidrBlock: '10.0.1.0/24',
  Ipv6CidrBlockAssociationSet: [],
}
const table = (id: string, ...Associations: JsonObject[]): JsonObject => ({
  RouteTableId: id,
  VpcId: 'vpc-1',
  Routes: [],
  Associations,
})
const acl = (id: string, subnet: string): JsonObject => ({
  NetworkAclId: id,
  Entries: [],
  Associations: [{ NetworkAclId: id, SubnetId: subnet }],
})

test('a VPC has the blocks that are associated, of both families', () => {
  const [vpc] = readingOf({ Vpcs: [VPC] }).fabric.networks
  assert.deepEqual(vpc?.ranges.map(printCidr), ['10.0.0.0/16', '10.1.0.0/16', '2001:db8::/56'])
  assert.deepEqual([vpc?.id, vpc?.name, vpc?.account, vpc?.mainTable], ['aws:vpc/vpc-1', 'main', '111122223333', null])
})

test('the region is the beginning of the zone, also of a local one', () => {
  const [subnet] = readingOf({ Subnets: [SUBNET] }).fabric.subnets
  assert.deepEqual([subnet?.zone, subnet?.region], ['us-west-2-lax-1a', 'us-west-2'])
  assert.deepEqual(subnet?.ranges.map(printCidr), ['10.0.1.0/24'])
})

describe('which table and which ACL are a subnet’s', () => {
  const read = (...tables: JsonObject[]) => {
    const { fabric } = readingOf({ Vpcs: [VPC] }, { Subnets: [SUBNET] }, { RouteTables: tables })
    return [fabric.networks[0]?.mainTable, fabric.subnets[0]?.table]
  }
  test('none named: the main one of its VPC', () => {
    assert.deepEqual(read(table('rtb-1', { Main: true })), ['aws:route-table/rtb-1', null])
  })
  test('named', () => {
    assert.deepEqual(read(table('rtb-1', { Main: true }), table('rtb-2', { Main: false, SubnetId: 'subnet-1' })), [
      'aws:route-table/rtb-1',
      'aws:route-table/rtb-2',
    ])
  })
  test('an association with a gateway is no subnet’s, and one that is gone is none', () => {
    assert.deepEqual(read(table('rtb-2', { Main: false, GatewayId: 'igw-1' })), [null, null])
    assert.deepEqual(read(table('rtb-2', { SubnetId: 'subnet-1', AssociationState: { State: 'disassociated' } })), [
      null,
      null,
    ])
  })
  test('two tables named: a name that nothing has', () => {
    assert.deepEqual(read(table('rtb-2', { SubnetId: 'subnet-1' }), table('rtb-1', { SubnetId: 'subnet-1' })), [
      null,
      'aws:route-table/rtb-1 or aws:route-table/rtb-2',
    ])
  })
  test('tables that were cut: a subnet without one may have one that nobody read', () => {
    const tables = { RouteTables: [table('rtb-1', { Main: true })], NextToken: 'x' }
    const reading = readingOf({ Vpcs: [VPC] }, tables)
    assert.equal(reading.fabric.networks[0]?.mainTable, null)
    assert.deepEqual(
      reading.diagnostics.map(({ severity, file }) => [severity, file]),
      [['warning', '1.json']],
    )
  })
  test('the ACL that names it; none was read: null', () => {
    const filters = (...acls: JsonObject[]) =>
      readingOf({ Subnets: [SUBNET] }, { NetworkAcls: acls }).fabric.subnets[0]?.filters
    assert.equal(filters(acl('acl-1', 'subnet-2')), null)
    assert.deepEqual(filters(acl('acl-1', 'subnet-1')), ['aws:network-acl/acl-1'])
  })
})

test('what overrides routes is told', () => {
  const blocked = { ...SUBNET, BlockPublicAccessStates: { InternetGatewayBlockMode: 'block-bidirectional' } }
  assert.equal(whysOf(readingOf({ Subnets: [blocked] })).length, 1)
  assert.equal(
    whysOf(readingOf({ VpcBlockPublicAccessOptions: { InternetGatewayBlockMode: 'block-ingress' } })).length,
    1,
  )
})

test('a subnet of no VPC, and a range that cannot be read', () => {
  assert.deepEqual(readingOf({ Subnets: [{ SubnetId: 'subnet-1' }] }).fabric.subnets, [])
  const reading = readingOf({ Subnets: [{ ...SUBNET, CidrBlock: '10.0.1/24' }] })
  assert.deepEqual([reading.fabric.subnets[0]?.ranges, reading.counts.partly], [[], 1])
})
