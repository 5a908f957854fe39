import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import { printCidr } from '../../sets/cidr.ts'
import { readingOf, whysOf } from './testing/reading-of.ts'

/** A table of one route beside other documents; each route that it becomes as `destination by kind id`. */
const routesOf = (route: JsonObject, ...others: readonly JsonObject[]) => {
  const reading = readingOf({ RouteTables: [{ RouteTableId: 'rtb-1', VpcId: 'vpc-1', Routes: [route] }] }, ...others)
  const shown = (reading.fabric.tables[0]?.routes ?? []).map(({ destination, by, next }) =>
    [destination === null ? '?' : printCidr(destination), by, next.kind, ...('id' in next ? [next.id] : [])].join(' '),
  )
  return { shown, whys: whysOf(reading) }
}
const check = (route: JsonObject, expected: string, ...others: readonly JsonObject[]): void =>
  assert.deepEqual(routesOf(route, ...others).shown, expected === '' ? [] : expected.split('\n'))

const ALL = { DestinationCidrBlock: '0.0.0.0/0', Origin: 'CreateRoute', State: 'active' }

describe('targets', () => {
  test('by the prefix of the id, whatever field holds it', () => {
    check({ ...ALL, GatewayId: 'igw-1' }, '0.0.0.0/0 static gateway aws:internet-gateway/igw-1')
    check({ ...ALL, GatewayId: 'vgw-1' }, '0.0.0.0/0 static gateway aws:vpn-gateway/vgw-1')
    check({ ...ALL, GatewayId: 'nat-1' }, '0.0.0.0/0 static gateway aws:nat-gateway/nat-1')
    check({ ...ALL, GatewayId: 'vpce-1' }, '0.0.0.0/0 static gateway aws:vpc-endpoint/vpce-1')
    check({ ...ALL, NatGatewayId: 'nat-1' }, '0.0.0.0/0 static gateway aws:nat-gateway/nat-1')
    check({ ...ALL, TransitGatewayId: 'tgw-1' }, '0.0.0.0/0 static gateway aws:transit-gateway/tgw-1')
    check({ ...ALL, VpcPeeringConnectionId: 'pcx-1' }, '0.0.0.0/0 static peering aws:vpc-peering-connection/pcx-1')
    check(
      { ...ALL, NetworkInterfaceId: 'eni-1', InstanceId: 'i-1' },
      '0.0.0.0/0 static interface aws:network-interface/eni-1',
    )
  })
  test('IPv6 has destinations of its own', () => {
    check(
      {
        DestinationIpv6CidrBlock: '::/0',
        EgressOnlyInternetGatewayId: 'eigw-1',
        Origin: 'CreateRoute',
        State: 'active',
      },
      '::/0 static gateway aws:egress-only-internet-gateway/eigw-1',
    )
  })
  test('an instance stands for its only interface', () => {
    const route = { ...ALL, InstanceId: 'i-1' }
    const eni = (id: string) => ({
      NetworkInterfaceId: id,
      SubnetId: 'subnet-1',
      Groups: [],
      SourceDestCheck: false,
      Attachment: { InstanceId: 'i-1' },
    })
    check(route, '0.0.0.0/0 static unknown aws:instance/i-1')
    check(route, '0.0.0.0/0 static interface aws:network-interface/eni-1', { NetworkInterfaces: [eni('eni-1')] })
    check(route, '0.0.0.0/0 static unknown aws:instance/i-1', { NetworkInterfaces: [eni('eni-1'), eni('eni-2')] })
  })
  test('a black hole is still there, and a target that is not evaluated is unknown', () => {
    check({ ...ALL, State: 'blackhole', NatGatewayId: 'nat-1' }, '0.0.0.0/0 static nowhere aws:nat-gateway/nat-1')
    check({ ...ALL, State: 'filtered', NatGatewayId: 'nat-1' }, '0.0.0.0/0 static unknown aws:nat-gateway/nat-1')
    const { shown, whys } = routesOf({ ...ALL, CarrierGatewayId: 'cagw-1' })
    assert.deepEqual(shown, ['0.0.0.0/0 static unknown aws:route-target/cagw-1'])
    assert.deepEqual(whys, ['a route to `cagw-1` is not evaluated'])
    check(ALL, '0.0.0.0/0 static unknown ')
  })
})

describe('origins', () => {
  test('local, propagated, and one that nobody knows', () => {
    const ten = { DestinationCidrBlock: '10.0.0.0/16', State: 'active' }
    check({ ...ten, GatewayId: 'local', Origin: 'CreateRouteTable' }, '10.0.0.0/16 local network')
    check(
      { ...ten, GatewayId: 'vgw-1', Origin: 'EnableVgwRoutePropagation' },
      '10.0.0.0/16 propagated gateway aws:vpn-gateway/vgw-1',
    )
    check({ ...ten, GatewayId: 'local', Origin: 'CreateRoute' }, '10.0.0.0/16 static network')
    check({ ...ten, GatewayId: 'vgw-1', Origin: 'Dream' }, '10.0.0.0/16 static unknown aws:vpn-gateway/vgw-1')
  })
})

describe('prefix lists', () => {
  const route = { DestinationPrefixListId: 'pl-1', GatewayId: 'vpce-1', Origin: 'CreateRoute', State: 'active' }
  const to = 'gateway aws:vpc-endpoint/vpce-1'
  test('not read: what the route is for is unknown', () => {
    check(route, `? prefix-list ${to}`)
    check(route, `? prefix-list ${to}`, { ManagedPrefixLists: [{ PrefixListId: 'pl-1', MaxEntries: 5 }] })
    assert.deepEqual(routesOf(route).whys, ['prefix list `pl-1` was not read'])
  })
  test('read: a route for each entry', () => {
    const expected = `52.216.0.0/15 prefix-list ${to}\n54.231.0.0/16 prefix-list ${to}`
    check(route, expected, { PrefixLists: [{ PrefixListId: 'pl-1', Cidrs: ['52.216.0.0/15', '54.231.0.0/16'] }] })
    check(route, expected, {
      PrefixListId: 'pl-1',
      Entries: [{ Cidr: '52.216.0.0/15' }, { Cidr: '54.231.0.0/16' }],
    })
    check(route, '', { PrefixListId: 'pl-1', Entries: [] })
  })
  test('read in part, or told in two ways', () => {
    const partly = { PrefixListId: 'pl-1', Entries: [{ Cidr: '52.216.0.0/15' }, { Cidr: '10.1/16' }] }
    check(route, `52.216.0.0/15 prefix-list ${to}\n? prefix-list ${to}`, partly)
    check(route, `? prefix-list ${to}`, partly, { PrefixListId: 'pl-1', Entries: [] })
    check(route, `? prefix-list ${to}`, { PrefixListId: 'pl-1', Entries: [], NextToken: 'x' })
  })
})

test('what cannot be read stays as a route for who knows what', () => {
  check({ ...ALL, DestinationCidrBlock: '10.0.0.0', GatewayId: 'igw-1' }, '? static gateway aws:internet-gateway/igw-1')
  const { fabric } = readingOf({ RouteTables: [{ RouteTableId: 'rtb-1' }] })
  assert.deepEqual(
    fabric.tables[0]?.routes.map(({ destination, next }) => [destination, next.kind]),
    [[null, 'unknown']],
  )
})

test('two documents that differ leave a table open; ones that agree are one', () => {
  const table = (target: string): JsonObject => ({
    RouteTables: [{ RouteTableId: 'rtb-1', VpcId: 'vpc-1', Routes: [{ ...ALL, GatewayId: target }] }],
  })
  assert.equal(readingOf(table('igw-1'), table('igw-1')).fabric.tables[0]?.routes.length, 1)
  const reading = readingOf(table('igw-1'), table('igw-2'))
  assert.equal(reading.fabric.tables[0]?.routes[1]?.next.kind, 'unknown')
  assert.deepEqual(reading.counts, { understood: 0, ignorable: 0, partly: 1, notImplemented: 0, unrecognised: 0 })
})
