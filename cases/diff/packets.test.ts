import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareReach } from '../../src/app/compare-reach.ts'
import { possibleIn } from '../../src/app/possible.ts'
import type { Profile } from '../../src/model/profile.ts'
import { profileNamed } from '../../src/profiles/profiles.ts'
import { generateWorld } from '../oracle/generate.ts'
import type { Json } from '../oracle/types.ts'
import { loaded } from '../reach/estate.ts'
import { rowJudge } from '../reach/packets.ts'
import { holds, isPolicy } from './regions.ts'

/**
 * Two estates that differ in some of their policies, packet by packet: a packet that may pass on one side only is in one region
 * of the difference, and no other packet is in any.
 */
type Dialects = Parameters<typeof generateWorld>[1]

const listOf = (objects: readonly Json[]): Readonly<Record<string, string>> => ({
  'world.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
})

const compare = (
  seeds: number,
  dialects: Dialects,
  profiles: readonly string[],
  settings: Partial<Profile> = {},
): void => {
  let [told, same] = [0, 0]
  for (let seed = 1; seed <= seeds; seed++) {
    const { world, packets } = generateWorld(seed, dialects)
    for (const name of profiles) {
      const named = profileNamed(name)
      assert.ok(named)
      const profile: Profile = { ...named, dialects: { ...named.dialects, 'policy-api': 'yes' }, ...settings }
      const options = { profile, compat: null }
      // Every third policy goes; in every second world every second pod, too.
      const fewer = world.objects.filter((object, i) =>
        isPolicy(object)
          ? i % 3 !== seed % 3
          : seed % 2 === 0 || i % 2 === 0 || (object as { kind?: string }).kind !== 'Pod',
      )
      const [before, after] = [loaded(listOf(world.objects)), loaded(listOf(fewer))]
      const forth = compareReach(before, after, options)
      const back = compareReach(after, before, options)
      assert.deepEqual(forth.gained, back.lost, `seed ${seed}: what is gained one way is lost the other way`)
      assert.deepEqual(forth.lost, back.gained, `seed ${seed}: what is lost one way is gained the other way`)
      assert.deepEqual(
        compareReach(before, before, options),
        { gained: [], lost: [], exitChanged: [] },
        `seed ${seed}: nothing changed`,
      )
      // A difference speaks of all other nodes in one line.
      const judges = [before, after].map(
        ({ estate }) => possibleIn(estate, options).map(one => rowJudge(one, false))[0],
      )
      for (const packet of packets) {
        const [old, now] = judges.map(judge => (judge === undefined ? null : judge(packet)))
        // A packet that one side has no row or no destination for is asked elsewhere.
        if (old === null || now === null || old === undefined || now === undefined) continue
        const where = `seed ${seed} on ${name}: ${JSON.stringify(packet)} was ${old} and is ${now}`
        const gained = forth.gained.filter(region => holds(region, packet, after))
        const lost = forth.lost.filter(region => holds(region, packet, before))
        assert.equal(gained.length, old === 'denied' && now !== 'denied' ? 1 : 0, `${where}: gained`)
        assert.equal(lost.length, old !== 'denied' && now === 'denied' ? 1 : 0, `${where}: lost`)
        for (const region of gained) assert.equal(region.verdict, now, where)
        for (const region of lost) assert.equal(region.verdict, old, where)
        if (gained.length + lost.length > 0) told++
        else same++
      }
    }
  }
  assert.ok(told > seeds && same > seeds, `${told} packets changed and ${same} did not`)
}

test('NetworkPolicy: regions gained and lost hold exactly the packets that changed', () => {
  compare(120, ['kubernetes'], ['specification', 'calico-iptables'])
})

test('the policy API with NetworkPolicy', () => {
  compare(80, ['kubernetes', 'policy-api'], ['specification'])
})

test('Cilium policies with NetworkPolicy', () => {
  compare(80, ['kubernetes', 'cilium'], ['cilium'])
})

test('where nodes are nobody special: pods on the host network are told apart by what the other end says of nodes', () => {
  compare(80, ['kubernetes'], ['calico-iptables'], { ownNode: 'policy', fromOwnNode: 'policy' })
  compare(40, ['cilium'], ['cilium'], { ownNode: 'policy', fromOwnNode: 'policy' })
})
