import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { can } from '../../src/app/can.ts'
import { possibleIn } from '../../src/app/possible.ts'
import { reach } from '../../src/app/reach.ts'
import type { ReachEntry, TrafficText, WorkloadReach } from '../../src/model/reach.ts'
import { profileNamed } from '../../src/profiles/profiles.ts'
import { generateWorld } from '../oracle/generate.ts'
import { loaded } from './estate.ts'

/** The two verbs look at one answer: a point of a region, asked for by itself, has the verdict of the region. */
describe('a single question never disagrees with the row', () => {
  const profiles = ['specification', 'calico-iptables', 'cilium', 'aws-vpc-cni'] as const
  const dialects = [
    ['kubernetes'],
    ['kubernetes', 'policy-api'],
    ['kubernetes', 'cilium'],
    ['kubernetes', 'policy-api', 'calico'],
  ] as const
  for (const policies of dialects)
    test(`policies of ${policies.join(' and ')}`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 100_000 }), fc.constantFrom(...profiles), (seed, cni) => {
          compare(generateWorld(seed, policies).world.objects, cni)
        }),
        { numRuns: 12 },
      )
    })
})

const compare = (items: readonly unknown[], cni: string): void => {
  const estate = loaded({ 'x.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) })
  const options = { profile: profileNamed(cni), compat: null }
  const { workloads } = reach(estate, { ...options, namespaces: [], wants: () => true, all: true })
  const rows = Map.groupBy(workloads, ({ id }) => id)
  // Each question starts from what is known: it would give the same without.
  const before = possibleIn(estate.estate, options)
  for (const [from, variants] of rows) {
    const points = new Map(variants.flatMap(pointsOf).map(point => [`${point.target.text}${point.port}`, point]))
    // Every so many of them, so that each kind of region is met.
    const step = Math.ceil(points.size / QUESTIONS)
    for (const [i, [asked, { target, port }]] of [...points].entries()) {
      if (i % step !== 0) continue
      const regions = variants.map(variant => regionsOf(variant, target, port))
      const answer = can(estate, from, asked, { ...options, before })
      const where = `${from} to ${asked} on ${cni}`
      // Where a workload has pods in several identities, a row tells them apart and its list of ids does not.
      if (target.kind === 'address')
        for (const region of regions) assert.equal(region.length, 1, `${where}: ${region.length} regions`)
      const verdicts = new Set(regions.flat().map(({ verdict }) => verdict))
      const [only] = verdicts
      assert.equal(answer.verdict, verdicts.size === 1 ? only : 'mixed', where)
      assert.ok(
        answer.parts.every(part => part.verdict !== 'unknown' || part.unknowns.length > 0),
        `${where}: no reason`,
      )
    }
  }
}

/** Of each workload: enough to meet every region of a small estate. */
const QUESTIONS = 60

type Asked =
  | { readonly kind: 'address'; readonly text: string; readonly address: string }
  | { readonly kind: 'workload' | 'service'; readonly text: string; readonly id: string }

interface Point {
  readonly target: Asked
  /** `:443/TCP` */
  readonly port: string
}

const pointsOf = ({ egress }: WorkloadReach): readonly Point[] =>
  (egress ?? []).flatMap(entry =>
    targetsOf(entry).flatMap(target => entry.traffic.flatMap(portsOf).map(port => ({ target, port }))),
  )

const targetsOf = ({ to }: ReachEntry): readonly Asked[] => {
  switch (to.kind) {
    case 'addresses':
      return to.ranges
        .flatMap(range => range.split('-'))
        .filter(address => !isLoopback(address))
        .map(address => ({
          kind: 'address',
          address,
          text: address.includes(':') ? `[${address}]` : address,
        }))
    case 'workloads':
      return to.ids.map(id => ({ kind: 'workload', id, text: id }))
    case 'service':
      return [{ kind: 'service', id: to.id, text: `svc:${to.id.replace('/Service/', '/')}` }]
    default:
      return []
  }
}

/** What never leaves the pod is no destination: policy has no say in it. */
const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1'

/** The first and the last of each. */
const portsOf = ({ protocol, ports, types }: TrafficText): readonly string[] => {
  if (ports !== undefined) return firstAndLast(ports.split(',').map(rangeOf)).map(port => `:${port}/${protocol}`)
  if (types === undefined) return protocol === 'OTHER' ? [':*/gre'] : []
  const messages = types.split(',').map(messagesOf)
  return [messages[0], messages.at(-1)].flatMap((message, i) =>
    message === undefined ? [] : [`:${message.type[i]}/${message.code[i]}/${protocol}`],
  )
}

type Range = readonly [number, number]

const rangeOf = (text: string): Range => {
  const [first = '', last = first] = text.split('-')
  return text === '*' ? [0, 255] : [Number(first), Number(last)]
}

/** `8/0`, `3/*`, `9-12/*`, `*` */
const messagesOf = (text: string): { readonly type: Range; readonly code: Range } => {
  const [type = '', code = '*'] = text.split('/')
  return { type: rangeOf(type), code: rangeOf(code) }
}

const firstAndLast = (ranges: readonly Range[]): readonly number[] => [
  ...new Set([ranges[0]?.[0] ?? 0, ranges.at(-1)?.[1] ?? 0]),
]

const regionsOf = ({ egress }: WorkloadReach, target: Asked, port: string): readonly ReachEntry[] =>
  (egress ?? []).filter(({ to, traffic }) => {
    const holds =
      to.kind === 'addresses'
        ? target.kind === 'address' && to.ranges.some(range => inRange(target.address, range))
        : to.kind === 'workloads'
          ? target.kind === 'workload' && to.ids.includes(target.id)
          : to.kind === 'service' && target.kind === 'service' && to.id === target.id
    return holds && traffic.some(part => inTraffic(port, part))
  })

const inTraffic = (port: string, { protocol, ports, types }: TrafficText): boolean => {
  const [, what = '', name = ''] = /^:(.*)\/([^/]+)$/.exec(port) ?? []
  if (name === 'gre') return protocol === 'OTHER' || protocol === '47'
  if (name !== protocol) return false
  if (ports !== undefined) return ports.split(',').some(part => isWithin(Number(what), rangeOf(part)))
  const [type, code] = what.split('/').map(Number) as [number, number]
  return (types ?? '').split(',').some(part => {
    const held = messagesOf(part)
    return isWithin(type, held.type) && isWithin(code, held.code)
  })
}

const isWithin = (point: number, [first, last]: Range): boolean => first <= point && point <= last

/** By the bits of the addresses, read here anew. */
const inRange = (address: string, range: string): boolean => {
  const [first = '', last = first] = range.split('-')
  if (first.includes(':') !== address.includes(':')) return false
  const [a, low, high] = [bitsOf(address), bitsOf(first), bitsOf(last)]
  return low <= a && a <= high
}

const bitsOf = (address: string): bigint => {
  if (!address.includes(':')) return address.split('.').reduce((bits, part) => bits * 256n + BigInt(part), 0n)
  const [left = '', right] = address.split('::')
  const words = (text: string): readonly string[] => (text === '' ? [] : text.split(':'))
  const head = words(left)
  const tail = right === undefined ? [] : words(right)
  const middle = right === undefined ? [] : Array<string>(8 - head.length - tail.length).fill('0')
  return [...head, ...middle, ...tail].reduce((bits, word) => bits * 65536n + BigInt(`0x${word}`), 0n)
}
