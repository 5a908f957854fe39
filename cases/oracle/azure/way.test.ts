import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { NetPacket } from '../fabric/types.ts'
import type { Json } from '../types.ts'
import { packetWay } from './way.ts'

// Expected ends follow from the pages of Azure’s documentation that each file of this folder names.

type Fields = { readonly [key: string]: Json }
const net = (path: string): string => `/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/${path}`
const ref = (path: string): Json => ({ id: net(path) })
const resource = (path: string, more: Fields): Json => ({ id: net(path), ...more })
const PUBLIC = resource('publicIPAddresses/p', { ipAddress: '198.51.100.7' })
const network = (subnet: Fields): Json =>
  resource('virtualNetworks/v', {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
    subnets: [resource('virtualNetworks/v/subnets/a', { addressPrefix: '10.0.0.0/24', ...subnet })],
  })
const nic = (more: Fields = {}): Json =>
  resource('networkInterfaces/n', {
    ipConfigurations: [{ privateIPAddress: '10.0.0.4', subnet: ref('virtualNetworks/v/subnets/a'), ...more }],
  })

const told = (bodies: readonly Json[], destination: string, more: Partial<NetPacket> = {}): string => {
  const packet = { destination, protocol: 6, port: 443, ...more }
  const { verdict, exit } = packetWay(bodies, { kind: 'interface', id: 'n' }, packet)
  return [verdict, exit.kind, exit.id ?? '', ...exit.sourceAddresses].filter(Boolean).join(' ')
}

test('a packet to the internet, by the first who gives it an address', () => {
  const nat = resource('natGateways/nat', { publicIpAddresses: [ref('publicIPAddresses/p')] })
  const own = nic({ publicIPAddress: ref('publicIPAddresses/p') })
  const natted = network({ natGateway: ref('natGateways/nat') })
  assert.equal(told([network({}), nic()], '203.0.113.9'), 'allowed provider-managed v')
  assert.equal(told([network({ defaultOutboundAccess: false }), nic()], '203.0.113.9'), 'denied blackhole')
  assert.equal(told([network({}), own, PUBLIC], '203.0.113.9'), 'allowed internet-gateway v 198.51.100.7')
  assert.equal(told([natted, own, PUBLIC, nat], '203.0.113.9'), 'allowed nat nat 198.51.100.7')
  assert.equal(told([natted, own, PUBLIC, nat], '203.0.113.9', { protocol: 1 }), 'denied blackhole')
  assert.equal(told([natted, own, PUBLIC], '203.0.113.9'), 'unknown unknown nat')
})

test('private blocks go nowhere, and the host answers', () => {
  assert.equal(told([network({}), nic()], '192.168.7.1'), 'denied blackhole')
  assert.equal(told([network({}), nic()], '168.63.129.16', { port: 53 }), 'allowed provider-managed v')
  assert.equal(told([network({}), nic()], '10.0.0.9'), 'allowed peer-network v')
})

test('the longest route, and at the same length the user’s', () => {
  const table = (...routes: readonly Fields[]): Json => resource('routeTables/t', { routes })
  const to = (addressPrefix: string, nextHopType: string): Fields => ({ addressPrefix, nextHopType })
  const routed = network({ routeTable: ref('routeTables/t') })
  const ways = (...routes: readonly Fields[]): string => told([routed, nic(), table(...routes)], '203.0.113.9')
  assert.equal(ways(to('0.0.0.0/0', 'None')), 'denied blackhole')
  assert.equal(ways(to('0.0.0.0/0', 'None'), to('203.0.113.0/24', 'Internet')), 'allowed provider-managed v')
  assert.equal(told([routed, nic()], '203.0.113.9'), 'unknown unknown')
})

test('a packet at the ends of a range of ports', () => {
  const rule = (priority: number, access: string, destinationPortRange: string): Json => ({
    priority,
    access,
    direction: 'Outbound',
    protocol: 'Tcp',
    sourceAddressPrefix: '*',
    sourcePortRange: '*',
    destinationAddressPrefix: 'Internet',
    destinationPortRange,
  })
  const group = resource('networkSecurityGroups/g', {
    securityRules: [rule(200, 'Allow', '*'), rule(100, 'Deny', '80-90')],
  })
  const bodies = [network({ networkSecurityGroup: ref('networkSecurityGroups/g') }), nic(), group]
  for (const [port, verdict] of [
    [79, 'allowed'],
    [80, 'denied'],
    [90, 'denied'],
    [91, 'allowed'],
  ] as const)
    assert.equal(told(bodies, '203.0.113.9', { port }).split(' ')[0], verdict, String(port))
})

test('nothing here is shared with the engine that it checks', () => {
  const folder = import.meta.dirname
  for (const name of readdirSync(folder).filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts')))
    for (const [, from = ''] of readFileSync(`${folder}/${name}`, 'utf8').matchAll(
      /^(?:import|export|}).* from '(.+)'$/gm,
    ))
      assert.match(from, /^(\.\/|\.\.\/(fabric\/)?[a-z-]+\.ts$)/, `${name} imports ${from}`)
})
