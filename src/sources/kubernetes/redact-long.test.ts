import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { at, field, isObject, type Json, type JsonObject, list } from '../../model/json.ts'
import { LAST_APPLIED, PRUNED_FIELDS, prunedFields } from './pruned.ts'
import { keptValue } from './redact/environment.ts'
import { maskArguments, maskText } from './redact/mask.ts'
import { type ConfigMapData, redact } from './redact.ts'

/** Made up at run time, so that no file of this repository looks as if it held a credential. */
const pem = (what: string): string => `-----BEGIN ${what}-----\nMIIBVQIBADANBgkqhkiG9w0B\n-----END ${what}-----`
const awsKey = `AK${'IA'}ABCDEFGHIJKLMNOP`
const jwt = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiJ4In0', 'c2lnbmF0dXJl'].join('.')

const pod = (container: Json, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', namespace: 'b' },
  spec: { containers: [container], ...more },
})
const container = (body: JsonObject): Json => list(at(body, 'spec', 'containers'))[0] ?? null

describe('environment values', () => {
  const check = (name: string, value: string, expected: string | null): void =>
    assert.equal(keptValue(name, value), expected, name)

  test('go, unless the name is on the list', () => {
    check('DATABASE_URL', 'postgres://db', null)
    check('GREETING', 'hello', null)
    check('http_proxy', 'http://proxy.example:3128', 'http://proxy.example:3128')
    check('NO_PROXY', '*', '*')
    check('AWS_VPC_K8S_CNI_EXTERNALSNAT', 'true', 'true')
    check('ENABLE_POD_ENI', 'true', 'true')
    check('IP_AUTODETECTION_METHOD', 'interface=eth0', 'interface=eth0')
    check('ISTIO_META_DNS_CAPTURE', 'true', 'true')
    check('TS_ROUTES', '192.0.2.0/24', '192.0.2.0/24')
  })
  test('of a proxy variable lose their user and password', () => {
    check('HTTPS_PROXY', 'http://ann:pa55@proxy.example:3128/', 'http://REDACTED@proxy.example:3128/')
    check('HTTPS_PROXY', 'http://ann:p@55@proxy.example:3128/', 'http://REDACTED@proxy.example:3128/')
    check('https_proxy', 'ann:pa55@proxy.example:3128', 'REDACTED@proxy.example:3128')
  })
  test('of a listed prefix go when the name says secret or the value is not what the prefix promises', () => {
    check('TS_AUTHKEY', 'anything', null)
    check('TS_AUTH_KEY', 'anything', null)
    check('PROXY_PASSWORD', 'anything', null)
    check('TS_EXTRA_ARGS', '--advertise-exit-node --auth-key=abc', '--advertise-exit-node --auth-key=REDACTED')
    check('FELIX_ETCDPASSWORD', 'anything', null)
    check('ENABLE_SOMETHING', 'a long sentence', null)
    check('WARM_ENI_TARGET', '1', '1')
  })
  test('of Java options keep the proxy options only', () => {
    check(
      'JAVA_TOOL_OPTIONS',
      '-Xmx1g -Dhttps.proxyHost=proxy.example -Dhttps.proxyPort=3128 -Dhttps.proxyPassword=x -Dkey.secret=y',
      '-Dhttps.proxyHost=proxy.example -Dhttps.proxyPort=3128',
    )
    check('JAVA_TOOL_OPTIONS', '-Xmx1g', null)
  })
  test('go from pods, templates and custom resources alike; names and references stay', () => {
    const env = [
      { name: 'DB_PASSWORD', value: 'hunter2' },
      { name: 'HTTP_PROXY', value: 'http://proxy.example:3128' },
      { name: 'KEY', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
    ]
    const kept = [{ name: 'DB_PASSWORD' }, env[1], env[2]]
    assert.deepEqual(field(container(redact(pod({ name: 'c', env }))), 'env'), kept)
    const custom = {
      apiVersion: 'x.example/v1',
      kind: 'X',
      spec: { template: { spec: { containers: [{ name: 'c', env }] } } },
    }
    assert.deepEqual(at(redact(custom), 'spec', 'template', 'spec'), { containers: [{ name: 'c', env: kept }] })
  })
})

describe('arguments', () => {
  const check = (args: readonly string[], expected: readonly string[]): void =>
    assert.deepEqual(maskArguments(args), expected)

  test('lose what follows a flag that names a secret', () => {
    check(['--token', 'abc', '--v', '2'], ['--token', 'REDACTED', '--v', '2'])
    check(['--password=abc', '--api-key=def'], ['--password=REDACTED', '--api-key=REDACTED'])
    check(['--token', '--verbose'], ['--token', '--verbose'])
    check(['DB_PASSWORD=abc'], ['DB_PASSWORD=REDACTED'])
  })
  test('keep references, files, switches and everything that is no secret', () => {
    const kept = [
      '--token=$(TOKEN)',
      '--token-file=/var/run/token',
      '--use-token=true',
      '--bind',
      '0.0.0.0:80',
      '-u',
      '1000:1000',
    ]
    check(kept, kept)
    const tunnel = ['ssh', '-N', '-R', '8080:localhost:80', 'ssh://relay@203.0.113.9:22']
    check(tunnel, tunnel)
  })
  test('lose credentials inside a shell line', () => {
    check(
      [
        'sh',
        '-c',
        `curl -u ann:pa55 -H "Authorization: Bearer ${jwt}" https://ann:pa55@api.example/x && PGPASSWORD=abc psql`,
      ],
      [
        'sh',
        '-c',
        'curl -u ann:REDACTED -H "Authorization: REDACTED" https://REDACTED@api.example/x && PGPASSWORD=REDACTED psql',
      ],
    )
    check([`x ${awsKey} y`], ['x REDACTED y'])
    check(['app', 'root:pa55@tcp(db:3306)/x'], ['app', 'REDACTED@tcp(db:3306)/x'])
  })
})

describe('free text', () => {
  const check = (input: string, expected: string): void => assert.equal(maskText(input), expected)

  test('loses keys and tokens by their shape', () => {
    check(`a\n${pem('RSA PRIVATE KEY')}\nb`, 'a\nREDACTED\nb')
    check(`x ${jwt}`, 'x REDACTED')
    check(`k: ${Buffer.from(pem('EC PRIVATE KEY')).toString('base64')}`, 'k: REDACTED')
    check(pem('CERTIFICATE'), pem('CERTIFICATE'))
  })
  test('loses settings by their name', () => {
    check('requirepass abc\nport 6379', 'requirepass REDACTED\nport 6379')
    check(
      'cache_peer p.example parent 3128 0 login=ann:pa55 default',
      'cache_peer p.example parent 3128 0 login=ann:REDACTED default',
    )
    check('  accessToken: "abc"\n  port: 80', '  accessToken: "REDACTED"\n  port: 80')
    check('login:\n  password: |\n    one\n    two\n  user: x\n', 'login:\n  password: REDACTED\n  user: x\n')
    check('{"apiKey":"abc","host":"x"}', '{"apiKey":"REDACTED","host":"x"}')
  })
  test('keeps what a check reads', () => {
    for (const text of [
      '.:53 {\n    errors\n    forward . tls://192.0.2.53 {\n      tls_servername dns.example\n    }\n}',
      'acl localnet src 0.0.0.0/0\nhttp_access allow erp CONNECT\nacl SSL_ports port 443 22\naccess_log none',
      'outboundTrafficPolicy:\n  mode: REGISTRY_ONLY\naccessLogFile: ""\n',
      'the token bucket is full and basic authentication is off',
      'secretName: db\ntokenFile: /var/run/token\nimagePullSecrets: [a]',
    ]) {
      check(text, text)
    }
  })
})

describe('objects', () => {
  test('keep what decides egress', () => {
    const body = pod(
      {
        name: 'c',
        image: 'registry.example/app@sha256:0123',
        command: ['/bin/app'],
        args: ['--listen', ':80'],
        securityContext: { privileged: true, capabilities: { add: ['NET_ADMIN'] } },
        ports: [{ containerPort: 80, hostPort: 80 }],
        volumeMounts: [{ name: 'v', mountPath: '/x' }],
        envFrom: [{ configMapRef: { name: 'cm' } }, { secretRef: { name: 's' } }],
      },
      {
        hostNetwork: true,
        dnsPolicy: 'None',
        dnsConfig: { nameservers: ['192.0.2.53'] },
        hostAliases: [{ ip: '203.0.113.66', hostnames: ['api.example'] }],
        volumes: [
          { name: 'v', hostPath: { path: '/run' } },
          { name: 'w', configMap: { name: 'cm' } },
          { name: 't', secret: { secretName: 's' } },
        ],
        nodeSelector: { token: 'x' },
      },
    )
    assert.deepEqual(redact(body), body)
  })
  test('lose managedFields, a probe’s authorization and a Secret’s data', () => {
    const probe = { httpGet: { path: '/', httpHeaders: [{ name: 'Authorization', value: 'Basic abc' }] } }
    const masked = redact({ ...pod({ name: 'c', livenessProbe: probe }), metadata: { name: 'a', managedFields: [{}] } })
    assert.deepEqual(field(masked, 'metadata'), { name: 'a' })
    assert.deepEqual(at(container(masked), 'livenessProbe', 'httpGet', 'httpHeaders'), [
      { name: 'Authorization', value: 'REDACTED' },
    ])
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'a' },
      data: { x: 'eA==' },
      stringData: { y: 'z' },
    }
    assert.deepEqual(redact(secret), { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } })
  })
  test('exchange the last-applied copy for what it shows', () => {
    const spec = { podSelector: {}, policyTypes: ['Egress'], egress: [{ port: [{ port: 443 }] }] }
    const applied = JSON.stringify({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'a' },
      spec,
    })
    const stored: JsonObject = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'a', annotations: { [LAST_APPLIED]: applied, owner: 'team-a' } },
      spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
    }
    const masked = redact(stored)
    assert.deepEqual(prunedFields(masked), prunedFields(stored))
    assert.equal(prunedFields(masked).length, 1)
    const annotations = at(masked, 'metadata', 'annotations')
    assert.deepEqual(isObject(annotations) && Object.keys(annotations).sort(), ['owner', PRUNED_FIELDS])
  })
  test('lose copies of themselves that other tools leave, and credentials in annotations', () => {
    const annotations = {
      'kopf.example/last-handled-configuration': '{}',
      'objectset.rio.cattle.io/applied': 'H4sIAAAA',
      'example.com/token': 'abc',
      note: `call https://ann:pa55@api.example`,
      'external-dns.alpha.kubernetes.io/hostname': 'a.example',
    }
    assert.deepEqual(at(redact({ metadata: { annotations } }), 'metadata', 'annotations'), {
      'example.com/token': 'REDACTED',
      note: 'call https://REDACTED@api.example',
      'external-dns.alpha.kubernetes.io/hostname': 'a.example',
    })
  })
  test('ConfigMaps are whole by name, else their proxy variables', () => {
    const data = { HTTP_PROXY: 'http://ann:pa55@proxy.example:3128', 'no-proxy': '*', password: 'abc', other: 'x' }
    const map = (namespace: string, name: string): JsonObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace, name },
      data,
      binaryData: { a: 'eA==' },
    })
    const proxy = 'http://REDACTED@proxy.example:3128'
    assert.deepEqual(field(redact(map('app', 'settings')), 'data'), { HTTP_PROXY: proxy, 'no-proxy': '*' })
    const whole = { HTTP_PROXY: proxy, 'no-proxy': '*', password: 'REDACTED', other: 'x' }
    assert.deepEqual(field(redact(map('kube-system', 'cilium-config')), 'data'), whole)
    assert.deepEqual(field(redact(map('egress-proxy', 'squid'), 'whole'), 'data'), whole)
    assert.equal(field(redact(map('app', 'settings')), 'binaryData'), undefined)
  })
  test('odd keys stay keys', () => {
    const body = JSON.parse(
      '{"__proto__":{"x":1},"constructor":"c","spec":{"__proto__":["a"],"env":[{"name":"__proto__","value":"v"}]}}',
    )
    const masked = redact(body as JsonObject)
    assert.equal(
      JSON.stringify(masked),
      '{"__proto__":{"x":1},"constructor":"c","spec":{"__proto__":["a"],"env":[{"name":"__proto__"}]}}',
    )
    assert.equal(Object.getPrototypeOf(masked), Object.prototype)
  })
})

describe('laws', () => {
  const words = fc.constantFrom(
    'password',
    'token',
    '--token',
    ' ',
    '=',
    ': ',
    '"',
    "'",
    '\n',
    '  ',
    '|',
    'REDACTED',
    'Authorization',
    'Bearer ',
    'http://',
    '@',
    ':',
    'a1b2c3d4e5f6g7',
    '-u ',
    'eyJhbGciOiJ',
    '.',
    'user',
    '$(X)',
    awsKey,
    '-----BEGIN PRIVATE KEY-----',
    '-----END PRIVATE KEY-----',
    'tcp(',
    '{{',
    '}',
    ',',
    'LS0tLS1CRUdJTi',
  )
  const line = fc.array(words, { maxLength: 12 }).map(parts => parts.join(''))
  const keys = fc.constantFrom(
    'metadata',
    'annotations',
    'env',
    'args',
    'command',
    'name',
    'value',
    'data',
    'kind',
    'spec',
    'password',
    'labels',
    'managedFields',
    'a',
    '__proto__',
    LAST_APPLIED,
    PRUNED_FIELDS,
  )
  const { tree } = fc.letrec<{ tree: Json }>(tie => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      line,
      fc.constantFrom<Json>(null, true, 1, 'ConfigMap', 'HTTP_PROXY'),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.array(fc.tuple(keys, tie('tree')), { maxLength: 5 }).map(entries => Object.fromEntries(entries)),
    ),
  }))
  const body = fc
    .array(fc.tuple(keys, tree), { maxLength: 5 })
    .map(entries => Object.fromEntries(entries) as JsonObject)

  test('twice is once', () => {
    fc.assert(
      fc.property(body, fc.constantFrom<ConfigMapData>('whole', 'environment'), (object, keep) => {
        const once = redact(object, keep)
        assert.equal(JSON.stringify(redact(once, keep)), JSON.stringify(once))
      }),
      { numRuns: 1000000 },
    )
  })
  test('the input is not touched', () => {
    fc.assert(
      fc.property(body, object => {
        const before = JSON.stringify(object)
        redact(object)
        assert.equal(JSON.stringify(object), before)
      }),
    )
  })
  test('deep nesting ends', () => {
    let deep: Json = 'x'
    for (let i = 0; i < 5000; i++) deep = i % 2 === 0 ? [deep] : { a: deep }
    assert.ok(JSON.stringify(redact({ spec: deep })).includes('REDACTED'))
  })
})

const samples = join(import.meta.dirname, '../../../../shared/samples/kubernetes')
test('of a real dump nothing goes but environment values, copies and known shapes', {
  skip: !existsSync(samples) && 'no sample dumps',
}, () => {
  for (const cluster of ['aks-prod-us', 'eks-prod-eu']) {
    for (const file of readdirSync(join(samples, cluster)).filter(name => name.endsWith('.json'))) {
      const dump = JSON.parse(readFileSync(join(samples, cluster, file), 'utf8')) as JsonObject
      for (const item of list(dump['items']).filter(isObject)) {
        const masked = redact(item, 'whole')
        assert.deepEqual(prunedFields(masked), prunedFields(item))
        assert.deepEqual(strip(masked), strip(item), `${file} ${JSON.stringify(at(item, 'metadata', 'name'))}`)
      }
    }
  }
})

/** The object without what redaction is meant to take. */
const strip = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(strip)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.keys(value).flatMap(key => {
      if (key === 'managedFields' || key === LAST_APPLIED || key === PRUNED_FIELDS) return []
      if (key === 'env') return [[key, list(value[key]).map(entry => field(entry, 'name') ?? null)]]
      return [[key, strip(value[key] ?? null)]]
    }),
  )
}
