import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { renderCompactJson, renderJson } from '../outputs/json.ts'
import { renderWithRendered } from '../outputs/rendered.ts'
import { loadEstate } from './load.ts'
import { reachOfFleet } from './reach-fleet.ts'
import { hasUnknown, type ReachQuestion, ReachQuestionError, reachOf } from './reach-question.ts'

// A fleet whose clusters are read and answered by themselves is compared with the same fleet read as a whole, byte by byte.

const scratch = mkdtempSync(join(tmpdir(), 'postern-fleet-'))
after(() => rmSync(scratch, { recursive: true, force: true }))

const ASKED: ReachQuestion = {
  profile: null,
  compat: null,
  by: 'workload',
  namespaces: [],
  selector: null,
  from: null,
  all: false,
}

const fleetOf = (name: string, files: Readonly<Record<string, string | Buffer>>): string => {
  const root = join(scratch, name)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}

const fleet = (root: string, question: Partial<ReachQuestion>) => {
  const asked = { ...ASKED, ...question }
  return reachOfFleet([{ path: root, cluster: null }], { question: asked, indent: asked.by === 'class' ? 0 : 2 }, 0)
}

const compare = async (root: string, question: Partial<ReachQuestion>): Promise<void> => {
  const asked = { ...ASKED, ...question }
  const parts = await fleet(root, question)
  assert.ok(parts !== null, 'a fleet that is the sum of its clusters')
  const whole = reachOf(loadEstate([{ path: root, cluster: null }]), asked)
  const indent = asked.by === 'class' ? 0 : 2
  const render = indent === 0 ? renderCompactJson : renderJson
  const bytes = Buffer.concat([...renderWithRendered(parts.result, indent)])
  assert.equal(bytes.toString('utf8'), [...render(whole)].join(''))
  assert.equal(parts.leavesOpen, hasUnknown(whole))
}

const pod = (name: string, ip: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }\nspec: { containers: [{ name: a, image: a }] }\nstatus: { podIP: ${ip} }\n---\n`

const policy = (name: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: ${name}, namespace: shop }\nspec: { podSelector: { matchLabels: { app: web } }, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 198.51.100.0/24 } }] }] }\n---\n`

const settings = (id: string, name: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: cilium-config, namespace: kube-system }\ndata: { cluster-id: "${id}", cluster-name: ${name} }\n---\n`

const SOUND = {
  'clusters/b/pods.yaml': pod('web', '10.2.0.1') + pod('db', 'fd00:2::1'),
  'clusters/a/pods.yaml.gz': gzipSync(pod('web', '10.1.0.1') + policy('only')),
  'clusters/a/more/policy.yaml': policy('more') + policy('only'),
  'clusters/c/empty.yaml': '',
  'intents/web.yaml':
    'apiVersion: postern.dev/v1alpha1\nkind: EgressIntent\nmetadata: { name: web }\nspec: { owner: shop }\n',
}

const TROUBLED = {
  ...SOUND,
  'clusters/a/broken.yaml': 'kind: [',
  'clusters/b/twice.yaml': policy('two') + policy('two').replace('198', '203').replace('51.100', '0.113'),
  'clusters/b/notes.txt': 'nothing that is known\n',
  'clusters/d/node.txt':
    'State Recv-Q Send-Q Local Address:Port Peer Address:Port Process\nLISTEN 0 128 0.0.0.0:22 0.0.0.0:*\n',
  'postern-snapshot.json': JSON.stringify({
    schema: 'postern.dev/snapshot/v1',
    now: '2026-11-20T00:00:00Z',
    complete: true,
    clusters: [
      {
        name: 'bee',
        directory: 'b',
        context: 'b',
        serverVersion: 'v1.33.1',
        gaps: [
          { cluster: 'bee', resource: 'networkpolicies.networking.k8s.io', why: 'forbidden', settledBy: 'a role' },
        ],
      },
      { name: 'gone', directory: 'gone', context: 'gone', serverVersion: null, gaps: [] },
    ],
    gaps: [
      { cluster: null, resource: null, why: 'no such context', settledBy: 'a context' },
      { cluster: 'gone', resource: null, why: 'unreachable', settledBy: 'a way to it' },
    ],
  }),
}

describe('a fleet, cluster by cluster', () => {
  for (const [name, files] of Object.entries({ sound: SOUND, troubled: TROUBLED })) {
    test(`is what the whole gives: ${name}`, async () => {
      const root = fleetOf(name, files)
      await compare(root, {})
      await compare(root, { by: 'class' })
      await compare(root, { all: true, by: 'class', namespaces: ['shop'] })
      await compare(root, { layers: true, from: 'web' })
    })
  }

  test('a workload that one cluster has is found, one that none has is told', async () => {
    const root = fleetOf('from', SOUND)
    await compare(root, { from: 'db' })
    await assert.rejects(fleet(root, { from: 'nobody' }), ReachQuestionError)
  })

  test('clusters of one mesh are known together, those that cannot share one are not', async () => {
    const meshed = { 'clusters/a/x.yaml': settings('1', 'a'), 'clusters/b/x.yaml': settings('2', 'b') }
    assert.equal(await fleet(fleetOf('meshed', meshed), {}), null)
    const apart = { 'clusters/a/x.yaml': settings('1', 'a'), 'clusters/b/x.yaml': settings('1', 'b') }
    await compare(fleetOf('apart', apart), {})
  })

  test('a mesh that somebody declares is known together', async () => {
    const plugin = (cluster: string) =>
      `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: ${cluster}, namespace: shop }\nspec: { endpointSelector: {}, egress: [{ toEntities: [world] }] }\n`
    const files = { 'clusters/a/x.yaml': plugin('a'), 'clusters/b/x.yaml': plugin('b') }
    await compare(fleetOf('undeclared', files), {})
    const declared = `apiVersion: postern.dev/v1alpha1\nkind: Environment\nmetadata: { name: e }\nspec: { clusters: ['*'], meshes: [[a, b]], owner: platform }\n`
    const environment = { ...files, 'environment.yaml': declared }
    const known = loadEstate([{ path: fleetOf('declared', environment), cluster: null }]).estate.intents.environments
    assert.deepEqual(
      known.map(({ meshes, faults }) => [meshes.length, faults]),
      [[1, []]],
    )
    assert.equal(await fleet(join(scratch, 'declared'), {}), null)
  })

  test('clusters stand in the order of what their workloads are called', async () => {
    const files = Object.fromEntries(
      ['a', 'a-b', 'a0', 'B'].map(name => [`clusters/${name}/x.yaml`, pod('web', '10.0.0.1')]),
    )
    await compare(fleetOf('order', files), {})
    await compare(fleetOf('order', files), { by: 'class' })
  })

  test('clusters of which one is called as a part of the other stand among each other', async () => {
    const root = fleetOf('among', { 'x.yaml': pod('web', '10.0.0.1') })
    const sources = ['a', 'a/shop'].map(cluster => ({ path: root, cluster }))
    assert.equal(await reachOfFleet(sources, { question: ASKED, indent: 2 }, 0), null)
  })

  test('documents about the fleet in two places, one cluster, small and fleeting input are read as a whole', async () => {
    const two = { ...SOUND, 'clusters/a/intent.yaml': SOUND['intents/web.yaml'] }
    assert.equal(await fleet(fleetOf('two', two), {}), null)
    assert.equal(await fleet(fleetOf('one', { 'clusters/a/x.yaml': pod('web', '10.0.0.1') }), {}), null)
    const root = fleetOf('small', SOUND)
    assert.equal(await reachOfFleet([{ path: root, cluster: null }], { question: ASKED, indent: 2 }), null)
    const stdin = [
      { path: root, cluster: null },
      { path: '-', cluster: null },
    ]
    assert.equal(await reachOfFleet(stdin, { question: ASKED, indent: 2 }, 0), null)
  })
})
