import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import {
  DEFAULT_ROUTE,
  INTERNET,
  instance,
  linkOf,
  network,
  REGION,
  route,
  subnet,
  tableOf,
} from './testing/objects.ts'
import { readingOf, whysOf } from './testing/reading-of.ts'

const S = subnet('s', '10.0.0.0/24')
const base = (...more: readonly JsonObject[]): readonly JsonObject[] => [network(), S, DEFAULT_ROUTE, ...more]
/** A policy-based route. */
const policy = (name: string, filter: JsonObject, more: JsonObject = { nextHopIlbIp: '10.0.0.8' }): JsonObject => ({
  kind: 'networkconnectivity#policyBasedRoute',
  name: `projects/p/locations/global/policyBasedRoutes/${name}`,
  network: linkOf('global/networks/n'),
  priority: 500,
  filter: { protocolVersion: 'IPV4', ipProtocol: 'ALL', ...filter },
  ...more,
})
const LOCAL = '10.0.0.0/24 network'
const OUT = '0.0.0.0/0 internet'

test('subnets are local, whether their routes were read or not, and the default route leads to the internet', () => {
  assert.deepEqual(tableOf(base()), [OUT, LOCAL])
  const own = route('default-route-1', '10.0.0.0/24', { nextHopNetwork: linkOf('global/networks/n'), priority: 0 })
  assert.deepEqual(tableOf(base(own)), [OUT, LOCAL])
})

test('routes that were not read leave the table open, but for what is local', () => {
  assert.deepEqual(tableOf([network(), S]), [LOCAL, '? unknown'])
})

describe('what a route leads to', () => {
  const check = (hop: JsonObject, expected: string, ...more: readonly JsonObject[]): void =>
    assert.deepEqual(tableOf(base(route('r', '172.16.0.0/12', hop), ...more)), [
      OUT,
      LOCAL,
      `172.16.0.0/12 ${expected}`,
    ])
  test('an address, a tunnel, a private line', () => {
    check({ nextHopIp: '10.0.0.9' }, 'address')
    check({ nextHopVpnTunnel: linkOf(`regions/${REGION}/vpnTunnels/t`) }, `gateway gcp:vpn-tunnel/p/${REGION}/t`)
    check(
      { nextHopInterconnectAttachment: linkOf(`regions/${REGION}/interconnectAttachments/v`) },
      `gateway gcp:interconnect/p/${REGION}/v`,
    )
  })
  test('a machine, by its interface in the network', () => {
    const hop = { nextHopInstance: linkOf(`zones/${REGION}-b/instances/fw`) }
    check(hop, 'unknown')
    check(hop, `interface gcp:interface/p/${REGION}-b/fw/nic0`, instance('fw', '10.0.0.9', { canIpForward: true }))
  })
  test('a load balancer, by its address or its rule', () => {
    const rule = linkOf(`regions/${REGION}/forwardingRules/b`)
    check({ nextHopIlb: '10.0.0.8' }, 'address')
    check({ nextHopIlb: rule }, 'unknown')
    check({ nextHopIlb: rule }, 'address', { kind: 'compute#forwardingRule', selfLink: rule, IPAddress: '10.0.0.8' })
  })
  test('a hub, a gateway of another kind, and a route with a warning are open', () => {
    check({ nextHopHub: 'projects/p/locations/global/hubs/h' }, 'unknown')
    check({ nextHopGateway: 'projects/p/global/gateways/other' }, 'unknown')
    check({ nextHopIp: '10.0.0.9', warnings: [{ code: 'NEXT_HOP_ADDRESS_NOT_ASSIGNED' }] }, 'unknown')
  })
})

describe('the order', () => {
  const ranks = (...routes: readonly JsonObject[]) => {
    const { fabric } = readingOf(...base(...routes))
    const own = fabric.tables[0]?.routes.filter(({ by }) => by === 'static') ?? []
    return own.map(({ rank, next }) => [next.kind, rank] as const).toSorted(([, a], [, b]) => a - b)
  }
  test('of one prefix the lowest priority comes first', () => {
    const [first, second] = ranks(route('a', '0.0.0.0/0', { nextHopIp: '10.0.0.9', priority: 999 }))
    assert.deepEqual([first?.[0], second?.[0]], ['address', 'internet'])
    const [other] = ranks(route('a', '0.0.0.0/0', { nextHopIp: '10.0.0.9', priority: 1001 }))
    assert.equal(other?.[0], 'internet')
  })
  test('two addresses of one priority are equal', () => {
    const [first, second] = ranks(
      route('a', '172.16.0.0/12', { nextHopIp: '10.0.0.8' }),
      route('b', '172.16.0.0/12', { nextHopIp: '10.0.0.9' }),
    )
    assert.equal(first?.[1], second?.[1])
  })
  test('of one priority machines come before load balancers, and these before the internet', () => {
    const kinds = ranks(
      route('a', '0.0.0.0/0', { nextHopIlb: '10.0.0.8' }),
      route('b', '0.0.0.0/0', { nextHopVpnTunnel: linkOf(`regions/${REGION}/vpnTunnels/t`) }),
    ).map(([kind]) => kind)
    assert.deepEqual(kinds, ['gateway', 'address', 'internet'])
  })
  test('a route into a subnet’s own range gives way to it', () => {
    assert.deepEqual(tableOf(base(route('a', '10.0.0.128/25', { nextHopIp: '10.0.0.9' }))), [OUT, LOCAL])
  })
  test('but in a hybrid subnet nobody can tell', () => {
    const hybrid = subnet('s', '10.0.0.0/24', { allowSubnetCidrRoutesOverlap: true })
    const taking = route('a', '10.0.0.128/25', { nextHopIp: '10.0.0.9' })
    assert.deepEqual(tableOf([network(), hybrid, DEFAULT_ROUTE, taking]), [OUT, LOCAL, '10.0.0.128/25 unknown'])
  })
})

test('a route with tags is for machines with one of them', () => {
  const tagged = route('tagged', '0.0.0.0/0', { ...INTERNET, priority: 10, tags: ['nat', 'dmz'] })
  const documents = [
    network(),
    S,
    tagged,
    instance('in', '10.0.0.2', { tags: { items: ['dmz', 'web'] } }),
    instance('out', '10.0.0.3', { tags: { items: ['web'] } }),
  ]
  assert.deepEqual(tableOf(documents, 'in'), [OUT, LOCAL])
  assert.deepEqual(tableOf(documents, 'out'), [LOCAL])
  const { fabric } = readingOf(...documents)
  assert.deepEqual(
    fabric.interfaces.map(({ table }) => table),
    ['gcp:route-table/p/n/dmz', 'gcp:route-table/p/n'],
  )
})

test('of whom no document shows nobody knows the tags', () => {
  const tagged = route('tagged', '9.0.0.0/8', { ...INTERNET, tags: ['nat'] })
  assert.deepEqual(tableOf([network(), S, tagged, DEFAULT_ROUTE]), [OUT, LOCAL, '9.0.0.0/8 unknown'])
  const web = policy('a', { destRange: '9.0.0.0/8' }, { nextHopIlbIp: '10.0.0.8', virtualMachine: { tags: ['web'] } })
  assert.deepEqual(tableOf(base(web)), [OUT, LOCAL, '9.0.0.0/8 unknown'])
})

describe('what routers learn', () => {
  const router = (name: string, region: string): JsonObject => ({
    kind: 'compute#router',
    name,
    selfLink: linkOf(`regions/${region}/routers/${name}`),
    network: linkOf('global/networks/n'),
    bgpPeers: [{ name: 'peer', interfaceName: 'if', peerIpAddress: '169.254.0.2' }],
    interfaces: [{ name: 'if', linkedVpnTunnel: linkOf(`regions/${region}/vpnTunnels/t`) }],
  })
  const status = (name: string, region: string, ...destinations: readonly string[]): JsonObject => ({
    router: linkOf(`regions/${region}/routers/${name}`),
    status: {
      kind: 'compute#routerStatusResponse',
      result: {
        bestRoutes: destinations.map(destRange => ({ destRange, nextHopIp: '169.254.0.2', priority: 100 })),
      },
    },
  })
  const learned = `192.168.0.0/16 gateway gcp:vpn-tunnel/p/${REGION}/t`
  test('by the tunnel of the neighbour', () => {
    const documents = base(router('a', REGION), status('a', REGION, '192.168.0.0/16'))
    assert.deepEqual(tableOf(documents), [OUT, LOCAL, learned])
    assert.equal(readingOf(...documents).fabric.tables[0]?.routes[2]?.by, 'propagated')
  })
  test('what is within a subnet gives way to it', () => {
    assert.deepEqual(tableOf(base(router('a', REGION), status('a', REGION, '10.0.0.0/25'))), [OUT, LOCAL])
  })
  test('not read: anything may lie there', () => {
    const reading = readingOf(...base(router('a', REGION)))
    assert.deepEqual(tableOf(base(router('a', REGION))), [OUT, LOCAL, '? unknown'])
    assert.ok(whysOf(reading).includes('the routes that it learned were not read'))
  })
  test('of another region: only where the network routes globally', () => {
    const far = [router('a', 'us-east1'), status('a', 'us-east1', '192.168.0.0/16')]
    assert.deepEqual(tableOf(base(...far)), [OUT, LOCAL])
    const globally = network({ routingConfig: { routingMode: 'GLOBAL' } })
    assert.deepEqual(tableOf([globally, S, DEFAULT_ROUTE, ...far]), [
      OUT,
      LOCAL,
      '192.168.0.0/16 gateway gcp:vpn-tunnel/p/us-east1/t',
    ])
  })
})

describe('policy-based routes come before all others', () => {
  const longer = route('longer', '172.16.0.0/12', { nextHopIp: '10.0.0.9' })
  test('also before longer ones, and before what is local', () => {
    assert.deepEqual(tableOf(base(longer, policy('a', { srcRange: '10.0.0.0/16', destRange: '0.0.0.0/0' }))), [
      '0.0.0.0/0 address',
    ])
  })
  test('for a part of the destinations', () => {
    assert.deepEqual(tableOf(base(longer, policy('a', { destRange: '172.0.0.0/8' }))), [
      OUT,
      LOCAL,
      '172.0.0.0/8 address',
    ])
  })
  test('of other senders not; of a part of them nobody can tell', () => {
    assert.deepEqual(tableOf(base(policy('a', { srcRange: '10.9.0.0/16' }))), [OUT, LOCAL])
    assert.deepEqual(tableOf(base(policy('a', { srcRange: '10.0.0.0/25' }))), ['0.0.0.0/0 unknown'])
    const some = policy('a', { srcRange: '10.0.0.0/25', destRange: '9.0.0.0/8' })
    assert.deepEqual(tableOf(base(some)), [OUT, LOCAL, '9.0.0.0/8 unknown'])
  })
  test('of one protocol nobody can tell', () => {
    assert.deepEqual(tableOf(base(policy('a', { ipProtocol: 'TCP' }))), ['0.0.0.0/0 unknown'])
  })
  test('one that skips others leaves its addresses to the ordinary routes', () => {
    const skip = policy('skip', { destRange: '10.0.0.0/8' }, { nextHopOtherRoutes: 'DEFAULT_ROUTING', priority: 100 })
    assert.deepEqual(tableOf(base(policy('a', { destRange: '0.0.0.0/0' }), skip)), [
      '0.0.0.0/0 address',
      LOCAL,
      '10.0.0.0/8 internet',
    ])
  })
  test('with tags, for machines that have one', () => {
    const tagged = policy('a', {}, { nextHopIlbIp: '10.0.0.8', virtualMachine: { tags: ['web'] } })
    const documents = base(
      tagged,
      instance('in', '10.0.0.2', { tags: { items: ['web'] } }),
      instance('out', '10.0.0.3'),
    )
    assert.deepEqual(tableOf(documents, 'out'), [OUT, LOCAL])
    assert.deepEqual(tableOf(documents, 'in'), ['0.0.0.0/0 address'])
  })
})

describe('private access to services of Google', () => {
  const PRIVATE = subnet('s', '10.0.0.0/24', { privateIpGoogleAccess: true })
  const services = [
    '199.36.153.4/30 service gcp:service/restricted.googleapis.com',
    '199.36.153.8/30 service gcp:service/private.googleapis.com',
  ]
  test('where the route that takes them leads to the internet', () => {
    assert.deepEqual(tableOf([network(), PRIVATE, DEFAULT_ROUTE]), [OUT, LOCAL, ...services])
    const only = route('r', '199.36.153.8/30', INTERNET)
    assert.ok(tableOf([network(), PRIVATE, only]).includes(services[1] ?? ''))
    assert.ok(!tableOf([network(), PRIVATE, only]).includes(services[0] ?? ''))
  })
  test('not without it, and not by another route', () => {
    assert.deepEqual(tableOf(base()), [OUT, LOCAL])
    const away = route('r', '0.0.0.0/0', { nextHopIp: '10.0.0.9' })
    assert.deepEqual(tableOf([network(), PRIVATE, away]), ['0.0.0.0/0 address', LOCAL])
  })
})

test('a custom route that a peering hands over leads where nobody tells, without the other network', () => {
  const taken = { nextHopPeering: 'b', routeType: 'STATIC' }
  assert.deepEqual(tableOf(base(route('x', '192.168.0.0/16', taken))), [OUT, LOCAL, '192.168.0.0/16 unknown'])
})

test('documents that differ, and values of the wrong kind', () => {
  const other = route('default', '0.0.0.0/0', { nextHopIp: '10.0.0.9' })
  assert.deepEqual(tableOf(base(other)), ['0.0.0.0/0 unknown', LOCAL])
  assert.deepEqual(tableOf(base({ ...route('x', '', {}), destRange: 5, nextHopIp: [] })), [OUT, LOCAL, '? unknown'])
})
