import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import { printCidr } from '../../sets/cidr.ts'
import { network, printSet, subnet } from './testing/objects.ts'
import { readingOf, whysOf } from './testing/reading-of.ts'

test('a subnet holds its primary range, its secondary ones, and its IPv6 range', () => {
  const { fabric } = readingOf(
    network({ internalIpv6Range: 'fd20:1:2::/48' }),
    subnet('s', '10.0.0.0/24', {
      secondaryIpRanges: [{ rangeName: 'pods', ipCidrRange: '10.4.0.0/14' }],
      ipv6CidrRange: '2600:1900:4000:1::/64',
      externalIpv6Prefix: '2600:1900:4000:1::/64',
    }),
  )
  const ranges = ['10.0.0.0/24', '10.4.0.0/14', '2600:1900:4000:1::/64']
  assert.deepEqual(fabric.subnets[0]?.ranges.map(printCidr), ranges)
  assert.deepEqual(fabric.networks[0]?.ranges.map(printCidr), [...ranges, 'fd20:1:2::/48'])
  assert.deepEqual([fabric.networks[0]?.id, fabric.networks[0]?.mainTable], ['gcp:network/p/n', null])
})

test('a subnet is of a region and of no zone, and nothing stands at its edge', () => {
  const [one] = readingOf(network(), subnet('s', '10.0.0.0/24')).fabric.subnets
  assert.deepEqual(
    [one?.id, one?.network, one?.account, one?.region, one?.zone, one?.filters],
    ['gcp:subnet/p/europe-west1/s', 'gcp:network/p/n', 'p', 'europe-west1', null, []],
  )
})

test('metadata is kept from nobody', () => {
  const { fabric } = readingOf(network(), subnet('s', '10.0.0.0/24'))
  for (const one of [fabric.networks[0], fabric.subnets[0]])
    assert.equal(one === undefined ? '' : printSet(one.ownServices), '169.254.169.254/32 fd20:ce::254/128')
})

test('ranges that cannot be read, and a subnet of no network', () => {
  const reading = readingOf(network(), subnet('s', '10.0.0/24'), subnet('t', '10.1.0.0/24', { network: 7 }))
  assert.deepEqual(
    reading.fabric.subnets.map(({ ranges, rangesAreKnown }) => [ranges.length, rangesAreKnown]),
    [[0, false]],
  )
  assert.ok(whysOf(reading).includes('it names no network'))
})

test('flow logs are a setting of a subnet', () => {
  const logsOf = (logConfig: JsonObject) => {
    const { fabric, notes } = readingOf(network(), subnet('s', '10.0.0.0/24', { logConfig }))
    const [log] = fabric.flowLogs ?? []
    const why = notes.find(({ object }) => object === 'gcp:subnet/p/europe-west1/s')?.why ?? null
    return [log?.of ?? null, log?.keeps ?? null, log?.seconds ?? null, log?.broken ?? null, why]
  }
  const of = 'gcp:subnet/p/europe-west1/s'
  assert.deepEqual(logsOf({ enable: false }), [null, null, null, null, null])
  assert.deepEqual(logsOf({ enable: true, aggregationInterval: 'INTERVAL_10_MIN', flowSampling: 1 }), [
    of,
    'all',
    600,
    null,
    null,
  ])
  assert.deepEqual(logsOf({ enable: true, aggregationInterval: 'INTERVAL_5_SEC', flowSampling: 0.5 }), [
    of,
    'all',
    5,
    null,
    'its flow log keeps a sample of 0.5 of what it sees',
  ])
  assert.equal(logsOf({ enable: true, flowSampling: 0 })[3], 'it keeps a sample of nothing')
  assert.equal(readingOf(network()).fabric.flowLogs, null)
})

test('labels are tags', () => {
  const { fabric } = readingOf({
    kind: 'compute#address',
    selfLink: 'projects/p/regions/r/addresses/a',
    labels: { owner: 'shop', broken: 1 },
  })
  assert.deepEqual([...(fabric.tags.get('gcp:address/p/r/a') ?? [])], [['owner', 'shop']])
})
