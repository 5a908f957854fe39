import assert from 'node:assert/strict'
import { test } from 'node:test'
import { can } from '../../src/app/can.ts'
import { reach } from '../../src/app/reach.ts'
import { QuestionError } from '../../src/app/target.ts'
import { isObject, type Json } from '../../src/model/json.ts'
import type { ReachResult } from '../../src/model/reach.ts'
import { profileNamed } from '../../src/profiles/profiles.ts'
import { ask, loaded, namespace, node, pod } from './estate.ts'

// Bad input is a value: nothing here may throw anything but a refusal that says what to write.

const ESTATE =
  namespace('default', 'team: a') +
  pod('web', { ip: '10.244.0.5', node: 'n1' }) +
  pod('db', { ip: '10.244.0.6', node: 'n1', ports: [{ name: 'sql', port: 5432 }] }) +
  node('n1', '10.0.0.1')

const rowsOf = (files: Readonly<Record<string, string>>, cni = 'specification'): ReachResult =>
  reach(loaded(files), { profile: profileNamed(cni), compat: null, namespaces: [], wants: () => true, all: true })

// Every field of a policy with everything that does not belong there.
const SELECTOR = { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'app', operator: 'In', values: ['web'] }] }
const document = (apiVersion: string, kind: string, spec: Json): Json => ({
  apiVersion,
  kind,
  metadata: { name: 'p', namespace: 'default' },
  spec,
})
const POLICIES: readonly Json[] = [
  document('networking.k8s.io/v1', 'NetworkPolicy', {
    podSelector: SELECTOR,
    policyTypes: ['Egress', 'Ingress'],
    egress: [
      {
        to: [
          { podSelector: SELECTOR, namespaceSelector: SELECTOR },
          { ipBlock: { cidr: '198.18.0.0/15', except: ['198.18.0.0/16'] } },
        ],
        ports: [{ port: 80, protocol: 'TCP', endPort: 90 }, { port: 'sql' }],
      },
    ],
    ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }],
  }),
  document('policy.networking.k8s.io/v1alpha1', 'AdminNetworkPolicy', {
    priority: 5,
    subject: { namespaces: SELECTOR },
    egress: [
      {
        action: 'Deny',
        to: [
          { networks: ['198.18.0.0/15'] },
          { nodes: SELECTOR },
          { pods: { namespaceSelector: SELECTOR, podSelector: {} } },
        ],
        ports: [
          { portNumber: { port: 80, protocol: 'TCP' } },
          { portRange: { start: 1, end: 9 } },
          { namedPort: 'sql' },
        ],
      },
      { action: 'Allow', to: [{ domainNames: ['*.example.com'] }] },
    ],
    ingress: [{ action: 'Pass', from: [{ namespaces: {} }] }],
  }),
  document('policy.networking.k8s.io/v1alpha2', 'ClusterNetworkPolicy', {
    tier: 'Baseline',
    priority: 5,
    subject: { pods: { podSelector: SELECTOR } },
    egress: [
      {
        action: 'Accept',
        to: [{ networks: ['198.18.0.0/15'] }],
        protocols: [
          { tcp: { destinationPort: { number: 80 } } },
          { udp: { destinationPort: { range: { start: 1, end: 4 } } } },
        ],
      },
    ],
  }),
  document('cilium.io/v2', 'CiliumNetworkPolicy', {
    endpointSelector: SELECTOR,
    enableDefaultDeny: { egress: true },
    egress: [
      {
        toEndpoints: [SELECTOR],
        toPorts: [{ ports: [{ port: '53', protocol: 'ANY', endPort: 90 }], rules: { dns: [{ matchPattern: '*' }] } }],
      },
      { toCIDRSet: [{ cidr: '198.18.0.0/15', except: ['198.18.0.0/16'] }] },
      { toCIDR: ['2606:4700::/32'], toRequires: [SELECTOR] },
      { toFQDNs: [{ matchName: 'example.com' }, { matchPattern: '*.example.org' }] },
      { toEntities: ['cluster'], icmps: [{ fields: [{ type: 8, family: 'IPv4' }] }] },
      { toServices: [{ k8sService: { serviceName: 'a', namespace: 'b' } }] },
      { toNodes: [SELECTOR], toGroups: [{ aws: { region: 'a' } }], authentication: { mode: 'required' } },
      { toPorts: [{ ports: [{ port: '443' }], serverNames: ['example.com'], listener: { name: 'a' } }] },
    ],
    egressDeny: [{ toCIDR: ['198.18.0.0/24'] }],
    ingress: [{ fromEntities: ['host'] }],
  }),
]
const STRANGE: readonly Json[] = [null, true, -1.5, '', '\u0000\u202e', [], {}, [null], { '': [{}] }]

const placesIn = (value: Json, at: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] => [
  at,
  ...(Array.isArray(value)
    ? value.flatMap((item, i) => placesIn(item, [...at, i]))
    : isObject(value)
      ? Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...at, key]))
      : []),
]

const withAt = (value: Json, [step, ...rest]: readonly (string | number)[], strange: Json): Json => {
  if (step === undefined) return strange
  if (Array.isArray(value)) return value.map((item, i) => (i === step ? withAt(item, rest, strange) : item))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === step ? withAt(inner, rest, strange) : inner]),
  )
}

for (const policy of POLICIES) {
  const { kind } = policy as { readonly kind: string }
  const cni = kind.startsWith('Cilium') ? 'cilium' : 'specification'
  test(`${kind}: no field of a strange type or value makes anything fail`, () => {
    for (const place of placesIn(policy)) {
      if (place[0] === 'apiVersion' || place[0] === 'kind') continue
      for (const strange of STRANGE) {
        const files = { 'a.yaml': ESTATE, 'p.json': JSON.stringify(withAt(policy, place, strange)) }
        const { workloads, diagnostics } = rowsOf(files, cni)
        const where = `${place.join('.')} = ${JSON.stringify(strange)}`
        assert.equal(workloads.length, 2, where)
        for (const { message } of diagnostics) assert.ok(message.length > 10, where)
        for (const entry of workloads.flatMap(({ egress }) => egress ?? []))
          if (entry.verdict === 'unknown') assert.ok(entry.unknowns.length > 0, where)
      }
    }
  })
}

test('names of objects, labels and ports that mean something elsewhere are only names', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '{{ x }}', '<b>', "'; --", 'a'.repeat(5000)]
  const documents = names.flatMap((name, i): readonly Json[] => [
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `p${i}`,
        namespace: 'default',
        labels: Object.fromEntries([
          [name, 'x'],
          ['app', name],
        ]),
      },
      spec: { containers: [{ name, image: name, ports: [{ name, containerPort: 80 }] }] },
      status: { phase: 'Running', podIP: `10.244.1.${i}`, podIPs: [{ ip: `10.244.1.${i}` }] },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `n${i}`, namespace: 'default' },
      spec: {
        podSelector: { matchLabels: { app: name } },
        policyTypes: ['Egress'],
        egress: [
          { to: [{ podSelector: { matchExpressions: [{ key: name, operator: 'Exists' }] } }], ports: [{ port: name }] },
        ],
      },
    },
  ])
  const items = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: documents })
  const estate = loaded({ 'a.yaml': namespace('default'), 'x.json': items })
  for (const from of names.keys())
    for (const to of names.keys()) {
      if (from === to) continue
      const { verdict } = can(estate, `p${from}`, `p${to}:80`, { profile: null, compat: null })
      assert.equal(verdict, 'denied', `${names[from]} to ${names[to]}`)
    }
})

test('nothing, and next to nothing', () => {
  assert.deepEqual(rowsOf({}).workloads, [])
  assert.deepEqual(rowsOf({ 'a.yaml': '' }).workloads, [])
  assert.deepEqual(rowsOf({ 'a.yaml': namespace('default') }).workloads, [])
  assert.throws(() => ask('', 'web', '203.0.114.9'), QuestionError)
})

test('a cluster of IPv6 alone', () => {
  const yaml = `${namespace('default')}${pod('web', { ip: 'fd00:1::5' })}${pod('db', { ip: 'fd00:1::6' })}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: default}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: "fd00:1::/64"}}]}]}
`
  assert.equal(ask(yaml, 'web', '[fd00:1::6]:80', 'calico-iptables').verdict, 'allowed')
  assert.equal(ask(yaml, 'web', '[fd00:1::7]:80', 'calico-iptables').verdict, 'allowed')
  assert.equal(ask(yaml, 'web', '[fd00:2::7]:80', 'calico-iptables').verdict, 'denied')
  assert.equal(ask(yaml, 'web', '203.0.114.9:80', 'calico-iptables').verdict, 'denied')
})

// Each refusal names what was asked and what to write.
for (const from of ['', '/', 'WEB', 'nope', '*', '10.244.0.5', 'svc:db', 'default', 'c/default', ' web', 'n1'])
  test(`FROM \`${from}\` is refused`, () =>
    assert.throws(
      () => ask(ESTATE, from, '203.0.114.9'),
      (error: Error) =>
        error instanceof QuestionError && error.message.includes(`\`${from}\``) && /write/.test(error.message),
    ))
test('FROM that could be two is refused with both', () => {
  const two = ESTATE + namespace('shop') + pod('web', { namespace: 'shop' })
  assert.throws(() => ask(two, 'web', '203.0.114.9'), /`c\/default\/Pod\/web`.*`c\/shop\/Pod\/web`/)
  assert.equal(ask(two, 'shop/web', '203.0.114.9').verdict, 'allowed')
  assert.throws(() => ask(two, 'db', 'web'), /`c\/default\/Pod\/web`.*`c\/shop\/Pod\/web`/)
})
for (const to of [
  '',
  '[',
  '[]:443',
  '[::1',
  '::1]',
  '[::1]443',
  'http://example.com',
  '203.0.114.9:',
  '203.0.114.9:443/',
  '203.0.114.9:80-',
  '203.0.114.9:-80',
  '203.0.114.9:1e3',
  '203.0.114.9:080',
  '203.0.114.9:443/256',
  '*.example.com',
  'ex ample',
  '//',
  'c//Pod/db',
  '\u0000',
  'a'.repeat(70_000),
  '1.'.repeat(5000),
  `203.0.114.9:${'1,'.repeat(50_000)}x`,
])
  test(`TO ${JSON.stringify(to.slice(0, 30))} is refused or answered, and nothing else`, () => {
    try {
      assert.ok(ask(ESTATE, 'web', to).parts.length > 0)
    } catch (error) {
      assert.ok(error instanceof QuestionError, String(error))
    }
  })
