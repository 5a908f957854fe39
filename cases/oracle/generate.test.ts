import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Dialect } from './constructs.ts'
import { CONSTRUCTS, constructName, generateWorld } from './generate.ts'
import { judge } from './judge.ts'
import { PLATFORM } from './testing.ts'
import type { Verdict } from './types.ts'

const SEEDS = 300
const DIALECTS: readonly Dialect[] = ['kubernetes', 'policy-api', 'cilium', 'calico']

test('the same seed gives the same world', () => {
  assert.deepEqual(generateWorld(7, DIALECTS), generateWorld(7, DIALECTS))
  assert.notDeepEqual(generateWorld(7, DIALECTS), generateWorld(8, DIALECTS))
})

test('the order of documents does not matter', () => {
  for (const plugin of [{ cilium: true }, { cilium: false, calico: true }]) {
    const platform = { ...PLATFORM, enforces: { kubernetes: true, policyApi: true, ...plugin } }
    for (let seed = 0; seed < 60; seed += 1) {
      const { world, packets } = generateWorld(seed, DIALECTS)
      const reversed = world.objects.toReversed()
      for (const packet of packets)
        assert.equal(
          judge({ objects: reversed, platform }, packet).verdict,
          judge({ objects: world.objects, platform }, packet).verdict,
          `seed ${seed}: ${JSON.stringify(packet)}`,
        )
    }
  }
})

for (const dialect of DIALECTS)
  test(`${dialect}: every construct occurs, and packets meet every verdict`, () => {
    const { constructs, verdicts } = survey(dialect)
    for (const group of ['estate', dialect] as const)
      for (const construct of CONSTRUCTS[group]) {
        const name = constructName(group, construct)
        assert.ok((constructs.get(name) ?? 0) > 0, `never written: ${name}`)
      }
    for (const verdict of ['allowed', 'denied', 'unknown'] as const)
      assert.ok((verdicts.get(verdict) ?? 0) > 50, `${verdict}: ${verdicts.get(verdict) ?? 0}`)
  })

const survey = (dialect: Dialect) => {
  const constructs = new Map<string, number>()
  const verdicts = new Map<Verdict, number>()
  const enforces = {
    kubernetes: dialect === 'kubernetes',
    policyApi: dialect === 'policy-api',
    cilium: dialect === 'cilium',
    calico: dialect === 'calico',
  }
  const platform = { ...PLATFORM, enforces, isolation: { sctp: 'denied', icmp: 'unknown', others: 'allowed' } } as const
  for (let seed = 0; seed < SEEDS; seed += 1) {
    const generated = generateWorld(seed, [dialect])
    for (const construct of generated.constructs) constructs.set(construct, (constructs.get(construct) ?? 0) + 1)
    for (const packet of generated.packets) {
      const { verdict } = judge({ objects: generated.world.objects, platform }, packet)
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
    }
  }
  return { constructs, verdicts }
}
