import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { FindingsResult } from '../src/model/finding.ts'
import type { Inventory } from '../src/model/inventory.ts'
import { listed, startServer, type TestCluster, writeKubeconfig } from '../src/sources/kubernetes/live/test-server.ts'
import { folder, run } from './support/run.ts'

/** Whole command lines against an API server on the loopback address: what is read live, and what is kept of it. */

const pod = (namespace: string, name: string, spec: object) =>
  listed(namespace, name, {
    metadata: {
      namespace,
      name,
      uid: `uid-${name}`,
      resourceVersion: '5',
      labels: { app: name, owner: 'team-a' },
      managedFields: [],
    },
    spec: {
      containers: [{ name: 'main', image: 'registry.example/x:1', env: [{ name: 'TOKEN', value: 'hush' }] }],
      ...spec,
    },
    status: { phase: 'Running', podIP: '10.0.0.1' },
  })

const FLEET: TestCluster = {
  pageSize: 2,
  resources: [
    {
      api: 'v1',
      plural: 'namespaces',
      kind: 'Namespace',
      clusterScoped: true,
      items: ['shop', 'bank'].map(name => listed(null, name)),
    },
    {
      api: 'v1',
      plural: 'pods',
      kind: 'Pod',
      items: [
        pod('shop', 'agent', { hostNetwork: true }),
        pod('shop', 'web', {}),
        pod('bank', 'teller', { hostPID: true }),
        pod('bank', 'vault', {}),
        pod('bank', 'desk', {}),
      ],
    },
    {
      api: 'v1',
      plural: 'services',
      kind: 'Service',
      items: [
        listed('shop', 'edge', {
          spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80, nodePort: 30080 }] },
        }),
      ],
    },
    {
      api: 'v1',
      plural: 'nodes',
      kind: 'Node',
      clusterScoped: true,
      items: [listed(null, 'n1', { spec: {}, status: {} })],
    },
    { api: 'apps/v1', plural: 'deployments', kind: 'Deployment', items: [] },
    { api: 'networking.k8s.io/v1', plural: 'networkpolicies', kind: 'NetworkPolicy', items: [] },
  ],
}

const withServers = async (
  clusters: Readonly<Record<string, TestCluster | string>>,
  check: (kubeconfig: string) => Promise<void>,
): Promise<void> => {
  const servers = await Promise.all(
    Object.entries(clusters).map(async ([name, cluster]) =>
      typeof cluster === 'string'
        ? { name, url: cluster, close: async () => {} }
        : { name, ...(await startServer(cluster)) },
    ),
  )
  const config = writeKubeconfig(servers.map(({ name, url }) => ({ name, server: url })))
  try {
    await check(config.path)
  } finally {
    config.remove()
    for (const server of servers) await server.close()
  }
}

/** Nothing listens on the discard port of the loopback address. */
const NOBODY = 'http://127.0.0.1:9'

const withoutPlaces = (result: FindingsResult): unknown => ({
  ...result,
  findings: result.findings.map(finding => ({ ...finding, file: '', line: null })),
  coverage: { ...result.coverage, notes: result.coverage.notes.map(note => ({ ...note, file: '', line: null })) },
})

describe('a live cluster', () => {
  test('is scanned, named on standard error, and its places have no line', () =>
    withServers({ eu: FLEET }, async kubeconfig => {
      const { code, out, err } = await run(['scan', '--kubeconfig', kubeconfig, '-o', 'json'])
      assert.equal(code, 1)
      assert.match(err, /reading cluster eu \(context ctx-eu\)/)
      const { findings, summary } = JSON.parse(out) as FindingsResult
      assert.deepEqual(
        summary.clusters.map(({ cluster, workloads }) => [cluster, workloads]),
        [['eu', 5]],
      )
      const agent = findings.find(finding => finding.id === 'PST-N001')
      assert.deepEqual([agent?.object, agent?.file, agent?.line], ['eu/shop/Pod/agent', 'live:ctx-eu', null])
    }))
  test('gives the same bytes twice', () =>
    withServers({ eu: FLEET }, async kubeconfig => {
      const argv = ['scan', '--kubeconfig', kubeconfig, '-o', 'json']
      assert.equal((await run(argv)).out, (await run(argv)).out)
    }))
  test('is inventoried', () =>
    withServers({ eu: FLEET }, async kubeconfig => {
      const { code, out } = await run(['inventory', '--kubeconfig', kubeconfig, '-o', 'json'])
      assert.equal(code, 0)
      assert.equal((JSON.parse(out) as Inventory).clusters[0]?.cluster, 'eu')
    }))
})

describe('a snapshot', () => {
  test('scans like the clusters it was taken of, but for file and line', () =>
    withServers({ eu: FLEET, us: FLEET }, async kubeconfig => {
      const live = await run([
        'scan',
        '--kubeconfig',
        kubeconfig,
        '--all-contexts',
        '-o',
        'json',
        '--now',
        '2026-11-20',
      ])
      const out = join(folder(), 'snapshot')
      const taken = await run([
        'snapshot',
        '--kubeconfig',
        kubeconfig,
        '--all-contexts',
        '--out',
        out,
        '--now',
        '2026-11-20',
      ])
      assert.equal(taken.code, 0, taken.err)
      const kept = await run(['scan', out, '-o', 'json', '--now', '2026-11-20'])
      assert.equal(kept.code, live.code)
      assert.deepEqual(
        withoutPlaces(JSON.parse(kept.out) as FindingsResult),
        withoutPlaces(JSON.parse(live.out) as FindingsResult),
      )
      const text = readdirSync(out, { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
        .join('')
      assert.doesNotMatch(text, /hush/, 'environment values are dropped')
    }))
  test('takes a folder to write to and no SOURCE', () =>
    withServers({ eu: FLEET }, async kubeconfig => {
      assert.equal((await run(['snapshot', '--kubeconfig', kubeconfig])).code, 2)
      assert.equal((await run(['snapshot', 'x', '--kubeconfig', kubeconfig, '--out', join(folder(), 's')])).code, 2)
    }))
})

describe('what cannot be read live', () => {
  const forbidden: TestCluster = { ...FLEET, allows: asked => asked.resource?.plural !== 'services' }

  test('a forbidden resource is a gap, on standard error and in coverage; the rest is judged', () =>
    withServers({ eu: forbidden }, async kubeconfig => {
      const argv = ['scan', '--kubeconfig', kubeconfig, '-o', 'json', '--fail-on', 'none']
      const { code, out, err } = await run(argv)
      assert.equal(code, 0)
      assert.match(err, /^not read: eu services: /m)
      const { coverage, findings } = JSON.parse(out) as FindingsResult
      assert.deepEqual(
        coverage.gaps
          .map(({ cluster, resource }) => [cluster, resource])
          .filter(([, resource]) => resource === 'services'),
        [['eu', 'services']],
      )
      assert.ok(findings.some(finding => finding.id === 'PST-N001'))
      assert.equal((await run([...argv, '--strict'])).code, 3)
    }))
  test('a cluster that is not there makes the answer incomplete; the others are read', () =>
    withServers({ eu: FLEET, gone: NOBODY }, async kubeconfig => {
      const { code, out, err } = await run([
        'scan',
        '--kubeconfig',
        kubeconfig,
        '--context',
        'ctx-eu,ctx-gone',
        '-o',
        'json',
      ])
      assert.equal(code, 2)
      assert.match(err, /^not read: gone: /m)
      const quiet = await run(['scan', '--kubeconfig', kubeconfig, '--context', 'ctx-gone', '--quiet'])
      assert.match(quiet.err, /^not read: gone: .*\n$/)
      const { coverage, summary } = JSON.parse(out) as FindingsResult
      assert.deepEqual(
        coverage.gaps.filter(gap => gap.resource === null).map(gap => gap.cluster),
        ['gone'],
      )
      assert.equal(summary.clusters.find(cluster => cluster.cluster === 'eu')?.workloads, 5)
    }))
  test('a snapshot keeps the gaps, and a scan of it ends like the live one', () =>
    withServers({ eu: forbidden, gone: NOBODY }, async kubeconfig => {
      const out = join(folder(), 'snapshot')
      const argv = ['--kubeconfig', kubeconfig, '--all-contexts']
      const taken = await run(['snapshot', ...argv, '--out', out])
      assert.equal(taken.code, 2)
      assert.match(taken.err, /^not read: gone: /m)
      const live = await run(['scan', ...argv, '-o', 'json'])
      const kept = await run(['scan', out, '-o', 'json'])
      assert.deepEqual([live.code, kept.code], [2, 2])
      assert.deepEqual(
        (JSON.parse(kept.out) as FindingsResult).coverage.gaps,
        (JSON.parse(live.out) as FindingsResult).coverage.gaps,
      )
    }))
  test('a context that is not there is named', () =>
    withServers({ eu: FLEET }, async kubeconfig => {
      const { code, err } = await run(['scan', '--kubeconfig', kubeconfig, '--context', 'nonsense'])
      assert.equal(code, 2)
      assert.match(err, /nonsense/)
    }))
  test('throttling and a list that expires are waited out', () =>
    withServers(
      {
        eu: {
          ...FLEET,
          fails: (path, nth) => {
            if (!path.endsWith('/pods')) return null
            return nth === 1 ? { status: 429, retryAfter: 0 } : nth === 3 ? 'expire' : null
          },
        },
      },
      async kubeconfig => {
        const { code, out } = await run(['scan', '--kubeconfig', kubeconfig, '-o', 'json'])
        assert.equal(code, 1)
        assert.equal((JSON.parse(out) as FindingsResult).summary.clusters[0]?.workloads, 5)
      },
    ))
})

test('files beside a live cluster of the same name are one cluster', () =>
  withServers({ eu: FLEET }, async kubeconfig => {
    const out = join(folder(), 'snapshot')
    await run(['snapshot', '--kubeconfig', kubeconfig, '--out', out])
    const { out: both } = await run(['scan', out, '--kubeconfig', kubeconfig, '--context', 'ctx-eu', '-o', 'json'])
    const { out: one } = await run(['scan', '--kubeconfig', kubeconfig, '--context', 'ctx-eu', '-o', 'json'])
    const ids = (text: string) => (JSON.parse(text) as FindingsResult).findings.map(finding => finding.fingerprint)
    assert.deepEqual(ids(both), ids(one))
  }))
