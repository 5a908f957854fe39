import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Subnet } from '../../model/fabric.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import { isSameZone, subnetInZone } from './zones.ts'

const subnet = (id: string, zoneNames: Subnet['zoneNames']): Subnet => ({
  id,
  name: null,
  account: null,
  region: null,
  origin: { file: 'a.json', source: 0, start: 0, end: 1, line: 1, format: 'json', item: null },
  at: [],
  network: 'n',
  zone: null,
  zoneNames,
  ranges: [],
  rangesAreKnown: true,
  ownServices: bothFamilies.empty,
  unrouted: bothFamilies.empty,
  table: null,
  routesInside: false,
  filters: null,
  memberFilters: [],
  outward: [],
  internetDoubts: [],
})

const [a, b] = [subnet('a', { id: 'z1', one: 'east-a' }), subnet('b', { id: 'z2', one: 'east-b' })]
const theirs = subnet('theirs', { id: 'z1', two: 'east-b' })
const named = subnet('named', { two: 'east-a' })
const nowhere = subnet('nowhere', {})

test('zones are compared by names that one and the same gave', () => {
  assert.equal(isSameZone(a, theirs), true)
  assert.equal(isSameZone(b, theirs), false)
  assert.equal(isSameZone(a, named), null)
  assert.equal(isSameZone(nowhere, nowhere), null)
})

test('of several subnets the one in the zone, none, or nobody knows', () => {
  assert.equal(subnetInZone([b, a], theirs), a)
  assert.equal(subnetInZone([b], a), null)
  assert.equal(subnetInZone([b, named], a), 'open')
  assert.equal(subnetInZone([named, theirs], a), theirs)
  assert.equal(subnetInZone([], a), null)
})
