import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import { printCidr } from '../../sets/cidr.ts'
import { asApi, net, own, printed, readingOf, reference, resource, short, vnet, whysOf } from './testing/reading-of.ts'

const HUB = vnet('Hub', ['10.0.0.0/16', 'fd00:10::/48'], { A: ['10.0.1.0/24', {}] }, { tags: { team: 'x' } })

test('a network has its address space of both families, whichever form it is printed in', () => {
  for (const body of [HUB, asApi(HUB)]) {
    const { fabric } = readingOf(body)
    const [network] = fabric.networks
    assert.deepEqual([network?.id, network?.name, network?.region], [own('vnet/hub'), 'Hub', 'westeurope'])
    assert.deepEqual(network?.ranges.map(printCidr), ['10.0.0.0/16', 'fd00:10::/48'])
    const [subnet] = fabric.subnets
    assert.deepEqual([subnet?.id, subnet?.network], [own('subnet/hub/a'), own('vnet/hub')])
    assert.deepEqual(subnet?.ranges.map(printCidr), ['10.0.1.0/24'])
    assert.deepEqual([subnet?.filters, subnet?.memberFilters, subnet?.zone], [[], [], null])
  }
})

test('tags stand by object, and only those that have some are there', () => {
  const { tags } = readingOf(HUB).fabric
  assert.deepEqual(
    [...tags].map(([id, all]) => [id, ...all]),
    [[own('vnet/hub'), ['team', 'x']]],
  )
})

describe('a subnet by itself', () => {
  const alone = resource(net('virtualNetworks/HUB/subnets/b'), { addressPrefixes: ['10.0.2.0/24'] })
  test('is one beside those that stand in its network, in whatever case its id is written', () => {
    assert.deepEqual(
      readingOf(HUB, alone).fabric.subnets.map(({ id }) => id),
      [own('subnet/hub/a'), own('subnet/hub/b')],
    )
  })
  test('that says the same as its network says is one, and understood', () => {
    const same = resource(net('virtualNetworks/Hub/subnets/A'), { addressPrefix: '10.0.1.0/24' })
    const { fabric, counts } = readingOf(HUB, same)
    assert.deepEqual([fabric.subnets.length, counts.understood, counts.partly], [1, 2, 0])
  })
  test('that says something else has a table that nobody knows', () => {
    const other = resource(net('virtualNetworks/Hub/subnets/A'), {
      addressPrefix: '10.0.1.0/24',
      routeTable: reference(net('routeTables/rt')),
    })
    const { fabric, counts } = readingOf(HUB, other)
    assert.equal(counts.partly, 1)
    assert.ok(fabric.tables[0]?.routes.some(({ destination, next }) => destination === null && next.kind === 'unknown'))
  })
  test('that two prefix keys name has each range once', () => {
    const both = resource(net('virtualNetworks/Hub/subnets/b'), {
      addressPrefix: '10.0.2.0/24',
      addressPrefixes: ['10.0.2.0/24', 'fd00:10:0:2::/64'],
    })
    const { fabric } = readingOf(both)
    assert.deepEqual(fabric.subnets[0]?.ranges.map(printCidr), ['10.0.2.0/24', 'fd00:10:0:2::/64'])
  })
})

test('a range that cannot be read leaves open how far the subnet goes', () => {
  const broken = vnet('Hub', ['10.0.0.0/16'], { A: ['10.0.1/24', {}] })
  const reading = readingOf(broken)
  assert.deepEqual([reading.fabric.subnets[0]?.rangesAreKnown, reading.counts.partly], [false, 1])
  assert.match(whysOf(reading)[0] ?? '', /^a range cannot be read: /)
})

describe('what leads out of a subnet, in the order of Azure', () => {
  const nat = (name: string, more: JsonObject): JsonObject => resource(net(`natGateways/${name}`), more)
  const outward = (subnet: JsonObject, ...more: JsonObject[]) =>
    readingOf(vnet('hub', ['10.0.0.0/16'], { a: ['10.0.1.0/24', subnet] }), ...more).fabric.subnets[0]?.outward.map(
      one => ('id' in one ? `${short(one.id)} ${one.families}` : one.kind),
    )
  // Source: Default outbound access in Azure, “FAQs”: an absent value “implicitly allows outbound access”.
  test('without a word about it the platform lends addresses', () => {
    assert.deepEqual(outward({}), ['own', 'balancers', 'provider'])
    assert.deepEqual(outward({ defaultOutboundAccess: null }), ['own', 'balancers', 'provider'])
    assert.deepEqual(outward({ defaultOutboundAccess: true }), ['own', 'balancers', 'provider'])
  })
  test('a private subnet has none of these', () => {
    assert.deepEqual(outward({ defaultOutboundAccess: false }), ['own', 'balancers'])
  })
  test('a NAT gateway goes before all others, for the families of its addresses', () => {
    const has = { natGateway: reference(net('natGateways/out')) }
    assert.equal(outward(has)?.[0], 'nat-gateway/out 4')
    const both = { publicIpAddresses: [reference(net('publicIPAddresses/p'))], publicIpPrefixesV6: [reference('x')] }
    assert.equal(outward(has, nat('out', both))?.[0], 'nat-gateway/out 4,6')
  })
  test('one that is for a whole network counts where a subnet names none', () => {
    const whole = nat('out', {
      sourceVirtualNetwork: reference(net('virtualNetworks/hub')),
      publicIpAddresses: [reference(net('publicIPAddresses/p'))],
    })
    assert.equal(outward({}, whole)?.[0], 'nat-gateway/out 4')
  })
})

test('a NAT gateway shows its addresses and those of its prefix, and takes TCP and UDP alone', () => {
  const { fabric } = readingOf(
    resource(net('natGateways/out'), {
      publicIpAddresses: [reference(net('publicIPAddresses/p'))],
      publicIpPrefixes: [reference(net('publicIPPrefixes/q'))],
      subnets: [reference(net('virtualNetworks/hub/subnets/a'))],
    }),
    resource(net('publicIPAddresses/p'), { ipAddress: '203.0.113.1' }),
    resource(net('publicIPPrefixes/q'), { ipPrefix: '203.0.113.16/31' }),
  )
  const [gateway] = fabric.gateways
  assert.deepEqual([gateway?.kind, gateway?.network, gateway?.subnet], ['nat', own('vnet/hub'), null])
  assert.deepEqual(
    gateway?.publicAddresses.map(({ words }) => (words[0] ?? 0) & 0xff),
    [1, 16, 17],
  )
  assert.notEqual(gateway?.takes, null)
})

test('what the host answers is kept from nobody', () => {
  const { subnets } = readingOf(HUB).fabric
  assert.deepEqual(
    subnets.map(one => printed(one.ownServices)),
    [['168.63.129.16', '169.254.169.254']],
  )
})
