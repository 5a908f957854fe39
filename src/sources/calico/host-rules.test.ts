import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RulePolicy } from '../../model/rule.ts'
import { traffics } from '../../sets/traffic.ts'
import { trafficElements } from '../../sets/traffic-text.ts'
import { clusterOf } from '../kubernetes/testing/estate-of.ts'

const object = (kind: string, name: string, spec: string, labels = ''): string => `
---
apiVersion: projectcalico.org/v3
kind: ${kind}
metadata: {name: ${name}, labels: {${labels}}}
spec: ${spec}
`
const NODE = `
---
apiVersion: v1
kind: Node
metadata: {name: n1, labels: {kubernetes.io/hostname: n1}}
`
const host = (profiles: string): string =>
  object('HostEndpoint', 'h', `{node: n1, interfaceName: "*", profiles: [${profiles}]}`, 'host: yes1')
const policies = (...documents: readonly string[]): readonly RulePolicy[] =>
  clusterOf([NODE, ...documents].join('')).rulePolicies

const AUTOMATIC = host('projectcalico-default-allow')
const FOR_HOSTS = object('GlobalNetworkPolicy', 'p', '{selector: has(host), types: [Egress]}')

test('what selects a host endpoint may stop what its node sends, but for the failsafe ports', () => {
  const [policy, ...more] = policies(AUTOMATIC, FOR_HOSTS)
  assert.deepEqual(more, [])
  assert.ok(policy !== undefined && policy.selects === 'nodes')
  const [rule] = policy.egress.rules
  assert.ok(rule !== undefined && rule.action === 'deny' && rule.doubt !== null)
  assert.deepEqual(trafficElements(traffics.complement(rule.traffic.exact)), [
    { protocol: 'TCP', ports: '179,2379-2380,5473,6443,6666-6667' },
    { protocol: 'UDP', ports: '53,67' },
  ])
})

test('settings of a node may close what those of all leave open', () => {
  const felix = (name: string, ports: string): string =>
    object('FelixConfiguration', name, `{failsafeOutboundHostPorts: [${ports}]}`)
  const [policy] = policies(
    AUTOMATIC,
    FOR_HOSTS,
    felix(
      'default',
      '{protocol: TCP, port: 443}, {protocol: UDP, port: 53}, {protocol: TCP, port: 22, net: 10.0.0.0/8}',
    ),
    felix('node.n1', '{protocol: UDP, port: 53}'),
  )
  const [rule] = policy?.egress.rules ?? []
  assert.ok(rule)
  assert.deepEqual(trafficElements(traffics.complement(rule.traffic.exact)), [{ protocol: 'UDP', ports: '53' }])
})

test('nothing without a host endpoint, or without a policy that selects it', () => {
  const forHosts = (...documents: readonly string[]): number =>
    policies(...documents).filter(({ place }) => place.tier !== 'calico').length
  assert.equal(forHosts(FOR_HOSTS), 0)
  assert.equal(forHosts(AUTOMATIC, object('GlobalNetworkPolicy', 'p', `{selector: "app == 'web'"}`)), 0)
  assert.equal(forHosts(AUTOMATIC, object('StagedGlobalNetworkPolicy', 'p', '{}')), 0)
})

test('a policy in a tier that is not there counts', () => {
  const [policy] = policies(
    AUTOMATIC,
    object('GlobalNetworkPolicy', 'p', '{tier: nosuch, selector: has(host), types: [Egress]}'),
  )
  assert.ok(policy !== undefined && policy.selects === 'nodes')
})

test('a host endpoint without the profile that allows closes, both ways', () => {
  assert.deepEqual(
    policies(host('')).map(({ selects, ref }) => [selects, ref.kind]),
    [
      ['nodes', 'HostEndpoint'],
      ['pods', 'HostEndpoint'],
    ],
  )
})

test('on forward it may stop what pods send, in its directions', () => {
  const found = policies(
    AUTOMATIC,
    object('GlobalNetworkPolicy', 'p', '{selector: has(host), applyOnForward: true, preDNAT: true, types: [Ingress]}'),
  )
  const forward = found.find(({ selects, ingress }) => selects === 'pods' && ingress.rules.length > 0)
  assert.ok(forward)
  assert.deepEqual(forward.egress.rules, [])
  assert.ok(forward.ingress.rules.every(({ action, doubt }) => action === 'deny' && doubt !== null))
})
