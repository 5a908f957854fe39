import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Start } from '../../engine/fabric/start.ts'
import { walkIn } from '../../engine/fabric/walk.ts'
import type { JsonObject } from '../../model/json.ts'
import { addressesOf } from '../../sets/address-set.ts'
import { type Family, readCidr } from '../../sets/cidr.ts'
import { parseTraffic } from '../../sets/parse-traffic.ts'
import { regions } from '../../sets/region.ts'
import { trafficTable } from '../../sets/traffic-table.ts'
import {
  DEFAULT_ROUTE,
  effective,
  firewall,
  INTERNET,
  instance,
  linkOf,
  network,
  REGION,
  route,
  subnet,
} from './testing/objects.ts'
import { readingOf } from './testing/reading-of.ts'

// What becomes of packets, from the documents on. Expected answers come from the documentation that the lowerings name.

const walk = (documents: readonly JsonObject[], from: string, to: string, traffic = '443/tcp'): readonly string[] => {
  const { fabric } = readingOf(...documents)
  const [sent, block] = [parseTraffic(traffic), readCidr(to)]
  if (sent.kind === 'refused' || block.kind === 'refused') throw new Error('no question')
  const named = <T extends { readonly id: string }>(all: readonly T[]): T | undefined =>
    all.find(({ id }) => id.split('/').includes(from))
  const [sender, managed, part] = [named(fabric.interfaces), named(fabric.managed), named(fabric.subnets)]
  const start: Start | undefined =
    managed !== undefined
      ? { kind: 'managed', of: managed }
      : sender !== undefined
        ? { kind: 'interface', of: sender }
        : part && { kind: 'subnet', of: part }
  if (start === undefined) throw new Error(`nothing is called ${from}`)
  const table = trafficTable()
  const id = table.idOf(sent.value)
  const ask = <F extends Family>(family: F) =>
    walkIn(
      fabric,
      family,
      table,
    )(
      start,
      regions<F, typeof id>(family, table).ofBoxes([
        { addresses: addressesOf(family).ofCidrs([block.value as never]), id },
      ]),
    ).map(({ verdict, exit }) => `${verdict} ${exit.kind} ${exit.sourceAddresses.join(' ')}`.trim())
  return [...new Set(block.value.family === 4 ? ask(4) : ask(6))].sort()
}

const WORLD = '1.1.1.1/32'
const S = subnet('s', '10.0.0.0/24', { secondaryIpRanges: [{ rangeName: 'pods', ipCidrRange: '10.4.0.0/14' }] })
const base = (...more: readonly JsonObject[]): readonly JsonObject[] => [
  network(),
  S,
  DEFAULT_ROUTE,
  effective([]),
  ...more,
]
const PLAIN = instance('plain', '10.0.0.2')
const OUTER = instance('outer', '10.0.0.3', {}, { accessConfigs: [{ natIP: '203.0.113.9' }] })
const NAT: JsonObject = {
  kind: 'compute#router',
  selfLink: linkOf(`regions/${REGION}/routers/r`),
  network: linkOf('global/networks/n'),
  nats: [
    {
      name: 'out',
      natIps: [linkOf(`regions/${REGION}/addresses/a`)],
      sourceSubnetworkIpRangesToNat: 'ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES',
    },
  ],
}
const ADDRESS: JsonObject = {
  kind: 'compute#address',
  selfLink: linkOf(`regions/${REGION}/addresses/a`),
  address: '203.0.113.1',
}

describe('to the internet', () => {
  test('not without an address; with one of one’s own, before NAT; else by NAT', () => {
    assert.deepEqual(
      walk(base(PLAIN), 'plain', WORLD).map(way => way.split(' ')[0]),
      ['denied'],
    )
    assert.deepEqual(walk(base(PLAIN, NAT, ADDRESS), 'plain', WORLD), ['allowed nat 203.0.113.1'])
    assert.deepEqual(walk(base(OUTER, NAT, ADDRESS), 'outer', WORLD), ['allowed internet-gateway 203.0.113.9'])
  })
  test('NAT takes TCP, UDP and ICMP alone', () => {
    assert.match(walk(base(PLAIN, NAT, ADDRESS), 'plain', WORLD, 'esp')[0] ?? '', /^denied/)
  })
  test('not without a route to the internet’s edge, whatever NAT there is', () => {
    const away = [network(), S, effective([]), PLAIN, NAT, ADDRESS, route('x', '8.8.8.0/24', INTERNET)]
    assert.match(walk(away, 'plain', WORLD)[0] ?? '', /^denied/)
    assert.deepEqual(walk(away, 'plain', '8.8.8.8/32'), ['allowed nat 203.0.113.1'])
  })
  test('IPv6 with an external address of its own alone', () => {
    const six = route('six', '::/0', INTERNET)
    const wide = subnet('s', '10.0.0.0/24', { ipv6CidrRange: '2600:1900:1::/64' })
    const machine = instance('m', '10.0.0.2', {}, { ipv6AccessConfigs: [{ externalIpv6: '2600:1900:1::5' }] })
    const all = [network(), wide, six, effective([]), machine]
    assert.deepEqual(walk(all, 'm', '2606:4700::1/128'), ['allowed internet-gateway 2600:1900:1::5'])
    const inner = subnet('s', '10.0.0.0/24', { ipv6CidrRange: 'fd20:1::/64' })
    const local = instance('m', '10.0.0.2', {}, { ipv6Address: 'fd20:1::5' })
    assert.match(walk([network(), inner, six, effective([]), local], 'm', '2606:4700::1/128')[0] ?? '', /^denied/)
  })
})

describe('what keeps packets back', () => {
  const deny = (priority: number, more: JsonObject = {}): JsonObject =>
    firewall('deny', { direction: 'EGRESS', priority, denied: [{ IPProtocol: 'all' }], ...more })
  const allow = firewall('allow', {
    direction: 'EGRESS',
    priority: 900,
    allowed: [{ IPProtocol: 'tcp', ports: ['443'] }],
    destinationRanges: ['1.1.1.0/24'],
  })
  const under = (...rules: readonly JsonObject[]): readonly JsonObject[] => [
    network(),
    S,
    DEFAULT_ROUTE,
    effective(rules),
    OUTER,
  ]
  test('the first rule that matches decides', () => {
    assert.match(walk(under(deny(1000)), 'outer', WORLD)[0] ?? '', /^denied/)
    assert.match(walk(under(deny(1000), allow), 'outer', WORLD)[0] ?? '', /^allowed/)
    assert.match(walk(under(deny(1000), allow), 'outer', WORLD, '80/tcp')[0] ?? '', /^denied/)
    assert.match(walk(under(deny(900), allow), 'outer', WORLD)[0] ?? '', /^denied/)
  })
  test('metadata is kept from nobody', () => {
    assert.match(walk(under(deny(1)), 'outer', '169.254.169.254/32', '80/tcp')[0] ?? '', /^allowed provider-managed/)
  })
  test('goto_next leaves it to what comes after, and skips what its own policy says later', () => {
    const match = { destIpRanges: ['1.1.1.0/24'], layer4Configs: [{ ipProtocol: 'all' }] }
    const org = {
      type: 'HIERARCHY',
      rules: [
        { priority: 1, direction: 'EGRESS', action: 'goto_next', match },
        { priority: 2, direction: 'EGRESS', action: 'deny', match: { layer4Configs: [{ ipProtocol: 'all' }] } },
      ],
    }
    const all = [network(), S, DEFAULT_ROUTE, effective([], [org]), OUTER]
    assert.match(walk(all, 'outer', WORLD)[0] ?? '', /^allowed/)
    assert.match(walk(all, 'outer', '9.9.9.9/32')[0] ?? '', /^denied/)
  })
  test('without what applies to the network nobody can tell', () => {
    assert.match(walk([network(), S, DEFAULT_ROUTE, OUTER, allow], 'outer', WORLD)[0] ?? '', /^unknown/)
  })
  test('between machines both ends are asked: nothing comes in that no rule lets in', () => {
    const web = firewall('web', { allowed: [{ IPProtocol: 'tcp', ports: ['443'] }], sourceRanges: ['10.0.0.3/32'] })
    const to = (rules: readonly JsonObject[], traffic: string): string =>
      walk([network(), S, DEFAULT_ROUTE, effective(rules), OUTER, PLAIN], 'outer', '10.0.0.2/32', traffic)[0] ?? ''
    assert.match(to([], '443/tcp'), /^denied/)
    assert.match(to([web], '443/tcp'), /^allowed/)
    assert.match(to([web], '80/tcp'), /^denied/)
  })
})

test('services of Google by private access need no address', () => {
  const wide = subnet('s', '10.0.0.0/24', { privateIpGoogleAccess: true })
  const all = [network(), wide, DEFAULT_ROUTE, effective([]), PLAIN]
  assert.deepEqual(walk(all, 'plain', '199.36.153.8/30'), ['allowed private-endpoint'])
  assert.match(walk(base(PLAIN), 'plain', '199.36.153.8/30')[0] ?? '', /^denied/)
})

test('over a peering by the subnets of the other network', () => {
  const half = (of: string): JsonObject => ({
    name: `to-${of}`,
    network: linkOf(`global/networks/${of}`),
    state: 'ACTIVE',
  })
  const B = linkOf('global/networks/b')
  const other = { ...network(), name: 'b', selfLink: B, peerings: [half('n')] }
  const all = [
    network({ peerings: [half('b')] }),
    other,
    S,
    subnet('far', '10.9.0.0/24', { network: B }),
    DEFAULT_ROUTE,
    effective([]),
    {
      network: B,
      region: REGION,
      effectiveFirewalls: { firewalls: [firewall('in', { network: B, allowed: [{ IPProtocol: 'tcp' }] })] },
    },
    PLAIN,
  ]
  assert.match(walk(all, 'plain', '10.9.0.5/32')[0] ?? '', /^allowed peer-network/)
  assert.match(walk(all, 'plain', '10.9.0.5/32', '53/udp')[0] ?? '', /^denied/)
})

describe('what runs without a machine', () => {
  const service = (vpcAccess: JsonObject): JsonObject => ({
    name: `projects/p/locations/${REGION}/services/web`,
    template: { vpcAccess },
  })
  const direct = { networkInterfaces: [{ network: 'n', subnetwork: 's' }] }
  // Which address it has nobody tells: NAT has to be for all of the subnet.
  const plain = subnet('s', '10.0.0.0/24')
  const ways = (vpcAccess: JsonObject, to: string) =>
    walk([network(), plain, DEFAULT_ROUTE, effective([]), service(vpcAccess), NAT, ADDRESS], 'web', to)
  test('leaves by Google unless all is sent by the network', () => {
    assert.deepEqual(ways({}, WORLD), ['allowed provider-managed'])
    assert.deepEqual(ways(direct, WORLD), ['allowed provider-managed'])
    assert.deepEqual(ways({ ...direct, egress: 'ALL_TRAFFIC' }, WORLD), ['allowed nat 203.0.113.1'])
  })
})
