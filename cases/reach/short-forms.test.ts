import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { certainByOrder, orderedIn } from '../../src/engine/ordered.ts'
import { type Certain, certainByPlain, plainOf } from '../../src/engine/plain.ts'
import { isOne, passing } from '../../src/engine/verdict.ts'
import { possibleOf } from '../../src/findings/possible.ts'
import { profileNamed } from '../../src/profiles/profiles.ts'
import { generateWorld } from '../oracle/generate.ts'
import { loaded } from './estate.ts'

/** The forms that answer for one member say of every member what the fold over all of them says. */
const DIALECTS = [
  ['kubernetes'],
  ['kubernetes', 'policy-api'],
  ['kubernetes', 'calico'],
  ['kubernetes', 'policy-api', 'calico'],
] as const

for (const dialects of DIALECTS)
  test(`rules kept as rules, and folded: ${dialects.join(' and ')}`, () => {
    const seen = { plain: 0, ordered: 0 }
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.constantFrom('calico-iptables', 'specification'),
        (seed, cni) => {
          const { estate } = loaded({ 'x.json': JSON.stringify(listOf(generateWorld(seed, dialects).world.objects)) })
          for (const cluster of estate.clusters) {
            const { engine } = possibleOf(cluster, { profile: profileNamed(cni), compat: null })
            const { population, selection, spaces, table } = engine
            const inOrder = orderedIn(spaces.pods.certainBoxes, table, selection.bits)
            const places = new Uint32Array(selection.bits.size)
            const compare = (short: Certain, all: ReturnType<typeof foldOf>): void => {
              assert.ok(isOne(all))
              const inNone = (member: number): boolean => !short.told.some(set => selection.bits.has(set, member))
              const column = new Uint32Array(selection.bits.size).fill(short.rest)
              short.onto(column)
              assert.ok(places.every(place => place === 0))
              for (const { number } of population.identities) {
                const expected = spaces.pods.relations.idAt(all.must, number)
                assert.equal(short.at(number), expected)
                assert.equal(column[number], expected)
                if (inNone(number)) assert.equal(short.rest, expected)
              }
            }
            const foldOf = (stacks: Parameters<typeof passing>[1]) => passing(spaces.pods, stacks)
            const stacks = population.subjects.flatMap(subject => [
              engine.stacksOf(subject, 'egress'),
              engine.stacksOf(subject, 'ingress'),
            ])
            for (const of of new Set(stacks)) {
              const plain = plainOf(of, spaces.pods.certainBoxes, table, selection.bits)
              const ordered = inOrder(of)
              if (plain !== null) compare(certainByPlain(plain, table), foldOf(of))
              if (ordered !== null) compare(certainByOrder(ordered, table, places), foldOf(of))
              seen.plain += plain === null ? 0 : 1
              seen.ordered += ordered === null || of.counting.length < 2 ? 0 : 1
            }
          }
        },
      ),
      { numRuns: 400 },
    )
    assert.ok(seen.plain > 20, `${seen.plain} in the shortest form only`)
    if (dialects.length > 1) assert.ok(seen.ordered > 20, `${seen.ordered} in an order only`)
  })

const listOf = (items: readonly unknown[]): object => ({ apiVersion: 'v1', kind: 'List', items })
