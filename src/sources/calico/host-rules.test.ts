import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RulePolicy } from '../../model/rule.ts'
import { traffics, unionOfTraffics } from '../../sets/traffic.ts'
import { trafficElements } from '../../sets/traffic-text.ts'
import { clusterOf, readingOf } from '../kubernetes/testing/estate-of.ts'

const object = (kind: string, name: string, spec: string, labels = ''): string => `
---
apiVersion: projectcalico.org/v3
kind: ${kind}
metadata: {name: ${name}, labels: {${labels}}}
spec: ${spec}
`
const NODES = ['n1', 'n2']
  .map(
    name => `
---
apiVersion: v1
kind: Node
metadata: {name: ${name}}
status: {addresses: [{type: InternalIP, address: 10.0.0.${name.slice(1)}}]}
`,
  )
  .join('')
const host = (name: string, rest: string, labels = 'host: yes1'): string =>
  object('HostEndpoint', name, `{node: ${name.slice(0, 2)}, ${rest}}`, labels)
const AUTOMATIC = ['n1', 'n2']
  .map(node => host(node, 'interfaceName: "*", profiles: [projectcalico-default-allow]'))
  .join('')
const policies = (...documents: readonly string[]): readonly RulePolicy[] =>
  clusterOf([NODES, ...documents].join('')).rulePolicies.filter(
    ({ selects, place }) => selects !== 'pods' || place.tier === 'hop',
  )
const forHosts = (spec: string, name = 'p'): string =>
  object('GlobalNetworkPolicy', name, `{selector: has(host), ${spec}}`)
const EGRESS = forHosts('types: [Egress]')

/** Where each stands, in a word. */
const told = (found: readonly RulePolicy[]): readonly string[] =>
  found.map(({ ref, selects, place }) => {
    const at =
      place.tier === 'hop'
        ? `${place.hop} (${place.end}), ${place.within.name}`
        : place.tier === 'calico'
          ? place.name
          : place.tier
    return `${ref.kind} ${ref.name} for ${selects}: ${at}`
  })

test('nodes that meet the same policies are lowered once: scope, failsafe ports, the policy', () => {
  const found = policies(AUTOMATIC, EGRESS)
  assert.deepEqual(told(found), [
    'HostEndpoint n1 for nodes: scope',
    'HostEndpoint n1 for nodes: failsafe',
    'GlobalNetworkPolicy p for nodes: default',
  ])
  assert.deepEqual(found[2]?.subject, {
    kind: 'label',
    of: 'node',
    requirement: { key: '', operator: 'In', values: ['n1', 'n2'] },
  })
})

test('nothing without a host endpoint, or where the profile is all that there is', () => {
  assert.deepEqual(policies(EGRESS), [])
  assert.deepEqual(policies(AUTOMATIC, object('GlobalNetworkPolicy', 'p', `{selector: "app == 'web'"}`)), [])
  assert.deepEqual(policies(AUTOMATIC, object('StagedGlobalNetworkPolicy', 'p', '{}')), [])
})

test('an endpoint without a profile that allows closes what is sent and what arrives', () => {
  const found = policies(host('n1', 'interfaceName: "*"')).filter(
    ({ place }) => (place.tier === 'hop' ? place.within : place).tier === 'calico',
  )
  assert.deepEqual(
    told(found).filter(line => line.endsWith('profiles')),
    [
      'HostEndpoint n1 for nodes: profiles',
      'HostEndpoint n1 for passing: hosts 0 arriving 0 (far), profiles',
      'HostEndpoint n1 for nodes: hosts 0 arriving 0 (far), profiles',
      'HostEndpoint n1 for nodes: hosts 0 arriving 0 from itself (far), profiles',
    ],
  )
})

test('on forward both directions are lowered for both ends of `*`, and one for an interface', () => {
  const forward = (endpoints: string): readonly string[] =>
    policies(endpoints, forHosts('applyOnForward: true, types: [Ingress]'))
      .filter(
        ({ selects, ref, place }) =>
          selects === 'passing' && ref.name === 'p' && place.tier === 'hop' && place.end === 'near',
      )
      .flatMap(({ egress, ingress }) => [egress, ingress].map(({ isolates }) => `${isolates}`))
  assert.deepEqual(forward(AUTOMATIC), ['true', 'true'])
  assert.deepEqual(forward(host('n1', 'interfaceName: eth0, expectedIPs: [10.0.0.1]')), ['false', 'true'])
})

test('the stages of a host: failsafe ports, before tracking, the tiers, profiles', () => {
  const found = policies(
    host('n1', 'interfaceName: eth0, expectedIPs: [10.0.0.1]'),
    EGRESS,
    forHosts('doNotTrack: true, applyOnForward: true, types: [Egress]', 'raw'),
  )
  assert.deepEqual(
    found.flatMap(({ place, ref }) => (place.tier === 'calico' ? [[ref.name, place.stage]] : [])),
    [
      ['n1', -9],
      ['n1', -3],
      ['p', 0],
      ['raw', -2],
      ['n1', 1],
    ],
  )
})

const openPorts = (...felix: readonly string[]) => {
  const found = policies(AUTOMATIC, EGRESS, ...felix).filter(
    ({ place }) => place.tier === 'calico' && place.stage === -3,
  )
  return trafficElements(
    unionOfTraffics([
      traffics.empty,
      ...found.flatMap(({ egress }) => egress.rules.map(({ traffic }) => traffic.exact)),
    ]),
  )
}
const felix = (name: string, ports: string): string =>
  object('FelixConfiguration', name, `{failsafeOutboundHostPorts: ${ports}}`)

test('failsafe ports, by default and by settings', () => {
  assert.deepEqual(openPorts(), [
    { protocol: 'TCP', ports: '179,2379-2380,5473,6443,6666-6667' },
    { protocol: 'UDP', ports: '53,67' },
  ])
  assert.deepEqual(openPorts(felix('default', '[{protocol: TCP, port: 443}]')), [{ protocol: 'TCP', ports: '443' }])
  assert.deepEqual(openPorts(felix('default', '[]')), [])
})

test('settings of one node make it a class of its own', () => {
  const found = policies(AUTOMATIC, EGRESS, felix('node.n2', '[]'))
  assert.deepEqual(told(found), [
    'HostEndpoint n1 for nodes: scope',
    'HostEndpoint n1 for nodes: failsafe',
    'GlobalNetworkPolicy p for nodes: default',
    'HostEndpoint n2 for nodes: scope',
    'GlobalNetworkPolicy p for nodes: default',
  ])
})

test('a port that is limited to a net leads there alone; one that nobody can read may be open', () => {
  const [, ports] = policies(AUTOMATIC, EGRESS, felix('default', '[{protocol: TCP, port: 22, net: 10.0.0.0/8}]'))
  assert.deepEqual(
    ports?.egress.rules.map(({ peers }) => peers.map(({ kind }) => kind)),
    [['block']],
  )
  const [, unread] = policies(AUTOMATIC, EGRESS, felix('default', '"tcp:22"'))
  assert.ok(unread?.egress.rules.every(({ doubt }) => doubt !== null))
})

test('a policy in a tier that is not there counts', () => {
  assert.ok(
    told(policies(AUTOMATIC, forHosts('tier: nosuch, types: [Egress]'))).includes(
      'GlobalNetworkPolicy p for nodes: nosuch',
    ),
  )
})

test('past so many different hosts, of the rest nothing is claimed', () => {
  const count = 20
  const yaml = Array.from(
    { length: count },
    (_, n) => `---
apiVersion: v1
kind: Node
metadata: {name: n${10 + n}, labels: {kubernetes.io/hostname: n${10 + n}}}
status: {addresses: [{type: InternalIP, address: 192.0.2.${10 + n}}]}
---
apiVersion: projectcalico.org/v3
kind: HostEndpoint
metadata: {name: h${10 + n}, labels: {own: n${10 + n}}}
spec: {node: n${10 + n}, interfaceName: "*", profiles: [projectcalico-default-allow]}
---
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: {name: p${10 + n}}
spec: {selector: own == 'n${10 + n}', types: [Egress], egress: [{action: Deny}]}
`,
  ).join('')
  const policies =
    readingOf({ 'x.yaml': yaml }).estate.clusters[0]?.rulePolicies.filter(one => one.selects === 'nodes') ?? []
  const doubtful = policies.filter(one => JSON.stringify(one).includes('only some of them are told apart'))
  assert.ok(doubtful.length > 0)
  const denied = policies.flatMap(one =>
    one.egress.rules.some(rule => rule.action === 'deny' && rule.peers.every(({ kind }) => kind !== 'unknown')) &&
    one.ref.kind === 'GlobalNetworkPolicy' &&
    !doubtful.includes(one)
      ? [one.ref.name]
      : [],
  )
  // Fifteen by themselves, five together.
  assert.deepEqual(
    [...new Set(denied)].sort(),
    Array.from({ length: 15 }, (_, n) => `p${10 + n}`),
  )
})
