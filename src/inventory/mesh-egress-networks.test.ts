import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EgressNetwork, EgressRoute } from '../model/dialects.ts'
import { bothFamilies } from '../sets/addresses.ts'
import { clusterOf } from '../sources/kubernetes/testing/estate-of.ts'
import { placeOf } from './mesh-boxes.ts'
import { egressNetworkView } from './mesh-egress-networks.ts'

const SOURCED = {
  origin: { file: 'x.yaml', source: 0, start: 0, end: 0, line: 1, format: 'yaml', item: null },
  labels: new Map(),
  annotations: new Map(),
} as const
const ref = (kind: string, namespace: string, name: string) => ({ cluster: 'c', group: '', kind, namespace, name })
const network = (
  name: string,
  policy: EgressNetwork['policy'],
  cidrs: readonly string[] | null = null,
  namespace = 'shop',
): EgressNetwork => ({
  ...SOURCED,
  ref: ref('EgressNetwork', namespace, name),
  namespace,
  policy,
  networks: cidrs?.map(cidr => ({ cidr, except: [] })) ?? null,
})
const route = (kind: EgressRoute['kind'], port: number | null, ...hostnames: readonly string[]): EgressRoute => ({
  ...SOURCED,
  ref: ref('TLSRoute', 'shop', 'r'),
  kind,
  parents: [{ namespace: 'shop', name: 'all', port }],
  hostnames,
})

const viewOf = (egressNetworks: readonly EgressNetwork[], egressRoutes: readonly EgressRoute[] = []) => {
  const cluster = clusterOf('apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n')
  return egressNetworkView({ ...cluster, mesh: { ...cluster.mesh, egressNetworks, egressRoutes } }, 'shop')
}
/** How what is granted at an address holds; none: refused. */
const at = (view: ReturnType<typeof viewOf>, address: string) =>
  view.grants
    .filter(grant => bothFamilies.isSubset(placeOf(address) ?? bothFamilies.full, grant.addresses))
    .map(grant => [grant.holds, grant.names !== null])

const PUBLIC = '203.0.114.9'

test('without a network nothing is refused', () => assert.equal(viewOf([]).refuses, false))

test('a network that was seen and not read leaves it open', () => {
  const cluster = clusterOf('apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n')
  const seen = (namespace: string) =>
    egressNetworkView(
      {
        ...cluster,
        customKinds: new Map([['EgressNetwork.policy.linkerd.io', [ref('EgressNetwork', namespace, 'all')]]]),
      },
      'shop',
    ).doubts.length
  assert.deepEqual([seen('shop'), seen('linkerd-egress'), seen('other')], [1, 1, 0])
})

test('Deny refuses what is outside; the cluster’s own networks are a setting', () => {
  const view = viewOf([network('all', 'deny')])
  assert.equal(view.refuses, true)
  assert.deepEqual(at(view, PUBLIC), [])
  assert.deepEqual(at(view, '2001:200::9'), [])
  assert.deepEqual(at(view, '10.0.0.1'), [['resolved', false]])
  assert.deepEqual(at(view, 'fd00::1'), [['resolved', false]])
})

test('the networks of the namespace count, and else the global ones', () => {
  const everywhere = network('all', 'deny', null, 'linkerd-egress')
  assert.deepEqual(at(viewOf([everywhere]), PUBLIC), [])
  assert.equal(viewOf([everywhere, network('own', 'allow')]).refuses, false)
  assert.equal(viewOf([network('other', 'deny', null, 'elsewhere')]).refuses, false)
})

test('the smallest block that holds an address counts', () => {
  const view = viewOf([network('all', 'deny', ['0.0.0.0/0']), network('some', 'allow', ['203.0.114.0/24'])])
  assert.deepEqual(at(view, PUBLIC), [['certainly', false]])
  assert.deepEqual(at(view, '203.0.115.9'), [])
  // A family that no network holds passes.
  assert.deepEqual(at(view, '2001:200::9'), [['certainly', false]])
})

test('blocks of one size that do not agree stay open', () => {
  const view = viewOf([network('a', 'deny', ['203.0.114.0/24']), network('b', 'allow', ['203.0.114.0/24'])])
  assert.ok(at(view, PUBLIC).some(([holds]) => holds === 'resolved'))
  assert.equal(view.doubts.length > 0, true)
})

test('routes let out what they name, and the sender writes the name', () => {
  assert.deepEqual(at(viewOf([network('all', 'deny')], [route('tls', 443, 'httpbin.org')]), PUBLIC), [
    ['if-named', true],
  ])
  assert.deepEqual(at(viewOf([network('all', 'deny')], [route('tcp', 25)]), PUBLIC), [['certainly', false]])
  assert.deepEqual(at(viewOf([network('other', 'deny')], [route('tcp', 25)]), PUBLIC), [])
})

test('a block that cannot be read may be any', () => {
  const view = viewOf([network('all', 'deny', ['010.0.0.0/8'])])
  assert.deepEqual([view.refuses, at(view, PUBLIC)], [false, [['resolved', false]]])
})
