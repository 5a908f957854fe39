import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { walkIn } from '../../engine/fabric/walk.ts'
import type { JsonObject } from '../../model/json.ts'
import { addressesOf } from '../../sets/address-set.ts'
import { readCidr } from '../../sets/cidr.ts'
import { parseTraffic } from '../../sets/parse-traffic.ts'
import { regions } from '../../sets/region.ts'
import { trafficTable } from '../../sets/traffic-table.ts'
import { net, own, readingOf, reference, resource, short, vnet } from './testing/reading-of.ts'

// Whole ways through an estate. Expected answers come from the documentation that is named.

const walkOf = (bodies: readonly JsonObject[], from: string, to: string, traffic: string): readonly string[] => {
  const { fabric } = readingOf(...bodies)
  const [sent, block] = [parseTraffic(traffic), readCidr(to)]
  if (sent.kind === 'refused' || block.kind === 'refused') throw new Error('no question')
  const sender = fabric.interfaces.find(({ id }) => id === own(from))
  const subnet = fabric.subnets.find(({ id }) => id === own(from))
  const start =
    sender === undefined
      ? ({ kind: 'subnet', of: subnet as never } as const)
      : ({ kind: 'interface', of: sender } as const)
  const table = trafficTable()
  const id = table.idOf(sent.value)
  const addresses = addressesOf(4).ofCidrs([block.value as never])
  const ways = walkIn(fabric, 4, table)(start, regions(4, table).ofBoxes([{ addresses, id }]))
  return [
    ...new Set(
      ways.map(({ verdict, exit }) => [verdict, exit.kind, short(exit.id), ...exit.sourceAddresses].join(' ')),
    ),
  ].sort()
}

const A = net('virtualNetworks/spoke/subnets/a')
const nic = (more: JsonObject = {}): JsonObject =>
  resource(net('networkInterfaces/n'), {
    ipConfigurations: [{ privateIPAddress: '10.1.1.4', subnet: reference(A), primary: true, ...more }],
  })
const spoke = (subnet: JsonObject = {}, more: JsonObject = {}): JsonObject =>
  vnet('spoke', ['10.1.0.0/16'], { a: ['10.1.1.0/24', subnet] }, more)
const publicIp = (name: string, ipAddress: string): JsonObject =>
  resource(net(`publicIPAddresses/${name}`), { ipAddress })
const WORLD = '203.0.113.9/32'
const ask = (traffic: string, ...bodies: JsonObject[]): readonly string[] => walkOf(bodies, 'nic/n', WORLD, traffic)

// Source: Azure NAT Gateway, “What is Azure NAT Gateway?”, Outbound connectivity; Default outbound access in Azure.
describe('who gives packets an address', () => {
  const nat = resource(net('natGateways/out'), { publicIpAddresses: [reference(net('publicIPAddresses/nat'))] })
  const natted = { natGateway: reference(net('natGateways/out')) }
  const mine = nic({ publicIPAddress: reference(net('publicIPAddresses/own')) })
  test('the platform, where nobody else does', () => {
    assert.deepEqual(ask('443/tcp', spoke(), nic()), ['allowed provider-managed vnet/spoke'])
    const [only, ...more] = ask('443/tcp', spoke({ defaultOutboundAccess: false }), nic())
    assert.match(only ?? '', /^denied /)
    assert.deepEqual(more, [])
  })
  test('its own', () => {
    assert.deepEqual(ask('443/tcp', spoke(), mine, publicIp('own', '203.0.113.1')), [
      'allowed internet-gateway vnet/spoke 203.0.113.1',
    ])
  })
  test('a NAT gateway before its own, but for what that does not carry', () => {
    const bodies = [spoke(natted), nat, mine, publicIp('own', '203.0.113.1'), publicIp('nat', '203.0.113.2')]
    assert.deepEqual(ask('443/tcp', ...bodies), ['allowed nat nat-gateway/out 203.0.113.2'])
    assert.match(ask('esp', ...bodies)[0] ?? '', /^denied /)
  })
  test('one that was not read leaves it open', () => {
    assert.match(ask('443/tcp', spoke(natted), nic())[0] ?? '', /^unknown /)
    assert.match(ask('443/tcp', spoke(), mine)[0] ?? '', /^unknown /)
  })
  test('a private address is no matter of the internet', () => {
    assert.match(walkOf([spoke(), nic()], 'nic/n', '192.168.3.0/24', '443/tcp').join(), /^denied \S+ \S+$/)
  })
})

describe('groups', () => {
  const deny = (name: string, port: string): JsonObject =>
    resource(net(`networkSecurityGroups/${name}`), {
      securityRules: [
        {
          priority: 100,
          direction: 'Outbound',
          access: 'Deny',
          protocol: 'Tcp',
          sourceAddressPrefix: '*',
          sourcePortRange: '*',
          destinationAddressPrefix: 'Internet',
          destinationPortRange: port,
        },
      ],
    })
  const ofSubnet = { networkSecurityGroup: reference(net('networkSecurityGroups/s')) }
  // Source: “How network security groups filter network traffic”.
  test('of the interface and of the subnet both have to let it pass', () => {
    const both = [spoke(ofSubnet), { ...nic(), networkSecurityGroup: reference(net('networkSecurityGroups/n')) }]
    const groups = [deny('s', '443'), deny('n', '80')]
    assert.match(ask('443/tcp', ...both, ...groups)[0] ?? '', /^denied /)
    assert.match(ask('80/tcp', ...both, ...groups)[0] ?? '', /^denied /)
    assert.deepEqual(ask('22/tcp', ...both, ...groups), ['allowed provider-managed vnet/spoke'])
  })
  test('keep nobody from metadata, unless they say so', () => {
    const metadata = (tag: string): readonly string[] =>
      walkOf(
        [
          spoke(ofSubnet),
          nic(),
          resource(net('networkSecurityGroups/s'), {
            securityRules: [
              {
                priority: 100,
                direction: 'Outbound',
                access: 'Deny',
                protocol: '*',
                sourceAddressPrefix: '*',
                sourcePortRange: '*',
                destinationAddressPrefix: tag,
                destinationPortRange: '*',
              },
            ],
          }),
        ],
        'nic/n',
        '169.254.169.254/32',
        '80/tcp',
      )
    assert.deepEqual(
      metadata('*').map(way => way.split(' ')[0]),
      ['allowed'],
    )
    assert.deepEqual(
      metadata('AzurePlatformDNS').map(way => way.split(' ')[0]),
      ['allowed'],
    )
    assert.deepEqual(
      metadata('AzurePlatformIMDS').map(way => way.split(' ')[0]),
      ['denied'],
    )
  })
})

describe('a hub with a firewall', () => {
  const half = (from: string, to: string, range: string, more: JsonObject = {}): JsonObject =>
    resource(net(`virtualNetworks/${from}/virtualNetworkPeerings/${to}`), {
      remoteVirtualNetwork: reference(net(`virtualNetworks/${to}`)),
      remoteAddressSpace: { addressPrefixes: [range] },
      peeringState: 'Connected',
      allowVirtualNetworkAccess: true,
      ...more,
    })
  const routed = { routeTable: reference(net('routeTables/rt')) }
  const estate = (forwarded: boolean): readonly JsonObject[] => [
    spoke(routed),
    vnet('other', ['10.2.0.0/16'], { b: ['10.2.1.0/24', {}] }),
    vnet('hub', ['10.0.0.0/16'], { AzureFirewallSubnet: ['10.0.0.0/26', {}] }),
    half('spoke', 'hub', '10.0.0.0/16', { allowForwardedTraffic: true }),
    half('hub', 'spoke', '10.1.0.0/16'),
    half('hub', 'other', '10.2.0.0/16'),
    half('other', 'hub', '10.0.0.0/16', { allowForwardedTraffic: forwarded }),
    resource(net('routeTables/rt'), {
      routes: [{ addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.0.0.4' }],
    }),
    resource(net('azureFirewalls/fw'), {
      ipConfigurations: [
        {
          privateIPAddress: '10.0.0.4',
          publicIPAddress: reference(net('publicIPAddresses/fw')),
          subnet: reference(net('virtualNetworks/hub/subnets/AzureFirewallSubnet')),
        },
      ],
      networkRuleCollections: [
        {
          priority: 100,
          action: { type: 'Allow' },
          rules: [
            {
              protocols: ['TCP'],
              sourceAddresses: ['10.1.0.0/16'],
              destinationAddresses: ['*'],
              destinationPorts: ['443'],
            },
          ],
        },
      ],
    }),
    publicIp('fw', '203.0.113.4'),
    nic(),
  ]
  test('what it lets pass leaves with its address', () => {
    assert.deepEqual(walkOf(estate(true), 'nic/n', WORLD, '443/tcp'), ['allowed firewall firewall/fw 203.0.113.4'])
    assert.match(walkOf(estate(true), 'nic/n', WORLD, '22/tcp')[0] ?? '', /^denied /)
  })
  // A private block of the platform goes before the default route by its length.
  test('private addresses of others do not go by a default route', () => {
    assert.match(walkOf(estate(true), 'nic/n', '10.2.1.0/24', '443/tcp')[0] ?? '', /^denied /)
  })
  // Source: “Create, change, or delete a virtual network peering”, Allow forwarded traffic.
  test('another spoke takes what the hub passes on where its own half says so', () => {
    const byHand = (forwarded: boolean): readonly JsonObject[] => [
      ...estate(forwarded).filter(({ id }) => id !== net('routeTables/rt')),
      resource(net('routeTables/rt'), {
        routes: [{ addressPrefix: '10.2.0.0/16', nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.0.0.4' }],
      }),
    ]
    assert.match(walkOf(byHand(true), 'nic/n', '10.2.1.0/24', '443/tcp').join(), /^allowed peer-network vnet\/other/)
    assert.match(walkOf(byHand(false), 'nic/n', '10.2.1.0/24', '443/tcp').join(), /^denied /)
  })
})

test('a peer is reached and nothing beyond it', () => {
  const half = (from: string, to: string, range: string): JsonObject =>
    resource(net(`virtualNetworks/${from}/virtualNetworkPeerings/${to}`), {
      remoteVirtualNetwork: reference(net(`virtualNetworks/${to}`)),
      remoteAddressSpace: { addressPrefixes: [range] },
      peeringState: 'Connected',
      allowVirtualNetworkAccess: true,
    })
  const bodies = [
    spoke(),
    vnet('hub', ['10.0.0.0/16'], { c: ['10.0.1.0/24', {}] }),
    half('spoke', 'hub', '10.0.0.0/16'),
    half('hub', 'spoke', '10.1.0.0/16'),
    nic(),
  ]
  assert.match(walkOf(bodies, 'nic/n', '10.0.1.0/24', '443/tcp').join(), /^allowed peer-network vnet\/hub/)
  assert.match(walkOf(bodies, 'nic/n', '10.2.0.0/16', '443/tcp').join(), /^denied /)
})
