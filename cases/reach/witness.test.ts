import assert from 'node:assert/strict'
import { test } from 'node:test'
import { possibleIn } from '../../src/app/possible.ts'
import { boundaryOf } from '../../src/engine/boundary.ts'
import { entriesOf } from '../../src/engine/entries.ts'
import { profileNamed } from '../../src/profiles/profiles.ts'
import { A_PROXY_DECIDES } from '../oracle/cilium.ts'
import { generateWorld } from '../oracle/generate.ts'
import { judge } from '../oracle/judge.ts'
import type { Packet } from '../oracle/types.ts'
import { loaded } from './estate.ts'
import { rowJudge } from './packets.ts'
import { AGENT, platformOf } from './platform.ts'

/** Every region is proved on both sides of each of its boundaries, by the evaluator that reads the documents. */
const replay = (dialects: Parameters<typeof generateWorld>[1], cni: string, seeds: number): void => {
  const profile = profileNamed(cni)
  assert.ok(profile)
  let packets = 0
  for (let seed = 1; seed <= seeds; seed++) {
    const { world } = generateWorld(seed, dialects)
    const objects = cni === 'cilium' ? [...world.objects, AGENT] : world.objects
    const { estate } = loaded({ 'world.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }) })
    const [possible] = possibleIn(estate, { profile, compat: null })
    assert.ok(possible)
    const { engine, zones } = possible
    const verdictAt = rowJudge(possible)
    for (const subject of engine.population.subjects) {
      const [pod] = subject.pods
      if (pod === undefined || subject.identity === null) continue
      for (const entry of entriesOf(engine, subject, engine.rowOf(subject), zones)) {
        const { inside, outside } = boundaryOf(entry, engine.table.trafficOf(entry.traffic))
        for (const { address, traffic } of [...inside, ...outside]) {
          if (isOwn(objects, address)) continue
          const packet: Packet = {
            from: { kind: 'pod', namespace: pod.ref.namespace ?? 'default', name: pod.ref.name },
            to: { kind: 'address', address },
            ...traffic,
          }
          const ours = verdictAt(packet)
          if (ours === null) continue
          const theirs = judge({ objects: world.objects, platform: platformOf(profile) }, packet)
          packets++
          const isProxied = ours === 'allowed' && theirs.verdict === 'unknown' && theirs.why.includes(A_PROXY_DECIDES)
          if (ours === 'unknown' || isProxied) continue
          assert.equal(ours, theirs.verdict, `seed ${seed}: ${JSON.stringify(packet)}: ${theirs.why}`)
        }
        for (const { address, traffic } of inside) {
          const ours = verdictAt({
            from: { kind: 'pod', namespace: pod.ref.namespace ?? 'default', name: pod.ref.name },
            to: { kind: 'address', address },
            ...traffic,
          })
          assert.equal(ours, entry.verdict, `the inside of a region is the region: ${address}`)
        }
      }
    }
  }
  console.log(`${packets} witnesses replayed on ${cni}`)
}

/** Pods and nodes are told apart from addresses: the evaluator wants them by name. */
const isOwn = (objects: readonly unknown[], address: string): boolean =>
  JSON.stringify(objects).includes(`"${address}"`)

test('witnesses of NetworkPolicy stand on the side that the documents say', () => {
  replay(['kubernetes'], 'calico-iptables', 15)
})

test('witnesses of the policy API stand on the side that the documents say', () => {
  replay(['kubernetes', 'policy-api'], 'specification', 15)
})

test('witnesses of Cilium policies stand on the side that the documents say', () => {
  replay(['kubernetes', 'cilium'], 'cilium', 15)
})
