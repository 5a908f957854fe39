import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import { effective, firewall, network, printSet, REGION, subnet } from './testing/objects.ts'
import { readingOf } from './testing/reading-of.ts'

const PRIVATE = '10.0.0.0/8 100.64.0.0/10 172.16.0.0/12 192.168.0.0/16 199.36.153.4/30 199.36.153.8/30'
const knative = (annotations: JsonObject): JsonObject => ({
  apiVersion: 'serving.knative.dev/v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'p', labels: { 'cloud.googleapis.com/location': REGION } },
  spec: { template: { metadata: { annotations } } },
})
const v2 = (vpcAccess: JsonObject): JsonObject => ({
  name: `projects/p/locations/${REGION}/services/web`,
  template: { vpcAccess },
})
const fn = (serviceConfig: JsonObject): JsonObject => ({
  name: `projects/p/locations/${REGION}/functions/f`,
  environment: 'GEN_2',
  serviceConfig,
})
const CONNECTOR = `projects/p/locations/${REGION}/connectors/c`
const reading = (...documents: readonly JsonObject[]) =>
  readingOf(network(), subnet('s', '10.0.0.0/24'), effective([]), ...documents)
const pinned = (document: JsonObject): string => {
  const [one] = reading(document).fabric.managed
  return one === undefined ? '' : one.doubts.length > 0 ? 'unknown' : printSet(one.pinned)
}

describe('what a service sends by its network', () => {
  const network = { 'run.googleapis.com/network-interfaces': '[{"network":"n","subnetwork":"s"}]' }
  test('nothing, where it has none', () => {
    assert.equal(pinned(knative({})), 'nobody')
    assert.equal(pinned(v2({})), 'nobody')
    assert.equal(pinned(fn({})), 'nobody')
  })
  test('private ranges, unless it says otherwise', () => {
    assert.equal(pinned(knative(network)), PRIVATE)
    assert.equal(pinned(v2({ connector: CONNECTOR, egress: 'PRIVATE_RANGES_ONLY' })), PRIVATE)
    assert.equal(pinned(fn({ vpcConnector: CONNECTOR })), PRIVATE)
  })
  test('everything', () => {
    assert.equal(pinned(knative({ ...network, 'run.googleapis.com/vpc-access-egress': 'all-traffic' })), '*')
    assert.equal(pinned(v2({ networkInterfaces: [{ network: 'n' }], egress: 'ALL_TRAFFIC' })), '*')
    assert.equal(pinned(fn({ vpcConnector: CONNECTOR, vpcConnectorEgressSettings: 'ALL_TRAFFIC' })), '*')
  })
  test('a setting that cannot be read leaves it open', () => {
    assert.equal(pinned(knative({ 'run.googleapis.com/network-interfaces': '[{' })), 'unknown')
    assert.equal(pinned(v2({ connector: CONNECTOR, egress: 'SOMETHING' })), 'unknown')
  })
})

test('a function is one, a service is a container', () => {
  assert.deepEqual(
    reading(v2({}), fn({})).fabric.managed.map(({ id, kind }) => [id, kind]),
    [
      [`gcp:function/p/${REGION}/f`, 'function'],
      [`gcp:run/p/${REGION}/web`, 'container'],
    ],
  )
})

describe('its interface', () => {
  const direct = (entry: JsonObject) => reading(v2({ networkInterfaces: [entry] })).fabric.interfaces[0]
  test('stands in the subnet, with an address that nobody tells and none of the internet', () => {
    const one = direct({ network: 'n', subnetwork: 's' })
    assert.deepEqual(
      [one?.of, one?.subnet, one?.addresses, one?.untold, one?.publicAddresses],
      [`gcp:run/p/${REGION}/web`, `gcp:subnet/p/${REGION}/s`, [], [4], []],
    )
  })
  test('in a subnet of both families it has both', () => {
    const service = v2({ networkInterfaces: [{ network: 'n', subnetwork: 's' }] })
    const wide = subnet('s', '10.0.0.0/24', { ipv6CidrRange: 'fd20:1::/64' })
    const untold = (one: JsonObject) => readingOf(network(), one, service).fabric.interfaces[0]?.untold
    assert.deepEqual(untold(wide), [4, 6])
    assert.deepEqual(untold(subnet('s', '10.0.0.0/24')), [4])
  })
  test('the subnet is called like the network where none is named', () => {
    assert.equal(direct({ network: 'projects/host/global/networks/n' })?.subnet, `gcp:subnet/host/${REGION}/n`)
  })
  test('rules find it by its tags', () => {
    const rule = firewall('a', { direction: 'EGRESS', denied: [{ IPProtocol: 'all' }], targetTags: ['web'] })
    const { fabric } = readingOf(
      network(),
      subnet('s', '10.0.0.0/24'),
      effective([rule]),
      v2({ networkInterfaces: [{ network: 'n', subnetwork: 's', tags: ['web'] }] }),
    )
    assert.deepEqual(fabric.interfaces[0]?.filters, [`gcp:firewall/p/n/${REGION}/web`])
  })
})

describe('connectors', () => {
  const connector = (more: JsonObject): JsonObject => ({ name: CONNECTOR, state: 'READY', ...more })
  const used = v2({ connector: CONNECTOR })
  test('stand in a subnet, with tags of their own', () => {
    const rule = firewall('a', { direction: 'EGRESS', denied: [{ IPProtocol: 'all' }], targetTags: ['vpc-connector'] })
    const { fabric } = readingOf(
      network(),
      subnet('s', '10.0.0.0/24'),
      effective([rule]),
      connector({ subnet: { name: 's' } }),
      used,
    )
    const [one] = fabric.interfaces
    assert.deepEqual(
      [one?.subnet, one?.filters],
      [`gcp:subnet/p/${REGION}/s`, [`gcp:firewall/p/n/${REGION}/vpc-connector`]],
    )
  })
  test('or have a range of the network for themselves', () => {
    const { fabric } = reading(connector({ network: 'n', ipCidrRange: '10.8.0.0/28' }), used)
    assert.equal(fabric.interfaces[0]?.subnet, `gcp:connector/p/${REGION}/c`)
    assert.ok(
      fabric.subnets.some(({ id, network }) => id === `gcp:connector/p/${REGION}/c` && network === 'gcp:network/p/n'),
    )
  })
  test('that were not read: a subnet that nothing is', () => {
    const { fabric } = reading(used)
    assert.equal(fabric.interfaces[0]?.subnet, `gcp:connector/p/${REGION}/c`)
    assert.ok(!fabric.subnets.some(({ id }) => id === `gcp:connector/p/${REGION}/c`))
  })
})
