import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import { DEFAULT_ROUTE, INTERNET, linkOf, network, REGION, route, subnet, tableOf } from './testing/objects.ts'
import { readingOf } from './testing/reading-of.ts'

const B = linkOf('global/networks/b')
const half = (of: string, more: JsonObject = {}): JsonObject => ({
  name: `to-${of}`,
  network: linkOf(`global/networks/${of}`),
  state: 'ACTIVE',
  exchangeSubnetRoutes: true,
  exportCustomRoutes: false,
  importCustomRoutes: false,
  exportSubnetRoutesWithPublicIp: true,
  importSubnetRoutesWithPublicIp: false,
  stackType: 'IPV4_ONLY',
  ...more,
})
const there = (more: JsonObject = {}): JsonObject => ({
  ...network(),
  name: 'b',
  selfLink: B,
  peerings: [half('n', more)],
})
const far = (name: string, range: string, more: JsonObject = {}): JsonObject =>
  subnet(name, range, { network: B, ...more })
const documents = (here: JsonObject, other: JsonObject, ...more: readonly JsonObject[]): readonly JsonObject[] => [
  network({ peerings: [half('b', here)] }),
  there(other),
  subnet('s', '10.0.0.0/24'),
  DEFAULT_ROUTE,
  ...more,
]
const PEERING = 'peering gcp:peering/p/b/to-n'
const HERE = ['0.0.0.0/0 internet', '10.0.0.0/24 network']

test('one peering of two halves, up where both are', () => {
  const { fabric } = readingOf(...documents({}, {}))
  assert.deepEqual(
    fabric.peerings.map(({ id, networks, isUp, takesForwarded }) => [id, networks, isUp, takesForwarded]),
    [['gcp:peering/p/b/to-n', ['gcp:network/p/b', 'gcp:network/p/n'], true, []]],
  )
  const down = readingOf(...documents({}, { state: 'INACTIVE' }))
  assert.equal(down.fabric.peerings[0]?.isUp, false)
})

test('private subnets of the other network are local, by the peering; a half that is down exchanges nothing', () => {
  const subnets = [
    far('f', '10.9.0.0/24', { secondaryIpRanges: [{ rangeName: 'pods', ipCidrRange: '100.64.0.0/16' }] }),
  ]
  assert.deepEqual(tableOf(documents({}, {}, ...subnets)), [
    ...HERE,
    `10.9.0.0/24 ${PEERING}`,
    `100.64.0.0/16 ${PEERING}`,
  ])
  assert.deepEqual(tableOf(documents({ state: 'INACTIVE' }, {}, ...subnets)), HERE)
})

test('public blocks go over where one side hands over and the other takes', () => {
  const other = far('f', '35.0.0.0/24')
  const taken = { importSubnetRoutesWithPublicIp: true }
  assert.deepEqual(tableOf(documents({}, {}, other)), HERE)
  assert.deepEqual(tableOf(documents(taken, {}, other)), [...HERE, `35.0.0.0/24 ${PEERING}`])
  assert.deepEqual(tableOf(documents(taken, { exportSubnetRoutesWithPublicIp: false }, other)), HERE)
})

test('IPv6 where both sides have it', () => {
  const other = far('f', '10.9.0.0/24', { ipv6CidrRange: 'fd20:9::/64' })
  const v6 = { stackType: 'IPV4_IPV6' }
  const count = (here: JsonObject, one: JsonObject): number =>
    tableOf(documents(here, one, other)).filter(line => line.startsWith('fd20')).length
  assert.deepEqual([count(v6, v6), count(v6, {}), count({}, v6)], [1, 0, 0])
})

describe('subnets of a network that was not read', () => {
  const alone = (more: JsonObject, ...others: readonly JsonObject[]): readonly string[] =>
    tableOf([network({ peerings: [half('b', more)] }), subnet('s', '10.0.0.0/24'), DEFAULT_ROUTE, ...others])
  const within = route('within', '10.7.0.0/16', { nextHopIp: '10.0.0.9' })
  test('may have any private address, which they take from routes of the network', () => {
    const lines = alone({}, within)
    for (const line of ['10.0.0.0/8 unknown', '10.7.0.0/16 unknown', '192.168.0.0/16 unknown', ...HERE])
      assert.ok(lines.includes(line), line)
    assert.ok(!lines.includes('::/0 unknown'))
  })
  test('any address at all where public ones are taken, and IPv6 where the peering has it', () => {
    assert.ok(alone({ importSubnetRoutesWithPublicIp: true }).includes('0.0.0.0/0 unknown'))
    assert.ok(alone({ stackType: 'IPV4_IPV6' }).includes('::/0 unknown'))
  })
  test('are known where the routes to them are listed', () => {
    const listed = route('peering-route', '10.9.0.0/24', { nextHopPeering: 'to-b', priority: 0 })
    assert.deepEqual(alone({}, listed), [...HERE, '10.9.0.0/24 peering gcp:peering/p/n/to-b'])
  })
  test('nor of a peering that is down, nor of a network that has none', () => {
    assert.deepEqual(alone({ state: 'INACTIVE' }), HERE)
    assert.deepEqual(alone({}, there()), HERE)
    const subnetworks = [linkOf(`regions/${REGION}/subnetworks/f`)]
    assert.ok(alone({}, { ...there(), subnetworks }).includes('10.0.0.0/8 unknown'))
  })
})

test('a subnet of the network itself that was not read may have any address', () => {
  const named = network({ subnetworks: [linkOf(`regions/${REGION}/subnetworks/t`)] })
  assert.deepEqual(tableOf([named, subnet('s', '10.0.0.0/24'), DEFAULT_ROUTE]), [...HERE, '? unknown'])
  const listed = route('default-route-1', '10.0.1.0/24', { nextHopNetwork: linkOf('global/networks/n'), priority: 0 })
  assert.deepEqual(tableOf([named, subnet('s', '10.0.0.0/24'), DEFAULT_ROUTE, listed]), [
    ...HERE,
    '10.0.1.0/24 network',
  ])
})

describe('routes of the other network', () => {
  const tunnel = { nextHopVpnTunnel: linkOf(`regions/${REGION}/vpnTunnels/t`) }
  const theirs = (name: string, range: string, more: JsonObject): JsonObject =>
    route(name, range, { network: B, ...more })
  const exported = { exportCustomRoutes: true }
  const imported = { importCustomRoutes: true }
  const lines = theirs('line', '192.168.0.0/16', tunnel)
  const led = `192.168.0.0/16 gateway gcp:vpn-tunnel/p/${REGION}/t`
  test('need one side to export and the other to import, and lead where they lead there', () => {
    assert.deepEqual(tableOf(documents(imported, exported, lines)), [...HERE, led])
    assert.deepEqual(tableOf(documents(imported, {}, lines)), HERE)
    assert.deepEqual(tableOf(documents({}, exported, lines)), HERE)
  })
  test('never those to the internet, nor those with tags', () => {
    const others = [theirs('out', '8.0.0.0/8', INTERNET), theirs('tagged', '9.0.0.0/8', { ...tunnel, tags: ['a'] })]
    assert.deepEqual(tableOf(documents(imported, exported, ...others)), HERE)
  })
  test('come after the network’s own of one prefix, whatever their priority', () => {
    const own = route('own', '192.168.0.0/16', { nextHopIp: '10.0.0.9', priority: 65000 })
    const { fabric } = readingOf(...documents(imported, exported, { ...lines, priority: 1 }, own))
    const table = fabric.tables.find(({ id }) => id === 'gcp:route-table/p/n')
    const [first, second] = table?.routes.filter(({ destination }) => destination?.prefix === 16) ?? []
    assert.deepEqual([first?.next.kind, second?.next.kind], ['address', 'gateway'])
    assert.ok(first !== undefined && second !== undefined && first.rank < second.rank)
  })
  test('a network that was not read may hand over anything to one that imports', () => {
    const alone = (more: JsonObject) => [
      network({ peerings: [half('b', more)] }),
      subnet('s', '10.0.0.0/24'),
      DEFAULT_ROUTE,
    ]
    assert.equal(tableOf(alone(imported)).at(-1), '? unknown')
    assert.ok(!tableOf(alone({})).includes('? unknown'))
  })
  test('that were learned are for the regions that the mode of the other network says', () => {
    const far = 'us-east1'
    const router: JsonObject = {
      kind: 'compute#router',
      selfLink: linkOf(`regions/${far}/routers/r`),
      network: B,
      bgpPeers: [{ name: 'peer', interfaceName: 'if', peerIpAddress: '169.254.0.2' }],
    }
    const bestRoutes = [
      { destRange: '192.168.0.0/16', priority: 100, nextHopVpnTunnel: `projects/p/regions/${REGION}/vpnTunnels/t` },
    ]
    const status: JsonObject = { router: `projects/p/regions/${far}/routers/r`, status: { result: { bestRoutes } } }
    const inMode = (here: string, other: string): readonly string[] =>
      tableOf([
        network({ peerings: [half('b', imported)], routingConfig: { routingMode: here } }),
        { ...there(exported), routingConfig: { routingMode: other } },
        subnet('s', '10.0.0.0/24'),
        DEFAULT_ROUTE,
        theirs('any', '9.0.0.0/8', { ...INTERNET }),
        router,
        status,
      ])
    assert.deepEqual(inMode('REGIONAL', 'GLOBAL'), [...HERE, led])
    assert.deepEqual(inMode('GLOBAL', 'REGIONAL'), HERE)
  })
  test('are not handed on to a third network', () => {
    const third = { ...network(), name: 'c', selfLink: linkOf('global/networks/c'), peerings: [half('b', exported)] }
    const middle = { ...there(exported), peerings: [half('n', exported), half('c', imported)] }
    const beyond = subnet('t', '10.77.0.0/24', { network: linkOf('global/networks/c') })
    const all = [
      network({ peerings: [half('b', imported)] }),
      middle,
      third,
      subnet('s', '10.0.0.0/24'),
      beyond,
      DEFAULT_ROUTE,
      theirs('default-b', '0.0.0.0/0', INTERNET),
      route('line-c', '192.168.0.0/16', { network: linkOf('global/networks/c'), ...tunnel }),
    ]
    assert.deepEqual(tableOf(all), HERE)
  })
})

test('a route to a peering names it as its own network calls it', () => {
  const read = route('peering-route-1', '10.9.0.0/24', { nextHopPeering: 'to-b' })
  assert.deepEqual(tableOf(documents({}, {}, read)), [...HERE, `10.9.0.0/24 ${PEERING}`])
})
