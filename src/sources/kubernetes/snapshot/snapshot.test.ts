import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { at, isObject, type JsonObject, list, text } from '../../../model/json.ts'
import { collect } from '../live/collect.ts'
import type { LiveEvent } from '../live/event.ts'
import { listed, startServer, writeKubeconfig } from '../live/test-server.ts'
import { folderNamesOf, MANIFEST_FILE, readSnapshotManifest } from './manifest.ts'
import { isSafeName, safeName } from './safe-name.ts'
import { writeSnapshot } from './write.ts'

const NOW = '2026-10-01T00:00:00Z'
const root = mkdtempSync(join(tmpdir(), 'postern-snapshot-'))
after(() => rmSync(root, { recursive: true, force: true }))
let count = 0
const fresh = (): string => join(root, `s${++count}`)

async function* from(events: readonly LiveEvent[]): AsyncGenerator<LiveEvent> {
  yield* events
}
const document = (cluster: string, resource: string, body: JsonObject): LiveEvent => ({
  kind: 'document',
  cluster,
  context: `ctx-${cluster}`,
  resource,
  body,
})
const pod = (namespace: string, name: string, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace, name },
  ...more,
})

/** Every file below a folder, by its path from there. */
const filesIn = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(
        entry =>
          [
            join(entry.parentPath, entry.name).slice(folder.length + 1),
            readFileSync(join(entry.parentPath, entry.name), 'utf8'),
          ] as const,
      )
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  )
const itemsIn = (file: string | undefined): readonly JsonObject[] =>
  list(at(JSON.parse(file ?? '{}'), 'items')).filter(isObject)

describe('a snapshot', () => {
  test('holds what was read, one list for each resource, in the order of names', async () => {
    const folder = fresh()
    const policy = {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { namespace: 'a', name: 'p' },
      spec: { x: 'é' },
    }
    const gap = { cluster: 'c1', resource: 'nodes', why: 'forbidden', settledBy: 'a rule' }
    const events: readonly LiveEvent[] = [
      { kind: 'cluster', cluster: 'c1', context: 'ctx-c1' },
      { kind: 'version', cluster: 'c1', version: 'v1.32.0' },
      document('c1', 'pods', pod('b', 'x')),
      document('c1', 'ciliumnetworkpolicies.cilium.io', policy),
      document('c1', 'pods', pod('a-b', 'x')),
      document('c1', 'pods', pod('a', 'y')),
      document('c1', 'pods', pod('a', 'x')),
      { kind: 'gap', gap },
      { kind: 'gap', gap: { ...gap, cluster: null, resource: null } },
    ]
    const result = await writeSnapshot(folder, from(events), NOW)
    assert.deepEqual([result.kind, result.kind === 'written' && result.objects], ['written', 5])
    const files = filesIn(folder)
    assert.deepEqual(Object.keys(files), [
      'clusters/c1/ciliumnetworkpolicies.cilium.io.json',
      'clusters/c1/pods.json',
      MANIFEST_FILE,
    ])
    assert.deepEqual(itemsIn(files['clusters/c1/pods.json']), [
      pod('a', 'x'),
      pod('a', 'y'),
      pod('a-b', 'x'),
      pod('b', 'x'),
    ])
    assert.deepEqual(itemsIn(files['clusters/c1/ciliumnetworkpolicies.cilium.io.json']), [policy])
    const { value, diagnostics } = readSnapshotManifest(folder)
    assert.deepEqual(diagnostics, [])
    assert.deepEqual(value, {
      schema: 'postern.dev/snapshot/v1',
      now: NOW,
      complete: true,
      clusters: [{ name: 'c1', directory: 'c1', context: 'ctx-c1', serverVersion: 'v1.32.0', gaps: [gap] }],
      gaps: [{ ...gap, cluster: null, resource: null }],
    })
    for (const file of Object.keys(files)) assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600, file)
  })

  test('has the same bytes whatever the order of its events', async () => {
    const bodies = ['a/x', 'a/y', 'b/x', 'b-c/x', 'b/z'].map(id => pod(id.split('/')[0] ?? '', id.split('/')[1] ?? ''))
    const events = bodies.flatMap(body => [document('c1', 'pods', body), document('c2', 'pods', body)])
    const one = fresh()
    await writeSnapshot(one, from(events), NOW)
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(events, { minLength: events.length }), async shuffled => {
        const other = fresh()
        await writeSnapshot(other, from(shuffled), NOW)
        assert.deepEqual(filesIn(other), filesIn(one))
      }),
      { numRuns: 20 },
    )
  })

  test('holds an object that two contexts gave once, and both when they differ', async () => {
    const folder = fresh()
    const [first, second] = [pod('a', 'x'), pod('a', 'x', { spec: { y: 1 } })]
    await writeSnapshot(folder, from([first, second, first].map(body => document('c1', 'pods', body))), NOW)
    const items = itemsIn(filesIn(folder)['clusters/c1/pods.json'])
    assert.deepEqual(
      items.map(item => JSON.stringify(item)).sort(),
      [first, second].map(item => JSON.stringify(item)).sort(),
    )
  })

  test('is larger than what is buffered', async () => {
    const folder = fresh()
    const bodies = Array.from({ length: 60 }, (_, i) =>
      pod('a', `p${String(i).padStart(2, '0')}`, { spec: { text: 'ü'.repeat(5000) } }),
    )
    await writeSnapshot(folder, from([...bodies].reverse().map(body => document('c1', 'pods', body))), NOW)
    assert.deepEqual(itemsIn(filesIn(folder)['clusters/c1/pods.json']), bodies)
  })

  test('of a live read gives back what the live read gave', async () => {
    const env = [
      { name: 'DB_PASSWORD', value: 'hunter2' },
      { name: 'HTTP_PROXY', value: 'http://ann:pa55@proxy.example:3128' },
    ]
    const items = ['c', 'a', 'b'].map(name =>
      listed('ns', name, { spec: { containers: [{ name: 'c', image: 'app', env }] } }),
    )
    const server = await startServer({ resources: [{ api: 'v1', plural: 'pods', kind: 'Pod', items }], pageSize: 2 })
    const name = 'arn:aws:eks:eu-west-1:111122223333:cluster/prod'
    const config = writeKubeconfig([{ name, server: server.url }])
    const options = {
      kubeconfig: config.path,
      contexts: 'all',
      namespaces: null,
      onProgress: () => {},
      sleep: async () => {},
      random: () => 0,
    } as const
    try {
      const live: JsonObject[] = []
      for await (const event of collect(options)) if (event.kind === 'document') live.push(event.body)
      const folder = fresh()
      await writeSnapshot(folder, collect(options), NOW)
      const files = filesIn(folder)
      const [directory = '', given] =
        [...folderNamesOf(readSnapshotManifest(folder).value ?? assert.fail('no manifest'))][0] ?? []
      assert.equal(given, name)
      const byName = (one: JsonObject, other: JsonObject): number =>
        (text(at(one, 'metadata', 'name')) ?? '') < (text(at(other, 'metadata', 'name')) ?? '') ? -1 : 1
      assert.deepEqual(itemsIn(files[`clusters/${directory}/pods.json`]), live.sort(byName))
      assert.equal(live.length, 3)
      assert.ok(!/hunter2|pa55/.test(JSON.stringify(files)))
    } finally {
      config.remove()
      await server.close()
    }
  })
})

describe('where it is written', () => {
  const events = [document('c1', 'pods', pod('a', 'x'))]
  const refused = async (folder: string, why: RegExp): Promise<void> => {
    let read = false
    const watched = async function* (): AsyncGenerator<LiveEvent> {
      read = true
      yield* events
    }
    const result = await writeSnapshot(folder, watched(), NOW)
    assert.match(result.kind === 'refused' ? result.message : 'written', why)
    assert.equal(read, false)
  }
  test('a folder with other things is refused and left alone', async () => {
    const folder = fresh()
    mkdirSync(folder)
    writeFileSync(join(folder, 'notes.txt'), 'mine')
    await refused(folder, /is not empty and holds no snapshot/)
    assert.deepEqual(filesIn(folder), { 'notes.txt': 'mine' })
  })
  test('a file, a broken manifest, a link, and a stranger’s folder among the clusters are refused', async () => {
    const file = fresh()
    writeFileSync(file, '')
    await refused(file, /cannot be written: E/)
    const broken = fresh()
    mkdirSync(broken)
    writeFileSync(join(broken, MANIFEST_FILE), '{')
    await refused(broken, /is no JSON/)
    const linked = fresh()
    const elsewhere = fresh()
    mkdirSync(elsewhere)
    writeFileSync(join(elsewhere, 'mine'), 'mine')
    await writeSnapshot(linked, from([]), NOW)
    symlinkSync(elsewhere, join(linked, 'clusters'))
    await refused(linked, /symbolic link/)
    assert.deepEqual(filesIn(elsewhere), { mine: 'mine' })
    const mixed = fresh()
    await writeSnapshot(mixed, from(events), NOW)
    mkdirSync(join(mixed, 'clusters', 'mine'))
    await refused(mixed, /holds `mine`/)
  })
  test('an earlier snapshot is replaced, an interrupted one too', async () => {
    const folder = fresh()
    await writeSnapshot(folder, from([document('old', 'pods', pod('a', 'x'))]), NOW)
    await writeSnapshot(folder, from(events), NOW)
    assert.deepEqual(readdirSync(join(folder, 'clusters')), ['c1'])
    const breaking = async function* (): AsyncGenerator<LiveEvent> {
      yield* events
      throw new Error('interrupted')
    }
    await assert.rejects(writeSnapshot(folder, breaking(), NOW), /interrupted/)
    assert.match(readSnapshotManifest(folder).diagnostics[0]?.message ?? '', /not complete/)
    assert.equal((await writeSnapshot(folder, from(events), NOW)).kind, 'written')
    assert.deepEqual(readSnapshotManifest(folder).diagnostics, [])
  })
  test('no cluster name and no resource leads out of the folder', async () => {
    const folder = join(fresh(), 'inner')
    const names = [
      '../../x',
      '/etc',
      '..',
      '.',
      '',
      'a/../../b',
      'C:\\x',
      'con',
      'Prod',
      'prod',
      'arn:aws:eks:x:1:cluster/y',
      '\u0000',
      'ü'.repeat(300),
    ]
    await writeSnapshot(folder, from(names.map(name => document(name, '../pods', pod('a', 'x')))), NOW)
    assert.deepEqual(readdirSync(join(folder, '..')), ['inner'])
    const directories = readdirSync(join(folder, 'clusters'))
    assert.equal(new Set(directories.map(name => name.toLowerCase())).size, names.length)
    const { value } = readSnapshotManifest(folder)
    assert.deepEqual(
      value?.clusters.map(cluster => cluster.name),
      names.filter(name => name !== '').sort(),
    )
  })
})

describe('names', () => {
  test('are one safe segment, and different ones stay different', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
        assert.ok(isSafeName(safeName(one)), safeName(one))
        if (one !== other) assert.notEqual(safeName(one).toLowerCase(), safeName(other).toLowerCase())
      }),
    ))
  test('stay as they are where they can', () => {
    for (const name of ['prod', 'gke_project_europe-west1_data', 'eks-prod-eu', 'c1.example'])
      assert.equal(safeName(name), name)
  })
})

describe('a manifest', () => {
  const check = (content: string, why: RegExp | null): void => {
    const folder = fresh()
    mkdirSync(folder)
    writeFileSync(join(folder, MANIFEST_FILE), content)
    const { diagnostics } = readSnapshotManifest(folder)
    if (why === null) assert.deepEqual(diagnostics, [])
    else assert.match(diagnostics[0]?.message ?? 'none', why)
  }
  const manifest = (cluster: JsonObject): string =>
    JSON.stringify({ schema: 'postern.dev/snapshot/v1', now: NOW, complete: true, clusters: [cluster], gaps: [] })
  test('that is broken, strange or leads elsewhere is said to be so', () => {
    check('', /is no JSON/)
    check('[]', /no snapshot of a version that is known/)
    check('{"schema":"postern.dev/snapshot/v9"}', /no snapshot of a version that is known/)
    check(manifest({ name: 'a', directory: '../..' }), /leads elsewhere/)
    check(manifest({ name: 'a', directory: 'a/b' }), /leads elsewhere/)
    check(manifest({ directory: 'a' }), /without a name/)
    check(manifest({ name: 'a', directory: 'a' }), null)
  })
  test('that is not there is no snapshot and no trouble', () => {
    const folder = fresh()
    assert.ok(!existsSync(folder))
    assert.deepEqual(readSnapshotManifest(folder), { value: null, diagnostics: [] })
  })
})
