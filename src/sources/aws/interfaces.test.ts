import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import { printAddress } from '../../sets/cidr.ts'
import { readingOf, whysOf } from './testing/reading-of.ts'

const ENI: JsonObject = {
  NetworkInterfaceId: 'eni-1',
  SubnetId: 'subnet-1',
  OwnerId: '111122223333',
  AvailabilityZone: 'eu-west-1a',
  Groups: [{ GroupId: 'sg-2' }, { GroupId: 'sg-1' }],
  PrivateIpAddresses: [
    { PrivateIpAddress: '10.0.1.5', Primary: true, Association: { PublicIp: '203.0.113.7' } },
    { PrivateIpAddress: '10.0.1.6', Primary: false },
  ],
  Ipv6Addresses: [{ Ipv6Address: '2001:db8::5' }],
  SourceDestCheck: true,
  Attachment: { InstanceId: 'i-1' },
  TagSet: [{ Key: 'Name', Value: 'front' }],
}
const { AvailabilityZone: _zone, TagSet: _tags, ...INSIDE } = ENI
const INSTANCE: JsonObject = {
  Reservations: [
    {
      OwnerId: '111122223333',
      Instances: [{ InstanceId: 'i-1', NetworkInterfaces: [{ ...INSIDE, Attachment: { AttachmentId: 'a' } }] }],
    },
  ],
}
const shown = (...bodies: readonly JsonObject[]) =>
  readingOf(...bodies).fabric.interfaces.map(one => ({
    id: one.id,
    of: one.of,
    addresses: one.addresses.map(printAddress),
    publicAddresses: one.publicAddresses.map(pair => `${printAddress(pair.of)} ${printAddress(pair.seenAs)}`),
    filters: one.filters,
    forwards: one.forwards,
  }))
const EXPECTED = {
  id: 'aws:network-interface/eni-1',
  of: 'aws:instance/i-1',
  addresses: ['10.0.1.5', '10.0.1.6', '2001:db8::5'],
  publicAddresses: ['10.0.1.5 203.0.113.7'],
  filters: ['aws:security-group/sg-1', 'aws:security-group/sg-2'],
  forwards: false,
}

test('an interface, by itself or inside its instance, is one', () => {
  assert.deepEqual(shown({ NetworkInterfaces: [ENI] }), [EXPECTED])
  assert.deepEqual(shown(INSTANCE), [EXPECTED])
  const both = readingOf(INSTANCE, { NetworkInterfaces: [ENI] })
  assert.deepEqual([both.fabric.interfaces.length, both.notes], [1, []])
  assert.deepEqual([both.fabric.interfaces[0]?.name, both.fabric.interfaces[0]?.region], ['front', 'eu-west-1'])
  assert.equal(both.counts.understood, 2)
})

test('the two forms differ: the interface’s own counts, and it is told', () => {
  const reading = readingOf(INSTANCE, { NetworkInterfaces: [{ ...ENI, Groups: [] }] })
  assert.deepEqual([reading.fabric.interfaces[0]?.filters, reading.counts.partly], [[], 1])
})

test('elastic addresses belong to the interface that holds them', () => {
  const address = (more: JsonObject): JsonObject => ({
    Addresses: [{ AllocationId: 'eipalloc-1', PublicIp: '203.0.113.9', ...more }],
  })
  const held = address({ NetworkInterfaceId: 'eni-1', PrivateIpAddress: '10.0.1.6' })
  assert.deepEqual(shown({ NetworkInterfaces: [ENI] }, held)[0]?.publicAddresses, [
    '10.0.1.5 203.0.113.7',
    '10.0.1.6 203.0.113.9',
  ])
  assert.deepEqual(whysOf(readingOf(held)), ['the interface that holds it, `eni-1`, was not read'])
  assert.deepEqual(whysOf(readingOf(address({}))), [])
})

test('an appliance takes packets for others', () => {
  assert.equal(shown({ NetworkInterfaces: [{ ...ENI, SourceDestCheck: false }] })[0]?.forwards, true)
})

test('interfaces of gateways and endpoints', () => {
  const { Attachment: _, ...alone } = ENI
  const endpoint = { VpcEndpointId: 'vpce-1', VpcEndpointType: 'Interface', NetworkInterfaceIds: ['eni-1'] }
  assert.equal(shown({ NetworkInterfaces: [alone] })[0]?.of, null)
  assert.equal(shown({ NetworkInterfaces: [alone] }, { VpcEndpoints: [endpoint] })[0]?.of, 'aws:vpc-endpoint/vpce-1')
  const nat = { NatGatewayId: 'nat-1', NatGatewayAddresses: [{ NetworkInterfaceId: 'eni-1' }] }
  assert.equal(shown({ NetworkInterfaces: [alone] }, { NatGateways: [nat] })[0]?.of, 'aws:nat-gateway/nat-1')
})

test('delegated blocks: IPv4 address by address, IPv6 with a note', () => {
  const reading = readingOf({
    NetworkInterfaces: [
      {
        ...ENI,
        PrivateIpAddresses: [],
        Ipv6Addresses: [],
        Ipv4Prefixes: [{ Ipv4Prefix: '10.0.2.16/28' }],
        Ipv6Prefixes: [{ Ipv6Prefix: '2001:db8:0:1::/80' }],
      },
    ],
  })
  const addresses = reading.fabric.interfaces[0]?.addresses.map(printAddress)
  assert.deepEqual(
    [addresses?.length, addresses?.includes('10.0.2.16'), addresses?.includes('10.0.2.31')],
    [16, true, true],
  )
  assert.deepEqual(whysOf(reading), ['the delegated block `2001:db8:0:1::/80` is not among its addresses'])
})

test('groups that were not read are not none', () => {
  const { Groups: _, ...bare } = ENI
  assert.deepEqual(shown({ NetworkInterfaces: [bare] })[0]?.filters, ['aws:security-group/unread'])
})
