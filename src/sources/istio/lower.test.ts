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
    { number: 443, protocol: 'TLS' },
    { number: null, protocol: null },
  ])
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
    check('', { accessLog: null, dnsCapture: false, rootNamespace: 'istio-system' })
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
