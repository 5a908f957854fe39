import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Gap } from '../../../model/coverage.ts'
import { at, field, type JsonObject } from '../../../model/json.ts'
import { type CollectOptions, collect } from './collect.ts'
import type { LiveEvent, LiveProgress } from './event.ts'
import { realPace } from './pace.ts'
import { makeCertificate } from './test-certificate.ts'
import {
  type Fault,
  listed,
  nameOf,
  startServer,
  type TestCluster,
  type TestServer,
  writeKubeconfig,
} from './test-server.ts'

interface Reading {
  readonly documents: readonly { readonly cluster: string; readonly resource: string; readonly body: JsonObject }[]
  readonly gaps: readonly Gap[]
  readonly events: readonly LiveEvent[]
  readonly slept: readonly number[]
  readonly progress: readonly LiveProgress[]
  /** Names in order, as `namespace/name`. */
  readonly names: (resource: string) => readonly string[]
}

const readAll = async (
  options: Pick<CollectOptions, 'kubeconfig' | 'contexts'> & Partial<CollectOptions>,
): Promise<Reading> => {
  const slept: number[] = []
  const progress: LiveProgress[] = []
  const events: LiveEvent[] = []
  const collected = collect({
    namespaces: null,
    onProgress: entry => progress.push(entry),
    sleep: async milliseconds => {
      slept.push(milliseconds)
    },
    random: () => 0,
    ...options,
  })
  for await (const event of collected) events.push(event)
  const documents = events.flatMap(event => (event.kind === 'document' ? [event] : []))
  return {
    documents,
    gaps: events.flatMap(event => (event.kind === 'gap' ? [event.gap] : [])),
    events,
    slept,
    progress,
    names: resource => documents.filter(entry => entry.resource === resource).map(entry => nameOf(entry.body)),
  }
}

/** Reads one invented cluster named `c1` and hands over what came and what was asked. */
const withCluster = async (
  cluster: TestCluster,
  check: (reading: Reading, server: TestServer) => void,
  options: Partial<CollectOptions> = {},
  user?: JsonObject,
): Promise<void> => {
  const server = await startServer(cluster)
  const config = writeKubeconfig([{ name: 'c1', server: server.url, ...(user === undefined ? {} : { user }) }])
  try {
    check(await readAll({ kubeconfig: config.path, contexts: 'current', ...options }), server)
    for (const { method, path } of server.asked) {
      assert.equal(method, 'GET')
      assert.ok(!path.includes('secrets'), path)
    }
  } finally {
    config.remove()
    await server.close()
  }
}

const pods = ['a', 'b', 'c', 'd', 'e'].map(name => listed('ns', name, { spec: { containers: [] } }))
const policies = [listed('ns', 'deny', { spec: { podSelector: {} } })]
const small: TestCluster = {
  resources: [
    { api: 'v1', plural: 'pods', kind: 'Pod', items: pods },
    { api: 'v1', plural: 'secrets', kind: 'Secret', items: [listed('ns', 'hidden')] },
    { api: 'networking.k8s.io/v1', plural: 'networkpolicies', kind: 'NetworkPolicy', items: policies },
  ],
}
const five = ['ns/a', 'ns/b', 'ns/c', 'ns/d', 'ns/e']
const failing = (path: string, faults: readonly (Fault | null)[]): TestCluster => ({
  ...small,
  pageSize: 2,
  fails: (asked, nth) => (asked === path ? (faults[nth - 1] ?? null) : null),
})
const PODS = '/api/v1/pods'

describe('lists', () => {
  test('come page by page, each object with its apiVersion and kind', () =>
    withCluster({ ...small, pageSize: 2 }, ({ documents, names, gaps, events, progress }, server) => {
      assert.deepEqual(names('pods'), five)
      assert.deepEqual(names('networkpolicies.networking.k8s.io'), ['ns/deny'])
      for (const { body, resource } of documents) {
        const expected = resource === 'pods' ? ['v1', 'Pod'] : ['networking.k8s.io/v1', 'NetworkPolicy']
        assert.deepEqual([field(body, 'apiVersion'), field(body, 'kind')], expected)
      }
      assert.deepEqual(gaps, [])
      assert.deepEqual(events.slice(0, 2), [
        { kind: 'cluster', cluster: 'c1', context: 'ctx-c1' },
        { kind: 'version', cluster: 'c1', version: 'v1.32.0' },
      ])
      assert.equal(server.asked.filter(({ path }) => path === PODS).length, 3)
      assert.equal(server.asked[0]?.headers.authorization, 'Bearer token-c1')
      assert.deepEqual(progress.at(-1), {
        cluster: 'c1',
        context: 'ctx-c1',
        resource: 'configmaps',
        done: 3,
        total: 3,
        objects: 6,
      })
    }))
  test('come packed as well', () =>
    withCluster({ ...small, gzip: true }, ({ names }) => assert.deepEqual(names('pods'), five)))
  test('of named namespaces only, cluster-scoped ones whole', () =>
    withCluster(
      {
        resources: [
          { api: 'v1', plural: 'pods', kind: 'Pod', items: [...pods, listed('other', 'x')] },
          { api: 'v1', plural: 'nodes', kind: 'Node', items: [listed(null, 'n1')], clusterScoped: true },
        ],
      },
      ({ names }, server) => {
        assert.deepEqual(names('pods'), ['other/x'])
        assert.deepEqual(names('nodes'), ['/n1'])
        assert.ok(!server.asked.some(({ path }) => path === PODS))
      },
      { namespaces: ['other'] },
    ))
  test('are redacted', () => {
    const env = [{ name: 'DB_PASSWORD', value: 'hunter2' }]
    const items = [listed('ns', 'a', { spec: { containers: [{ name: 'c', env }] } })]
    return withCluster({ resources: [{ api: 'v1', plural: 'pods', kind: 'Pod', items }] }, ({ events }) =>
      assert.ok(!JSON.stringify(events).includes('hunter2')),
    )
  })
})

describe('throttling and failures that pass', () => {
  test('429 waits as long as the server says', () =>
    withCluster(failing(PODS, [{ status: 429, retryAfter: 7 }]), ({ names, slept, gaps }) => {
      assert.deepEqual(names('pods'), five)
      assert.deepEqual(slept, [7000])
      assert.deepEqual(gaps, [])
    }))
  test('5xx is asked again, each time after a longer pause', () =>
    withCluster(failing(PODS, [{ status: 500 }, { status: 503 }]), ({ names, slept }) => {
      assert.deepEqual(names('pods'), five)
      assert.deepEqual(slept, [250, 500])
    }))
  test('a broken connection is asked again', () =>
    withCluster(failing(PODS, [null, 'reset']), ({ names, gaps }) => {
      assert.deepEqual(names('pods'), five)
      assert.deepEqual(gaps, [])
    }))
  test('what does not pass ends in a gap that says how far it came', () =>
    withCluster(
      failing(PODS, [null, ...Array.from({ length: 9 }, () => ({ status: 500 }))]),
      ({ names, gaps }, server) => {
        assert.deepEqual(names('pods'), ['ns/a', 'ns/b'])
        assert.equal(server.asked.filter(({ path }) => path === PODS).length, 7)
        assert.deepEqual(
          gaps.map(gap => gap.resource),
          ['pods'],
        )
        assert.match(gaps[0]?.why ?? '', /after 2 of them.*answers 500/)
      },
    ))
})

describe('a list that expires', () => {
  const items = [
    listed('ns', 'a'),
    listed('ns', 'b', { goes: 1 }),
    listed('ns', 'c'),
    listed('ns', 'd', { appears: 1 }),
    listed('ns', 'e'),
  ]
  const expiring = (faults: readonly (Fault | null)[]): TestCluster => ({
    resources: [{ api: 'v1', plural: 'pods', kind: 'Pod', items }],
    pageSize: 2,
    fails: (path, nth) => (path === PODS ? (faults[nth - 1] ?? null) : null),
  })
  test('starts again and gives nothing twice', () =>
    withCluster(expiring([null, 'expire']), ({ names, gaps }, server) => {
      // First page a, b; then 410; then the list of the present: a, c · d, e. `b` was there when it was read.
      assert.deepEqual(names('pods'), ['ns/a', 'ns/b', 'ns/c', 'ns/d', 'ns/e'])
      assert.deepEqual(gaps, [])
      const continued = server.asked.filter(({ path }) => path === PODS).map(({ url }) => url.includes('continue='))
      assert.deepEqual(continued, [false, true, false, true])
    }))
  test('starts again only so often', () =>
    withCluster(expiring(Array.from({ length: 20 }, (_, i) => (i % 2 === 1 ? 'expire' : null))), ({ gaps }, server) => {
      assert.equal(server.asked.filter(({ path }) => path === PODS).length, 8)
      assert.match(gaps[0]?.why ?? '', /`pods` of cluster `c1` cannot be read.*410/)
    }))
})

describe('what cannot be read', () => {
  test('a forbidden resource is a gap that names the rule', () =>
    withCluster({ ...small, allows: asked => asked.resource?.plural !== 'networkpolicies' }, ({ names, gaps }) => {
      assert.deepEqual(names('pods'), five)
      assert.deepEqual(gaps, [
        {
          cluster: 'c1',
          resource: 'networkpolicies.networking.k8s.io',
          why: 'context `ctx-c1` may not list `networkpolicies.networking.k8s.io` in cluster `c1`',
          settledBy:
            'grant `{ apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: ["list"] }`, as deploy/rbac/clusterrole.yaml does',
        },
      ])
    }))
  test('a group that is announced and down is a gap, a group that is not there is none', () =>
    withCluster(
      { ...small, fails: path => (path === '/apis/networking.k8s.io/v1' ? { status: 503 } : null) },
      ({ names, gaps }) => {
        assert.deepEqual(names('pods'), five)
        assert.deepEqual(
          gaps.map(gap => gap.resource),
          ['*.networking.k8s.io'],
        )
      },
    ))
  test('credentials that are refused end the cluster at once', () =>
    withCluster({ ...small, fails: () => ({ status: 401 }) }, ({ documents, gaps }, server) => {
      assert.deepEqual(documents, [])
      assert.equal(server.asked.length, 1)
      assert.deepEqual(
        gaps.map(gap => [gap.cluster, gap.resource]),
        [['c1', null]],
      )
      assert.match(gaps[0]?.why ?? '', /does not accept the credentials of context `ctx-c1`/)
    }))
  test('an answer that is no API is said to be none', () =>
    withCluster({ ...small, fails: () => 'html' }, ({ gaps }) =>
      assert.match(gaps[0]?.why ?? '', /does not answer like an API server/),
    ))
  test('a login that fails says what it said', () =>
    withCluster(
      small,
      ({ gaps }, server) => {
        assert.equal(server.asked.length, 0)
        assert.match(gaps[0]?.why ?? '', /cannot be logged in to: .*no session/)
      },
      {},
      {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: 'sh',
          args: ['-c', 'echo no session >&2; exit 1'],
        },
      },
    ))
  test('an unknown context and a missing kubeconfig are gaps of no cluster', async () => {
    const config = writeKubeconfig([{ name: 'c1', server: 'http://127.0.0.1:1' }])
    try {
      const unknown = await readAll({ kubeconfig: config.path, contexts: ['nope'] })
      assert.deepEqual(unknown.gaps, [
        {
          cluster: null,
          resource: null,
          why: 'context `nope` is not in the kubeconfig',
          settledBy: 'name one with --context: contexts are `ctx-c1`',
        },
      ])
      const none = await readAll({ kubeconfig: `${config.path}-none`, contexts: 'current' })
      assert.match(none.gaps[0]?.why ?? '', /^the kubeconfig `.*` cannot be read: .*ENOENT/)
    } finally {
      config.remove()
    }
  })
})

describe('several clusters', () => {
  test('are read at once; one that does not answer is a gap and the others are whole', async () => {
    const [one, two, gone] = await Promise.all([
      startServer({ ...small, pageSize: 1 }),
      startServer(small),
      startServer(small),
    ])
    await gone.close()
    const config = writeKubeconfig([
      { name: 'one', server: one.url },
      { name: 'arn:aws:eks:eu-west-1:111122223333:cluster/two', server: two.url },
      { name: 'gone', server: gone.url },
    ])
    try {
      const { documents, gaps } = await readAll({ kubeconfig: config.path, contexts: 'all' })
      for (const cluster of ['one', 'arn:aws:eks:eu-west-1:111122223333:cluster/two']) {
        const read = documents.filter(entry => entry.cluster === cluster && entry.resource === 'pods')
        assert.deepEqual(
          read.map(entry => nameOf(entry.body)),
          five,
        )
      }
      assert.deepEqual(
        gaps.map(gap => [gap.cluster, gap.resource]),
        [['gone', null]],
      )
      assert.match(gaps[0]?.why ?? '', /cannot be reached.*ECONNREFUSED/)
      assert.ok(
        two.asked.every(
          ({ headers }) => headers.authorization === 'Bearer token-arn:aws:eks:eu-west-1:111122223333:cluster/two',
        ),
      )
    } finally {
      config.remove()
      await Promise.all([one.close(), two.close()])
    }
  })
  test('a reader that stops early stops the reading', async () => {
    const server = await startServer({ ...small, pageSize: 1 })
    const config = writeKubeconfig([{ name: 'c1', server: server.url }])
    try {
      for await (const event of collect({
        ...realPace,
        kubeconfig: config.path,
        contexts: 'all',
        namespaces: null,
        onProgress: () => {},
      })) {
        if (event.kind === 'document') break
      }
      const asked = server.asked.length
      await new Promise(resolve => setImmediate(resolve))
      assert.equal(server.asked.length, asked)
    } finally {
      config.remove()
      await server.close()
    }
  })
})

describe('TLS', () => {
  const tls = makeCertificate()
  const readTls = async (ca: string | undefined): Promise<Reading> => {
    const server = await startServer({ ...small, tls })
    const config = writeKubeconfig([{ name: 'c1', server: server.url, ...(ca === undefined ? {} : { ca }) }])
    try {
      return await readAll({ kubeconfig: config.path, contexts: ['ctx-c1'] })
    } finally {
      config.remove()
      await server.close()
    }
  }
  test('a certificate of the kubeconfig’s authority is trusted', async () =>
    assert.deepEqual((await readTls(tls.cert)).names('pods'), five))
  test('any other is not, and is not asked again', async () => {
    const { gaps, slept } = await readTls(undefined)
    assert.match(gaps[0]?.why ?? '', /shows a certificate that is not trusted/)
    assert.deepEqual(slept, [])
  })
})

describe('two APIs for the same objects', () => {
  const calico = (api: string): TestCluster['resources'][number] => ({
    api,
    plural: 'globalnetworkpolicies',
    kind: 'GlobalNetworkPolicy',
    items: [listed(null, 'g')],
    clusterScoped: true,
  })
  test('Calico is read from its stored resources, or from its own API where only that is served', async () => {
    const both = { resources: [calico('crd.projectcalico.org/v1'), calico('projectcalico.org/v3')] }
    await withCluster(both, ({ documents }) =>
      assert.deepEqual(
        documents.map(entry => entry.resource),
        ['globalnetworkpolicies.crd.projectcalico.org'],
      ),
    )
    await withCluster({ resources: [calico('projectcalico.org/v3')] }, ({ documents }) =>
      assert.deepEqual(
        documents.map(entry => entry.resource),
        ['globalnetworkpolicies.projectcalico.org'],
      ),
    )
  })
  test('a version that we do not know is read all the same', () =>
    withCluster(
      {
        resources: [
          {
            api: 'cilium.io/v9',
            plural: 'ciliumnetworkpolicies',
            kind: 'CiliumNetworkPolicy',
            items: [listed('ns', 'p')],
          },
        ],
      },
      ({ documents }) =>
        assert.deepEqual(
          documents.map(entry => field(entry.body, 'apiVersion')),
          ['cilium.io/v9'],
        ),
    ))
  test('constraints are read whatever their templates are called', () =>
    withCluster(
      {
        resources: [
          {
            api: 'constraints.gatekeeper.sh/v1beta1',
            plural: 'nohostnetwork',
            kind: 'NoHostNetwork',
            items: [listed(null, 'x')],
            clusterScoped: true,
          },
        ],
      },
      ({ documents }) =>
        assert.deepEqual(
          documents.map(entry => entry.resource),
          ['nohostnetwork.constraints.gatekeeper.sh'],
        ),
    ))
})

describe('ConfigMaps', () => {
  const map = (namespace: string, name: string, data: JsonObject): JsonObject => listed(namespace, name, { data })
  const pod = (name: string, image: string, spec: JsonObject, container: JsonObject): JsonObject =>
    listed('app', name, { spec: { ...spec, containers: [{ name: 'c', image, ...container }] } })
  const squid = pod(
    'squid',
    'registry.example/squid:6',
    { volumes: [{ name: 'conf', configMap: { name: 'squid-conf' } }] },
    { volumeMounts: [{ name: 'conf', mountPath: '/etc/squid' }] },
  )
  const worker = pod(
    'worker',
    'registry.example/worker:1',
    { volumes: [{ name: 'v', configMap: { name: 'page' } }] },
    {
      envFrom: [{ configMapRef: { name: 'settings' } }],
      volumeMounts: [{ name: 'v', mountPath: '/x' }],
    },
  )
  const cluster: TestCluster = {
    resources: [
      {
        api: 'v1',
        plural: 'namespaces',
        kind: 'Namespace',
        items: [listed(null, 'kube-system'), listed(null, 'app')],
        clusterScoped: true,
      },
      { api: 'v1', plural: 'pods', kind: 'Pod', items: [squid, worker] },
      {
        api: 'v1',
        plural: 'configmaps',
        kind: 'ConfigMap',
        items: [
          map('kube-system', 'coredns', { Corefile: '.:53 {}' }),
          map('app', 'squid-conf', { 'squid.conf': 'http_port 3128' }),
          map('app', 'settings', { HTTPS_PROXY: 'http://proxy.example:3128', GREETING: 'hello' }),
          map('app', 'page', { 'index.html': 'private' }),
        ],
      },
    ],
  }
  test('are got by name: those of the network, of forwarders, and of environments', () =>
    withCluster(cluster, ({ documents, gaps, names }, server) => {
      assert.deepEqual(names('configmaps'), ['kube-system/coredns', 'app/settings', 'app/squid-conf'])
      const data = documents.filter(entry => entry.resource === 'configmaps').map(entry => at(entry.body, 'data'))
      assert.deepEqual(data, [
        { Corefile: '.:53 {}' },
        { HTTPS_PROXY: 'http://proxy.example:3128' },
        { 'squid.conf': 'http_port 3128' },
      ])
      assert.deepEqual(gaps, [])
      const asked = server.asked.filter(({ resource }) => resource?.plural === 'configmaps')
      assert.ok(asked.every(({ resource }) => resource?.name !== null))
      assert.ok(!asked.some(({ path }) => path.endsWith('/page')))
      assert.ok(!asked.some(({ path }) => path.includes('istio-system')))
    }))
  test('that are forbidden are one gap for all of them', () =>
    withCluster(
      { ...cluster, allows: ({ resource }) => resource?.plural !== 'configmaps' || resource.namespace !== 'app' },
      ({ gaps, names }) => {
        assert.deepEqual(names('configmaps'), ['kube-system/coredns'])
        assert.deepEqual(gaps, [
          {
            cluster: 'c1',
            resource: 'configmaps',
            why: 'context `ctx-c1` may not get the ConfigMaps `app/settings`, `app/squid-conf` in cluster `c1`',
            settledBy: 'grant `get` on these ConfigMaps, as deploy/rbac/clusterrole-mounted-configmaps.yaml does',
          },
        ])
      },
    ))
})

const real = process.env['POSTERN_TEST_KUBECONFIG']
test('a real cluster is read without a gap', { skip: !real && 'POSTERN_TEST_KUBECONFIG is not set' }, async () => {
  const { documents, gaps } = await readAll({ ...realPace, kubeconfig: real ?? '', contexts: 'current' })
  assert.ok(documents.some(entry => entry.resource === 'namespaces' && nameOf(entry.body) === '/kube-system'))
  assert.ok(documents.every(entry => field(entry.body, 'kind') !== 'Secret'))
  assert.deepEqual(gaps, [])
})
