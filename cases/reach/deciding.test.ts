import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { possibleIn } from '../../src/app/possible.ts'
import { type Decision, decisionOn } from '../../src/engine/because.ts'
import type { ClusterEngine } from '../../src/engine/cluster-engine.ts'
import { type Deciding, decidingIn } from '../../src/engine/deciding.ts'
import type { Space } from '../../src/engine/space.ts'
import type { Item, Stack } from '../../src/engine/stack.ts'
import { profileNamed } from '../../src/profiles/profiles.ts'
import { generateWorld } from '../oracle/generate.ts'
import { loaded } from './estate.ts'

/**
 * What decided a region, found through the index, is what is found by asking item after item: the same items in the same order,
 * with the same doubts and the same count of those that are not told.
 */
const engineOf = (objects: readonly object[], cni: string): ClusterEngine => {
  const { estate } = loaded({ 'a.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }) })
  const [possible] = possibleIn(estate, { profile: profileNamed(cni), compat: null })
  assert.ok(possible !== undefined)
  return possible.engine
}

const itemsOf = (stack: Stack): readonly Item[] => stack.flat(3).flatMap(run => run.items)

const told = ({ items, more, unmatched }: Decision) => ({
  items: items.map(({ item, action, doubts }) => [item.policy.ref.name, item.rule.at, action, doubts]),
  more,
  unmatched,
})

/** Everything, what each rule may match, and what is in one rule and not in the next. */
const compare = <S>(space: Space<S>, decide: Deciding<S>, stack: Stack): number => {
  const parts = itemsOf(stack).map(item => space.itemSets({ ...item, doubts: [] }).may)
  const rests = parts.slice(1).map((part, i) => space.algebra.subtract(parts[i] as S, part))
  const regions = [space.algebra.full, ...parts.slice(0, 40), ...rests.slice(0, 40)]
  for (const region of regions) assert.deepEqual(told(decide(stack, region)), told(decisionOn(space, stack, region)))
  return regions.length
}

const compareAll = (engine: ClusterEngine): number => {
  const { spaces } = engine
  // By the index, however small the stack.
  const deciding = decidingIn(engine, 0)
  const stacks = new Set(
    engine.population.subjects.flatMap(subject =>
      (['egress', 'ingress'] as const).map(direction => engine.stacksOf(subject, direction).counting),
    ),
  )
  let compared = 0
  for (const stack of stacks) {
    compared += compare(spaces.v4, deciding.v4, stack)
    compared += compare(spaces.v6, deciding.v6, stack)
    compared += compare(spaces.pods, deciding.pods, stack)
    compared += compare(spaces.ownNode, deciding.ownNode, stack)
    compared += compare(spaces.otherNode, deciding.otherNode, stack)
    compared += compare(spaces.apiserver, deciding.apiserver, stack)
  }
  return compared
}

for (const dialects of [['kubernetes'], ['kubernetes', 'policy-api'], ['kubernetes', 'cilium']] as const)
  test(`small estates of ${dialects.join(' and ')}`, () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.constantFrom('specification', 'calico-iptables', 'cilium', 'unknown'),
        (seed, cni) => {
          compareAll(engineOf(generateWorld(seed, dialects).world.objects as readonly object[], cni))
        },
      ),
      { numRuns: 40 },
    )
  })

const rule = fc.record({
  action: fc.constantFrom('Allow', 'Deny', 'Pass'),
  peer: fc.nat(5),
  first: fc.integer({ min: 1, max: 400 }),
  more: fc.constantFrom(0, 0, 0, 3, 50),
})

const policy = fc.record({
  // Some stand at one priority.
  priority: fc.integer({ min: 0, max: 120 }),
  rules: fc.array(rule, { minLength: 1, maxLength: 6 }),
})

const peerOf = (peer: number): object =>
  peer < 2
    ? { namespaces: {} }
    : peer === 2
      ? { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'a' } } } }
      : { networks: [`10.0.${peer}.0/24`, `192.0.2.${16 * peer}/28`] }

const adminPolicy = (
  {
    priority,
    rules,
  }: { priority: number; rules: readonly { action: string; peer: number; first: number; more: number }[] },
  n: number,
): object => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha1',
  kind: 'AdminNetworkPolicy',
  metadata: { name: `p-${n}` },
  spec: {
    priority,
    subject: { namespaces: {} },
    egress: rules.map(({ action, peer, first, more }) => ({
      action,
      to: [peerOf(peer)],
      ports: [{ portRange: { protocol: 'TCP', start: first, end: first + more } }],
    })),
  },
})

const deployment = (name: string): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop' },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image: 'example.test/c' }] } },
  },
})

const closing = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'close', namespace: 'shop' },
  spec: { podSelector: { matchLabels: { app: 'b' } }, policyTypes: ['Egress'], egress: [{ ports: [{ port: 7 }] }] },
}

test('hundreds of ordered rules that overlap, some at one priority, some that pass on', () => {
  fc.assert(
    fc.property(fc.array(policy, { minLength: 90, maxLength: 130 }), policies => {
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }
      const engine = engineOf(
        [namespace, deployment('a'), deployment('b'), closing, ...policies.map(adminPolicy)],
        'specification',
      )
      assert.ok(compareAll(engine) > 100)
    }),
    { numRuns: 6, endOnFailure: true },
  )
})
