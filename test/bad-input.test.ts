import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { SaxesParser } from 'saxes'
import { loadEstate } from '../src/app/load.ts'
import type { FindingsResult } from '../src/model/finding.ts'
import { MAX_YAML_DEPTH } from '../src/sources/files/yaml-documents.ts'
import { deployment, documents, hostNetworkPod, namespace } from './support/manifests.ts'
import { run, tree } from './support/run.ts'

/** Input nobody should have written. Whatever it is, the object beside it is still found, and the program ends by itself. */

interface Told {
  /** `file:line:column message`, of errors; null when none is wanted. */
  readonly errors?: readonly RegExp[]
  /** `file:line why`, of coverage notes. */
  readonly notes?: readonly RegExp[]
  readonly code?: number
}

const check = async (files: Readonly<Record<string, string | Buffer>>, told: Told): Promise<void> => {
  const estate = tree({ ...files, 'zz-good.yaml': hostNetworkPod('good') })
  const { code, out } = await run(['scan', estate, '-o', 'json', '--fail-on', 'none'])
  const result = JSON.parse(out) as FindingsResult
  const errors = result.diagnostics.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`)
  assert.equal(errors.length, told.errors?.length ?? 0, errors.join('\n'))
  for (const [n, pattern] of (told.errors ?? []).entries()) assert.match(errors[n] ?? '', pattern)
  const notes = result.coverage.notes.map(({ file, line, why }) => `${file}:${line} ${why}`)
  for (const pattern of told.notes ?? [])
    assert.ok(
      notes.some(note => pattern.test(note)),
      `${pattern}\n${notes.join('\n')}`,
    )
  assert.equal(code, told.code ?? (told.errors === undefined ? 0 : 2))
  assert.ok(
    result.findings.some(finding => finding.id === 'PST-N001' && finding.object === 'estate/shop/Pod/good'),
    'the rest is analysed',
  )
}

const head = 'apiVersion: v1\nkind: Pod\n'

describe('a broken document is told with file, line and column', () => {
  test('YAML', () =>
    check(
      {
        'a.yaml': `${deployment()}---\n${head}metadata:\n  name: x\n name: y\n---\n${namespace('shop')}`,
        'tab.yaml': `${head}metadata:\n\tname: x\n`,
        'twice.yaml': `${head}kind: Pod\n`,
      },
      {
        errors: [
          /^a\.yaml:\d+:2 bad indentation/,
          /^tab\.yaml:4:1 tab characters/,
          /^twice\.yaml:3:1 duplicated mapping key/,
        ],
      },
    ))
  test('JSON', () =>
    check(
      {
        'a.json': `{"apiVersion":"v1","kind":"Pod",\n"metadata":{"name":"x",}}`,
        'cut.json':
          '{"apiVersion":"v1","kind":"List","items":[\n{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x"',
        'list.json':
          '{"apiVersion":"v1","kind":"List","items":[\n{"kind":"Pod",},\n{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"ok"}}]}',
      },
      {
        errors: [
          /^a\.json:2:24 not JSON: a key in double quotes is missing$/,
          /^cut\.json:2:\d+ the file ends before the document does: it is cut off: what came before was read$/,
          /^list\.json:2:15 not JSON: a key in double quotes is missing$/,
        ],
      },
    ))
  test('a template or another tool’s file is no error', () =>
    check(
      {
        'chart.yaml': `{{- if .Values.on }}\n${head}{{- end }}\n`,
        'values.yaml': 'a: [1\n',
        'compose.yaml': 'services: {web: {image: x}}\n',
        'unit.service': '[Unit]\nDescription=x\n',
        'notes.txt': 'hello',
        'logo.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1]),
      },
      {
        notes: [
          /^chart\.yaml:1 a template: render it first$/,
          /^values\.yaml:\d not a YAML document/,
          /^compose\.yaml:1 no Kubernetes object/,
          /^unit\.service:1 not a JSON document/,
          /^notes\.txt:null no format that is known$/,
          /^logo\.png:null binary file$/,
        ],
      },
    ))
})

describe('input that grows', () => {
  test('an alias bomb', () => {
    const lines = [`${head}a0: &a0 [x, x, x, x, x, x, x, x, x, x]`]
    for (let n = 1; n < 12; n++)
      lines.push(
        `a${n}: &a${n} [${Array(10)
          .fill(`*a${n - 1}`)
          .join(', ')}]`,
      )
    return check({ 'bomb.yaml': lines.join('\n') }, { errors: [/^bomb\.yaml:1:1 aliases expand to more than/] })
  })
  test('aliases of a long text, twice, so that the documents are compared', () => {
    const text = `${head}metadata: {name: x}\na: &a "${'x'.repeat(300_000)}"\nb: [${Array(900).fill('*a').join(', ')}]\n`
    return check(
      { 'one.yaml': text, 'two.yaml': text },
      { errors: [/^one\.yaml:1:1 aliases expand to more than/, /^two\.yaml:1:1 aliases expand/] },
    )
  })
  test('aliases in a circle, and by merge', () =>
    check(
      { 'circle.yaml': `${head}metadata: {name: x}\nspec: &s {containers: [*s]}\n` },
      { errors: [/^circle\.yaml:1:1 aliases expand/] },
    ))
  test('a gzip bomb', () =>
    check(
      { 'bomb.yaml.gz': gzipSync(Buffer.alloc(80 * 1024 * 1024, 0x20)) },
      { errors: [/^bomb\.yaml\.gz:null:null expands to more than 67108864 bytes, 200 times its size: not read$/] },
    ))
  test('a gzip file that is cut off', () =>
    check(
      { 'cut.yaml.gz': gzipSync(deployment()).subarray(0, 40) },
      { errors: [/^cut\.yaml\.gz:null:null is not a complete gzip file: compress it again$/] },
    ))
  test('absurd nesting costs its own document', () => {
    const deep = '['.repeat(100_000)
    return check(
      {
        'a.json': `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x"},"a":${deep}${']'.repeat(100_000)}}\n{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"ok"}}`,
        'b.yaml': `${head}a: ${deep}`,
        'c.yaml': `${head}${Array.from({ length: MAX_YAML_DEPTH + 5 }, (_, n) => `${' '.repeat(n)}a:`).join('\n')}`,
      },
      { errors: [/^a\.json:1:\d+ nested deeper than 1000 levels$/, /^b\.yaml:\d+:\d+ /, /^c\.yaml:\d+:\d+ /] },
    )
  })
  test('nesting just within the limits is judged without trouble', () => {
    const deep = (n: number): string => '['.repeat(n) + ']'.repeat(n)
    return check(
      {
        'a.json': `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x"},"a":${deep(990)}}`,
        'a2.json': `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x"},"b":${deep(990)}}`,
        'b.yaml': `${head}metadata: {name: x2}\nx: ${deep(150)}\n`,
      },
      { notes: [/^a\.json:1 differs from the document at a2\.json:1/] },
    )
  })
})

describe('names that mean something elsewhere', () => {
  test('`__proto__` and its like are only keys', async () => {
    await check(
      {
        'a.json':
          '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x","labels":{"__proto__":"y","constructor":"z"}},"spec":{"__proto__":{"hostNetwork":true}},"__proto__":{"polluted":true}}',
        'b.yaml':
          '__proto__: {polluted: yes}\napiVersion: v1\nkind: Service\nmetadata: {name: toString, namespace: __proto__, annotations: {hasOwnProperty: x}}\nspec: {selector: {__proto__: x}}\n',
        'c.yaml': 'apiVersion: __proto__/v1\nkind: constructor\nmetadata: {name: x}\n',
        'd.yaml': 'kind: __proto__\napiVersion: constructor\nmetadata: {name: valueOf}\n',
      },
      {},
    )
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined)
    assert.equal(({} as Record<string, unknown>)['hostNetwork'], undefined)
  })

  const HOSTILE =
    '\u001b[2J\u001b]0;owned\u0007\u202e<script>alert(1)</script>"\'&]]>|=cmd()`id`\r\n::error::\u0000\u2028@team #1'
  const hostile = JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: HOSTILE,
          namespace: `=1+1${HOSTILE}`,
          labels: { owner: `=HYPERLINK("x")${HOSTILE}`, [HOSTILE]: HOSTILE },
        },
        spec: {
          hostNetwork: true,
          serviceAccountName: HOSTILE,
          containers: [{ name: HOSTILE, image: HOSTILE, ports: [{ hostPort: 80, hostIP: HOSTILE }] }],
        },
      },
      { apiVersion: HOSTILE, kind: HOSTILE, metadata: { name: HOSTILE } },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: HOSTILE },
        spec: { type: 'ExternalName', externalName: HOSTILE },
      },
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 5 } },
    ],
  })

  test('no output lets them act', async () => {
    const estate = tree({ 'x.json': hostile, '\u001b[31mfile=x<b>.yaml': `${head} broken\n` }, '=clu\u001b[1mster<i>')
    const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029]/
    for (const [verb, outputs] of Object.entries({
      scan: ['table', 'json', 'yaml', 'markdown', 'sarif', 'junit', 'html'],
      inventory: ['table', 'wide', 'json', 'yaml'],
    })) {
      for (const output of outputs) {
        const { out, err } = await run([verb, estate, '-o', output, '--all'])
        assert.doesNotMatch(out.replaceAll('\n', ''), control, `${verb} -o ${output}`)
        assert.doesNotMatch(err.replaceAll('\n', ''), control, `${verb} -o ${output}, standard error`)
        if (output === 'json' || output === 'sarif') JSON.parse(out)
        if (output === 'html') assert.ok(!out.includes('<script>alert(1)'), 'no script of theirs')
        if (output === 'markdown') assert.ok(!/<script>|<b>|<i>/.test(out), 'no HTML of theirs')
        if (output === 'junit') {
          const parser = new SaxesParser()
          parser.on('error', error => assert.fail(error))
          parser.write(out).close()
        }
      }
    }
  })
  test('no table cell starts a formula', async () => {
    const { out } = await run(['scan', tree({ 'x.json': hostile }), '-o', 'markdown', '--all'])
    for (const line of out.split('\n').filter(text => text.startsWith('|'))) {
      for (const cell of line.split(/(?<!\\)\|/).slice(1, -1)) {
        assert.doesNotMatch(cell, /^\s*(?:<code>)?\s*[=+@]/, line)
      }
    }
  })
})

describe('files that cannot be read', () => {
  test('links that lead nowhere or in a circle', () =>
    check(
      { dangling: '->nowhere', loop: '->loop', 'sub/up': '->..' },
      {
        errors: [
          /^dangling:null:null a symbolic link to nothing$/,
          /^loop:null:null a symbolic link that leads to itself$/,
        ],
      },
    ))
  test('a SOURCE that is one of those', async () => {
    const estate = tree({ loop: '->loop' })
    const { code, err } = await run(['scan', join(estate, 'loop')])
    assert.equal(code, 2)
    assert.match(err, /leads to itself/)
  })
  test('a folder called like a manifest', async () => {
    const estate = tree({ 'x.yaml/y.yaml': hostNetworkPod('good') })
    assert.equal((await run(['scan', estate, '--fail-on', 'none'])).code, 0)
  })
})

describe('wrong types, everywhere', () => {
  const WRONG: readonly unknown[] = [
    null,
    true,
    0,
    -1,
    1.5,
    1e300,
    '',
    'x',
    [],
    [null],
    [1],
    [[]],
    {},
    { a: null },
    'x'.repeat(100_000),
  ]
  /** Every value of the object replaced by each wrong one, one at a time. */
  function* spoilt(value: unknown): Generator<unknown> {
    if (typeof value !== 'object' || value === null) return
    for (const [key, child] of Object.entries(value)) {
      const replaced = (other: unknown): unknown =>
        Array.isArray(value)
          ? value.map((element, i) => (i === Number(key) ? other : element))
          : { ...value, [key]: other }
      for (const wrong of WRONG) yield replaced(wrong)
      for (const inner of spoilt(child)) yield replaced(inner)
    }
  }
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'p',
      namespace: 'ns',
      labels: { a: 'b' },
      annotations: { c: 'd' },
      ownerReferences: [{ kind: 'Job', name: 'j' }],
    },
    spec: {
      hostNetwork: true,
      dnsConfig: { nameservers: ['8.8.8.8'] },
      hostAliases: [{ ip: '1.2.3.4', hostnames: ['x'] }],
      tolerations: [{ key: 'k' }],
      volumes: [{ name: 'v', hostPath: { path: '/' } }],
      containers: [
        {
          name: 'c',
          image: 'i',
          command: ['sh'],
          env: [{ name: 'HTTP_PROXY', value: 'http://p', valueFrom: { configMapKeyRef: { name: 'm', key: 'k' } } }],
          envFrom: [{ configMapRef: { name: 'm' } }],
          ports: [{ containerPort: 80, hostPort: 80 }],
          securityContext: { privileged: true, capabilities: { add: ['NET_ADMIN'] } },
          volumeMounts: [{ name: 'v', mountPath: '/' }],
        },
      ],
    },
    status: { phase: 'Running', podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }] },
  }
  const others = [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's' },
      spec: {
        type: 'LoadBalancer',
        selector: { a: 'b' },
        externalIPs: ['1.2.3.4'],
        ports: [{ port: 80, nodePort: 30000 }],
      },
      status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'n' },
      spec: {
        podSelector: { matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] },
        policyTypes: ['Egress'],
        egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }], ports: [{ port: 53 }] }],
      },
    },
    {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { name: 'c' },
      spec: {
        endpointSelector: { matchLabels: { a: 'b' } },
        egress: [{ toCIDRSet: [{ cidr: '::/0' }], toEntities: ['world'] }],
      },
      status: { conditions: [{ type: 'Valid', status: 'False' }] },
    },
    {
      apiVersion: 'projectcalico.org/v3',
      kind: 'GlobalNetworkPolicy',
      metadata: { name: 'g' },
      spec: {
        selector: "a == 'b'",
        types: ['Egress'],
        egress: [{ action: 'Allow', destination: { nets: ['0.0.0.0/0'] } }],
      },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'v' },
      spec: {
        hosts: ['a'],
        http: [{ match: [{ gateways: ['mesh'], sourceLabels: { a: 'b' } }], route: [{ destination: { host: 'x' } }] }],
      },
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'b' },
      roleRef: { kind: 'ClusterRole', name: 'r' },
      subjects: [{ kind: 'ServiceAccount', name: 'a', namespace: 'ns' }],
    },
    {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'n' },
      spec: { taints: [{ key: 'a' }] },
      status: { addresses: [{ type: 'ExternalIP', address: '1.2.3.4' }] },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'coredns', namespace: 'kube-system' },
      data: { Corefile: '.:53 { forward . 8.8.8.8 }' },
    },
    {
      apiVersion: 'postern.dev/v1alpha1',
      kind: 'Exception',
      metadata: { name: 'e' },
      spec: { findings: ['PST-N001'], match: { names: ['*'] }, owner: 'o', justification: 'j', expires: '2027-01-01' },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'e', labels: { 'kubernetes.io/service-name': 's' } },
      endpoints: [{ addresses: ['1.2.3.4'], targetRef: { kind: 'Pod', name: 'p' } }],
    },
    {
      apiVersion: 'kyverno.io/v1',
      kind: 'ClusterPolicy',
      metadata: { name: 'k' },
      spec: {
        rules: [
          {
            validate: { message: 'hostNetwork', failureAction: 'Enforce' },
            exclude: { any: [{ resources: { namespaces: ['x'] } }] },
          },
        ],
      },
    },
  ]
  for (const object of [pod, ...others]) {
    test(`${object.kind}: nothing crashes, and every error has its place`, async () => {
      const lines = [...spoilt(object)].map(value => JSON.stringify(value))
      const estate = tree({ 'x.json': lines.join('\n'), 'zz-good.yaml': hostNetworkPod('good') })
      const { code, out } = await run(['scan', estate, '-o', 'json', '--fail-on', 'none'])
      const { diagnostics, findings } = JSON.parse(out) as FindingsResult
      assert.ok(code === 0 || code === 2)
      for (const { file, line, message } of diagnostics) {
        assert.equal(file, 'x.json')
        assert.ok(line !== null && line >= 1 && line <= lines.length)
        assert.notEqual(message, '')
      }
      assert.ok(findings.some(finding => finding.object === 'estate/shop/Pod/good'))
    })
  }
})

describe('bytes that are no text', () => {
  test('invalid UTF-8, NUL bytes, UTF-16, lone carriage returns', () =>
    check(
      {
        'utf8.yaml': Buffer.concat([
          Buffer.from(`${head}metadata: {name: x`),
          Buffer.from([0xff, 0xc3]),
          Buffer.from('}\n'),
        ]),
        'nul.yaml': `${head}metadata: {name: "a\u0000b"}\n`,
        'nul.json': '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a\u0000b"}}',
        'utf16.yaml': Buffer.from(`\ufeff${head}`, 'utf16le'),
        'cr.yaml': `${head}metadata: {name: x2}\n`.replaceAll('\n', '\r'),
      },
      {
        errors: [
          /^nul\.json:1:\d+ not JSON: a line break or control character/,
          /^utf16\.yaml:1:1 UTF-16 text: save it as UTF-8$/,
        ],
        notes: [/^nul\.yaml:null binary file$/],
      },
    ))
  test('empty files, files of white space, files of markers', () =>
    check(
      { 'a.yaml': '', 'b.json': '', 'c.yaml': ' \n\n', 'd.yaml': '---\n---\n', 'e.yaml': '# x\n', 'f.yaml': '\ufeff' },
      {},
    ))
})

test('settings of a hundred thousand strange characters are read in one go', () => {
  const PIECES = [
    '\n',
    ' ',
    '"',
    '{',
    '}',
    'import ',
    '"\\"',
    ' #',
    '. {\n',
    'forward . ',
    'acl a dst ',
    '&&',
    '!',
    '(',
    "a == 'b' || ",
    ':',
    '- ',
    '&a *a ',
    '\r\n',
  ]
  const MAPS = [
    'coredns Corefile',
    'coredns-custom x.override',
    'kube-dns stubDomains',
    'squid squid.conf',
    'p x.conf',
    'istio mesh',
    'ip-masq-agent config',
  ]
  for (const piece of PIECES) {
    const long = piece.repeat(Math.ceil(100_000 / piece.length))
    const maps = MAPS.map(map => map.split(' ')).map(([name, key = '']) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'kube-system', name },
      data: { [key]: key === 'Corefile' ? `. {\n import custom/*.override\n${long}` : long },
    }))
    const policy = {
      apiVersion: 'projectcalico.org/v3',
      kind: 'GlobalNetworkPolicy',
      metadata: { name: 'g' },
      spec: { selector: long },
    }
    const files = {
      'x.json': [...maps, policy].map(object => JSON.stringify(object)).join('\n'),
      'x.yaml': `${head}${long}`,
    }
    assert.equal(loadEstate([{ path: tree(files), cluster: null }]).estate.clusters[0]?.configMaps.size, MAPS.length)
  }
})

describe('size', () => {
  test('10,000 objects in one file', async () => {
    const estate = tree({
      'all.yaml': documents(...Array.from({ length: 10_000 }, (_, n) => deployment(`d${n}`, `n${n % 50}`))),
    })
    const { clusters, coverage } = loadEstate([{ path: estate, cluster: null }]).estate
    assert.equal(coverage.objects, 10_000)
    assert.equal(clusters[0]?.workloads.length, 10_000)
  })
  test('zero objects are a result, not an error', async () => {
    const { code, out } = await run(['scan', tree({}), '-o', 'json'])
    assert.equal(code, 0)
    assert.equal((JSON.parse(out) as FindingsResult).coverage.objects, 0)
  })
})
