import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diffOf } from '../../src/app/diff.ts'
import type { DiffResult, RegionChange } from '../../src/model/diff.ts'
import type { ReachTarget } from '../../src/model/reach.ts'
import { profileNamed } from '../../src/profiles/profiles.ts'
import { loaded, namespace, networkPolicy, node, pod } from '../reach/estate.ts'

/** Pairs of estates written by hand, and the regions between them. Workloads are pods of cluster `c`, namespace `default`. */

const WEB = pod('web', { ip: '10.1.0.1' })
const DB = pod('db', { ip: '10.1.0.2' })
const NODE = node('n1', '10.9.0.1')
const WORLD = namespace('default') + NODE + WEB + DB

/** On Calico nothing that policy closes stays open for other protocols, and blocks hold pods. */
const diffOn = (cni: string, before: string, after: string): DiffResult => {
  const profile = profileNamed(cni)
  assert.ok(profile)
  const side = (source: string, yaml: string) => ({ source, loaded: loaded({ [`${source}.yaml`]: yaml }) })
  return diffOf(side('before', before), side('after', after), { profile, compat: null })
}

const textOf = ({ workload, variant, to, traffic, verdict }: RegionChange): string =>
  [
    `${workload.replace('c/default/', '')}${variant === null ? '' : ` (${variant})`} ->`,
    toText(to),
    traffic.map(one => `${one.protocol}${one.ports === undefined ? '' : ` ${one.ports}`}`).join(', '),
    ...(verdict === 'allowed' ? [] : [verdict]),
  ].join(' ')

const toText = (to: ReachTarget): string => {
  switch (to.kind) {
    case 'addresses':
      return `${to.zone} ${to.ranges.join(' ')}`
    case 'names':
      return `names ${to.patterns.join(' ')}`
    case 'workloads':
      return `workloads ${to.ids.map(id => id.replace('c/default/', '')).join(' ')}`
    case 'nodes':
      return `${to.nodes} node`
    case 'service':
    case 'class':
      return `${to.kind} ${to.id}`
    case 'apiserver':
      return to.kind
  }
}

interface Expected {
  readonly gained?: readonly string[]
  readonly lost?: readonly string[]
}

/** Both ways: what one way gains the other way loses. */
const check = (purpose: string, before: string, after: string, expected: Expected, cni = 'calico-iptables'): void => {
  test(purpose, () => {
    const forth = diffOn(cni, before, after)
    assert.deepEqual(forth.gained.map(textOf), expected.gained ?? [], 'gained')
    assert.deepEqual(forth.lost.map(textOf), expected.lost ?? [], 'lost')
    const back = diffOn(cni, after, before)
    assert.deepEqual(back.gained.map(textOf), expected.lost ?? [], 'gained, the other way')
    assert.deepEqual(back.lost.map(textOf), expected.gained ?? [], 'lost, the other way')
  })
}

const web = (rules: string): string =>
  networkPolicy(`{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [${rules}]}`)
const https = (...blocks: readonly string[]): string =>
  web(`{to: [${blocks.map(cidr => `{ipBlock: {cidr: "${cidr}"}}`).join(', ')}], ports: [{protocol: TCP, port: 443}]}`)

check('nothing changed', WORLD + https('20.0.0.0/8'), WORLD + https('20.0.0.0/8'), {})
check(
  'the same rule in another document, in other words',
  WORLD + https('20.0.0.0/8'),
  https('20.0.0.0/9', '20.128.0.0/9') + WORLD,
  {},
)

check('a block wider by one bit: exactly the other half', WORLD + https('20.0.0.0/8'), WORLD + https('20.0.0.0/7'), {
  gained: ['Pod/web -> internet 21.0.0.0-21.255.255.255 TCP 443'],
})
check('the same in IPv6', WORLD + https('2600:1::/32'), WORLD + https('2600::/31'), {
  gained: ['Pod/web -> internet 2600::-2600:0:ffff:ffff:ffff:ffff:ffff:ffff TCP 443'],
})
check(
  'a block of one family opens nothing of the other',
  WORLD + https('20.0.0.0/8'),
  WORLD + https('20.0.0.0/8', '2600::/32'),
  {
    gained: ['Pod/web -> internet 2600::-2600:0:ffff:ffff:ffff:ffff:ffff:ffff TCP 443'],
  },
)
check(
  'what the rule lets through besides is a region of each zone',
  WORLD + https('20.0.0.0/8'),
  WORLD + https('20.0.0.0/8', '169.254.169.254/32', '192.168.0.0/16'),
  {
    gained: ['Pod/web -> metadata 169.254.169.254 TCP 443', 'Pod/web -> private 192.168.0.0-192.168.255.255 TCP 443'],
  },
)
check(
  'one more port',
  WORLD + https('20.0.0.0/8'),
  WORLD + web('{to: [{ipBlock: {cidr: 20.0.0.0/8}}], ports: [{protocol: TCP, port: 443, endPort: 444}]}'),
  {
    gained: ['Pod/web -> internet 20.0.0.0-20.255.255.255 TCP 444'],
  },
)
check('one block goes and another comes', WORLD + https('20.0.0.0/8'), WORLD + https('21.0.0.0/8'), {
  gained: ['Pod/web -> internet 21.0.0.0-21.255.255.255 TCP 443'],
  lost: ['Pod/web -> internet 20.0.0.0-20.255.255.255 TCP 443'],
})

test('a policy that closes: every zone is lost, and the first policy gone everything is gained again', () => {
  const closed = WORLD + networkPolicy('{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}')
  const { gained, lost, unknowns } = diffOn('calico-iptables', WORLD, closed)
  assert.deepEqual(gained, [])
  const wheres = lost.map(({ to }) => (to.kind === 'addresses' ? to.zone : toText(to)))
  assert.deepEqual(wheres, [
    'internet',
    'link-local',
    'metadata',
    'private',
    'reserved',
    'resolver',
    'other node',
    'own node',
    'workloads Pod/db Pod/web',
  ])
  assert.deepEqual([...new Set(lost.map(region => region.workload))], ['c/default/Pod/web'])
  for (const region of lost)
    assert.deepEqual(
      region.because.map(because => because.says).slice(0, 1),
      ['no policy closes egress here'],
      'why it could leave before',
    )
  assert.equal(lost[0]?.witness, '10.1.0.1 -> 1.1.1.1:443/TCP')
  assert.deepEqual(
    unknowns.map(unknown => unknown.stage),
    ['fabric'],
  )
  assert.deepEqual(diffOn('calico-iptables', closed, WORLD).gained, lost)
})

test('each region says why it may leave, and where that stands, on its own side', () => {
  const { gained, lost } = diffOn('calico-iptables', WORLD + https('20.0.0.0/8'), `\n\n${WORLD}${https('21.0.0.0/8')}`)
  assert.deepEqual(
    [...gained, ...lost].map(({ because, exit, witness }) => [
      because.map(({ file, object, rule }) => [file, object, rule]),
      exit.kind,
      witness,
    ]),
    [
      [[['after.yaml', 'c/default/NetworkPolicy/p', 'spec.egress[0]']], 'unknown', '10.1.0.1 -> 21.0.0.0:443/TCP'],
      [[['before.yaml', 'c/default/NetworkPolicy/p', 'spec.egress[0]']], 'unknown', '10.1.0.1 -> 20.0.0.0:443/TCP'],
    ],
  )
  assert.equal((gained[0]?.because[0]?.line ?? 0) - (lost[0]?.because[0]?.line ?? 0), 2)
})

const ingress = (rules: string): string =>
  networkPolicy(`{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress], ingress: [${rules}]}`, 'in')

check(
  'a door of the other end opened: pod to pod, for those that it lets in',
  WORLD + ingress(''),
  WORLD + ingress('{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{protocol: TCP, port: 5432}]}'),
  { gained: ['Pod/web -> workloads Pod/db TCP 5432'] },
)
check(
  'nothing is gained where the sender’s own policies still close it',
  WORLD + web('') + ingress(''),
  WORLD + web('') + ingress('{from: [{podSelector: {}}], ports: [{protocol: TCP, port: 5432}]}'),
  { gained: ['Pod/db -> workloads Pod/db TCP 5432'] },
)

const closedTo = (port: number): string =>
  networkPolicy(
    `{podSelector: {}, policyTypes: [Egress, Ingress], egress: [{to: [{podSelector: {}}], ports: [{port: ${port}}]}], ingress: [{from: [{podSelector: {}}], ports: [{port: ${port}}]}]}`,
  )
check(
  'a workload more: what it reaches, and who reaches it',
  WORLD + closedTo(80),
  WORLD + closedTo(80) + pod('new', { ip: '10.1.0.3' }),
  {
    gained: [
      'Pod/db -> workloads Pod/new TCP 80',
      'Pod/new -> workloads Pod/db Pod/new Pod/web TCP 80',
      'Pod/web -> workloads Pod/new TCP 80',
    ],
  },
)
check(
  'workloads that no rule tells apart are told apart all the same',
  WORLD + closedTo(80),
  WORLD + closedTo(80) + pod('web2', { labels: 'app: web', ip: '10.1.0.9' }),
  {
    gained: [
      'Pod/db -> workloads Pod/web2 TCP 80',
      'Pod/web -> workloads Pod/web2 TCP 80',
      'Pod/web2 -> workloads Pod/db Pod/web Pod/web2 TCP 80',
    ],
  },
)
check(
  'pods with new addresses: rules are held against rules, and nobody’s address opens nothing',
  WORLD + https('10.1.0.0/16'),
  namespace('default') + NODE + pod('web', { ip: '10.1.0.77' }) + pod('db', { ip: '10.1.0.78' }) + https('10.1.0.0/16'),
  {},
)

const service = (name: string, ports: string): string => `
---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: default}
spec: {clusterIP: 10.96.0.9, selector: {app: db}, ports: [${ports}]}
`
check(
  'a Service in front of pods that let more in',
  WORLD + service('sql', '{port: 5000, targetPort: 5432}, {port: 81, targetPort: 81}') + ingress(''),
  WORLD +
    service('sql', '{port: 5000, targetPort: 5432}, {port: 81, targetPort: 81}') +
    ingress('{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{protocol: TCP, port: 5432}]}'),
  { gained: ['Pod/web -> service c/default/Service/sql TCP 5000', 'Pod/web -> workloads Pod/db TCP 5432'] },
)
check(
  'a port more of a Service',
  WORLD + service('sql', '{port: 5000, targetPort: 5432}') + closedTo(5432),
  WORLD + service('sql', '{port: 5000, targetPort: 5432}, {port: 6000, targetPort: 5432}') + closedTo(5432),
  {
    gained: ['Pod/db -> service c/default/Service/sql TCP 6000', 'Pod/web -> service c/default/Service/sql TCP 6000'],
  },
)

const named = (...patterns: readonly string[]): string => `
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: names, namespace: default}
spec:
  endpointSelector: {matchLabels: {app: web}}
  egress:
    - toEndpoints: [{matchLabels: {app: db}}]
      toPorts: [{ports: [{port: "53", protocol: UDP}], rules: {dns: [{matchPattern: "*"}]}}]
    - toFQDNs: [${patterns.map(text => (text.includes('*') ? `{matchPattern: "${text}"}` : `{matchName: ${text}}`)).join(', ')}]
      toPorts: [{ports: [{port: "443", protocol: TCP}]}]
`
check(
  'a pattern of names wider than before is told whole',
  WORLD + named('api.example.com'),
  WORLD + named('*.example.com'),
  {
    gained: ['Pod/web -> names *.example.com TCP 443'],
    lost: [],
  },
  'cilium',
)
check(
  'a name more, beside others',
  WORLD + named('*.example.com'),
  WORLD + named('*.example.com', 'api.example.com', 'example.org'),
  {
    gained: ['Pod/web -> names example.org TCP 443'],
  },
  'cilium',
)

check(
  'names taken out of a rule are lost, those that a wider pattern holds are not',
  WORLD + named('api.example.com', 'example.org', '*.example.com'),
  WORLD + named('*.example.com'),
  { lost: ['Pod/web -> names example.org TCP 443'] },
  'cilium',
)
test('a first rule about names: the name for certain, and any address only if it is one of the name', () => {
  const { gained } = diffOn(
    'cilium',
    WORLD + named().replace(/ {4}- toFQDNs[\s\S]*$/, ''),
    WORLD + named('example.org'),
  )
  const [name, ...others] = gained.toSorted(
    (a, b) => Number(a.to.kind === 'addresses') - Number(b.to.kind === 'addresses'),
  )
  assert.deepEqual(name === undefined ? null : textOf(name), 'Pod/web -> names example.org TCP 443')
  assert.equal(others.length, 6, 'a region of each zone')
  for (const region of others) {
    assert.equal(region.verdict, 'unknown')
    assert.deepEqual(
      region.unknowns.map(unknown => unknown.why),
      ['only if a name matching `example.org` resolved to it'],
    )
  }
})
test('no name is gained where the whole internet was open on its port', () => {
  const open = `
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: open, namespace: default}
spec: {endpointSelector: {matchLabels: {app: web}}, egress: [{toEntities: [world], toPorts: [{ports: [{port: "443", protocol: TCP}]}]}]}
`
  const { gained } = diffOn('cilium', WORLD + open, WORLD + named('example.org'))
  assert.deepEqual(
    gained.map(textOf).filter(text => text.includes('names')),
    [],
  )
})

check(
  'documents for one policy that differ: either may count, and what both say stays',
  WORLD + https('20.0.0.0/8'),
  WORLD + https('20.0.0.0/8') + https('21.0.0.0/8'),
  { gained: ['Pod/web -> internet 21.0.0.0-21.255.255.255 TCP 443 unknown'] },
)
const gateway = (name: string, egressIP: string): string => `
---
apiVersion: v1
kind: ConfigMap
metadata: {name: cilium-config, namespace: kube-system}
data: {enable-ipv4-egress-gateway: "true", enable-bpf-masquerade: "true", kube-proxy-replacement: "true"}
---
apiVersion: cilium.io/v2
kind: CiliumEgressGatewayPolicy
metadata: {name: ${name}}
spec:
  selectors: [{podSelector: {matchLabels: {app: web}}}]
  destinationCIDRs: [20.0.0.0/9]
  egressGateway: {nodeSelector: {matchLabels: {kubernetes.io/hostname: n1}}, egressIP: ${egressIP}}
`
test('a region that stays and leaves through another egress gateway', () => {
  const { gained, lost, exitChanged } = diffOn(
    'cilium',
    WORLD + https('20.0.0.0/8') + gateway('one', '203.0.113.7'),
    WORLD + https('20.0.0.0/8') + gateway('two', '203.0.113.8'),
  )
  assert.deepEqual([gained, lost], [[], []])
  const exit = (name: string, address: string) => ({
    kind: 'egress-gateway',
    id: `c/-/CiliumEgressGatewayPolicy/${name}`,
    sourceAddresses: [address],
  })
  assert.deepEqual(exitChanged, [
    {
      workload: 'c/default/Pod/web',
      variant: null,
      to: { kind: 'addresses', zone: 'internet', ranges: ['20.0.0.0-20.127.255.255'] },
      traffic: [{ protocol: 'TCP', ports: '443' }],
      before: exit('one', '203.0.113.7'),
      after: exit('two', '203.0.113.8'),
    },
  ])
})

test('equal sources: nothing at all', () => {
  const { gained, lost, exitChanged, inventory, unknowns } = diffOn(
    'specification',
    WORLD + https('20.0.0.0/8'),
    WORLD + https('20.0.0.0/8'),
  )
  assert.deepEqual(
    { gained, lost, exitChanged, unknowns, changes: inventory.changes },
    { gained: [], lost: [], exitChanged: [], unknowns: [], changes: [] },
  )
})

/** A pod of StatefulSet `set`, which nobody wrote down. */
const member = (n: number, labels: string): string => `
---
apiVersion: v1
kind: Pod
metadata:
  name: set-${n}
  namespace: default
  labels: {app: set, ${labels}}
  ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: set, controller: true}]
spec: {nodeName: n1, containers: [{name: c, image: x}]}
status: {podIP: 10.1.1.${n}, podIPs: [{ip: 10.1.1.${n}}], phase: Running}
`
/** As a rule without ports has it. */
const ALL = 'TCP 1-65535, UDP 1-65535, SCTP 1-65535, ICMP, ICMPv6, OTHER'
const old = (block: string): string =>
  networkPolicy(
    `{podSelector: {matchLabels: {v: old}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: ${block}}}]}]}`,
    'old',
  )
const fresh = networkPolicy('{podSelector: {matchLabels: {v: new}}, policyTypes: [Egress]}', 'new')
check(
  'pods of one workload that a rule tells apart are compared each with its like',
  WORLD + member(0, 'v: old') + member(1, 'v: new') + old('20.0.0.0/8') + fresh,
  WORLD + member(0, 'v: old') + member(1, 'v: new') + old('20.0.0.0/7') + fresh,
  { gained: [`StatefulSet/set (set-0) -> internet 21.0.0.0-21.255.255.255 ${ALL}`] },
)
check(
  'where the pods are not the same, what one of them could is what the workload could',
  WORLD + member(0, 'v: old') + member(1, 'v: new') + old('20.0.0.0/8') + fresh,
  WORLD + member(0, 'v: old') + member(2, 'v: old') + old('20.0.0.0/8') + fresh,
  {},
)
check(
  'and what none of them could is gained by each that now can',
  WORLD + member(0, 'v: old') + member(1, 'v: new') + old('20.0.0.0/8') + fresh,
  WORLD + member(0, 'v: old') + member(2, 'v: new') + old('20.0.0.0/7') + fresh,
  { gained: [`StatefulSet/set (set-0) -> internet 21.0.0.0-21.255.255.255 ${ALL}`] },
)
const shut = networkPolicy('{podSelector: {matchLabels: {app: set}}, policyTypes: [Ingress]}', 'shut')
check(
  'a destination opened on one of its pods is a destination opened',
  WORLD + member(0, 'v: old') + member(1, 'v: new') + shut,
  WORLD +
    member(0, 'v: old') +
    member(1, 'v: new') +
    shut +
    networkPolicy('{podSelector: {matchLabels: {v: new}}, ingress: [{ports: [{port: 90}]}]}', 'in'),
  {
    gained: [
      'Pod/db -> workloads StatefulSet/set TCP 90',
      'Pod/web -> workloads StatefulSet/set TCP 90',
      'StatefulSet/set (set-0) -> workloads StatefulSet/set TCP 90',
      'StatefulSet/set (set-1) -> workloads StatefulSet/set TCP 90',
    ],
  },
)
