import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { compareReach } from '../../src/app/compare-reach.ts'
import { reachOf } from '../../src/app/reach-question.ts'
import type { Layer, ReachEntry } from '../../src/model/reach.ts'
import { profileNamed } from '../../src/profiles/profiles.ts'
import { generateWorld } from '../oracle/generate.ts'
import { at } from '../oracle/json.ts'
import { loaded, loadedObjects, namespace, networkPolicy, pod, senderIn } from './estate.ts'

// What each document alone holds closed, for whole rows.

const QUESTION = { compat: null, by: 'workload', namespaces: [], selector: null, all: false, layers: true } as const
const SPECIFICATION = profileNamed('specification')
const PODS =
  namespace('shop') +
  pod('web', { namespace: 'shop', ip: '10.0.0.1' }) +
  pod('db', { namespace: 'shop', ip: '10.0.0.2' })
const policy = (name: string, spec: string): string => networkPolicy(spec, name, 'shop')
const CLOSED = '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}'

const layersOf = (yaml: string): readonly Layer[] =>
  reachOf(loaded({ 'x.yaml': PODS + yaml }), { ...QUESTION, profile: SPECIFICATION, from: 'web' }).workloads[0]
    ?.layers ?? []
const namesIn = (layers: readonly Layer[]) => layers.map(({ object }) => object.split('/').at(-1))
const rangesIn = (opens: readonly ReachEntry[], zone: string) =>
  opens.flatMap(({ to }) => (to.kind === 'addresses' && to.zone === zone ? to.ranges : []))

describe('what each document alone holds closed', () => {
  test('the only one that closes holds everything', () => {
    const [deny, ...more] = layersOf(policy('deny', CLOSED))
    assert.equal(more.length, 0)
    assert.equal(deny?.object, 'c/shop/NetworkPolicy/deny')
    assert.ok(rangesIn(deny?.opens ?? [], 'internet').includes('1.0.0.0-9.255.255.255'))
    assert.deepEqual(
      deny?.opens.flatMap(({ to }) => (to.kind === 'workloads' ? to.ids : [])),
      // Its other pods, if it had any, are no exception.
      ['c/shop/Pod/db', 'c/shop/Pod/web'],
    )
  })
  test('of two that close the same neither does', () => {
    assert.deepEqual(layersOf(policy('one', CLOSED) + policy('two', CLOSED)), [])
  })
  test('one that allows holds closed what it leaves out, if it is alone', () => {
    const open = '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{ports: [{port: 443}]}]}'
    const [own] = layersOf(policy('open', open))
    const outside = own?.opens.filter(({ to }) => to.kind === 'addresses' && to.zone === 'internet')
    // All but the one port that it allows already.
    assert.deepEqual(
      outside?.map(({ traffic }) => traffic.find(({ protocol }) => protocol === 'TCP')?.ports),
      ['1-442,444-65535'],
    )
    assert.deepEqual(layersOf(policy('open', open) + policy('deny', CLOSED)), [])
  })
  test('the other end is a layer, too', () => {
    const into = '{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}'
    assert.deepEqual(namesIn(layersOf(policy('in', into))), ['in'])
    const both = layersOf(policy('in', into) + policy('out', CLOSED))
    assert.deepEqual(namesIn(both), ['out'])
    assert.ok(!both[0]?.opens.some(({ to }) => to.kind === 'workloads' && to.ids.includes('c/shop/Pod/db')))
  })
  test('nobody is told of what was not asked', () => {
    const [web] = reachOf(loaded({ 'x.yaml': PODS }), {
      ...QUESTION,
      layers: false,
      profile: SPECIFICATION,
      from: 'web',
    }).workloads
    assert.ok(web !== undefined && !('layers' in web))
  })
})

/** Each policy in turn taken out of the documents, and the two estates compared. */
test('they are what a comparison without each document finds', () => {
  let told = 0
  for (const dialects of [
    ['kubernetes', 'policy-api'],
    ['kubernetes', 'cilium'],
    ['kubernetes', 'calico'],
  ] as const) {
    const profile = profileNamed(dialects[1] === 'cilium' ? 'cilium' : 'calico-iptables')
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), seed => {
        const { objects } = generateWorld(seed, dialects).world
        const name = senderIn(objects)
        if (name === null) return
        const estate = loadedObjects(objects)
        const expected = objects
          .filter(one => String(at(one, 'kind')).endsWith('Policy'))
          .flatMap(one => {
            const { gained } = compareReach(estate, loadedObjects(objects.filter(other => other !== one)), {
              profile,
              compat: null,
            })
            const own = gained.filter(({ workload }) => workload.endsWith(name))
            return own.length === 0 ? [] : [[String(at(one, 'metadata', 'name')), own.map(regionOf)] as const]
          })
        const { workloads } = reachOf(estate, { ...QUESTION, profile, from: name })
        const found = new Map<string, unknown[]>()
        for (const { object, opens } of workloads.flatMap(({ layers = [] }) => layers)) {
          const document = object.split('/').at(-1) ?? ''
          found.set(document, [...(found.get(document) ?? []), ...opens.map(regionOf)])
        }
        assert.deepEqual(new Map([...found].sort()), new Map(expected.toSorted()), `seed ${seed}, ${name}`)
        told += found.size
      }),
      { numRuns: 15 },
    )
  }
  assert.ok(told > 0)
})

const regionOf = ({ to, traffic, verdict, enforcement }: Omit<ReachEntry, 'path'>) => ({
  to,
  traffic,
  verdict,
  enforcement,
})
