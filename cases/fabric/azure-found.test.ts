import assert from 'node:assert/strict'
import { test } from 'node:test'
import { packetWay } from '../oracle/azure/way.ts'
import type { NetPacket } from '../oracle/fabric/types.ts'
import type { Json } from '../oracle/types.ts'
import { asked, estateOf } from './azure/asking.ts'
import { isSame, toldEnd } from './azure/judging.ts'

// What the second evaluator found, each as the smallest network that shows it, with the platform’s own word. Those that the engine
// does not know yet are to be done.

type Fields = { readonly [key: string]: Json }
const net = (path: string): string => `/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/${path}`
const ref = (path: string): Json => ({ id: net(path) })
const resource = (path: string, more: Fields): Json => ({ id: net(path), name: path.split('/').at(-1) ?? '', ...more })
const vnet = (name: string, space: string, subnets: Readonly<Record<string, Fields>>, more: Fields = {}): Json =>
  resource(`virtualNetworks/${name}`, {
    addressSpace: { addressPrefixes: [space] },
    subnets: Object.entries(subnets).map(([own, fields]) =>
      resource(`virtualNetworks/${name}/subnets/${own}`, { addressPrefix: space.replace('/16', '/24'), ...fields }),
    ),
    ...more,
  })
const subnet = (path: string): Json => ref(`virtualNetworks/${path.replace('/', '/subnets/')}`)
const nic = (name: string, at: string, privateIPAddress: string, more: Fields = {}): Json =>
  resource(`networkInterfaces/${name}`, {
    ipConfigurations: [{ name: 'a', primary: true, privateIPAddress, subnet: subnet(at), ...more }],
  })
const table = (...routes: readonly Fields[]): Json =>
  resource('routeTables/rt', { routes: routes.map((one, i) => ({ id: net(`routeTables/rt/routes/r${i}`), ...one })) })
const RT: Fields = { routeTable: ref('routeTables/rt') }

const told = (bodies: readonly Json[], from: string, destination: string, more: Partial<NetPacket> = {}): string => {
  const packet = { destination, protocol: 6, port: 443, ...more }
  const sent = { from: { kind: from.startsWith('nic') ? 'interface' : 'subnet', id: from }, packet } as const
  const [answer, way] = [asked(estateOf(bodies), sent), packetWay(bodies, sent.from, packet)]
  assert.ok(isSame(answer, way), `${toldEnd(answer)}, and by the documents ${way.ends.map(toldEnd).join(', or ')}`)
  return toldEnd(answer)
}

// “Virtual network traffic routing”, Routing example, routes ID2 and ID3.
test('routes count inside a subnet, too', () => {
  const bodies = [
    vnet('v', '10.0.0.0/16', { a: RT }),
    nic('nic1', 'v/a', '10.0.0.4'),
    nic('nic2', 'v/a', '10.0.0.5'),
    table({ addressPrefix: '10.0.0.0/16', nextHopType: 'None' }),
  ]
  assert.equal(told(bodies, 'nic1', '10.0.0.5'), 'denied blackhole')
})

// The same page: a user’s route of the same block goes before the network’s.
test('who has not read the table cannot tell what becomes of packets inside the network', () => {
  const bodies = [
    vnet('v', '10.0.0.0/16', { a: RT, b: { addressPrefix: '10.0.1.0/24' } }),
    nic('nic1', 'v/a', '10.0.0.4'),
    nic('nic2', 'v/b', '10.0.1.4'),
  ]
  assert.equal(told(bodies, 'nic1', '10.0.1.4'), 'unknown unknown')
})

// “Application security groups”.
test('an interface that was not read may be in an application security group', () => {
  const rule = (direction: string): Json => ({
    direction,
    name: direction,
    priority: 100,
    access: 'Deny',
    protocol: '*',
    sourceAddressPrefix: '*',
    sourcePortRange: '*',
    destinationPortRange: '*',
    destinationApplicationSecurityGroups: [ref('applicationSecurityGroups/db')],
  })
  const defaults = ['Inbound', 'Outbound'].map(direction => ({
    direction,
    name: `Allow${direction}`,
    priority: 65000,
    access: 'Allow',
    protocol: '*',
    sourceAddressPrefix: 'VirtualNetwork',
    sourcePortRange: '*',
    destinationAddressPrefix: 'VirtualNetwork',
    destinationPortRange: '*',
  }))
  const group = resource('networkSecurityGroups/g', {
    securityRules: [rule('Outbound')],
    defaultSecurityRules: defaults,
  })
  const its = { applicationSecurityGroups: [ref('applicationSecurityGroups/db')] }
  const bodies = [
    vnet('v', '10.0.0.0/16', { a: { networkSecurityGroup: ref('networkSecurityGroups/g') } }),
    nic('nic1', 'v/a', '10.0.0.4'),
    nic('nic2', 'v/a', '10.0.0.5', its),
    nic('nic3', 'v/a', '10.0.0.6'),
    group,
  ]
  assert.equal(told(bodies, 'nic1', '10.0.0.5'), 'denied blackhole')
  assert.equal(told(bodies, 'nic1', '10.0.0.6'), 'allowed peer-network v')
  assert.match(told(bodies, 'nic1', '10.0.0.7'), /^unknown /)
})

// Azure Load Balancer, “Limitations”: port masquerade is for TCP and UDP; “Using SNAT for outbound connections”: ICMP has a public
// address of its own.
test('ICMP leaves by no address that is shared', () => {
  const bodies = [vnet('v', '10.0.0.0/16', { a: {} }), nic('nic1', 'v/a', '10.0.0.4')]
  assert.equal(told(bodies, 'nic1', '203.0.113.9'), 'allowed provider-managed v')
  assert.equal(
    told(bodies, 'nic1', '203.0.113.9', { protocol: 1, port: undefined, type: 8, code: 0 }),
    'denied blackhole',
  )
})

// “Default outbound access in Azure”: explicit outbound connectivity, public addresses among them.
test('anybody in a private subnet may have a public address', () => {
  const bodies = [vnet('v', '10.0.0.0/16', { a: { defaultOutboundAccess: false } })]
  assert.match(told(bodies, 'a', '203.0.113.9'), /^unknown /)
})
test('so may who names one that was not read', () => {
  const bodies = [
    vnet('v', '10.0.0.0/16', { a: { defaultOutboundAccess: false } }),
    nic('nic1', 'v/a', '10.0.0.4', { publicIPAddress: ref('publicIPAddresses/p') }),
  ]
  assert.notEqual(asked(estateOf(bodies), { from: { kind: 'interface', id: 'nic1' }, packet: WEB }).verdict, 'denied')
})

// “How network security groups filter network traffic”: the group of the interface counts beside that of its subnet.
test('nobody knows the group of an interface that was not read', {
  todo: 'the group of the subnet alone is asked',
}, () => {
  const bodies = [vnet('v', '10.0.0.0/16', { a: {} }), nic('nic1', 'v/a', '10.0.0.4')]
  assert.notEqual(
    asked(estateOf(bodies), { from: { kind: 'interface', id: 'nic1' }, packet: INSIDE }).verdict,
    'allowed',
  )
})
const INSIDE: NetPacket = { destination: '10.0.0.5', protocol: 6, port: 443 }
const WEB: NetPacket = { destination: '203.0.113.9', protocol: 6, port: 443 }

const side = (from: string, to: string, prefix: string, more: Fields): Fields => ({
  virtualNetworkPeerings: [
    {
      id: net(`virtualNetworks/${from}/virtualNetworkPeerings/to-${to}`),
      remoteVirtualNetwork: ref(`virtualNetworks/${to}`),
      remoteAddressSpace: { addressPrefixes: [prefix] },
      peeringState: 'Connected',
      allowVirtualNetworkAccess: true,
      allowForwardedTraffic: true,
      ...more,
    },
  ],
})

// “Create, change, or delete a virtual network peering”, Use remote gateways; “Deploy and configure Azure Firewall in a hybrid network”.
test('by a firewall to the gateway that a peer lends', () => {
  const gateway = {
    addressPrefix: '10.0.2.0/24',
    ipConfigurations: [ref('virtualNetworkGateways/gw/ipConfigurations/c')],
  }
  const hub = { AzureFirewallSubnet: { addressPrefix: '10.0.1.0/24' }, GatewaySubnet: gateway }
  const allowed: Json = {
    name: 'c',
    priority: 100,
    action: { type: 'Allow' },
    rules: [
      { name: 'r', protocols: ['Any'], sourceAddresses: ['*'], destinationAddresses: ['*'], destinationPorts: ['*'] },
    ],
  }
  const bodies = [
    vnet('hub', '10.0.0.0/16', hub, side('hub', 'spoke', '10.1.0.0/16', { allowGatewayTransit: true })),
    vnet('spoke', '10.1.0.0/16', { b: RT }, side('spoke', 'hub', '10.0.0.0/16', { useRemoteGateways: true })),
    table({ addressPrefix: '192.168.0.0/16', nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.0.1.4' }),
    resource('azureFirewalls/fw', {
      ipConfigurations: [{ privateIPAddress: '10.0.1.4', subnet: subnet('hub/AzureFirewallSubnet') }],
      networkRuleCollections: [allowed],
      applicationRuleCollections: [],
    }),
    resource('virtualNetworkGateways/gw', {
      gatewayType: 'Vpn',
      enableBgp: false,
      ipConfigurations: [{ subnet: subnet('hub/GatewaySubnet') }],
    }),
    resource('connections/c', {
      virtualNetworkGateway1: ref('virtualNetworkGateways/gw'),
      localNetworkGateway2: ref('localNetworkGateways/office'),
    }),
    resource('localNetworkGateways/office', { localNetworkAddressSpace: { addressPrefixes: ['192.168.0.0/16'] } }),
    nic('nic1', 'spoke/b', '10.1.0.4'),
  ]
  assert.equal(told(bodies, 'nic1', '192.168.7.1'), 'allowed on-premises gw')
})
