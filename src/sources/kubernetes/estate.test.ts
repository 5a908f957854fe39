import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { estateOf } from './testing/estate-of.ts'

const pod = (more = '', metadata = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: ns${metadata}}\nspec: {containers: []${more}}\n`

/** Counts and notes, the same whatever the order of files. */
const check = (
  files: Readonly<Record<string, string>>,
  counts: Readonly<Record<string, number>>,
  notes: readonly string[],
): void => {
  for (const order of [Object.entries(files), Object.entries(files).toReversed()]) {
    const { coverage, diagnostics } = estateOf(Object.fromEntries(order))
    assert.deepEqual(diagnostics, [])
    const { notes: told, gaps: _, ...numbers } = coverage
    const nonZero = Object.fromEntries(Object.entries(numbers).filter(([, n]) => n > 0))
    assert.deepEqual(nonZero, counts)
    assert.deepEqual(
      told.map(({ state, object, file, line, why }) => `${state} ${object} ${file}:${line} ${why}`),
      notes,
    )
  }
}

describe('two documents for one object', () => {
  test('that are equal but for what the server writes are one', () =>
    check(
      {
        'a.yaml': pod(),
        'b.yaml': `${pod('', ', uid: u, resourceVersion: "7", managedFields: [{manager: m}]')}status: {phase: Running}\n`,
        'c.json': JSON.stringify({
          status: {},
          spec: { containers: [] },
          metadata: { namespace: 'ns', name: 'p' },
          kind: 'Pod',
          apiVersion: 'v1',
        }),
      },
      { objects: 1, understood: 1 },
      [],
    ))
  test('that differ are one object, partly understood, with every place', () =>
    check(
      { 'a.yaml': pod(), 'b.yaml': `# first\n${pod(', hostPID: true')}`, 'c.yaml': pod(', hostIPC: true') },
      { objects: 1, partly: 1 },
      ['partly c/ns/Pod/p a.yaml:1 differs from the document at b.yaml:2 and at c.yaml:1: all are taken as possible'],
    ))
  test('are compared with each that came before', () => {
    const { coverage, clusters } = estateOf({
      'a.yaml': pod(),
      'b.yaml': pod(', hostPID: true'),
      'c.yaml': pod(),
      'd.yaml': pod(', hostPID: true'),
    })
    assert.deepEqual([coverage.objects, coverage.partly], [1, 1])
    assert.equal(clusters[0]?.pods.length, 2)
  })
  test('in a typed list and on its own are one', () =>
    check(
      {
        'a.json':
          '{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"p","namespace":"ns"},"spec":{"containers":[]}}]}',
        'b.yaml': pod(),
        'c.yaml': `apiVersion: v1\nkind: List\nitems:\n- ${JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'ns' }, spec: { containers: [] } })}\n`,
      },
      { objects: 1, understood: 1 },
      [],
    ))
  test('annotations, labels and generation count as said', () => {
    for (const more of [', labels: {a: b}', ', annotations: {a: b}', ', generation: 2']) {
      assert.equal(estateOf({ 'a.yaml': pod(), 'b.yaml': pod('', more) }).coverage.partly, 1, more)
    }
  })
})

test('documents without a name and of no known kind are counted each', () => {
  const kustomization = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n'
  const why = 'a kind that is not known here'
  check({ 'a.yaml': kustomization, 'b.yaml': `${kustomization}namePrefix: x\n` }, { objects: 2, unrecognised: 2 }, [
    `unrecognised c/-/Kustomization/ a.yaml:1 ${why}`,
    `unrecognised c/-/Kustomization/ b.yaml:1 ${why}`,
  ])
})

describe('what the API server refuses is an error at its place', () => {
  const refuses = (yaml: string, message: string): void => {
    const { diagnostics, coverage, clusters } = estateOf({ 'x.yaml': `# why\n${yaml}\n---\n${pod()}` })
    assert.deepEqual(diagnostics, [{ severity: 'error', file: 'x.yaml', line: 2, column: null, message }])
    assert.equal(coverage.objects, 1, 'the rest is read')
    assert.equal(clusters[0]?.workloads.length, 1)
  }
  const named = (metadata: string): string => `apiVersion: v1\nkind: Service\nmetadata: ${metadata}`

  test('in its metadata', () => {
    refuses(named('{name: 5}'), '`metadata.name` is a number, the API wants text: quote it')
    refuses(named('{name: yes}'), '`metadata.name` is a boolean, the API wants text: quote it')
    refuses(named('{name: [a]}'), '`metadata.name` is a list, the API wants text')
    refuses(named('{name: a, namespace: 12}'), '`metadata.namespace` is a number, the API wants text: quote it')
    refuses(named('{name: a, labels: {on: yes}}'), '`metadata.labels.true` is a boolean, the API wants text: quote it')
    refuses(named('{name: a, labels: {v: 1.10}}'), '`metadata.labels.v` is a number, the API wants text: quote it')
    refuses(named('{name: a, labels: {v: {x: y}}}'), '`metadata.labels.v` is a object, the API wants text')
    refuses(
      named('{name: a, annotations: {v: no}}'),
      '`metadata.annotations.v` is a boolean, the API wants text: quote it',
    )
    refuses(named('{name: a, labels: [x]}'), '`metadata.labels` must be an object')
    refuses(named('{name: a, annotations: x}'), '`metadata.annotations` must be an object')
    refuses(named('[a]'), '`metadata` must be an object')
    refuses(named('{namespace: a}'), '`metadata.name` is missing: name the object')
    refuses('apiVersion: v1\nkind: Service', '`metadata.name` is missing: name the object')
  })
  test('in what decides a way out', () => {
    const spec = (kind: string, text: string): string =>
      `apiVersion: v1\nkind: ${kind}\nmetadata: {name: a}\nspec: ${text}`
    refuses(spec('Pod', 'x'), '`spec` is text, the API wants an object')
    refuses(spec('Pod', '[1]'), '`spec` is a list, the API wants an object')
    refuses(spec('Pod', '{hostNetwork: "true"}'), '`spec.hostNetwork` is text, the API wants true or false')
    refuses(spec('Pod', '{hostPID: 1}'), '`spec.hostPID` is the number `1`, the API wants true or false')
    refuses(spec('Pod', '{containers: {name: c}}'), '`spec.containers` is an object, the API wants a list')
    refuses(spec('Pod', '{containers: [c]}'), '`spec.containers[0]` is text, the API wants an object')
    refuses(
      spec('Pod', '{containers: [{name: c}, {env: [{name: A, value: 8080}]}]}'),
      '`spec.containers[1].env[0].value` is the number `8080`, the API wants text',
    )
    refuses(
      spec('Pod', '{containers: [{ports: [{hostPort: "80"}]}]}'),
      '`spec.containers[0].ports[0].hostPort` is text, the API wants a whole number',
    )
    refuses(
      spec('Pod', '{initContainers: [{securityContext: {capabilities: {add: NET_ADMIN}}}]}'),
      '`spec.initContainers[0].securityContext.capabilities.add` is text, the API wants a list',
    )
    refuses(spec('Service', '{ports: [{port: "80"}]}'), '`spec.ports[0].port` is text, the API wants a whole number')
    refuses(spec('Service', '{externalIPs: 1.2.3.4}'), '`spec.externalIPs` is text, the API wants a list')
    refuses(spec('Service', '{selector: [app]}'), '`spec.selector` is a list, the API wants an object')
    refuses(
      'apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec: {jobTemplate: {spec: {template: {spec: {hostNetwork: 1}}}}}',
      '`spec.jobTemplate.spec.template.spec.hostNetwork` is the number `1`, the API wants true or false',
    )
    refuses(
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {matchLabels: {a: yes}}}',
      '`spec.podSelector.matchLabels.a` is the boolean `true`, the API wants text',
    )
    refuses(
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {port: 80}',
      '`data.port` is the number `80`, the API wants text',
    )
    refuses(
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: a}\nrules: [{verbs: get}]',
      '`rules[0].verbs` is text, the API wants a list',
    )
  })
  test('and null is absent', () => {
    const { diagnostics, coverage } = estateOf({
      'x.yaml':
        'apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: null, labels: null, annotations: {x: null}}\nspec: {hostNetwork: null, containers: [null, {env: null, ports: [null]}]}',
    })
    assert.deepEqual(diagnostics, [])
    assert.equal(coverage.understood, 1)
  })
})

test('scopes: a namespace on a cluster-scoped kind means nothing, an absent one is `default`', () => {
  const { clusters } = estateOf({
    'x.yaml':
      'apiVersion: v1\nkind: Node\nmetadata: {name: a, namespace: ns}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: s}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: t, namespace: ""}\n',
  })
  assert.equal(clusters[0]?.nodes[0]?.ref.namespace, null)
  assert.deepEqual(
    clusters[0]?.services.map(service => service.namespace),
    ['default', 'default'],
  )
})

test('version answers and snapshots are no objects of a cluster', () => {
  const { clusters, coverage } = estateOf({
    'v.json': '{"clientVersion":{"gitVersion":"v1.30.0"},"serverVersion":{"gitVersion":"v1.31.2"}}',
    'p.yaml': pod(),
  })
  assert.equal(clusters[0]?.serverVersion, 'v1.31.2')
  assert.equal(coverage.unrecognised, 0)
})
