import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Gateway } from '../../model/fabric.ts'
import type { JsonObject } from '../../model/json.ts'
import { printAddress } from '../../sets/cidr.ts'
import { readingOf, whysOf } from './testing/reading-of.ts'

const gatewayOf = (body: JsonObject): Gateway | undefined => readingOf(body).fabric.gateways[0]
/** Kind, id, network, and what is special about it. */
const check = (body: JsonObject, expected: string | undefined): void => {
  const found = gatewayOf(body)
  const shown =
    found === undefined
      ? undefined
      : [
          found.kind,
          found.id,
          found.network ?? '-',
          ...(found.isUp ? [] : ['down']),
          ...(found.reachesInternet ? ['internet'] : []),
        ].join(' ')
  assert.equal(shown, expected)
}

test('internet gateways stand where they are attached', () => {
  const igw = (Attachments: JsonObject[]): JsonObject => ({
    InternetGateways: [{ InternetGatewayId: 'igw-1', Attachments }],
  })
  check(igw([{ State: 'available', VpcId: 'vpc-1' }]), 'internet aws:internet-gateway/igw-1 aws:vpc/vpc-1 internet')
  check(igw([]), 'internet aws:internet-gateway/igw-1 - internet')
  check({ InternetGateways: [{ InternetGatewayId: 'igw-1' }] }, undefined)
  check(
    {
      EgressOnlyInternetGateways: [
        { EgressOnlyInternetGatewayId: 'eigw-1', Attachments: [{ State: 'attached', VpcId: 'vpc-1' }] },
      ],
    },
    'egress-only aws:egress-only-internet-gateway/eigw-1 aws:vpc/vpc-1 internet',
  )
})

test('VPN gateways lead on-premises', () => {
  const vgw = (State: string, attachment: string): JsonObject => ({
    VpnGateways: [{ VpnGatewayId: 'vgw-1', State, VpcAttachments: [{ State: attachment, VpcId: 'vpc-1' }] }],
  })
  check(vgw('available', 'attached'), 'on-premises aws:vpn-gateway/vgw-1 aws:vpc/vpc-1')
  check(vgw('available', 'detached'), 'on-premises aws:vpn-gateway/vgw-1 -')
  check(vgw('deleted', 'detached'), 'on-premises aws:vpn-gateway/vgw-1 - down')
})

const NAT: JsonObject = {
  NatGatewayId: 'nat-1',
  VpcId: 'vpc-1',
  SubnetId: 'subnet-1',
  State: 'available',
  ConnectivityType: 'public',
  NatGatewayAddresses: [
    { PublicIp: '203.0.113.7', PrivateIp: '10.0.1.5', NetworkInterfaceId: 'eni-9', Status: 'succeeded' },
    { PublicIp: '203.0.113.8', PrivateIp: '10.0.1.6', Status: 'failed' },
  ],
}
const nat = (more: JsonObject): JsonObject => ({ NatGateways: [{ ...NAT, ...more }] })

test('NAT gateways, public, private, regional, down', () => {
  check(nat({}), 'nat aws:nat-gateway/nat-1 aws:vpc/vpc-1 internet')
  const found = gatewayOf(nat({}))
  assert.deepEqual(found?.publicAddresses.map(printAddress), ['203.0.113.7'])
  assert.deepEqual(found?.privateAddresses.map(printAddress), ['10.0.1.5'])
  assert.equal(found?.subnet, 'aws:subnet/subnet-1')
  check(nat({ ConnectivityType: 'private' }), 'nat aws:nat-gateway/nat-1 aws:vpc/vpc-1')
  check(nat({ State: 'deleted' }), 'nat aws:nat-gateway/nat-1 aws:vpc/vpc-1 down internet')
  const regional = nat({ SubnetId: null, AvailabilityMode: 'regional' })
  check(regional, 'nat aws:nat-gateway/nat-1 aws:vpc/vpc-1 internet')
  assert.equal(gatewayOf(regional)?.subnet, null)
  // Neither regional nor in a subnet: nobody knows which table it leaves by.
  check(nat({ SubnetId: null }), undefined)
})

test('endpoints: those that routes lead to', () => {
  const endpoint = (VpcEndpointType: string, State = 'available'): JsonObject => ({
    VpcEndpoints: [{ VpcEndpointId: 'vpce-1', VpcEndpointType, VpcId: 'vpc-1', State }],
  })
  check(endpoint('Gateway'), 'private-endpoint aws:vpc-endpoint/vpce-1 aws:vpc/vpc-1')
  check(endpoint('Gateway', 'Deleted'), 'private-endpoint aws:vpc-endpoint/vpce-1 aws:vpc/vpc-1 down')
  check(endpoint('GatewayLoadBalancer'), 'other aws:vpc-endpoint/vpce-1 aws:vpc/vpc-1 internet')
  check(endpoint('Interface'), undefined)
  assert.deepEqual(whysOf(readingOf(endpoint('Interface'))), [])
})

test('a transit gateway is a hub that belongs to no network alone', () => {
  check(
    { TransitGateways: [{ TransitGatewayId: 'tgw-1', State: 'available' }] },
    'hub aws:transit-gateway/tgw-1 - internet',
  )
})

test('a state that nobody knows is up, with a note', () => {
  const reading = readingOf(nat({ State: 'dreaming' }))
  assert.equal(reading.fabric.gateways[0]?.isUp, true)
  assert.deepEqual(whysOf(reading), ['its state `dreaming` is not known'])
})

test('peerings name both networks, whichever end they are read from', () => {
  const pcx = (Code: string): JsonObject => ({
    VpcPeeringConnections: [
      {
        VpcPeeringConnectionId: 'pcx-1',
        RequesterVpcInfo: { VpcId: 'vpc-2', OwnerId: '111122223333', Region: 'eu-west-1' },
        AccepterVpcInfo: { VpcId: 'vpc-1', OwnerId: '444455556666', Region: 'eu-west-1' },
        Status: { Code },
      },
    ],
  })
  const [active] = readingOf(pcx('active')).fabric.peerings
  assert.deepEqual(
    [active?.id, active?.networks, active?.isUp, active?.account, active?.region],
    ['aws:vpc-peering-connection/pcx-1', ['aws:vpc/vpc-1', 'aws:vpc/vpc-2'], true, null, 'eu-west-1'],
  )
  assert.equal(readingOf(pcx('pending-acceptance')).fabric.peerings[0]?.isUp, false)
})
