import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bothFamilies } from '../sets/addresses.ts'
import { portRange } from '../sets/port-set.ts'
import { TCP } from '../sets/protocol.ts'
import { portTraffic, type Traffic, traffics, unionOfTraffics } from '../sets/traffic.ts'
import { addressEntries, nameEntries } from './draft.ts'
import { starterFor } from './starters.ts'

const tcp = (...ports: readonly number[]): Traffic =>
  unionOfTraffics(
    ports.flatMap(port => {
      const read = portRange(port)
      return read.kind === 'read' ? [portTraffic(TCP, read.value)] : []
    }),
  )

const portsOf = (traffic: Traffic) => addressEntries(bothFamilies.full, traffic, { note: null }).map(one => one.ports)

test('ports of one text, and of several where it would be longer than the schema takes', () => {
  assert.deepEqual(portsOf(traffics.full), [undefined])
  assert.deepEqual(portsOf(tcp(80, 443)), [['80,443/TCP']])
  // Each is five letters and a comma, and four more are `/TCP`: ten are 63 letters, and eleven would be 69.
  const eleven = Array.from({ length: 11 }, (_, i) => 10_000 + 2 * i)
  assert.deepEqual(portsOf(tcp(...eleven)), [[`${eleven.slice(0, 10).join()}/TCP`, '10020/TCP']])
})

test('more texts of ports than a list takes are several entries', () => {
  const lists = portsOf(tcp(...Array.from({ length: 2570 }, (_, i) => 10_000 + 2 * i)))
  assert.deepEqual(
    lists.map(ports => ports?.length),
    [256, 1],
  )
})

test('more names than a list takes are several entries', () => {
  const names = Array.from({ length: 257 }, (_, i) => `n${i}.example.com`)
  const entries = nameEntries(names, tcp(443), { note: null })
  assert.deepEqual(
    entries.map(({ to }) => to.names?.length),
    [256, 1],
  )
})

test('no entry for nodes says what another one says, whether a region is known or not', () => {
  for (const platform of ['EKS', 'AKS', 'GKE'])
    for (const region of ['eu-west-1', null]) {
      const names = (starterFor(platform, region)?.entries ?? []).flatMap(({ to }) => to.names ?? [])
      assert.equal(new Set(names).size, names.length)
      const below = names.filter(name =>
        names.some(other => other.startsWith('**.') && other !== name && name.endsWith(other.slice(2))),
      )
      assert.deepEqual(below, [], `${platform} ${region}`)
    }
})
