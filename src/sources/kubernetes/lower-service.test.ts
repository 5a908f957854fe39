import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Service } from '../../model/service.ts'
import { clusterOf } from './testing/estate-of.ts'

const serviceOf = (spec: string, ...more: readonly string[]): Service => {
  const { services } = clusterOf(
    [`apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: ns}\nspec: ${spec}\n`, ...more].join('---\n'),
  )
  assert.ok(services[0])
  return services[0]
}

const slice = (name: string, addresses: string, more = '', namespace = 'ns'): string =>
  `apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: ${name}, namespace: ${namespace}, labels: {kubernetes.io/service-name: s}}\nendpoints: [{addresses: ${addresses}${more}}]\n`

const endpoints = (addresses: string): string =>
  `apiVersion: v1\nkind: Endpoints\nmetadata: {name: s, namespace: ns}\nsubsets: [{addresses: ${addresses}}]\n`

describe('endpoints', () => {
  const check = (expected: readonly string[], ...more: readonly string[]): void =>
    assert.deepEqual(
      serviceOf('{ports: [{port: 80}]}', ...more).endpoints.map(endpoint => endpoint.address),
      expected,
    )
  test('a dual-stack Service has a slice for each family, and Endpoints of the first only: all are one set', () =>
    check(
      ['192.0.2.1', '192.0.2.2', '2001:db8::1'],
      slice('v6', '["2001:db8::1"]'),
      slice('v4', '[192.0.2.1, 192.0.2.2]'),
      endpoints('[{ip: 192.0.2.1}]'),
    ))
  test('a slice of another namespace, or without the label, is not this Service’s', () =>
    check(
      [],
      slice('other', '[192.0.2.1]', '', 'elsewhere'),
      'apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: x, namespace: ns}\nendpoints: [{addresses: [192.0.2.9]}]\n',
    ))
  test('the pod behind an address is named', () => {
    const { endpoints: own } = serviceOf(
      '{}',
      slice('v4', '[10.0.0.1]', ', nodeName: n1, targetRef: {kind: Pod, name: web-1}'),
    )
    assert.deepEqual(own, [{ address: '10.0.0.1', pod: 'web-1', node: 'n1' }])
  })
  test('those that are not ready are endpoints, too', () =>
    check(
      ['192.0.2.1', '192.0.2.2'],
      'apiVersion: v1\nkind: Endpoints\nmetadata: {name: s, namespace: ns}\nsubsets: [{addresses: [{ip: 192.0.2.1}], notReadyAddresses: [{ip: 192.0.2.2}]}]\n',
    ))
})

test('no selector, an empty one, and one', () => {
  assert.equal(serviceOf('{}').selector, null)
  assert.equal(serviceOf('{selector: {}}').selector, null)
  assert.deepEqual([...(serviceOf('{selector: {a: b}}').selector ?? [])], [['a', 'b']])
})

test('types and addresses', () => {
  assert.equal(serviceOf('{}').type, 'ClusterIP')
  assert.equal(serviceOf('{type: NodePort}').type, 'NodePort')
  assert.equal(serviceOf('{clusterIP: None}').headless, true)
  assert.deepEqual(serviceOf('{clusterIP: 10.0.0.1}').clusterIPs, ['10.0.0.1'])
  assert.deepEqual(serviceOf('{clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1, "fd00::1"]}').clusterIPs, [
    '10.0.0.1',
    'fd00::1',
  ])
  assert.deepEqual(
    serviceOf(
      '{ports: [{port: 80, targetPort: web}, {port: 53, protocol: UDP, targetPort: 5353, nodePort: 30053}]}',
    ).ports.map(({ protocol, port, targetPort, nodePort }) => [protocol, port, targetPort, nodePort]),
    [
      ['TCP', 80, 'web', null],
      ['UDP', 53, '5353', 30053],
    ],
  )
})
