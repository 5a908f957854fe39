import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import { printAddress } from '../../sets/cidr.ts'
import { effective, instance, network, subnet } from './testing/objects.ts'
import { readingOf, whysOf } from './testing/reading-of.ts'

const read = (more: JsonObject, nic: JsonObject = {}) =>
  readingOf(network(), subnet('s', '10.0.0.0/24'), effective([]), instance('a', '10.0.0.2', more, nic))
const first = (more: JsonObject, nic: JsonObject = {}) => read(more, nic).fabric.interfaces[0]

test('an interface of a machine, with its subnet and its owner', () => {
  const one = first({})
  assert.deepEqual(
    [one?.id, one?.of, one?.subnet, one?.region, one?.forwards, one?.addresses.map(printAddress)],
    [
      'gcp:interface/p/europe-west1-b/a/nic0',
      'gcp:instance/p/europe-west1-b/a',
      'gcp:subnet/p/europe-west1/s',
      'europe-west1',
      false,
      ['10.0.0.2'],
    ],
  )
  assert.equal(first({ canIpForward: true })?.forwards, true)
})

test('its external address stands for its primary one', () => {
  const { publicAddresses = [] } =
    first({}, { accessConfigs: [{ type: 'ONE_TO_ONE_NAT', natIP: '203.0.113.9' }] }) ?? {}
  assert.deepEqual(
    publicAddresses.map(({ of, seenAs }) => [printAddress(of), printAddress(seenAs)]),
    [['10.0.0.2', '203.0.113.9']],
  )
  assert.deepEqual(first({}, { accessConfigs: [{ type: 'ONE_TO_ONE_NAT' }] })?.publicAddresses, [])
})

test('IPv6 addresses, internal and external', () => {
  const one = first(
    {},
    {
      ipv6Address: 'fd20:1::5',
      ipv6AccessConfigs: [{ externalIpv6: '2600:1900::7', externalIpv6PrefixLength: 96 }],
    },
  )
  assert.deepEqual(one?.addresses.map(printAddress), ['10.0.0.2', 'fd20:1::5', '2600:1900::7'])
  assert.deepEqual(
    one?.publicAddresses.map(({ seenAs }) => printAddress(seenAs)),
    ['2600:1900::7'],
  )
})

test('ranges of aliases belong to it, as those of pods; one that is too long is named', () => {
  const one = first({}, { aliasIpRanges: [{ ipCidrRange: '10.4.1.0/24', subnetworkRangeName: 'pods' }] })
  assert.deepEqual([one?.addresses.length, printAddress(one?.addresses.at(-1) ?? { words: [] })], [257, '10.4.1.255'])
  const long = read({}, { aliasIpRanges: [{ ipCidrRange: '10.4.0.0/16' }] })
  assert.equal(long.fabric.interfaces[0]?.addresses.length, 1)
  assert.ok(whysOf(long).includes('the alias range `10.4.0.0/16` is not among its addresses'))
})

test('a machine says whose node it is', () => {
  assert.deepEqual(read({ labels: { 'goog-k8s-cluster-name': 'prod' } }).fabric.machines[0]?.clusters, ['prod'])
  assert.deepEqual(read({}).fabric.machines[0]?.clusters, [])
})

test('values of the wrong kind', () => {
  const reading = read({ networkInterfaces: [{ network: 1 }, null, 'x'], tags: [], labels: 5 })
  assert.deepEqual(reading.fabric.interfaces, [])
  assert.ok(whysOf(reading).includes('an interface names no subnet'))
  assert.ok(whysOf(read({}, { networkIP: '10.0.0' })).includes('an address cannot be read'))
  assert.ok(whysOf(read({ networkInterfaces: null })).includes('its interfaces were not read'))
})

test('documents that differ: which rules are for it nobody can tell', () => {
  const S = subnet('s', '10.0.0.0/24')
  const tagged = (tag: string) => instance('a', '10.0.0.2', { tags: { items: [tag] } })
  const reading = readingOf(network(), S, effective([]), tagged('a'), tagged('b'))
  assert.deepEqual(reading.fabric.interfaces[0]?.filters, reading.fabric.subnets[0]?.memberFilters)
  assert.ok(whysOf(reading).includes('documents say different things of it'))
})
