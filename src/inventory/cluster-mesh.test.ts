import assert from 'node:assert/strict'
import { test } from 'node:test'
import { profileNamed } from '../profiles/profiles.ts'
import { clusterOf } from '../sources/kubernetes/testing/estate-of.ts'
import { type MeshMember, membershipOf, meshMemberOf } from './cluster-mesh.ts'

const config = (data: string): string => `
---
apiVersion: v1
kind: ConfigMap
metadata: {name: cilium-config, namespace: kube-system}
data: {${data}}
`
const agent = (image: string, aliases = '', kind = 'DaemonSet', name = 'cilium'): string => `
---
apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}, namespace: kube-system}
spec:
  selector: {matchLabels: {app: x}}
  template:
    metadata: {labels: {app: x}}
    spec: {hostAliases: [${aliases}], containers: [{name: agent, image: "${image}"}]}
`
const AGENT = 'quay.io/cilium/cilium:v1.18.2'
const POD = `
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: default}
spec: {containers: [{name: c, image: x}]}
`

const memberOf = (yaml: string, profile = 'cilium'): MeshMember => {
  const read = profileNamed(profile)
  assert.ok(read !== null)
  return meshMemberOf(clusterOf(yaml), read)
}
const settings = (id: string, name: string): MeshMember =>
  memberOf(agent(AGENT) + config(`cluster-id: "${id}", cluster-name: ${name}`))

const check = (purpose: string, one: MeshMember, other: MeshMember, knows: string, isSettled = false): void => {
  test(purpose, () =>
    assert.deepEqual(
      membershipOf(one, other, () => false),
      { knows, isSettled },
    ),
  )
}

const unread = memberOf(agent(AGENT))
check('ids and names of their own', settings('1', 'a'), settings('2', 'b'), 'unknown', true)
check('one without an id', settings('1', 'a'), settings('0', 'b'), 'no')
check('no id at all', settings('1', 'a'), memberOf(agent(AGENT) + config('cluster-name: b')), 'no')
check('one id for both', settings('1', 'a'), settings('1', 'b'), 'no')
check('one name for both', settings('1', 'a'), settings('2', 'a'), 'no')
check('settings of one were not read', settings('1', 'a'), unread, 'unknown')
check('settings of both were not read', unread, unread, 'unknown')
check('another plugin', settings('1', 'a'), memberOf(POD, 'calico-iptables'), 'no')
check('a plugin that nobody shows', unread, memberOf(POD, 'specification'), 'unknown')
check('none that anybody shows', memberOf(POD, 'specification'), memberOf(POD, 'specification'), 'no')

const ALIAS = '{ip: 10.9.9.9, hostnames: [b.mesh.cilium.io]}'
const connected = (kind: string, name: string): MeshMember =>
  memberOf(agent(AGENT, ALIAS, kind, name) + config('cluster-id: "1", cluster-name: a'))
check('told to connect', connected('DaemonSet', 'cilium'), settings('2', 'b'), 'yes', true)
check(
  'by the API server of the mesh',
  connected('Deployment', 'clustermesh-apiserver'),
  settings('2', 'b'),
  'yes',
  true,
)
check('to another', connected('DaemonSet', 'cilium'), settings('2', 'c'), 'unknown', true)
check('an alias of something else', connected('DaemonSet', 'other'), settings('2', 'b'), 'unknown', true)
check('the other way is not shown by it', settings('2', 'b'), connected('DaemonSet', 'cilium'), 'unknown', true)

test('a declaration counts where settings leave room', () => {
  assert.equal(membershipOf(unread, unread, () => true).knows, 'yes')
  assert.equal(membershipOf(settings('0', 'a'), unread, () => true).knows, 'no')
})

for (const [version, setting, scope] of [
  ['v1.17.0', '', 'every'],
  ['v1.18.0', '', 'every'],
  ['v1.18.0', ', policy-default-local-cluster: "true"', 'own'],
  ['v1.19.0', '', 'own'],
  ['v1.19.0', ', policy-default-local-cluster: "false"', 'every'],
  ['latest', '', 'unknown'],
  ['latest', ', policy-default-local-cluster: "true"', 'own'],
] as const)
  test(`selectors of ${version}${setting} mean clusters: ${scope}`, () => {
    const yaml = agent(`quay.io/cilium/cilium:${version}`) + config(`cluster-id: "1", cluster-name: a${setting}`)
    assert.equal(memberOf(yaml).scope, scope)
  })
