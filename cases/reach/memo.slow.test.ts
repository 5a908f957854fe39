import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { possibleIn } from '../../src/app/possible.ts'
import { reach } from '../../src/app/reach.ts'
import type { Possible } from '../../src/findings/possible.ts'
import { profileNamed } from '../../src/profiles/profiles.ts'
import { generateWorld } from '../oracle/generate.ts'
import { loaded } from './estate.ts'

/**
 * An engine that starts from the one before gives the same bytes as one that starts from nothing, after any run of changes:
 * a policy replaced by another, taken away, brought back, doubled with other contents, moved; a pod relabelled.
 */
for (const dialects of [
  ['kubernetes'],
  ['kubernetes', 'policy-api'],
  ['kubernetes', 'cilium'],
  ['kubernetes', 'policy-api', 'calico'],
] as const)
  test(`the same bytes with a memo and without: ${dialects.join(' and ')}`, () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.constantFrom('specification', 'calico-iptables', 'cilium', 'unknown'),
        fc.array(fc.tuple(fc.constantFrom(...CHANGES), fc.nat(), fc.nat()), { minLength: 1, maxLength: 5 }),
        (seed, cni, changes) => {
          let objects = generateWorld(seed, dialects).world.objects as unknown as readonly Made[]
          let before: readonly Possible[] | null = null
          for (const [change, a, b] of [['none', 0, 0] as const, ...changes]) {
            objects = changed(objects, change, a, b)
            const estate = loaded(filesOf(objects))
            const options = { profile: profileNamed(cni), compat: null, namespaces: [], wants: () => true, all: true }
            const memo = before === null ? { keepsRows: true } : { keepsRows: true, before }
            const after = possibleIn(estate.estate, { ...options, ...memo })
            // Asked for, so that the next engine has rows to start from.
            for (const { engine } of after) engine.population.subjects.map(engine.rowOf)
            const given = JSON.stringify(reach(estate, { ...options, keepsRows: true, before: after }))
            assert.equal(given, JSON.stringify(reach(estate, options)), `${change} ${a} ${b}`)
            before = after
          }
        },
      ),
      { numRuns: 40 },
    )
  })

test('policies that ask nothing new of pods leave everything else as it was', () => {
  const world = generateWorld(7, ['kubernetes']).world.objects as unknown as readonly Made[]
  const options = { profile: profileNamed('calico-iptables'), compat: null, keepsRows: true }
  const [first] = possibleIn(loaded(filesOf(world)).estate, options)
  const [again] = possibleIn(loaded(filesOf(world)).estate, { ...options, before: first === undefined ? [] : [first] })
  assert.equal(again?.engine.population, first?.engine.population)
  assert.equal(again?.engine.table, first?.engine.table)
})

interface Made {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> }
  readonly spec?: unknown
  readonly file?: string
}

const CHANGES = ['replace', 'remove', 'add', 'double', 'move', 'relabel'] as const

const changed = (objects: readonly Made[], change: string, a: number, b: number): readonly Made[] => {
  const policies = objects.filter(({ kind }) => kind.endsWith('Policy'))
  const one = policies[a % Math.max(policies.length, 1)]
  if (change === 'relabel') {
    const pods = objects.filter(({ kind }) => kind === 'Pod')
    const pod = pods[a % Math.max(pods.length, 1)]
    return objects.map(object =>
      object === pod ? { ...object, metadata: { ...object.metadata, labels: { app: `other-${b % 3}` } } } : object,
    )
  }
  if (one === undefined) return objects
  const same = policies.filter(({ kind }) => kind === one.kind)
  const other = same[b % same.length] as Made
  const rest = objects.filter(object => object !== one)
  switch (change) {
    case 'replace':
      return objects.map(object => (object === one ? { ...one, spec: other.spec } : object))
    case 'remove':
      return rest
    case 'add':
      return [...objects, { ...one, metadata: { ...one.metadata, name: `added-${b}` }, spec: other.spec }]
    case 'double':
      return [...objects, { ...one, spec: other.spec }]
    case 'move':
      return [...rest.slice(0, b % rest.length), one, ...rest.slice(b % rest.length)]
    default:
      return objects
  }
}

/** A file each, so that a change moves nothing else. */
const filesOf = (objects: readonly Made[]): Readonly<Record<string, string>> =>
  Object.fromEntries(objects.map((object, i) => [`${String(i).padStart(4, '0')}.json`, JSON.stringify(object)]))
