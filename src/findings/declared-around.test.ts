import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readingOf } from '../sources/kubernetes/testing/estate-of.ts'
import { wayAroundIn } from './declared-around.ts'
import { groupsIn } from './declared-view.ts'
import { possibleView } from './possible-view.ts'
import { unmetIn } from './unmet.ts'

const pod = (name: string, image: string, more = ''): string => `---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: a, labels: {app: ${name}}}
spec: {containers: [{name: c, image: ${image}}${more}]}
status: {podIP: 10.244.0.5, podIPs: [{ip: 10.244.0.5}], phase: Running}
`
const PROXY = pod('proxy', 'ubuntu/squid:6')

const HUB = `---
apiVersion: postern.dev/v1alpha1
kind: ApprovedExit
metadata: {name: hub}
spec: {ids: ["*/a/Pod/proxy"]}
`

const policy = (egress: string): string => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: a}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: ${egress}}
`

const intent = (to: string, via = 'hub'): string => `---
apiVersion: postern.dev/v1alpha1
kind: EgressIntent
metadata: {name: web}
spec: {from: {workloads: [web]}, allow: [{to: ${to}, ports: ["443"], via: ${via}}]}
`

const check = (
  what: string,
  yaml: string,
  expected: { readonly places: readonly string[]; readonly isKeptByMesh: boolean } | null,
): void => {
  test(what, () => {
    const { estate } = readingOf({ 'x.yaml': yaml })
    const [cluster] = estate.clusters
    assert.ok(cluster !== undefined)
    const view = possibleView(cluster)
    const around = wayAroundIn(view, estate.intents, unmetIn(view, estate.intents))
    const [found] = groupsIn(estate, view, '2026-11-20').flatMap(({ stacks, subjects, declared }) =>
      declared.declarations.flatMap(({ allowance }) => subjects.map(subject => around(subject, stacks, allowance))),
    )
    assert.deepEqual(found == null ? null : { places: found.places, isKeptByMesh: found.isKeptByMesh }, expected)
    if (found != null) assert.deepEqual(found.relays, ['a/Pod/proxy'])
  })
}

const WEB = pod('web', 'registry.example.com/c') + PROXY + HUB
const NAME = '{names: [api.example.com]}'
const open = (...places: readonly string[]) => ({ places, isKeptByMesh: false })

check(
  'a name, and the whole internet on its port',
  WEB + policy('[{ports: [{port: 443}]}]') + intent(NAME),
  open('api.example.com'),
)
check('a name, and the internet on another port', WEB + policy('[{ports: [{port: 80}]}]') + intent(NAME), null)
check(
  'a name, and half of the internet: nobody knows where it lies',
  WEB + policy('[{to: [{ipBlock: {cidr: 0.0.0.0/1}}]}]') + intent(NAME),
  null,
)
check(
  'the part of a block that is open',
  WEB + policy('[{to: [{ipBlock: {cidr: 203.0.113.0/25}}]}]') + intent('{cidrs: [203.0.113.0/24]}'),
  open('203.0.113.0-203.0.113.127'),
)
check('closed', WEB + policy('[]') + intent(NAME), null)
check('no policy at all', WEB + intent(NAME), open('api.example.com'))
check('an exit that is none here', WEB + intent(NAME, 'cloud'), null)
check(
  'a sidecar that refuses what its registry has not',
  pod('web', 'registry.example.com/c', ', {name: istio-proxy, image: istio/proxyv2:1.27.1}') +
    PROXY +
    HUB +
    `---
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: "outboundTrafficPolicy: {mode: REGISTRY_ONLY}"}
` +
    intent('{names: [api.example.com]}'),
  { places: ['api.example.com'], isKeptByMesh: true },
)
