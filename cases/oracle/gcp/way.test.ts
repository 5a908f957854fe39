import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Json } from '../types.ts'
import type { From } from './types.ts'
import { packetWay } from './way.ts'

// Expected ends follow from the pages of Google’s documentation that each file of this folder names.

type Fields = { readonly [key: string]: Json }
const REGION = 'projects/p/regions/europe-west1'
const N = 'projects/p/global/networks/n'
const NETWORK: Fields = { kind: 'compute#network', name: 'n', selfLink: N, routingConfig: { routingMode: 'REGIONAL' } }
const SUBNET: Fields = {
  kind: 'compute#subnetwork',
  name: 's',
  selfLink: `${REGION}/subnetworks/s`,
  network: N,
  ipCidrRange: '10.0.0.0/24',
  secondaryIpRanges: [{ rangeName: 'pods', ipCidrRange: '10.4.0.0/24' }],
}
const OUT = { nextHopGateway: 'projects/p/global/gateways/default-internet-gateway' }
const route = (name: string, destRange: string, more: Fields): Json => ({
  kind: 'compute#route',
  name,
  selfLink: `projects/p/global/routes/${name}`,
  network: N,
  destRange,
  priority: 1000,
  ...more,
})
const machine = (name: string, networkIP: string, nic: Fields = {}, more: Fields = {}): Json => ({
  kind: 'compute#instance',
  name,
  selfLink: `projects/p/zones/europe-west1-b/instances/${name}`,
  networkInterfaces: [{ name: 'nic0', network: N, subnetwork: `${REGION}/subnetworks/s`, networkIP, ...nic }],
  ...more,
})
const rule = (name: string, more: Fields): Json => ({
  kind: 'compute#firewall',
  name,
  selfLink: `projects/p/global/firewalls/${name}`,
  network: N,
  priority: 1000,
  direction: 'INGRESS',
  ...more,
})
const ALONE: Json = { projectId: 'p', projectNumber: '1' }
const NAT: Json = {
  kind: 'compute#router',
  name: 'r',
  selfLink: `${REGION}/routers/r`,
  network: N,
  nats: [
    { name: 'nat', natIps: [`${REGION}/addresses/a`], sourceSubnetworkIpRangesToNat: 'ALL_SUBNETWORKS_ALL_IP_RANGES' },
  ],
}
const ADDRESS: Json = { kind: 'compute#address', selfLink: `${REGION}/addresses/a`, address: '198.51.100.7' }
const BASE: readonly Json[] = [NETWORK, SUBNET, ALONE, route('out', '0.0.0.0/0', OUT), machine('a', '10.0.0.2')]

const A: From = { kind: 'interface', instance: 'a', nic: 'nic0' }
const ends = (documents: readonly Json[], destination: string, port = 443, from = A): readonly string[] =>
  packetWay(documents, from, { destination, protocol: 6, port }).ends.map(({ verdict, exit }) =>
    [verdict, exit.kind, ...exit.sourceAddresses].join(' '),
  )

test('to the internet by an address of one’s own, by NAT, or not', () => {
  assert.deepEqual(ends(BASE, '203.0.114.9'), ['denied blackhole'])
  assert.deepEqual(ends([...BASE, NAT, ADDRESS], '203.0.114.9'), ['allowed nat 198.51.100.7'])
  const outer = machine('a', '10.0.0.2', { accessConfigs: [{ natIP: '34.1.1.1' }] })
  assert.deepEqual(ends([...BASE.slice(0, -1), outer, NAT, ADDRESS], '203.0.114.9'), [
    'allowed internet-gateway 34.1.1.1',
  ])
})

test('an external address is not for alias ranges', () => {
  const both = machine('a', '10.0.0.2', {
    accessConfigs: [{ natIP: '34.1.1.1' }],
    aliasIpRanges: [{ ipCidrRange: '10.4.0.8/32' }],
  })
  assert.deepEqual(ends([...BASE.slice(0, -1), both, NAT, ADDRESS], '203.0.114.9'), [
    'allowed internet-gateway 34.1.1.1',
    'allowed nat 198.51.100.7',
  ])
})

test('nothing comes in unless a rule lets it in; of one priority denial counts', () => {
  const other = machine('b', '10.0.0.3')
  const web = rule('web', { sourceRanges: ['10.0.0.0/8'], allowed: [{ IPProtocol: 'tcp', ports: ['443'] }] })
  const none = rule('none', { sourceRanges: ['10.0.0.0/8'], denied: [{ IPProtocol: 'all' }] })
  assert.deepEqual(ends([...BASE, other], '10.0.0.3'), ['denied blackhole'])
  assert.deepEqual(ends([...BASE, other, web], '10.0.0.3'), ['allowed peer-network'])
  assert.deepEqual(ends([...BASE, other, web], '10.0.0.3', 444), ['denied blackhole'])
  assert.deepEqual(ends([...BASE, other, web, none], '10.0.0.3'), ['denied blackhole'])
})

test('without a word of what stands above, rules are open', () => {
  const documents = BASE.filter(one => one !== ALONE)
  assert.deepEqual(ends([...documents, NAT, ADDRESS], '203.0.114.9'), ['denied blackhole', 'allowed nat 198.51.100.7'])
})

test('policy-based routes come before subnets, and those with tags are for machines that have one', () => {
  const policy = (more: Fields): Json => ({
    kind: 'networkconnectivity#policyBasedRoute',
    network: N,
    priority: 1,
    filter: { protocolVersion: 'IPV4', destRange: '10.0.0.0/8' },
    nextHopIlbIp: '10.0.0.9',
    ...more,
  })
  const open = rule('open', { sourceRanges: ['0.0.0.0/0'], allowed: [{ IPProtocol: 'all' }] })
  assert.deepEqual(ends([...BASE, open, policy({})], '10.0.0.3'), ['unknown unknown'])
  assert.deepEqual(ends([...BASE, open, policy({ virtualMachine: { tags: ['web'] } })], '10.0.0.3'), [
    'allowed peer-network',
  ])
})

test('of one prefix the lowest priority, then a tunnel before the internet', () => {
  const tunnel: Json = { kind: 'compute#vpnTunnel', name: 't', selfLink: `${REGION}/vpnTunnels/t` }
  const line = (priority: number): Json =>
    route('line', '0.0.0.0/0', { nextHopVpnTunnel: `${REGION}/vpnTunnels/t`, priority })
  assert.deepEqual(ends([...BASE, tunnel, line(1000)], '203.0.114.9'), ['allowed on-premises'])
  assert.deepEqual(ends([...BASE, tunnel, line(1001)], '203.0.114.9'), ['denied blackhole'])
})

test('nothing here is shared with the engine that it checks', () => {
  const folder = import.meta.dirname
  for (const name of readdirSync(folder).filter(file => file.endsWith('.ts')))
    for (const [, from = ''] of readFileSync(`${folder}/${name}`, 'utf8').matchAll(
      /^(?:import|export|}).* from '(.+)'$/gm,
    ))
      assert.match(from, /^(node:|\.\/|\.\.\/fabric\/[a-z-]+\.ts|\.\.\/[a-z0-9-]+\.ts)/, `${name} imports ${from}`)
})
