import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Peering } from '../../model/fabric.ts'
import type { JsonObject } from '../../model/json.ts'
import { net, own, readingOf, reference, resource, short, whysOf } from './testing/reading-of.ts'

const half = (from: string, to: string, more: JsonObject = {}): JsonObject =>
  resource(net(`virtualNetworks/${from}/virtualNetworkPeerings/to-${to}`), {
    remoteVirtualNetwork: reference(net(`virtualNetworks/${to}`)),
    remoteAddressSpace: { addressPrefixes: ['10.9.0.0/16'] },
    peeringState: 'Connected',
    allowVirtualNetworkAccess: true,
    allowForwardedTraffic: false,
    ...more,
  })
const peeringsOf = (...bodies: JsonObject[]): readonly Peering[] => readingOf(...bodies).fabric.peerings

describe('two halves', () => {
  test('are one peering, whatever their order', () => {
    for (const bodies of [
      [half('a', 'b'), half('b', 'a')],
      [half('b', 'a'), half('a', 'b')],
    ]) {
      const [one, ...more] = peeringsOf(...bodies)
      assert.deepEqual(
        [one?.id, one?.networks, one?.isUp],
        [own('peering/a/to-b'), [own('vnet/a'), own('vnet/b')], true],
      )
      assert.deepEqual(more, [])
    }
  })
  test('are up where both are connected', () => {
    assert.equal(peeringsOf(half('a', 'b'), half('b', 'a', { peeringState: 'Disconnected' }))[0]?.isUp, false)
    assert.equal(peeringsOf(half('a', 'b', { peeringState: 'Initiated' }))[0]?.isUp, false)
    assert.equal(peeringsOf(half('a', 'b'))[0]?.isUp, true)
  })
  test('each says for itself whether it takes what is passed on', () => {
    const takes = (...bodies: JsonObject[]): readonly string[] =>
      peeringsOf(...bodies).flatMap(({ takesForwarded }) => takesForwarded.map(short))
    assert.deepEqual(takes(half('a', 'b', { allowForwardedTraffic: true }), half('b', 'a')), ['vnet/a'])
    assert.deepEqual(takes(half('a', 'b'), half('b', 'a', { allowForwardedTraffic: true })), ['vnet/b'])
    assert.deepEqual(takes(half('a', 'b'), half('b', 'a')), [])
  })
})

test('a half that does not name the other network, or its state, is told', () => {
  assert.deepEqual(peeringsOf(half('a', 'b', { remoteVirtualNetwork: null })), [])
  assert.deepEqual(whysOf(readingOf(half('a', 'b', { peeringState: null }))), ['its state is not told'])
  assert.equal(whysOf(readingOf(half('a', 'b', { peerCompleteVnets: false }))).length, 1)
})
