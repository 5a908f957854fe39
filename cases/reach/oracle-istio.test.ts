import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reach } from '../../src/app/reach.ts'
import type { ReachEntry, ReachResult, TrafficText } from '../../src/model/reach.ts'
import { CONSTRUCTS } from '../oracle/constructs.ts'
import { constructName } from '../oracle/generate.ts'
import { generateIstioWorld } from '../oracle/generate-istio.ts'
import { type Address, readAddress } from '../oracle/ip.ts'
import { meshRefuses, type Refusal } from '../oracle/istio.ts'
import type { Json, Packet } from '../oracle/types.ts'
import { loaded } from './estate.ts'

/** What the row makes of a packet that policy lets out. `refused` is what the contract calls cooperative. */
type Told = 'refused' | 'open' | 'passed'

/**
 * What a row says the sidecar refuses, it must refuse; and what it refuses, a row must not call plainly allowed. Where the row
 * leaves open what the second evaluator can tell, that is counted only.
 */
const compare = (seeds: number, withPolicies: boolean): ReadonlyMap<string, number> => {
  const written = new Map<string, number>()
  const counts = new Map<string, number>()
  for (let seed = 1; seed <= seeds; seed++) {
    const { world, packets, constructs } = generateIstioWorld(seed, withPolicies)
    for (const construct of constructs) written.set(construct, (written.get(construct) ?? 0) + 1)
    const result = reached(world.objects)
    for (const packet of packets) {
      const entry = entryOf(result, packet)
      if (entry.verdict !== 'allowed') continue
      const ours = toldOf(entry)
      const theirs = meshRefuses(world, packet)
      const key = `row ${ours}, documents ${theirs}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
      assert.ok(
        agrees(ours, theirs),
        `seed ${seed}: ${JSON.stringify(packet)} is ${ours} in the row and refused by the documents: ${theirs}`,
      )
    }
  }
  console.log(
    [...counts]
      .sort()
      .flatMap(([key, times]) => `${key}: ${times}`)
      .join('; '),
  )
  console.log(
    [...written]
      .sort()
      .map(([construct, times]) => `${construct} ${times}`)
      .join('; '),
  )
  for (const construct of CONSTRUCTS.istio)
    assert.ok(written.has(constructName('istio', construct)), `never made: ${construct}`)
  return counts
}

/** What is connected elsewhere reaches the address no more than what is refused: a row may say either. */
const agrees = (ours: Told, theirs: Refusal): boolean =>
  ours === 'refused' ? theirs === 'yes' || theirs === 'elsewhere' : ours === 'open' || theirs !== 'yes'

const reached = (objects: readonly Json[]): ReachResult =>
  reach(loaded({ 'world.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }) }), {
    profile: null,
    compat: null,
    namespaces: [],
    wants: () => true,
    all: true,
  })

/** The one region of the sender's row that holds the packet. */
const entryOf = ({ workloads }: ReachResult, packet: Packet): ReachEntry => {
  const { from, to } = packet
  assert.ok(from.kind === 'pod' && to.kind === 'address')
  const rows = workloads.filter(one => one.kind === 'Pod' && one.name === from.name && one.namespace === from.namespace)
  const address = readAddress(to.address)
  assert.ok(address)
  const found = rows.flatMap(row =>
    (row.egress ?? []).filter(
      entry =>
        entry.to.kind === 'addresses' &&
        entry.to.ranges.some(range => isInRange(address, range)) &&
        entry.traffic.some(traffic => isOf(packet, traffic)),
    ),
  )
  assert.equal(found.length, 1, `a packet in ${found.length} regions: ${JSON.stringify(packet)}`)
  return found[0] as ReachEntry
}

const isInRange = (address: Address, range: string): boolean => {
  const [first = '', last = first] = range.split('-')
  const [low, high] = [readAddress(first), readAddress(last)]
  return (
    low !== null &&
    high !== null &&
    low.family === address.family &&
    low.bits <= address.bits &&
    address.bits <= high.bits
  )
}

const NAMES = new Map([
  [1, 'ICMP'],
  [6, 'TCP'],
  [17, 'UDP'],
  [58, 'ICMPv6'],
])

const isOf = ({ protocol, port, type, code }: Packet, traffic: TrafficText): boolean => {
  if (traffic.protocol !== NAMES.get(protocol)) return false
  if (traffic.types !== undefined)
    return traffic.types.split(',').some(one => one === '*' || one === `${type}/*` || one === `${type}/${code}`)
  return (traffic.ports ?? '').split(',').some(one => {
    const [first = '', last = first] = one.split('-')
    return port !== undefined && Number(first) <= port && port <= Number(last)
  })
}

const toldOf = ({ enforcement, unknowns }: ReachEntry): Told =>
  enforcement === 'cooperative' ? 'refused' : unknowns.some(({ stage }) => stage === 'mesh') ? 'open' : 'passed'

test('Istio, no policy: what rows say of the sidecar, and what the documents say of each packet', () => {
  const counts = compare(250, false)
  for (const key of ['row refused, documents yes', 'row open, documents open', 'row passed, documents no'])
    assert.ok((counts.get(key) ?? 0) > 100, `${key}: ${counts.get(key) ?? 0}`)
})

test('Istio with NetworkPolicy: what rows say of the sidecar, and what the documents say of each packet', () => {
  compare(150, true)
})
