import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { isObject, type Json, type JsonObject, list } from '../../model/json.ts'
import { pathText } from '../../model/provenance.ts'
import { compactPrunedFields, LAST_APPLIED, PRUNED_FIELDS, prunedFields } from './pruned.ts'

type Part = Readonly<Record<string, Json>>

const object = (apiVersion: string, kind: string, part: Part, wrote?: Part): JsonObject => ({
  apiVersion,
  kind,
  metadata: {
    name: 'a',
    ...(wrote === undefined
      ? {}
      : { annotations: { [LAST_APPLIED]: JSON.stringify({ apiVersion, kind, metadata: { name: 'a' }, ...wrote }) } }),
  },
  ...part,
})

/** `wrote` and `stored` are specs; `expected` maps a path to what its sentence must hold, or to null. */
const check = (kindAndVersion: string, wrote: Part, stored: Part, expected: Record<string, RegExp | null>): void => {
  const [apiVersion = '', kind = ''] = kindAndVersion.split(' ')
  const facts = prunedFields(object(apiVersion, kind, { spec: stored }, { spec: wrote }))
  assert.deepEqual(facts.map(fact => pathText(fact.path)).sort(), Object.keys(expected).sort())
  for (const fact of facts) {
    const wanted = expected[pathText(fact.path)]
    if (wanted == null) assert.equal(fact.widens, null)
    else assert.match(fact.widens ?? 'null', wanted)
  }
}

const NP = 'networking.k8s.io/v1 NetworkPolicy'
const CNP = 'cilium.io/v2 CiliumNetworkPolicy'
const GNP = 'crd.projectcalico.org/v1 GlobalNetworkPolicy'
const peer = [{ ipBlock: { cidr: '203.0.113.0/24' } }]
const port = [{ port: 443, protocol: 'TCP' }]
const base = { podSelector: {}, policyTypes: ['Egress'] }

describe('NetworkPolicy', () => {
  test('`port` for `ports` opens every port', () =>
    check(
      NP,
      { ...base, egress: [{ to: peer, port }] },
      { ...base, egress: [{ to: peer }] },
      {
        'spec.egress[0].port': /every port: write `ports`$/,
      },
    ))
  test('a second, misspelt list of ports beside a good one opens nothing', () =>
    check(
      NP,
      { ...base, egress: [{ to: peer, ports: port, port }] },
      { ...base, egress: [{ to: peer, ports: port }] },
      {
        'spec.egress[0].port': null,
      },
    ))
  test('`too` for `to` opens every destination', () =>
    check(
      NP,
      { ...base, egress: [{ too: peer, ports: port }] },
      { ...base, egress: [{ ports: port }] },
      {
        'spec.egress[0].too': /every destination: write `to`$/,
      },
    ))
  test('`egres` with policyTypes denies everything, without them egress stays open', () => {
    check(NP, { ...base, egres: [{ to: peer }] }, base, { 'spec.egres': null })
    const stored = { podSelector: {}, policyTypes: ['Ingress'] }
    check(NP, { podSelector: {}, egres: [{ to: peer }] }, stored, {
      'spec.egres': /egress of the selected pods stays open/,
    })
  })
  test('misspelt policyTypes leave egress open when no egress rule is there', () =>
    check(
      NP,
      { podSelector: {}, policyType: ['Egress'] },
      { podSelector: {}, policyTypes: ['Ingress'] },
      {
        'spec.policyType': /stays open/,
      },
    ))
  test('a misspelt subject makes the rules hold for every pod', () =>
    check(
      NP,
      { podSelectr: { matchLabels: { app: 'a' } }, egress: [{ to: peer }] },
      { podSelector: {}, egress: [{ to: peer }], policyTypes: ['Ingress', 'Egress'] },
      { 'spec.podSelectr': /every pod of the namespace/ },
    ))
  test('a misspelt `except` and a misspelt `matchLabels` of a peer widen', () => {
    const wrote = { ...base, egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', excepts: ['10.0.0.0/8'] } }] }] }
    check(
      NP,
      wrote,
      { ...base, egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] },
      {
        'spec.egress[0].to[0].ipBlock.excepts': /no address of the block is excepted/,
      },
    )
    const labels = { ...base, egress: [{ to: [{ namespaceSelector: { matchLabel: { a: 'b' } } }] }] }
    check(
      NP,
      labels,
      { ...base, egress: [{ to: [{ namespaceSelector: {} }] }] },
      {
        'spec.egress[0].to[0].namespaceSelector.matchLabel': /every namespace/,
      },
    )
  })
  test('what the server drops by rule is no drop', () => {
    check(NP, { ...base, egress: [{ to: [], ports: port }] }, { ...base, egress: [{ ports: port }] }, {})
    check(NP, { ...base, egress: [{ to: peer, ports: [] }] }, { ...base, egress: [{ to: peer }] }, {})
    check(NP, { ...base, egress: [] }, base, {})
    check(NP, { ...base, egress: null }, base, {})
  })
  test('defaults, normalised values and lists of another length are no drop', () => {
    check(
      NP,
      { ...base, egress: [{ ports: [{ port: 1 }] }] },
      { ...base, egress: [{ ports: [{ port: 1, protocol: 'TCP' }] }] },
      {},
    )
    check(NP, { ...base, egress: [{ port }, { to: peer }] }, { ...base, egress: [{}] }, {})
  })
})

describe('Cilium', () => {
  const only = { endpointSelector: {} }
  const toPorts = [{ ports: [{ port: '587', protocol: 'TCP' }] }]
  const names = [{ matchName: 'smtp.mail.example.net' }]
  test('`toFQDN` leaves every destination on the ports, and nothing at all without ports', () => {
    check(
      CNP,
      { ...only, egress: [{ toFQDN: names, toPorts }] },
      { ...only, egress: [{ toPorts }] },
      {
        'spec.egress[0].toFQDN': /every destination on its ports: write `toFQDNs`$/,
      },
    )
    check(CNP, { ...only, egress: [{ toFQDN: names }] }, { ...only, egress: [{}] }, { 'spec.egress[0].toFQDN': null })
  })
  test('`egressDeny.toFQDNs` is not supported: the rule denies nothing', () =>
    check(
      CNP,
      { ...only, egressDeny: [{ toFQDNs: names }] },
      { ...only, egressDeny: [{}] },
      {
        'spec.egressDeny[0].toFQDNs': /denies nothing/,
      },
    ))
  test('a deny rule that lost its L7 part denies more', () =>
    check(
      CNP,
      { ...only, egressDeny: [{ toPorts: [{ ports: [{ port: '80' }], rules: { http: [{ path: '/a' }] } }] }] },
      { ...only, egressDeny: [{ toPorts: [{ ports: [{ port: '80' }] }] }] },
      { 'spec.egressDeny[0].toPorts[0].rules': null },
    ))
  test('`specs` are read like `spec`', () => {
    const stored = object(
      'cilium.io/v2',
      'CiliumClusterwideNetworkPolicy',
      { specs: [{ egress: [{ toPorts }] }] },
      {
        specs: [{ egress: [{ toPorts, toFQDN: names }] }],
      },
    )
    assert.match(prunedFields(stored)[0]?.widens ?? '', /every destination/)
  })
})

describe('Calico', () => {
  const rule = (action: string, domains: readonly string[] | null): Part => ({
    selector: 'all()',
    egress: [{ action, protocol: 'TCP', destination: { ports: [443], ...(domains ? { domains } : {}) } }],
  })
  test('pruned `domains` widen an Allow and not a Deny', () => {
    check(GNP, rule('Allow', ['*.example.net']), rule('Allow', null), {
      'spec.egress[0].destination.domains': /allows every destination/,
    })
    check(GNP, rule('Deny', ['*.example.net']), rule('Deny', null), { 'spec.egress[0].destination.domains': null })
  })
  test('a set that lost its domains says what that does', () =>
    check(
      'crd.projectcalico.org/v1 GlobalNetworkSet',
      { allowedEgressDomains: ['*.example.net'] },
      {},
      {
        'spec.allowedEgressDomains': /the set is empty/,
      },
    ))
  test('the default Felix drop is a fact without a sentence', () =>
    check(
      'crd.projectcalico.org/v1 FelixConfiguration',
      { dnsPolicyMode: 'Inline' },
      {},
      { 'spec.dnsPolicyMode': null },
    ))
})

describe('others', () => {
  test('a Sidecar without its outbound policy follows the mesh', () =>
    check(
      'networking.istio.io/v1 Sidecar',
      { outboundTraficPolicy: { mode: 'REGISTRY_ONLY' } },
      {},
      {
        'spec.outboundTraficPolicy': /the outbound mode is the mesh's own/,
      },
    ))
  test('a cluster policy without its ports allows every port, if it allows', () => {
    const policy = (action: string, more: Part): Part => ({
      egress: [{ action, to: [{ networks: ['203.0.113.0/24'] }], ...more }],
    })
    const kind = 'policy.networking.k8s.io/v1alpha1 AdminNetworkPolicy'
    check(kind, policy('Allow', { port: [1] }), policy('Allow', {}), { 'spec.egress[0].port': /every port/ })
    check(kind, policy('Deny', { port: [1] }), policy('Deny', {}), { 'spec.egress[0].port': null })
  })
  test('a converted object of another version is not compared', () => {
    const applied = JSON.stringify({ apiVersion: 'autoscaling/v1', kind: 'A', spec: { target: 1 } })
    const body = {
      apiVersion: 'autoscaling/v2',
      kind: 'A',
      metadata: { annotations: { [LAST_APPLIED]: applied } },
      spec: {},
    }
    assert.deepEqual(prunedFields(body), [])
  })
  test('metadata, status and data are not specification', () => {
    const body = object('v1', 'ConfigMap', { data: {} }, { data: { a: 'b' }, status: { x: 1 }, stringData: { c: 'd' } })
    assert.deepEqual(prunedFields(body), [])
  })
  test('items of other names are other items', () => {
    const env = (list: readonly Json[]): Part => ({ containers: [{ name: 'a', env: list }] })
    const [one, two] = [
      { name: 'A', value: '1' },
      { name: 'B', valueFrom: { fieldRef: { fieldPath: 'x' } } },
    ]
    check('v1 Pod', env([one, two]), env([two, one]), {})
  })
})

describe('annotations', () => {
  const with_ = (annotations: Json): JsonObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { annotations },
    spec: {},
  })
  test('broken text is no fact and no crash', () => {
    for (const text of ['', '{', 'null', '[]', '"x"', '{"apiVersion":"v1","kind":"Pod","spec":'.repeat(3)]) {
      assert.deepEqual(prunedFields(with_({ [LAST_APPLIED]: text })), [])
      assert.deepEqual(prunedFields(with_({ [PRUNED_FIELDS]: text })), [])
    }
    for (const odd of [null, 1, [], 'x', { [LAST_APPLIED]: 1 }]) assert.deepEqual(prunedFields(with_(odd)), [])
    assert.deepEqual(prunedFields({ spec: null, metadata: 'x' }), [])
  })
  test('deep nesting ends', () => {
    const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`
    const text = `{"apiVersion":"v1","kind":"Pod","spec":${deep}}`
    assert.deepEqual(pathText(prunedFields(with_({ [LAST_APPLIED]: text }))[0]?.path ?? []), 'spec.a')
  })
  test('`__proto__` is a field like any other', () => {
    const text = '{"apiVersion":"v1","kind":"Pod","spec":{"__proto__":{"x":1},"constructor":2}}'
    assert.deepEqual(
      prunedFields(with_({ [LAST_APPLIED]: text })).map(fact => pathText(fact.path)),
      ['spec.__proto__', 'spec.constructor'],
    )
  })
  test('the compact form gives the same facts back', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record(
            {
              path: fc.array(fc.oneof(fc.string(), fc.nat()), { minLength: 1 }),
              widens: fc.option(fc.string(), { nil: null }),
            },
            { noNullPrototype: true },
          ),
        ),
        facts => {
          const compact = compactPrunedFields(facts)
          assert.deepEqual(prunedFields(with_(compact === null ? {} : { [PRUNED_FIELDS]: compact })), facts)
        },
      ),
    )
  })
  test('an object that is stored as it was written has lost nothing', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), spec => {
        const text = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', spec })
        assert.deepEqual(
          prunedFields({ ...with_({ [LAST_APPLIED]: text }), spec: JSON.parse(JSON.stringify(spec)) }),
          [],
        )
      }),
    )
  })
})

const samples = join(import.meta.dirname, '../../../../shared/samples/kubernetes')
test('dumps of a real server hold exactly the four known drops', {
  skip: !existsSync(samples) && 'no sample dumps',
}, () => {
  const found: string[] = []
  for (const cluster of ['aks-prod-us', 'eks-prod-eu']) {
    for (const file of readdirSync(join(samples, cluster)).filter(name => name.endsWith('.json'))) {
      const dump = JSON.parse(readFileSync(join(samples, cluster, file), 'utf8')) as JsonObject
      for (const item of list(dump['items'])) {
        if (!isObject(item)) continue
        for (const fact of prunedFields(item))
          found.push(`${item['kind']} ${pathText(fact.path)} ${fact.widens === null}`)
      }
    }
  }
  assert.deepEqual(found.sort(), [
    'CiliumNetworkPolicy spec.egress[0].toFQDN false',
    'GlobalNetworkPolicy spec.egress[0].destination.domains false',
    'GlobalNetworkSet spec.allowedEgressDomains false',
    'NetworkPolicy spec.egress[0].port false',
  ])
})
