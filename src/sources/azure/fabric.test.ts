import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Json, JsonObject } from '../../model/json.ts'
import { supportPageBeside } from '../testing/support-page.ts'
import { azureFabric } from './fabric.ts'
import { isAzureOutput, WRAPPED } from './recognise.ts'
import { EVALUATED, NOT_EVALUATED, PARTS } from './schema.ts'
import {
  documentsOf,
  net,
  own,
  readingOf,
  reference,
  resource,
  SUBSCRIPTION,
  vnet,
  whysOf,
} from './testing/reading-of.ts'

describe('what is not evaluated is named', () => {
  test('by its type and its id', () => {
    const reading = readingOf(resource(net('virtualHubs/h'), { addressPrefix: '10.0.0.0/24' }))
    assert.deepEqual(reading.notes, [
      {
        state: 'notImplemented',
        object: own('virtual-hub/h'),
        file: '0.json',
        line: 1,
        why: '`microsoft.network/virtualhubs`: not evaluated',
      },
    ])
    assert.equal(reading.counts.notImplemented, 1)
  })
  test('what is no resource', () => {
    const reading = readingOf({ a: 1 })
    assert.deepEqual([reading.counts.unrecognised, reading.notes.length], [1, 1])
  })
  test('what was only listed says nothing, and differs from nothing', () => {
    const hub = vnet('hub', ['10.0.0.0/16'], {})
    const listed = {
      id: net('virtualNetworks/hub'),
      name: 'hub',
      type: 'Microsoft.Network/virtualNetworks',
      location: 'x',
    }
    const { counts, fabric } = readingOf(hub, listed)
    assert.deepEqual([counts.understood, counts.partly, counts.ignorable, fabric.networks.length], [1, 0, 1, 1])
  })
  test('a rule or a route of its own output counts with what it is a part of', () => {
    const rule = resource(net('networkSecurityGroups/s/securityRules/r'), { priority: 100 })
    const group = resource(net('networkSecurityGroups/s'), { securityRules: [] })
    assert.equal(readingOf(rule).counts.notImplemented, 1)
    assert.deepEqual([readingOf(rule, group).counts.understood, readingOf(rule, group).notes], [2, []])
  })
})

test('lists that the API prints, and outputs that are wrapped, are read', () => {
  const { fabric, counts } = readingOf({
    value: [vnet('a', ['10.0.0.0/16'], {}), vnet('b', ['10.1.0.0/16'], {})],
    nextLink: null,
  })
  assert.deepEqual([fabric.networks.map(({ id }) => id), counts.understood], [[own('vnet/a'), own('vnet/b')], 2])
  assert.deepEqual(fabric.networks[1]?.at, ['value', 1])
})

test('documents that differ leave open what they differ in', () => {
  const nat = (address: string): JsonObject =>
    resource(net('natGateways/out'), { publicIpAddresses: [reference(net(`publicIPAddresses/${address}`))] })
  const ip = (name: string, ipAddress: string): JsonObject => resource(net(`publicIPAddresses/${name}`), { ipAddress })
  const reading = readingOf(nat('p'), nat('q'), ip('p', '203.0.113.1'), ip('q', '203.0.113.2'))
  assert.deepEqual([reading.fabric.gateways, reading.counts.partly], [[], 1])
})

// Source: Azure REST API Reference, FlowLog.
test('flow logs by what they watch; none read: not known', () => {
  assert.equal(readingOf(vnet('hub', ['10.0.0.0/16'], {})).fabric.flowLogs, null)
  const log = (more: JsonObject): JsonObject =>
    resource(net('networkWatchers/w/flowLogs/l'), {
      targetResourceId: net('virtualNetworks/Hub'),
      enabled: true,
      ...more,
    })
  assert.deepEqual(
    readingOf(log({})).fabric.flowLogs?.map(({ of, broken }) => [of, broken]),
    [[own('vnet/hub'), null]],
  )
  assert.equal(readingOf(log({ enabled: false })).fabric.flowLogs?.[0]?.broken, 'it is turned off')
  assert.deepEqual(whysOf(readingOf(log({ targetResourceId: null }))), ['what it watches is not told'])
})

/** Words that documents are made of, so that random ones come near to real ones. */
const KEYS = [
  ...'properties addressSpace addressPrefixes addressPrefix subnets subnet networkSecurityGroup routeTable natGateway'.split(
    ' ',
  ),
  ...'routes nextHopType nextHopIpAddress disableBgpRoutePropagation securityRules priority direction access'.split(
    ' ',
  ),
  ...'protocol sourceAddressPrefix sourcePortRange destinationAddressPrefix destinationPortRanges ipConfigurations'.split(
    ' ',
  ),
  ...'privateIPAddress publicIPAddress ipAddress ipPrefix primary loadBalancerBackendAddressPools virtualMachine'.split(
    ' ',
  ),
  ...'remoteVirtualNetwork remoteAddressSpace peeringState useRemoteGateways allowGatewayTransit tags kind'.split(' '),
  ...'virtualNetworkPeerings serviceEndpoints service locations value networkInterface networkProfile'.split(' '),
  ...'firewallPolicy basePolicy ruleCollections rules action type ipProtocols sourceAddresses destinationAddresses'.split(
    ' ',
  ),
  ...'targetFqdns protocols port snat privateRanges frontendIPConfigurations outboundRules loadBalancingRules'.split(
    ' ',
  ),
  ...'backendAddressPool backendAddressPools networkInterfaces virtualNetworkSubnetId targetResourceId cloud values'.split(
    ' ',
  ),
  ...'virtualNetworkGateway1 localNetworkGateway2 gatewayType enableBgp name id __proto__ constructor'.split(' '),
]
const SAMPLES = [
  ...EVALUATED.map(type => {
    const [namespace, ...steps] = type.split('/')
    return `/subscriptions/${SUBSCRIPTION}/resourceGroups/g/providers/${namespace}/${steps.map(step => `${step}/x`).join('/')}`
  }),
]
const WORDS = [
  ...SAMPLES,
  ...'x 10.0.0.0/8 10.0.0.4 ::/0 0.0.0.0/0 * Allow Deny Outbound Inbound Tcp Any 443 VirtualNetwork Internet'.split(
    ' ',
  ),
  ...'Storage VirtualAppliance VirtualNetworkGateway None Connected Vpn Microsoft.Storage NetworkRule 8000-1'.split(
    ' ',
  ),
]
const { object } = fc.letrec<{ value: Json; object: JsonObject }>(tie => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 6 },
    fc.constantFrom<Json>(...WORDS, null, true, false, -1, 0, 80, 70000, 1.5),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc
    .array(fc.tuple(fc.constantFrom(...KEYS), tie('value')), { maxLength: 8 })
    .map(pairs => Object.fromEntries(pairs) as JsonObject),
}))
/** Resources that have an id, most of them. */
const output: fc.Arbitrary<JsonObject> = fc
  .tuple(fc.constantFrom(...SAMPLES), object, fc.array(object, { maxLength: 2 }), fc.constantFrom(...KEYS))
  .map(([id, body, inner, key]) => ({ ...body, [key]: inner, id }))

test('nothing throws, and the order of documents never counts', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(output, object), { maxLength: 6 }), bodies => {
      for (const body of bodies) isAzureOutput(body)
      const documents = documentsOf(...bodies)
      assert.deepEqual(azureFabric(documents.toReversed()), azureFabric(documents))
    }),
    { numRuns: 400 },
  )
})

test('every list is sorted by id, and no id stands twice in one', () => {
  fc.assert(
    fc.property(fc.array(output, { maxLength: 6 }), bodies => {
      const { fabric } = readingOf(...bodies)
      for (const all of [
        fabric.networks,
        fabric.subnets,
        fabric.tables,
        fabric.filters,
        fabric.gateways,
        fabric.interfaces,
      ]) {
        const ids = all.map(({ id }) => id)
        assert.deepEqual(ids, [...new Set(ids)].sort())
      }
    }),
    { numRuns: 200 },
  )
})

test('the page tells of every type', () => {
  const page = supportPageBeside(import.meta.url)
  page.checkTable('Evaluated', [...EVALUATED, ...PARTS, ...WRAPPED, 'serviceTags'])
  page.checkTable('Not evaluated', [...NOT_EVALUATED])
})
