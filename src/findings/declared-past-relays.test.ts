import assert from 'node:assert/strict'
import { test } from 'node:test'
import { profileNamed } from '../profiles/profiles.ts'
import { readingOf } from '../sources/kubernetes/testing/estate-of.ts'
import { findIn } from './run.ts'

const pod = (name: string, image: string): string => `---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: a, labels: {app: ${name}}}
spec: {containers: [{name: c, image: ${image}}]}
status: {podIP: 10.244.0.${name.length}, phase: Running}
`

const allow = (to: string, via: string): string =>
  `{to: ${to}, ports: ["443"]${via === '' ? '' : `, via: ${via}`}, owner: o}`

const estateWith = (...entries: readonly string[]): string =>
  `${pod('web', 'registry.example.com/web')}${pod('proxy', 'ubuntu/squid:6')}---
apiVersion: postern.dev/v1alpha1
kind: ApprovedExit
metadata: {name: hub}
spec: {ids: ["*/a/Pod/proxy"]}
---
apiVersion: postern.dev/v1alpha1
kind: EgressIntent
metadata: {name: web}
spec: {from: {workloads: [web]}, allow: [${entries.join(', ')}]}
`

const findings = (yaml: string, id: string, cni = 'specification'): readonly string[] => {
  const { estate } = readingOf({ 'x.yaml': yaml })
  const options = { now: '2026-11-20', baseline: new Set<string>(), lineOf: () => null, profile: profileNamed(cni) }
  return findIn(estate, options).result.findings.flatMap(one => (one.id === id ? [one.why] : []))
}

const PAST = 'directly, past `a/Pod/proxy`, which `hub` declares as the way out'

test('a place that is declared for the relay alone', () => {
  assert.deepEqual(findings(estateWith(allow('{names: [api.example.com]}', 'hub')), 'PST-I024'), [
    `policy lets it reach \`api.example.com\` ${PAST}`,
  ])
})

test('any way will do, says another entry', () => {
  const name = '{names: [api.example.com]}'
  assert.deepEqual(findings(estateWith(allow(name, 'hub'), allow(name, '')), 'PST-I024'), [])
  assert.deepEqual(findings(estateWith(allow(name, 'hub'), allow('{names: ["*.example.com"]}', '')), 'PST-I024'), [])
})

test('any way will do for a part of it', () => {
  const yaml = estateWith(allow('{cidrs: [192.0.2.0/24]}', 'hub'), allow('{cidrs: [192.0.2.0/25]}', ''))
  assert.deepEqual(findings(yaml, 'PST-I024'), [`policy lets it reach \`192.0.2.128-192.0.2.255\` ${PAST}`])
})

test('findings are judged by the profile that is named', () => {
  const closed = `${estateWith(allow('{cidrs: [192.0.2.0/24]}', ''))}---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: a}
spec: {podSelector: {}, policyTypes: [Egress]}
`
  assert.deepEqual(findings(closed, 'PST-I020', 'calico-iptables'), [])
  // It enforces no policy.
  assert.equal(findings(closed, 'PST-I020', 'flannel').length, 2)
})
