import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readingOf } from '../sources/kubernetes/testing/estate-of.ts'
import { groupsIn } from './declared-view.ts'
import { possibleView } from './possible-view.ts'
import { unmetIn } from './unmet.ts'

/** The plugin sees pods behind Services, and blocks mean no pods. */
const CILIUM = `---
apiVersion: v1
kind: ConfigMap
metadata: {name: cilium-config, namespace: kube-system}
data: {enable-policy: default}
`

const pod = (name: string, more = ''): string => `---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: a, labels: {app: ${name}}}
spec: {containers: [{name: c, image: registry.example.com/c}]${more}}
`

const policy = (app: string, spec: string): string => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${app}-${spec.length}, namespace: a}
spec: {podSelector: {matchLabels: {app: ${app}}}, ${spec}}
`

const CLOSED = 'policyTypes: [Egress]'
const toPod = (app: string, port: number): string =>
  `policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: ${app}}}}], ports: [{port: ${port}}]}]`
const toBlock = (cidr: string): string =>
  `policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: ${cidr}}}], ports: [{port: 443}]}]`
const from = (app: string, port: number): string =>
  `policyTypes: [Ingress], ingress: [{from: [{podSelector: {matchLabels: {app: ${app}}}}], ports: [{port: ${port}}]}]`

const squid = (name: string, conf: string | null): string => `---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: a, labels: {app: ${name}}}
spec:
  containers: [{name: c, image: ubuntu/squid:6, ports: [{containerPort: 3128}]}]
  volumes: [{name: conf, configMap: {name: ${name}}}]
${conf === null ? '' : `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: a}\ndata: {squid.conf: ${JSON.stringify(conf)}}\n`}`
const ALL = 'http_access allow all\n'

const service = (name: string, app: string, port: number, target = port): string => `---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: a}
spec: {selector: {app: ${app}}, ports: [{port: ${port}, targetPort: ${target}}]}
`

const exit = (spec: string): string =>
  `---\napiVersion: postern.dev/v1alpha1\nkind: ApprovedExit\nmetadata: {name: hub}\nspec: ${spec}\n`

const intent = (entry: string): string =>
  `---\napiVersion: postern.dev/v1alpha1\nkind: EgressIntent\nmetadata: {name: web}\nspec: {from: {workloads: [web]}, allow: [${entry}]}\n`

/** How the one entry of the one intent is met for `web`. */
const meeting = (yaml: string): string => {
  const { estate } = readingOf({ 'x.yaml': CILIUM + pod('web') + yaml })
  const [cluster] = estate.clusters
  assert.ok(cluster !== undefined)
  const view = possibleView(cluster)
  const { meetingOf } = unmetIn(view, estate.intents)
  const found = groupsIn(estate, view, '2026-11-20').flatMap(({ stacks, subjects, declared }) =>
    declared.declarations.flatMap(({ allowance }) => subjects.map(subject => meetingOf(subject, stacks, allowance))),
  )
  assert.equal(found.length, 1, 'one entry for one workload')
  return found[0] as string
}

const NAME = '{to: {names: [api.example.com]}, ports: ["443"]}'
const NAME_VIA = '{to: {names: [api.example.com]}, ports: ["443"], via: hub}'
const BLOCK_VIA = '{to: {cidrs: [203.0.113.0/24]}, ports: ["443"], via: hub}'

const check = (what: string, yaml: string, expected: string): void => {
  test(what, () => assert.equal(meeting(yaml), expected))
}

describe('without a named exit, any way will do', () => {
  check('the direct one', policy('web', toBlock('0.0.0.0/0')) + intent(NAME), 'met')
  check('none', policy('web', CLOSED) + squid('proxy', ALL) + intent(NAME), 'broken')
  check('a proxy', policy('web', toPod('proxy', 3128)) + squid('proxy', ALL) + intent(NAME), 'met')
  check(
    'a proxy whose list has another name',
    policy('web', toPod('proxy', 3128)) +
      squid('proxy', 'acl s dstdomain -n other.example.com\nhttp_access allow s\nhttp_access deny all\n') +
      intent(NAME),
    'broken',
  )
  check(
    'a proxy that is closed itself',
    policy('web', toPod('proxy', 3128)) + policy('proxy', CLOSED) + squid('proxy', ALL) + intent(NAME),
    'broken',
  )
  check(
    'a proxy whose rules were not read',
    policy('web', toPod('proxy', 3128)) + squid('proxy', null) + intent(NAME),
    'open',
  )
})

describe('an exit that is a relay of the cluster', () => {
  const PROXY = squid('proxy', ALL) + exit('{ids: ["*/a/Pod/proxy"]}')
  check('is reached', policy('web', toPod('proxy', 3128)) + PROXY + intent(NAME_VIA), 'met')
  check('is reached, for a block', policy('web', toPod('proxy', 3128)) + PROXY + intent(BLOCK_VIA), 'met')
  check('is not met directly', policy('web', toBlock('0.0.0.0/0')) + PROXY + intent(NAME_VIA), 'broken')
  check(
    'is not met by another proxy',
    policy('web', toPod('side', 3128)) +
      squid('side', ALL) +
      policy('side', toBlock('0.0.0.0/0')) +
      PROXY +
      intent(NAME_VIA),
    'broken',
  )
  check(
    'lets nobody in',
    policy('web', toPod('proxy', 3128)) + policy('proxy', from('other', 3128)) + PROXY + intent(NAME_VIA),
    'broken',
  )
  check(
    'is reached through another proxy',
    policy('web', toPod('side', 3128)) + squid('side', ALL) + PROXY + intent(NAME_VIA),
    'met',
  )
  check(
    'sends on through another one, which is reached directly, too',
    policy('web', `policyTypes: [Egress], egress: [{ports: [{port: 3128}]}]`) +
      policy('proxy', toPod('side', 3128)) +
      squid('side', ALL) +
      PROXY +
      intent(NAME_VIA),
    'met',
  )
  check(
    'is named by its Service',
    policy('web', toPod('proxy', 3128)) +
      squid('proxy', ALL) +
      service('out', 'proxy', 3128) +
      exit('{ids: [c/a/Service/out]}') +
      intent(NAME_VIA),
    'met',
  )
  check(
    'beside the same exit of another cluster',
    policy('web', toBlock('0.0.0.0/0')) +
      squid('proxy', ALL) +
      exit('{ids: [c/a/Pod/proxy, d/a/Pod/proxy]}') +
      intent(NAME_VIA),
    'broken',
  )
  check(
    'or an address outside',
    policy('web', toBlock('0.0.0.0/0')) +
      squid('proxy', ALL) +
      exit('{ids: ["*/a/Pod/proxy"], addresses: [198.51.100.9/32]}') +
      intent(NAME_VIA),
    'met',
  )
})

describe('an exit that is none', () => {
  check('of a cloud', policy('web', toBlock('0.0.0.0/0')) + exit('{ids: [nat-1]}') + intent(NAME_VIA), 'met')
  check('of a cloud, closed', policy('web', CLOSED) + exit('{ids: [nat-1]}') + intent(NAME_VIA), 'broken')
  check(
    'of a cloud, with a proxy that would do',
    policy('web', toPod('proxy', 3128)) + squid('proxy', ALL) + exit('{ids: [nat-1]}') + intent(NAME_VIA),
    'broken',
  )
  check(
    'a workload of which nobody knows what it forwards',
    policy('web', CLOSED) + pod('gate') + exit('{ids: ["*/a/Pod/gate"]}') + intent(NAME_VIA),
    'open',
  )
  const TO_HUB = policy('web', toBlock('10.9.0.0/16'))
  check('a proxy of another cluster', TO_HUB + exit('{ids: [hub/egress/Deployment/squid]}') + intent(NAME_VIA), 'open')
  check('a proxy that was not read', TO_HUB + exit('{ids: ["*/egress/Service/squid"]}') + intent(NAME_VIA), 'open')
  check(
    'a proxy that was not read, and the direct way is open',
    policy('web', toBlock('0.0.0.0/0')) + exit('{ids: ["*/egress/Service/squid"]}') + intent(NAME_VIA),
    'met',
  )
  check(
    'a gateway that packets are routed to, of another cluster',
    TO_HUB + exit('{ids: [hub/-/CiliumEgressGatewayPolicy/out]}') + intent(NAME_VIA),
    'broken',
  )
  check(
    'a proxy that is closed, and a workload beside it by the same glob',
    policy('web', toPod('gate', 3128)) +
      squid('proxy', ALL) +
      pod('gate') +
      exit('{ids: ["*/a/Pod/*"]}') +
      intent(NAME_VIA),
    'open',
  )
})

/** `api.example.com` and whom to ask for it. Source of the pair: docs.cilium.io, "DNS based". */
const NAMED = `egress: [
  {toFQDNs: [{matchName: api.example.com}], toPorts: [{ports: [{port: "443", protocol: TCP}]}]},
  {toEndpoints: [{matchLabels: {app: dns}}], toPorts: [{ports: [{port: "53", protocol: ANY}], rules: {dns: [{matchPattern: "*"}]}}]}]`

const cilium = (name: string, selector: string, spec: string): string => `---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: ${name}, namespace: a}
spec: {endpointSelector: {matchLabels: {${selector}}}, ${spec}}
`

describe('names', () => {
  // Labels of a container runtime stand in no document: whether the policy selects the pod is open.
  const PERHAPS = '"container:app": web'
  const OTHER = '{to: {names: [other.example.com]}, ports: ["443"]}'
  check('that a rule tells', cilium('out', 'app: web', NAMED) + intent(NAME), 'met')
  check('that no rule tells', cilium('out', 'app: web', NAMED) + intent(OTHER), 'broken')
  check(
    'that a rule tells on another port',
    cilium('out', 'app: web', NAMED.replace('443', '80')) + intent(NAME),
    'broken',
  )
  check(
    'that a rule tells, with some addresses denied',
    cilium('out', 'app: web', NAMED) +
      cilium('bad', 'app: web', 'egressDeny: [{toCIDR: [203.0.113.0/24, 20.0.0.0/8]}]') +
      intent(NAME),
    'met',
  )
  check(
    'that a rule tells, where all may be denied',
    cilium('out', 'app: web', NAMED) + cilium('bad', PERHAPS, 'egressDeny: [{toEntities: [world]}]') + intent(NAME),
    'open',
  )
  // Without the policy nothing is closed.
  check('that the only rule tells, which may not count', cilium('out', PERHAPS, NAMED) + intent(NAME), 'met')
  check(
    'that a rule tells which may not count, where all else is closed',
    cilium('closed', 'app: web', 'egress: [{}]') + cilium('out', PERHAPS, NAMED) + intent(NAME),
    'open',
  )
  check('that no rule tells, where rules may not count', cilium('out', PERHAPS, NAMED) + intent(OTHER), 'open')
  check(
    'that no rule tells, where half of the internet may be open',
    cilium('out', 'app: web', NAMED) +
      cilium('more', PERHAPS, 'egress: [{toCIDR: [0.0.0.0/1], toPorts: [{ports: [{port: "443", protocol: TCP}]}]}]') +
      intent(OTHER),
    'broken',
  )
  check(
    'that no rule tells, where the whole internet may be open',
    cilium('out', 'app: web', NAMED) +
      cilium('more', PERHAPS, 'egress: [{toEntities: [world], toPorts: [{ports: [{port: "443", protocol: TCP}]}]}]') +
      intent(OTHER),
    'open',
  )
})

describe('inside the cluster', () => {
  const DB = pod('db') + service('store', 'db', 5432, 15432)
  const SERVICE = '{to: {services: [a/store]}, ports: ["5432"]}'
  check('a Service, by the port behind it', policy('web', toPod('db', 15432)) + DB + intent(SERVICE), 'met')
  check(
    'a Service by its name alone',
    policy('web', toPod('db', 15432)) + DB + intent('{to: {services: [store]}}'),
    'met',
  )
  check('only the Service’s own port is open', policy('web', toPod('db', 5432)) + DB + intent(SERVICE), 'broken')
  check('its pods take nobody', policy('db', 'policyTypes: [Ingress]') + DB + intent(SERVICE), 'broken')
  check('its pods take another', policy('db', from('other', 15432)) + DB + intent(SERVICE), 'broken')
  check(
    'some of its pods take nobody',
    pod('db') +
      pod('db2').replace('app: db2', 'app: db2, of: store') +
      pod('db3').replace('app: db3', 'app: db3, of: store') +
      service('store', 'db', 5432).replace('app: db', 'of: store') +
      policy('db2', 'policyTypes: [Ingress]') +
      intent(SERVICE),
    'partly',
  )
  check('nothing stands behind it', policy('web', CLOSED) + service('store', 'db', 5432) + intent(SERVICE), 'open')
  check(
    'it has no such port',
    policy('web', CLOSED) + DB + intent('{to: {services: [a/store]}, ports: ["80"]}'),
    'open',
  )
  check('it is not there', policy('web', CLOSED) + intent(SERVICE), 'open')
  const WORKLOAD = '{to: {workloads: [a/Pod/db]}, ports: ["15432"]}'
  check('a workload', policy('web', toPod('db', 15432)) + DB + intent(WORKLOAD), 'met')
  check('a workload that policy stops', policy('web', CLOSED) + DB + intent(WORKLOAD), 'broken')
  check(
    'a workload of which a part of the ports is open',
    policy('web', toPod('db', 15432)) + DB + intent('{to: {workloads: [c/a/db]}, ports: ["15000-16000"]}'),
    'partly',
  )
  check(
    'a workload, and a partner that policy stops',
    policy('web', toPod('db', 15432)) +
      DB +
      intent('{to: {workloads: [a/db], cidrs: [203.0.113.7]}, ports: ["15432"]}'),
    'partly',
  )
})
