import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MeshDocuments } from '../../model/dialects.ts'
import type { MeshConfig } from '../../model/mesh.ts'
import { clusterOf } from '../kubernetes/testing/estate-of.ts'

const meshOf = (kind: string, spec: string): MeshDocuments => {
  const group = kind === 'Telemetry' ? 'telemetry' : 'networking'
  return clusterOf(
    `apiVersion: ${group}.istio.io/v1\nkind: ${kind}\nmetadata: {name: x, namespace: ns}\nspec: ${spec}\n`,
  ).mesh
}

// Source: istio.io reference of each kind.
test('Sidecar: a policy without a mode is REGISTRY_ONLY, none leaves it to the mesh', () => {
  const mode = (spec: string) => meshOf('Sidecar', spec).outboundScopes[0]?.mode
  assert.equal(mode('{outboundTrafficPolicy: {mode: ALLOW_ANY}}'), 'allow-any')
  assert.equal(mode('{outboundTrafficPolicy: {mode: REGISTRY_ONLY}}'), 'registry-only')
  assert.equal(mode('{outboundTrafficPolicy: {}}'), 'registry-only')
  assert.equal(mode('{egress: [{hosts: ["./*"]}]}'), null)
  const selector = meshOf('Sidecar', '{workloadSelector: {labels: {app: web}}}').outboundScopes[0]?.selector
  assert.deepEqual(selector?.requirements, [{ key: 'app', operator: 'In', values: ['web'] }])
})

test('ServiceEntry: resolution NONE and outside the mesh unless said', () => {
  const entry = (spec: string) => meshOf('ServiceEntry', spec).externalHosts[0]
  assert.deepEqual([entry('{hosts: [a.b]}')?.resolution, entry('{hosts: [a.b]}')?.external], ['NONE', true])
  assert.equal(entry('{location: MESH_INTERNAL}')?.external, false)
  assert.deepEqual(entry('{ports: [{number: 443, protocol: TLS}, {number: x}]}')?.ports, [
    { name: null, number: 443, protocol: 'TLS', targetPort: null },
    { name: null, number: null, protocol: null, targetPort: null },
  ])
})

test('ServiceEntry: endpoints with their own ports, or chosen by labels', () => {
  const entry = (spec: string) => meshOf('ServiceEntry', spec).externalHosts[0]
  assert.deepEqual(entry('{endpoints: [{address: 203.0.114.9, ports: {tls: 8443}}, {address: b.c}]}')?.endpoints, [
    { address: '203.0.114.9', ports: new Map([['tls', 8443]]) },
    { address: 'b.c', ports: new Map() },
  ])
  assert.equal(entry('{workloadSelector: {labels: {a: b}}}')?.selectsEndpoints, true)
  assert.equal(entry('{}')?.selectsEndpoints, false)
})

test('Sidecar: which hosts the proxies know, for which port, and where unknown traffic is sent', () => {
  const scope = (spec: string) => meshOf('Sidecar', spec).outboundScopes[0]
  assert.equal(scope('{}')?.imports, null)
  assert.equal(scope('{egress: []}')?.imports, null)
  assert.deepEqual(scope('{egress: [{port: {number: 80}, hosts: [./a.b]}, {hosts: ["~/*"]}]}')?.imports, [
    { hosts: ['./a.b'], port: 80 },
    { hosts: ['~/*'], port: null },
  ])
  const proxied = scope('{outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host: out.ns.svc.cluster.local}}}')
  assert.equal(proxied?.unknownGoesTo, 'out.ns.svc.cluster.local')
})

test('Gateway: ports and TLS of each server', () => {
  assert.deepEqual(
    meshOf('Gateway', '{servers: [{hosts: [a.b], port: {number: 443}, tls: {mode: ISTIO_MUTUAL}}, {hosts: [c.d]}]}')
      .gateways[0]?.servers,
    [
      { hosts: ['a.b'], port: 443, tlsMode: 'ISTIO_MUTUAL' },
      { hosts: ['c.d'], port: null, tlsMode: null },
    ],
  )
})

test('EnvoyFilter: whose proxies it changes', () => {
  const patch = (spec: string) => meshOf('EnvoyFilter', spec).patches[0]
  assert.equal(patch('{}')?.selector, null)
  assert.deepEqual(patch('{workloadSelector: {labels: {app: web}}}')?.selector?.requirements, [
    { key: 'app', operator: 'In', values: ['web'] },
  ])
})

test('VirtualService: what a match asks for beyond source, port and name', () => {
  const narrower = (match: string) =>
    meshOf('VirtualService', `{hosts: [a.b], tls: [{match: [${match}]}]}`).routes[0]?.rules[0]?.isNarrower
  assert.equal(narrower('{port: 443, sniHosts: [a.b], sourceNamespace: ns}'), false)
  assert.equal(narrower('{destinationSubnets: [10.0.0.0/8]}'), true)
})

test('VirtualService: a rule for each match, of every protocol', () => {
  const { rules } = meshOf(
    'VirtualService',
    '{hosts: [a.b], gateways: [mesh], http: [{match: [{gateways: [mesh]}, {gateways: [gw], sourceLabels: {a: b}}], route: [{destination: {host: egress}}]}], tls: [{route: [{destination: {host: x}}, {}]}]}',
  ).routes[0] ?? { rules: [] }
  assert.deepEqual(
    rules.map(({ gateways, sourceLabels, destinations }) => [gateways, [...sourceLabels], destinations]),
    [
      [['mesh'], [], ['egress']],
      [['gw'], [['a', 'b']], ['egress']],
      [[], [], ['x']],
    ],
  )
})

test('DestinationRule: verification switched off anywhere in it', () => {
  const skips = (spec: string) => meshOf('DestinationRule', spec).tlsSettings[0]?.insecureSkipVerify
  assert.equal(skips('{host: a, trafficPolicy: {tls: {mode: SIMPLE, insecureSkipVerify: true}}}'), true)
  assert.equal(skips('{host: a, trafficPolicy: {portLevelSettings: [{tls: {insecureSkipVerify: true}}]}}'), true)
  assert.equal(skips('{host: a, subsets: [{trafficPolicy: {tls: {insecureSkipVerify: true}}}]}'), true)
  assert.equal(skips('{host: a, trafficPolicy: {tls: {mode: SIMPLE}}}'), false)
})

test('Telemetry: says something about access logs or nothing', () => {
  const disabled = (spec: string) => meshOf('Telemetry', spec).telemetries[0]?.accessLogDisabled
  assert.equal(disabled('{accessLogging: [{disabled: true}]}'), true)
  assert.equal(disabled('{accessLogging: [{providers: [{name: envoy}]}]}'), false)
  assert.equal(disabled('{metrics: []}'), null)
})

describe('MeshConfig', () => {
  const configs = (name: string, mesh: string, labels = '{}'): readonly MeshConfig[] =>
    clusterOf(
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: istio-system, labels: ${labels}}\ndata: {mesh: ${JSON.stringify(mesh)}}\n`,
    ).meshConfigs
  const check = (mesh: string, expected: Partial<MeshConfig>): void => {
    const [config] = configs('istio', mesh)
    assert.ok(config)
    for (const [key, value] of Object.entries(expected)) assert.equal(config[key as keyof MeshConfig], value, mesh)
  }
  test('the mode is ALLOW_ANY unless it says REGISTRY_ONLY', () => {
    check('', { outbound: 'allow-any' })
    check('outboundTrafficPolicy: {mode: REGISTRY_ONLY}', { outbound: 'registry-only' })
    check('outboundTrafficPolicy: {mode: ALLOW_ANY}', { outbound: 'allow-any' })
    check('{"outboundTrafficPolicy":{"mode":"REGISTRY_ONLY"}}', { outbound: 'registry-only' })
  })
  test('access log, DNS capture, root namespace', () => {
    check('accessLogFile: /dev/stdout', { accessLog: '/dev/stdout' })
    check('accessLogFile: ""', { accessLog: null })
    check('defaultConfig: {proxyMetadata: {ISTIO_META_DNS_CAPTURE: "true"}}', { dnsCapture: true })
    check('rootNamespace: mesh', { rootNamespace: 'mesh' })
    check('', { accessLog: null, dnsCapture: false, rootNamespace: null })
  })
  test('both families, who sees Services by default, and whether it could be read at all', () => {
    check('', { dualStack: false, isRead: true })
    check('defaultConfig: {proxyMetadata: {ISTIO_DUAL_STACK: "true"}}', { dualStack: true })
    assert.deepEqual(configs('istio', 'defaultServiceExportTo: ["."]')[0]?.exportTo, ['.'])
    check('a: [', { isRead: false })
    check('just text', { isRead: false })
  })
  test('revisions by name or label; other maps are none', () => {
    assert.equal(configs('istio', '')[0]?.revision, null)
    assert.equal(configs('istio-1-27', '')[0]?.revision, '1-27')
    assert.equal(configs('istio', '', '{istio.io/rev: canary}')[0]?.revision, 'canary')
    assert.deepEqual(configs('istiod', ''), [])
  })
  test('settings that cannot be read take nothing for closed', () => {
    check('a: [', { outbound: 'allow-any', accessLog: null })
    check('just text', { outbound: 'allow-any' })
    check('outboundTrafficPolicy: REGISTRY_ONLY', { outbound: 'allow-any' })
  })
})
