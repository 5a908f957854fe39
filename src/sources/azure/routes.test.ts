import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import { net, own, readingOf, reference, resource, routeText, short, vnet, whysOf } from './testing/reading-of.ts'

/** The routes of the only subnet of the network `hub`, but for what the host answers. */
const routesOf = (...bodies: JsonObject[]): readonly string[] => {
  const { fabric } = readingOf(...bodies)
  const table = fabric.tables.find(({ network }) => network === own('vnet/hub'))
  return (table?.routes ?? []).filter(({ rank }) => rank >= 0).map(routeText)
}
const hub = (subnet: JsonObject = {}, more: JsonObject = {}, space: readonly string[] = ['10.0.0.0/16']): JsonObject =>
  vnet('hub', space, { a: ['10.0.1.0/24', subnet] }, more)
const RT = net('routeTables/rt')
const has = { routeTable: reference(RT) }
const written = (routes: readonly JsonObject[], more: JsonObject = {}): JsonObject =>
  resource(RT, { routes: [...routes], ...more })
const route = (addressPrefix: string, nextHopType: string, nextHopIpAddress: string | null = null): JsonObject => ({
  addressPrefix,
  nextHopType,
  nextHopIpAddress,
})

// Source: “Virtual network traffic routing”, Default.
const DROPS = [
  '10.0.0.0/8 drop static 2',
  '172.16.0.0/12 drop static 2',
  '192.168.0.0/16 drop static 2',
  '100.64.0.0/10 drop static 2',
]
const OUT = ['0.0.0.0/0 internet static 2', '::/0 internet static 2']

describe('what the platform makes', () => {
  test('the network itself, private blocks to nowhere, everything else to the internet', () => {
    assert.deepEqual(routesOf(hub()), ['10.0.0.0/16 network local 2', ...DROPS, ...OUT])
  })
  test('a private block that the network has as a whole, or holds, is its own', () => {
    assert.deepEqual(routesOf(hub({}, {}, ['192.168.0.0/16', '100.0.0.0/8', '172.16.0.0/16'])), [
      '192.168.0.0/16 network local 2',
      '100.0.0.0/8 network local 2',
      '172.16.0.0/16 network local 2',
      DROPS[0],
      DROPS[1],
      ...OUT,
    ])
  })
  test('what the host answers goes to the host, before whatever is written', () => {
    const { fabric } = readingOf(hub())
    assert.deepEqual(fabric.tables[0]?.routes.filter(({ rank }) => rank < 0).map(routeText), [
      '168.63.129.16/32 service platform local -1',
      '169.254.169.254/32 service platform local -1',
    ])
  })
  test('its id is of the subnet, where that names no table', () => {
    assert.deepEqual(
      readingOf(hub()).fabric.tables.map(({ id }) => short(id)),
      ['route-table/hub/a#system'],
    )
  })
})

describe('what somebody wrote', () => {
  test('each type of next hop', () => {
    const routes = [
      route('0.0.0.0/0', 'VirtualAppliance', '10.0.9.4'),
      route('10.1.0.0/16', 'VnetLocal'),
      route('198.51.100.0/24', 'Internet'),
      route('203.0.113.0/24', 'None'),
      route('10.9.0.0/16', 'VirtualNetworkGateway'),
    ]
    assert.deepEqual(routesOf(hub(has), written(routes)).slice(-5), [
      '0.0.0.0/0 10.0.9.4 static 0',
      '10.1.0.0/16 network static 0',
      '198.51.100.0/24 internet static 0',
      '203.0.113.0/24 drop static 0',
      '10.9.0.0/16 nowhere static 0',
    ])
  })
  test('points to its own place in its own document', () => {
    const { fabric } = readingOf(hub(has), written([route('0.0.0.0/0', 'Internet')]))
    const [table] = fabric.tables
    assert.deepEqual([short(table?.id ?? ''), table?.origin.file], ['route-table/rt#net:hub:a', '1.json'])
    assert.deepEqual(table?.routes.at(-1)?.at, ['routes', 0])
    assert.equal(fabric.subnets[0]?.table, table?.id)
  })
  test('a table that was not read, or whose routes were not, may do anything', () => {
    assert.equal(routesOf(hub(has))[0], '10.0.0.0/16 unknown local 2', 'a user’s route of the same block goes first')
    assert.equal(routesOf(hub(has)).at(-1), '? unknown static 0')
    assert.equal(routesOf(hub(has), resource(RT, { disableBgpRoutePropagation: true })).at(-1), '? unknown static 0')
  })
  test('a service by its name: its blocks where a list tells them, after the same block by hand', () => {
    const byName = written([route('Storage.WestEurope', 'Internet')])
    assert.equal(routesOf(hub(has), byName).at(-1), '? internet static 0.5')
    assert.match(whysOf(readingOf(hub(has), byName)).join(), /`Storage.WestEurope`, whose blocks were not read/)
    assert.equal(routesOf(hub(has), byName, TAGS).at(-1), '192.0.2.0/26 internet static 0.5')
  })
  test('what cannot be read may be for anything', () => {
    assert.equal(routesOf(hub(has), written([route('10.0.0/8', 'None')])).at(-1), '? drop static 0.5')
    assert.equal(
      routesOf(hub(has), written([route('10.0.0.0/8', 'VirtualAppliance', 'x')])).at(-1),
      '10.0.0.0/8 unknown static 0',
    )
    assert.equal(routesOf(hub(has), written([route('10.0.0.0/8', 'Elsewhere')])).at(-1), '10.0.0.0/8 unknown static 0')
  })
})

const TAGS: JsonObject = {
  cloud: 'Public',
  changeNumber: '1',
  values: [
    { name: 'Storage', properties: { addressPrefixes: ['192.0.2.0/24'] } },
    { name: 'Storage.WestEurope', properties: { addressPrefixes: ['192.0.2.0/26'] } },
    { name: 'Storage.NorthEurope', properties: { addressPrefixes: ['192.0.2.64/26'] } },
  ],
}

describe('service endpoints', () => {
  const endpoint = { serviceEndpoints: [{ service: 'Microsoft.Storage', locations: ['westeurope', 'northeurope'] }] }
  const service = 'service service-endpoint/hub/a/microsoft.storage local 2'
  // “Virtual network service tags”: the prefixes in the route are those of the tag.
  test('are for the blocks of their tags in their regions', () => {
    assert.deepEqual(routesOf(hub(endpoint), TAGS).slice(-2), [`192.0.2.0/26 ${service}`, `192.0.2.64/26 ${service}`])
  })
  test('for all of them with a star', () => {
    const all = { serviceEndpoints: [{ service: 'Microsoft.Storage', locations: ['*'] }] }
    assert.deepEqual(routesOf(hub(all), TAGS).slice(-1), [`192.0.2.0/24 ${service}`])
  })
  test('without a list nobody can tell what they are for', () => {
    assert.equal(routesOf(hub(endpoint)).at(-1), '? unknown local 2')
  })
  test('as an interface of the subnet was shown', () => {
    const nic = resource(net('networkInterfaces/n'), {
      ipConfigurations: [{ privateIPAddress: '10.0.1.4', subnet: reference(net('virtualNetworks/hub/subnets/a')) }],
    })
    const shown: JsonObject = {
      networkInterface: net('networkInterfaces/n'),
      value: [{ addressPrefix: ['198.51.100.0/25'], source: 'Default', nextHopType: 'VirtualNetworkServiceEndpoint' }],
    }
    assert.equal(routesOf(hub(endpoint), nic, shown).at(-1), '198.51.100.0/25 service service-endpoint/hub/a local 2')
  })
  test('are ways to services, by subnet', () => {
    assert.deepEqual(
      readingOf(hub(endpoint)).fabric.endpoints?.map(({ id, service: of, by }) => [short(id), of, by]),
      [['service-endpoint/hub/a/microsoft.storage', 'Microsoft.Storage', 'target']],
    )
  })
})

describe('peers', () => {
  const side = (remote: string, range: string, more: JsonObject = {}): JsonObject =>
    resource(net(`virtualNetworks/hub/virtualNetworkPeerings/to-${remote}`), {
      remoteVirtualNetwork: reference(net(`virtualNetworks/${remote}`)),
      remoteAddressSpace: { addressPrefixes: [range] },
      peeringState: 'Connected',
      allowVirtualNetworkAccess: true,
      ...more,
    })
  const peered = (...sides: JsonObject[]): JsonObject => hub({}, { virtualNetworkPeerings: sides })
  test('are reached by the ranges that the peering tells', () => {
    assert.deepEqual(routesOf(peered(side('spoke', '10.1.0.0/16'))).slice(-1), [
      '10.1.0.0/16 peering peering/hub/to-spoke local 2',
    ])
  })
  test('one that is not connected brings nothing', () => {
    assert.deepEqual(routesOf(peered(side('spoke', '10.1.0.0/16', { peeringState: 'Disconnected' }))), routesOf(hub()))
  })
  test('one whose access is taken back is open', () => {
    const closed = side('spoke', '10.1.0.0/16', { allowVirtualNetworkAccess: false })
    assert.deepEqual(routesOf(peered(closed)).slice(-1), ['10.1.0.0/16 unknown local 2'])
  })
  test('nor does anybody know whether an appliance or a private endpoint there is reached', () => {
    const closed = side('spoke', '10.1.0.0/16', { allowVirtualNetworkAccess: false })
    const spoke = vnet('spoke', ['10.1.0.0/16'], { b: ['10.1.1.0/24', {}] })
    const endpoint = resource(net('privateEndpoints/sql'), {
      subnet: reference(net('virtualNetworks/spoke/subnets/b')),
      networkInterfaces: [reference(net('networkInterfaces/pe'))],
    })
    const its = resource(net('networkInterfaces/pe'), {
      ipConfigurations: [{ privateIPAddress: '10.1.1.9', subnet: reference(net('virtualNetworks/spoke/subnets/b')) }],
    })
    const routes = routesOf(
      hub(has, { virtualNetworkPeerings: [closed] }),
      written([route('0.0.0.0/0', 'VirtualAppliance', '10.1.1.4')]),
      spoke,
      endpoint,
      its,
    )
    assert.equal(routes.at(-1), '0.0.0.0/0 unknown static 0')
    assert.ok(!routes.some(one => one.startsWith('10.1.1.9/32')))
  })
  test('a private block that a peer has as a whole goes there', () => {
    const routes = routesOf(peered(side('spoke', '192.168.0.0/16')))
    assert.ok(!routes.includes('192.168.0.0/16 drop static 2'))
  })
})

describe('gateways', () => {
  const gateway = (more: JsonObject = {}): JsonObject =>
    resource(net('virtualNetworkGateways/gw'), {
      gatewayType: 'Vpn',
      enableBgp: true,
      ipConfigurations: [{ subnet: reference(net('virtualNetworks/hub/subnets/GatewaySubnet')) }],
      ...more,
    })
  const toGateway = (prefix: string): string => `${prefix} gateway vpn-gateway/gw propagated 1`
  const learned: JsonObject = {
    virtualNetworkGateway: net('virtualNetworkGateways/gw'),
    value: [
      { network: '10.0.0.0/16', origin: 'Network' },
      { network: '10.50.0.0/16', origin: 'EBgp' },
    ],
  }
  test('what one learns is not known without an output of it', () => {
    assert.equal(routesOf(hub(), gateway()).at(-1), toGateway('?'))
  })
  const connection = resource(net('connections/c'), {
    virtualNetworkGateway1: reference(net('virtualNetworkGateways/gw')),
    localNetworkGateway2: reference(net('localNetworkGateways/office')),
  })
  const officeOf = (...addressPrefixes: string[]): JsonObject =>
    resource(net('localNetworkGateways/office'), { localNetworkAddressSpace: { addressPrefixes } })
  const office = officeOf('192.168.7.0/24')
  test('what it learned, and nothing of the network itself', () => {
    const routes = routesOf(hub(), gateway(), learned, connection, officeOf())
    assert.deepEqual(routes.slice(-1), [toGateway('10.50.0.0/16')])
    assert.ok(!routes.includes(toGateway('?')))
  })
  // “Virtual network traffic routing”, Optional default routes: what is learned, or configured in the local network gateway.
  test('what is written of a site, beside what was learned', () => {
    assert.deepEqual(routesOf(hub(), gateway(), learned, connection, office).slice(-2), [
      toGateway('192.168.7.0/24'),
      toGateway('10.50.0.0/16'),
    ])
    assert.equal(routesOf(hub(), gateway(), learned).at(-1), toGateway('?'), 'tunnels were not read')
    assert.equal(routesOf(hub(), gateway(), learned, connection).at(-1), toGateway('?'), 'the site was not read')
    const line = gateway({ gatewayType: 'ExpressRoute' })
    assert.deepEqual(routesOf(hub(), line, learned).slice(-1), [toGateway('10.50.0.0/16')], 'a line has no sites')
  })
  test('tunnels without BGP bring what is written of their sites', () => {
    const plain = gateway({ enableBgp: false })
    assert.deepEqual(routesOf(hub(), plain, connection, office).slice(-1), [toGateway('192.168.7.0/24')])
    assert.equal(routesOf(hub(), plain, connection).at(-1), toGateway('?'))
  })
  test('what an interface was shown to have learned, in force or not', () => {
    const nic = resource(net('networkInterfaces/n'), {
      ipConfigurations: [
        { privateIPAddress: '10.0.1.4', subnet: reference(net('virtualNetworks/hub/subnets/a')), primary: true },
      ],
    })
    const shown: JsonObject = {
      networkInterface: net('networkInterfaces/n'),
      value: [
        {
          addressPrefix: ['0.0.0.0/0'],
          source: 'VirtualNetworkGateway',
          state: 'Invalid',
          nextHopType: 'VirtualNetworkGateway',
        },
        {
          addressPrefix: ['10.60.0.0/16'],
          source: 'VirtualNetworkGateway',
          state: 'Active',
          nextHopType: 'VirtualNetworkGateway',
        },
        { addressPrefix: ['10.0.0.0/16'], source: 'Default', state: 'Active', nextHopType: 'VnetLocal' },
      ],
    }
    assert.deepEqual(routesOf(hub(), gateway(), nic, shown).slice(-2), [
      toGateway('0.0.0.0/0'),
      toGateway('10.60.0.0/16'),
    ])
  })
  test('a table without propagation takes none of it, and still leads there by hand', () => {
    const table = written([route('0.0.0.0/0', 'VirtualNetworkGateway')], { disableBgpRoutePropagation: true })
    const routes = routesOf(hub(has), gateway(), table)
    assert.equal(routes.at(-1), '0.0.0.0/0 gateway vpn-gateway/gw static 0')
    assert.ok(!routes.some(one => one.includes('propagated')))
  })
  test('one that stands there and was not read', () => {
    const used = vnet('hub', ['10.0.0.0/16'], {
      GatewaySubnet: ['10.0.255.0/27', { ipConfigurations: [reference('x')] }],
    })
    assert.equal(routesOf(used).at(-1), '? unknown propagated 1')
  })
  describe('lent by a peer', () => {
    const half = (from: string, to: string, more: JsonObject): JsonObject =>
      resource(net(`virtualNetworks/${from}/virtualNetworkPeerings/to-${to}`), {
        remoteVirtualNetwork: reference(net(`virtualNetworks/${to}`)),
        remoteAddressSpace: { addressPrefixes: [from === 'hub' ? '10.1.0.0/16' : '10.0.0.0/16'] },
        peeringState: 'Connected',
        allowVirtualNetworkAccess: true,
        ...more,
      })
    const spoke = vnet('spoke', ['10.1.0.0/16'], { b: ['10.1.1.0/24', {}] })
    const ofSpoke = (...bodies: JsonObject[]): readonly string[] =>
      (
        readingOf(hub(), spoke, ...bodies).fabric.tables.find(({ network }) => network === own('vnet/spoke'))?.routes ??
        []
      )
        .map(routeText)
        .filter(one => one.includes('propagated'))
    const lends = half('hub', 'spoke', { allowGatewayTransit: true })
    const keeps = half('hub', 'spoke', { allowGatewayTransit: false })
    const uses = half('spoke', 'hub', { useRemoteGateways: true })
    test('both halves have to want it', () => {
      assert.deepEqual(ofSpoke(lends, uses, gateway(), learned, connection, officeOf()), [toGateway('10.50.0.0/16')])
      assert.deepEqual(ofSpoke(keeps, uses, gateway(), learned), [])
      assert.deepEqual(ofSpoke(lends, half('spoke', 'hub', {}), gateway(), learned), [])
    })
    test('one that was not read leaves open what it learns', () => {
      assert.deepEqual(ofSpoke(lends, uses), ['? unknown propagated 1'])
    })
  })
})
