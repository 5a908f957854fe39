import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clusterOf } from '../kubernetes/testing/estate-of.ts'
import type { HostEndpoint } from './context.ts'
import { waysOf } from './host-ways.ts'

const node = (...addresses: readonly string[]) =>
  clusterOf(`
apiVersion: v1
kind: Node
metadata: {name: n1}
status: {addresses: [${addresses.map(one => `{type: InternalIP, address: "${one}"}`).join(', ')}]}
`).nodes

const endpoint = (name: string, interfaceName: string | null, ...expectedIPs: readonly string[]): HostEndpoint => ({
  object: {
    ref: { cluster: 'c', group: 'projectcalico.org', kind: 'HostEndpoint', namespace: null, name },
  } as HostEndpoint['object'],
  node: 'n1',
  interfaceName,
  expectedIPs,
  profiles: [],
  ports: [],
})

const ways = (endpoints: readonly HostEndpoint[], addresses: readonly string[] = ['10.0.0.1']) =>
  waysOf(endpoints, node(...addresses)).map(
    ({ endpoint: { object }, isWhole, isRest, doubt }) =>
      `${object.ref.name}${isWhole ? ' *' : ''}${isRest ? ' rest' : ''}${doubt === null ? '' : ' ?'}`,
  )

test('`*` stands for all interfaces, and of several the first by name counts', () => {
  assert.deepEqual(ways([endpoint('b', '*'), endpoint('a', '*')]), ['a *'])
})

test('an endpoint for one interface is the way where it expects every address of the node, in both families', () => {
  assert.deepEqual(ways([endpoint('a', 'eth0', '10.0.0.1')]), ['a'])
  assert.deepEqual(ways([endpoint('a', null, '10.0.0.1')]), ['a'])
  assert.deepEqual(ways([endpoint('a', 'eth0', '10.0.0.1')], ['10.0.0.1', 'fd00::1']), ['a ?'])
  assert.deepEqual(ways([endpoint('a', 'eth0', '10.0.0.1', 'fd00::1')], ['10.0.0.1', 'fd00::1']), ['a'])
})

test('where it does not, or no address was read, packets may go another way', () => {
  assert.deepEqual(ways([endpoint('a', 'eth0')]), ['a ?'])
  assert.deepEqual(ways([endpoint('a', 'eth0', '10.0.0.1')], []), ['a ?'])
})

test('beside `*` an endpoint for one interface counts for its own, and `*` for the rest', () => {
  assert.deepEqual(ways([endpoint('a', 'eth0', '10.0.0.1'), endpoint('b', '*')]), ['a', 'b * rest'])
  assert.deepEqual(ways([endpoint('a', 'eth0'), endpoint('b', '*')]), ['a ?', 'b * ?'])
})
