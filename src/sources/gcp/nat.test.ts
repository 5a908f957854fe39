import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import { printAddress, printCidr } from '../../sets/cidr.ts'
import { linkOf, network, REGION, subnet } from './testing/objects.ts'
import { readingOf, whysOf } from './testing/reading-of.ts'

const S = subnet('s', '10.0.0.0/24', {
  secondaryIpRanges: [
    { rangeName: 'pods', ipCidrRange: '10.4.0.0/14' },
    { rangeName: 'services', ipCidrRange: '10.8.0.0/20' },
  ],
})
const router = (nat: JsonObject, region = REGION): JsonObject => ({
  kind: 'compute#router',
  name: 'r',
  selfLink: linkOf(`regions/${region}/routers/r`),
  network: linkOf('global/networks/n'),
  nats: [
    {
      name: 'out',
      natIpAllocateOption: 'AUTO_ONLY',
      sourceSubnetworkIpRangesToNat: 'ALL_SUBNETWORKS_ALL_IP_RANGES',
      ...nat,
    },
  ],
})
const ID = `gcp:nat/p/${REGION}/r/out`

/** What of the subnet goes by it: `all`, ranges, or nothing. */
const covered = (nat: JsonObject, region = REGION): readonly string[] => {
  const outward = readingOf(network(), S, router(nat, region)).fabric.subnets[0]?.outward ?? []
  assert.equal(outward[0]?.kind, 'own')
  return outward.flatMap(one => (one.kind === 'gateway' ? (one.from?.map(printCidr) ?? ['all']) : []))
}
const listed = (...sourceIpRangesToNat: readonly string[]): JsonObject => ({
  sourceSubnetworkIpRangesToNat: 'LIST_OF_SUBNETWORKS',
  subnetworks: [
    { name: linkOf(`regions/${REGION}/subnetworks/s`), sourceIpRangesToNat, secondaryIpRangeNames: ['pods'] },
  ],
})

describe('which ranges it covers, after addresses of one’s own', () => {
  test('all of them', () => assert.deepEqual(covered({}), ['all']))
  test('primary ones alone, so that pods are left out', () => {
    assert.deepEqual(covered({ sourceSubnetworkIpRangesToNat: 'ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES' }), [
      '10.0.0.0/24',
    ])
  })
  test('named ones', () => {
    assert.deepEqual(covered(listed('ALL_IP_RANGES')), ['all'])
    assert.deepEqual(covered(listed('PRIMARY_IP_RANGE')), ['10.0.0.0/24'])
    assert.deepEqual(covered(listed('LIST_OF_SECONDARY_IP_RANGES')), ['10.4.0.0/14'])
    assert.deepEqual(covered(listed('PRIMARY_IP_RANGE', 'LIST_OF_SECONDARY_IP_RANGES')), ['10.0.0.0/24', '10.4.0.0/14'])
    assert.deepEqual(covered({ sourceSubnetworkIpRangesToNat: 'LIST_OF_SUBNETWORKS', subnetworks: [] }), [])
  })
  test('of its own region alone, for machines alone, toward the internet alone', () => {
    assert.deepEqual(covered({}, 'us-east1'), [])
    assert.deepEqual(covered({ endpointTypes: ['ENDPOINT_TYPE_MANAGED_PROXY_LB'] }), [])
    assert.deepEqual(covered({ type: 'PRIVATE' }), [])
  })
})

const gateway = (nat: JsonObject, ...more: readonly JsonObject[]) =>
  readingOf(network(), S, router(nat), ...more).fabric.gateways.find(({ id }) => id === ID)

test('a gateway in no subnet, which translates toward the internet or toward private places', () => {
  const one = gateway({})
  assert.deepEqual(
    [one?.kind, one?.network, one?.subnet, one?.reachesInternet, one?.isUp],
    ['nat', 'gcp:network/p/n', null, true, true],
  )
  assert.equal(gateway({ type: 'PRIVATE' })?.reachesInternet, false)
})

describe('the addresses that the world sees', () => {
  const address = (name: string, text: string): JsonObject => ({
    kind: 'compute#address',
    selfLink: linkOf(`regions/${REGION}/addresses/${name}`),
    address: text,
  })
  const natIps = [linkOf(`regions/${REGION}/addresses/a`)]
  test('are those of addresses that it names, and not those that are drained', () => {
    const drainNatIps = [linkOf(`regions/${REGION}/addresses/b`)]
    const one = gateway({ natIps, drainNatIps }, address('a', '203.0.113.1'), address('b', '203.0.113.2'))
    assert.deepEqual(one?.publicAddresses.map(printAddress), ['203.0.113.1'])
  })
  test('that were not read are named', () => {
    assert.deepEqual(gateway({ natIps })?.publicAddresses, [])
    assert.ok(whysOf(readingOf(network(), S, router({ natIps }))).includes('an address of a NAT gateway was not read'))
  })
  test('that Google picks are told by the status of the router', () => {
    assert.deepEqual(gateway({})?.publicAddresses, [])
    const natStatus = [{ name: 'out', autoAllocatedNatIps: ['203.0.113.7'] }]
    const status = { router: linkOf(`regions/${REGION}/routers/r`), status: { result: { natStatus } } }
    assert.deepEqual(gateway({}, status)?.publicAddresses.map(printAddress), ['203.0.113.7'])
  })
})

test('documents that differ: it counts as not read', () => {
  const { fabric } = readingOf(network(), S, router({}), router({ type: 'PRIVATE' }))
  assert.deepEqual(fabric.gateways, [])
})

test('what is not evaluated is named', () => {
  const whys = whysOf(
    readingOf(
      network(),
      S,
      router({ rules: [{ ruleNumber: 1 }], sourceSubnetworkIpRangesToNat64: 'ALL_IPV6_SUBNETWORKS' }),
    ),
  )
  assert.ok(whys.includes('which rule of the NAT gateway `out` picks an address is not evaluated'))
  assert.ok(whys.includes('the NAT gateway `out` translates IPv6, which is not evaluated'))
})

describe('tunnels and private lines', () => {
  const tunnel = (more: JsonObject): JsonObject => ({
    kind: 'compute#vpnTunnel',
    selfLink: linkOf(`regions/${REGION}/vpnTunnels/t`),
    status: 'ESTABLISHED',
    ...more,
  })
  const gatewayOf = (...documents: readonly JsonObject[]) => readingOf(network(), S, ...documents).fabric.gateways[0]
  test('end in the network of their router or their gateway', () => {
    const of = {
      kind: 'compute#vpnGateway',
      selfLink: linkOf(`regions/${REGION}/vpnGateways/g`),
      network: linkOf('global/networks/n'),
    }
    const one = gatewayOf(tunnel({ vpnGateway: linkOf(`regions/${REGION}/vpnGateways/g`) }), of)
    assert.deepEqual([one?.kind, one?.network, one?.isUp], ['on-premises', 'gcp:network/p/n', true])
    assert.equal(gatewayOf(tunnel({ router: linkOf(`regions/${REGION}/routers/x`) })), undefined)
  })
  test('one that is down lets nothing pass', () => {
    const by = { ...router({}), nats: [] }
    const down = tunnel({ router: linkOf(`regions/${REGION}/routers/r`), status: 'NO_INCOMING_PACKETS' })
    assert.equal(gatewayOf(by, down)?.isUp, false)
    const line = {
      kind: 'compute#interconnectAttachment',
      selfLink: linkOf(`regions/${REGION}/interconnectAttachments/v`),
      router: linkOf(`regions/${REGION}/routers/r`),
      operationalStatus: 'OS_ACTIVE',
    }
    assert.deepEqual([gatewayOf(by, line)?.id, gatewayOf(by, line)?.isUp], [`gcp:interconnect/p/${REGION}/v`, true])
  })
})
