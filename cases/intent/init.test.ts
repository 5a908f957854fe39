import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lintIntents } from '../../src/app/intent.ts'
import { draftIntents } from '../../src/app/intent-init.ts'
import { scan } from '../../src/app/scan.ts'
import type { DraftResult } from '../../src/model/draft.ts'
import { renderDrafts } from '../../src/outputs/intent-draft.ts'
import { generateWorld } from '../oracle/generate.ts'
import { at, isObject } from '../oracle/json.ts'
import { type Random, seeded } from '../oracle/random.ts'
import type { Json } from '../oracle/types.ts'
import { loaded } from '../reach/estate.ts'

const NOW = '2026-11-20'

type Dialects = Parameters<typeof generateWorld>[1]

/** What is found in an estate when what is drafted from it is put beside it, of all that drafts must not leave. */
const leftBeside = (items: readonly Json[]) => {
  const estate = JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
  const result = draftIntents(loaded({ 'x.json': estate }), NOW)
  const drafts = [...renderDrafts(result)].join('')
  const both = loaded({ 'x.json': estate, 'intents.yaml': drafts })
  assert.deepEqual(
    lintIntents(both, NOW).problems.filter(({ severity }) => severity === 'high'),
    [],
  )
  const { findings } = scan(both, { now: NOW, baseline: new Set() }).findings
  return {
    intents: both.estate.intents.intents,
    wrong: findings
      .filter(({ id }) => ['PST-I012', 'PST-I019', 'PST-I020', 'PST-I021', 'PST-I022'].includes(id))
      .filter(({ id, object }) => !(id === 'PST-I022' && isWider(result, object)))
      .map(({ id, object, why }) => `${id} ${object} ${why}`),
  }
}

/** No intent says “every name”: it is drafted as every address, which may be wider than what policy says of addresses. */
const isWider = ({ intents }: DraftResult, object: string): boolean =>
  intents.some(
    ({ document, notes }) =>
      object.endsWith(`/${document.metadata.name}`) && notes.some(note => note.endsWith('a rule allows every name')),
  )

/** What is drafted from an estate and put beside it: nothing is undeclared, nothing is broken, nothing is unreadable. */
for (const dialects of [
  ['kubernetes'],
  ['kubernetes', 'policy-api'],
  ['kubernetes', 'cilium'],
  ['kubernetes', 'calico'],
] as const)
  test(`drafts cover exactly what is possible: ${dialects.join(' and ')}`, () => {
    let drafted = 0
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), seed => {
        const { intents, wrong } = leftBeside(generateWorld(seed, dialects).world.objects)
        drafted += intents.length
        assert.deepEqual(wrong, [])
      }),
      { numRuns: 100 },
    )
    assert.ok(drafted > 50, `${drafted} drafts only`)
  })

for (const [dialect, limit] of [
  ['cilium', (...given: readonly [Random, readonly Json[]]) => withHostFirewall(...given)],
  ['calico', (...given: readonly [Random, readonly Json[]]) => withHostEndpoints(...given)],
] as const)
  test(`so they do for pools of nodes: ${dialect}`, () => {
    let held = 0
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), seed => {
        const random = seeded(seed)
        const dialects: Dialects = ['kubernetes', dialect]
        const { intents, wrong } = leftBeside([
          ...limit(random, generateWorld(seed, dialects).world.objects),
          ...nodesOf(random),
        ])
        if (intents.some(({ from, allow }) => from?.kind === 'nodes' && allow.length > 0)) held++
        assert.deepEqual(wrong, [])
      }),
      { numRuns: 100 },
    )
    assert.ok(held > 20, `${held} estates with drafts for nodes only`)
  })

const POOL = 'eks.amazonaws.com/nodegroup'

/** In two pools and in none, on a platform whose nodes need something and on none. */
const nodesOf = (random: Random): readonly Json[] => {
  const isManaged = random.percent(30)
  return Array.from({ length: 2 + random.below(4) }, (_, i) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: `host${i}`,
      labels: {
        'kubernetes.io/hostname': `host${i}`,
        ...(isManaged || random.percent(50) ? { [POOL]: random.pick(['blue', 'green']) } : {}),
        ...(random.percent(60) ? { app: random.pick(['web', 'db']) } : {}),
      },
    },
    status: { addresses: [{ type: 'InternalIP', address: `10.99.0.${i + 1}` }] },
  }))
}

/** Cluster-wide policies become policies for nodes, now and then; whether the host firewall is on is told or not. */
const withHostFirewall = (random: Random, objects: readonly Json[]): readonly Json[] => {
  const said = random.pick(['true', 'true', 'true', 'false', null] as const)
  const config = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'cilium-config', namespace: 'kube-system' },
    data: { 'enable-host-firewall': said },
  }
  return [
    ...objects.map(object => (random.percent(50) ? forNodes(object) : object)),
    ...(said === null ? [] : [config]),
  ]
}

const forNodes = (object: Json): Json => {
  const spec = at(object, 'spec')
  if (!isObject(object) || !isObject(spec) || at(object, 'kind') !== 'CiliumClusterwideNetworkPolicy') return object
  const { endpointSelector, ...rest } = spec
  return endpointSelector === undefined ? object : { ...object, spec: { ...rest, nodeSelector: endpointSelector } }
}

/** Some nodes have a host endpoint, with a profile that allows or without. */
const withHostEndpoints = (random: Random, objects: readonly Json[]): readonly Json[] => [
  ...objects,
  ...[0, 1, 2].flatMap(i =>
    random.percent(70)
      ? [
          {
            apiVersion: 'projectcalico.org/v3',
            kind: 'HostEndpoint',
            metadata: { name: `host${i}`, labels: { app: random.pick(['web', 'db']) } },
            spec: {
              node: `host${i}`,
              interfaceName: '*',
              ...(random.percent(60) ? { profiles: ['projectcalico-default-allow'] } : {}),
            },
          },
        ]
      : [],
  ),
]
