import assert from 'node:assert/strict'
import { test } from 'node:test'
import { load } from 'js-yaml'
import type { JsonObject } from '../../model/json.ts'
import { type ApiObject, identify } from '../kubernetes/object.ts'
import { lowerEgressNetworks, lowerEgressRoutes } from './linkerd.ts'

const ORIGIN = { file: 'x.yaml', source: 0, start: 0, end: 0, line: 1, format: 'yaml', item: null } as const
const object = (apiVersion: string, kind: string, spec: string): ApiObject => {
  const body = { apiVersion, kind, metadata: { name: 'x', namespace: 'ns' }, spec: load(spec) } as JsonObject
  const identified = identify('c', body, ORIGIN, false)
  assert.ok(identified.kind === 'object')
  return identified.object
}

// Source: linkerd.io reference, "EgressNetwork".
test('EgressNetwork: policy, and networks with what they leave out', () => {
  const network = (spec: string) =>
    lowerEgressNetworks([object('policy.linkerd.io/v1alpha1', 'EgressNetwork', spec)])[0]
  assert.equal(network('{trafficPolicy: Deny}')?.policy, 'deny')
  assert.equal(network('{trafficPolicy: Allow}')?.policy, 'allow')
  assert.equal(network('{}')?.policy, 'unknown')
  assert.equal(network('{trafficPolicy: Deny}')?.networks, null)
  assert.deepEqual(network('{trafficPolicy: Deny, networks: [{cidr: 0.0.0.0/0, except: [10.0.0.0/8]}]}')?.networks, [
    { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] },
  ])
  assert.deepEqual(lowerEgressNetworks([object('example.com/v1', 'EgressNetwork', '{trafficPolicy: Deny}')]), [])
})

test('routes: those whose parent is an egress network', () => {
  const routes = (kind: string, spec: string) => lowerEgressRoutes([object('gateway.networking.k8s.io/v1', kind, spec)])
  const parent = '{kind: EgressNetwork, group: policy.linkerd.io, name: all, namespace: linkerd-egress, port: 443}'
  const [tls] = routes('TLSRoute', `{hostnames: [a.b], parentRefs: [${parent}]}`)
  assert.deepEqual(
    [tls?.kind, tls?.hostnames, tls?.parents],
    ['tls', ['a.b'], [{ namespace: 'linkerd-egress', name: 'all', port: 443 }]],
  )
  const [near] = routes('GRPCRoute', '{parentRefs: [{kind: EgressNetwork, group: policy.linkerd.io, name: all}]}')
  assert.deepEqual([near?.kind, near?.parents], ['http', [{ namespace: 'ns', name: 'all', port: null }]])
  assert.deepEqual(routes('HTTPRoute', '{parentRefs: [{kind: Gateway, name: all}]}'), [])
})
