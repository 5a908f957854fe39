import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { loadAll } from 'js-yaml'
import { can } from '../../src/app/can.ts'
import { reach } from '../../src/app/reach.ts'
import type { Answer } from '../../src/model/answer.ts'
import { field, type Json, text } from '../../src/model/json.ts'
import type { ReachEntry } from '../../src/model/reach.ts'
import { profileNamed } from '../../src/profiles/profiles.ts'
import { generateWorld } from '../oracle/generate.ts'
import { loadedClusters } from './clusters.ts'
import {
  clusterwidePolicy as clusterwide,
  namespace,
  networkPolicy,
  node,
  pod,
  ciliumPolicy as policy,
} from './estate.ts'

// Pods of another cluster as destinations, as docs.cilium.io, "Cluster Mesh", and pkg/policy say it.

interface Shape {
  readonly version?: string
  /** null: the settings were not read. */
  readonly id?: string | null
  /** Other clusters that the agents are told to connect to. */
  readonly connects?: readonly string[]
  readonly settings?: string
}

const agent = (name: string, { version = '1.18.2', id = '0', connects = [], settings = '' }: Shape): string => {
  const aliases = connects.map(other => `{ip: 10.9.9.9, hostnames: [${other}.mesh.cilium.io]}`).join(', ')
  const config =
    id === null
      ? ''
      : `
---
apiVersion: v1
kind: ConfigMap
metadata: {name: cilium-config, namespace: kube-system}
data: {cluster-name: ${name}, cluster-id: "${id}"${settings}}
`
  return `
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: cilium, namespace: kube-system}
spec:
  selector: {matchLabels: {k8s-app: cilium}}
  template:
    metadata: {labels: {k8s-app: cilium}}
    spec: {hostNetwork: true, hostAliases: [${aliases}], containers: [{name: agent, image: "quay.io/cilium/cilium:v${version}"}]}
${config}`
}

const FLANNEL = `
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: kube-flannel-ds, namespace: kube-flannel}
spec:
  selector: {matchLabels: {app: flannel}}
  template:
    metadata: {labels: {app: flannel}}
    spec: {hostNetwork: true, containers: [{name: f, image: "ghcr.io/flannel-io/flannel:v0.25.0"}]}
`

const NAMESPACES = namespace('default', 'team: web') + namespace('shop', 'team: shop')
const WEST =
  NAMESPACES +
  node('w1', '10.0.1.1', 'zone: a') +
  pod('web', { ip: '10.1.0.5', node: 'w1' }) +
  pod('agent', { ip: '10.0.1.1', node: 'w1', host: true })
const EAST =
  NAMESPACES +
  node('e1', '10.0.2.1', 'zone: b') +
  pod('db', { ip: '10.2.0.6', node: 'e1', ports: [{ name: 'sql', port: 5432 }] }) +
  pod('cart', { namespace: 'shop', ip: '10.2.0.7', node: 'e1' }) +
  pod('proxy', { ip: '10.0.2.1', node: 'e1', host: true })

const WEB = 'endpointSelector: {matchLabels: {app: web}}'
const DB = 'endpointSelector: {matchLabels: {app: db}}'
const to = (rule: string): string => policy(`{${WEB}, egress: [${rule}]}`)
const into = (rule: string): string => policy(`{${DB}, ingress: [${rule}]}`)

interface Pair {
  readonly west: string
  readonly east: string
}
/** Both are connected to each other. */
const mesh = (west: string, east = '', version = '1.18.2', settings = ''): Pair => ({
  west: WEST + agent('west', { version, id: '1', connects: ['east'], settings }) + west,
  east: EAST + agent('east', { version, id: '2', connects: ['west'], settings }) + east,
})
/** Settings leave room for a mesh, and nothing shows one. */
const perhaps = (west: string, east = '', version = '1.18.2'): Pair => ({
  west: WEST + agent('west', { version, id: '1' }) + west,
  east: EAST + agent('east', { version, id: '2' }) + east,
})
/** No settings were read. */
const unread = (west: string, east = ''): Pair => ({
  west: WEST + agent('west', { id: null }) + west,
  east: EAST + agent('east', { id: null }) + east,
})
const alone = (west: string, east = ''): Pair => ({
  west: WEST + agent('west', { id: '0' }) + west,
  east: EAST + agent('east', { id: '2' }) + east,
})

const OPTIONS = { profile: null, compat: null }
const ROWS = { ...OPTIONS, namespaces: [], wants: () => true, all: true }

const ask = (
  clusters: Readonly<Record<string, string>>,
  from: string,
  question: string,
  cni: string | null = null,
): Answer =>
  can(loadedClusters(clusters), from, question, { ...OPTIONS, profile: cni === null ? null : profileNamed(cni) })

/** The verdict of one question, and that of every row that speaks of the same place: they never disagree. */
const check = (
  purpose: string,
  clusters: Pair | Readonly<Record<string, string>>,
  from: string,
  question: string,
  expected: string,
  cni: string | null = null,
): void => {
  const all = clusters as Readonly<Record<string, string>>
  test(`${purpose}: ${from} to ${question} is ${expected}`, () => {
    const answer = ask(all, from, question, cni)
    assert.deepEqual(answer.diagnostics, [], 'the documents of the case themselves')
    const why = answer.parts.map(part => [part.to, part.verdict, part.because.map(one => one.says), part.unknowns])
    assert.equal(answer.verdict, expected, JSON.stringify(why))
    if (answer.verdict === 'unknown') assert.ok(answer.unknowns.length > 0, 'an unknown without a reason')
    agree(all, answer, question, cni)
  })
}

const agree = (
  clusters: Readonly<Record<string, string>>,
  answer: Answer,
  question: string,
  cni: string | null,
): void => {
  const [, id = '', port = ''] = /^(.*):(\d+)$/.exec(question) ?? []
  const { workloads } = reach(loadedClusters(clusters), { ...ROWS, profile: cni === null ? null : profileNamed(cni) })
  const rows = workloads.filter(row => row.id === answer.from).flatMap(row => row.egress ?? [])
  const holds = (entry: ReachEntry): boolean =>
    entry.traffic.some(
      ({ protocol, ports }) =>
        protocol === 'TCP' &&
        (ports ?? '').split(',').some(part => {
          const [first = '', last = first] = part.split('-')
          return Number(first) <= Number(port) && Number(port) <= Number(last)
        }),
    )
  const here = rows.filter(
    entry => entry.to.kind === 'workloads' && entry.to.ids.some(one => one.endsWith(id)) && holds(entry),
  )
  assert.ok(here.length <= 1, 'regions of a row overlap')
  for (const entry of here) assert.equal(entry.verdict, answer.verdict, 'the row says otherwise')
}

const ID = 'east/default/Pod/db:5432'
const AT = '10.2.0.6:5432'

describe('which clusters a selector means', () => {
  const toDb = to('{toEndpoints: [{matchLabels: {app: db}}]}')
  check('up to 1.18 pods of every cluster', mesh(toDb), 'web', ID, 'allowed')
  check('by its address, too', mesh(toDb), 'web', AT, 'allowed')
  check('other pods are closed', mesh(toDb), 'web', 'east/shop/Pod/cart:80', 'denied')
  check(
    'without a namespace: the policy’s own, in every cluster',
    mesh(to('{toEndpoints: [{}]}')),
    'web',
    ID,
    'allowed',
  )
  check('and no other', mesh(to('{toEndpoints: [{}]}')), 'web', 'east/shop/Pod/cart:80', 'denied')
  check('from 1.19 those of the own one', mesh(toDb, '', '1.19.0'), 'web', ID, 'denied')
  check('by its address, too', mesh(toDb, '', '1.19.0'), 'web', AT, 'denied')
  check(
    'unless a setting says otherwise',
    mesh(toDb, '', '1.19.0', ', policy-default-local-cluster: "false"'),
    'web',
    ID,
    'allowed',
  )
  check('as it can on 1.18', mesh(toDb, '', '1.18.2', ', policy-default-local-cluster: "true"'), 'web', ID, 'denied')
  const label = (value: string): string =>
    to(`{toEndpoints: [{matchLabels: {app: db, "io.cilium.k8s.policy.cluster": ${value}}}]}`)
  check('a cluster that is named', mesh(label('east'), '', '1.19.0'), 'web', ID, 'allowed')
  check('another one', mesh(label('north'), '', '1.19.0'), 'web', ID, 'denied')
  const every = to(
    '{toEndpoints: [{matchLabels: {app: db}, matchExpressions: [{key: io.cilium.k8s.policy.cluster, operator: Exists}]}]}',
  )
  check('any cluster', mesh(every, '', '1.19.0'), 'web', ID, 'allowed')
  check('a version that nobody shows', mesh(toDb, '', 'latest'), 'web', ID, 'unknown')
  check(
    'a clusterwide `{}` on 1.18',
    mesh(clusterwide(`{${WEB}, egress: [{toEndpoints: [{}]}]}`)),
    'web',
    ID,
    'allowed',
  )
  check(
    'a clusterwide `{}` on 1.19',
    mesh(clusterwide(`{${WEB}, egress: [{toEndpoints: [{}]}]}`), '', '1.19.0'),
    'web',
    ID,
    'denied',
  )
  check(
    'labels of the other cluster’s namespaces',
    mesh(to('{toEndpoints: [{matchLabels: {"k8s:io.cilium.k8s.namespace.labels.team": shop}}]}')),
    'web',
    'east/shop/Pod/cart:80',
    'allowed',
  )
})

describe('the other end', () => {
  const from = (value: string): string =>
    into(`{fromEndpoints: [{matchLabels: {app: web, "k8s:io.cilium.k8s.policy.cluster": ${value}}}]}`)
  check('it lets in a cluster by its name', mesh('', from('west'), '1.19.0'), 'web', ID, 'allowed')
  check('and no other cluster', mesh('', from('north'), '1.19.0'), 'web', ID, 'denied')
  check('pods of its own cluster alone', mesh('', into('{fromEndpoints: [{}]}'), '1.19.0'), 'web', ID, 'denied')
  check('of every cluster on 1.18', mesh('', into('{fromEndpoints: [{}]}')), 'web', ID, 'allowed')
  check(
    'both ends must allow',
    mesh(to('{toEndpoints: [{}]}'), into('{fromEndpoints: [{matchLabels: {app: x}}]}')),
    'web',
    ID,
    'denied',
  )
  const port = (number: string): string =>
    into(`{fromEndpoints: [{}], toPorts: [{ports: [{port: "${number}", protocol: TCP}]}]}`)
  check('ports of both ends', mesh(to('{toEndpoints: [{}]}'), port('5432')), 'web', ID, 'allowed')
  check('and no other port', mesh(to('{toEndpoints: [{}]}'), port('5433')), 'web', ID, 'denied')
  const sql = to('{toEndpoints: [{}], toPorts: [{ports: [{port: sql, protocol: TCP}]}]}')
  check('a port by the name that the other pod gives it', mesh(sql), 'web', ID, 'allowed')
  check('and no other', mesh(sql), 'web', 'east/default/Pod/db:5433', 'denied')
  check(
    'deny beats allow',
    mesh('', policy(`{${DB}, ingress: [{}], ingressDeny: [{fromEndpoints: [{matchLabels: {app: web}}]}]}`)),
    'web',
    ID,
    'denied',
  )
})

describe('what is not a selector', () => {
  check('a block does not match pods of a mesh', mesh(to('{toCIDR: [10.0.0.0/8]}')), 'web', ID, 'denied')
  check('by address it does not either', mesh(to('{toCIDR: [10.0.0.0/8]}')), 'web', AT, 'denied')
  check(
    'unless policy-cidr-match-mode says so',
    mesh(to('{toCIDR: [10.0.0.0/8]}'), '', '1.18.2', ', policy-cidr-match-mode: pods'),
    'web',
    ID,
    'allowed',
  )
  check('`world` is outside of the mesh', mesh(to('{toEntities: [world]}')), 'web', ID, 'denied')
  check('`cluster` is the own one', mesh(to('{toEntities: [cluster]}')), 'web', ID, 'denied')
  check(
    '`cluster-mesh` is every one, from 1.20',
    mesh(to('{toEntities: [cluster-mesh]}'), '', '1.20.1'),
    'web',
    ID,
    'allowed',
  )
  check(
    '`cluster-mesh` before: the policy is turned away',
    mesh(to('{toEntities: [cluster-mesh]}'), '', '1.19.0'),
    'web',
    ID,
    'allowed',
  )
  check('`all` is all', mesh(to('{toEntities: [all]}')), 'web', ID, 'allowed')
  check(
    'ports alone mean everything',
    mesh(to('{toPorts: [{ports: [{port: "5432", protocol: TCP}]}]}')),
    'web',
    ID,
    'allowed',
  )
  check(
    'a denied block leaves pods of a mesh alone',
    mesh(policy(`{${WEB}, egress: [{toEntities: [all]}], egressDeny: [{toCIDR: [10.2.0.0/16]}]}`)),
    'web',
    ID,
    'allowed',
  )
  check(
    'denied pods are denied in every cluster',
    mesh(policy(`{${WEB}, egress: [{toEntities: [all]}], egressDeny: [{toEndpoints: [{matchLabels: {app: db}}]}]}`)),
    'web',
    ID,
    'denied',
  )
})

describe('NetworkPolicy in a mesh', () => {
  const egress = (peer: string): string =>
    networkPolicy(`{podSelector: {}, policyTypes: [Egress], egress: [{to: [${peer}]}]}`)
  check('a podSelector means its namespace in every cluster', mesh(egress('{podSelector: {}}')), 'web', ID, 'allowed')
  check('on 1.18', mesh(egress('{podSelector: {}}')), 'web', 'east/shop/Pod/cart:80', 'denied')
  check('from 1.19 on in its own', mesh(egress('{podSelector: {}}'), '', '1.19.0'), 'web', ID, 'denied')
  check(
    'a namespaceSelector likewise',
    mesh(egress('{namespaceSelector: {}}')),
    'web',
    'east/shop/Pod/cart:80',
    'allowed',
  )
  check('a namespaceSelector on 1.19', mesh(egress('{namespaceSelector: {}}'), '', '1.19.0'), 'web', ID, 'denied')
  const label = 'io.cilium.k8s.policy.cluster'
  check(
    'a cluster among the labels',
    mesh(egress(`{podSelector: {matchLabels: {${label}: east}}}`), '', '1.19.0'),
    'web',
    ID,
    'allowed',
  )
  check(
    'the own cluster among the labels',
    mesh(egress(`{podSelector: {matchLabels: {${label}: west}}}`), '', '1.19.0'),
    'web',
    ID,
    'denied',
  )
  check('a block does not match', mesh(egress('{ipBlock: {cidr: 10.2.0.0/16}}')), 'web', ID, 'denied')
  check(
    'no peer is every destination',
    mesh(networkPolicy('{podSelector: {}, policyTypes: [Egress], egress: [{}]}')),
    'web',
    ID,
    'allowed',
  )
})

describe('without a mesh the other pod is an address', () => {
  const toDb = to('{toEndpoints: [{matchLabels: {app: db}}]}')
  const block = to('{toCIDR: [10.2.0.0/16]}')
  check('a cluster-id of 0: a selector does not match', alone(toDb), 'web', ID, 'denied')
  check('a cluster-id of 0: a block does', alone(block), 'web', ID, 'allowed')
  check('by its address, too', alone(block), 'web', AT, 'allowed')
  check(
    'another plugin there',
    { west: WEST + agent('west', { id: '1' }) + block, east: EAST + FLANNEL },
    'web',
    ID,
    'allowed',
  )
  check(
    'another plugin there, a selector',
    { west: WEST + agent('west', { id: '1' }) + toDb, east: EAST + FLANNEL },
    'web',
    ID,
    'denied',
  )
  const same = (name: string, id: string): Pair => ({
    west: WEST + agent('west', { id: '1' }) + toDb,
    east: EAST + agent(name, { id }),
  })
  check('one name for both', same('west', '2'), 'web', ID, 'denied')
  check('one id for both', same('east', '1'), 'web', ID, 'denied')
  check('the other end sees an address outside', alone('', into('{fromEntities: [cluster]}')), 'web', ID, 'denied')
  check('of the world', alone('', into('{fromEntities: [world]}')), 'web', ID, 'allowed')
  check('in a block that holds pods and nodes', alone('', into('{fromCIDR: [10.0.0.0/14]}')), 'web', ID, 'allowed')
  check('in a block that holds pods alone', alone('', into('{fromCIDR: [10.1.0.0/16]}')), 'web', ID, 'unknown')
  check('in a block of others', alone('', into('{fromCIDR: [172.16.0.0/12]}')), 'web', ID, 'denied')
  check(
    'in a block that holds pods, which keep their address',
    {
      west: WEST + agent('west', { id: '0', settings: ', enable-ipv4-masquerade: "false"' }),
      east: EAST + agent('east', { id: '2' }) + into('{fromCIDR: [10.1.0.0/16]}'),
    },
    'web',
    ID,
    'allowed',
  )
  const plain = { west: WEST, east: EAST }
  check('no sign of any plugin', plain, 'web', ID, 'allowed')
  check(
    'no sign of any plugin, a pod of its own',
    { ...plain, east: EAST + networkPolicy('{podSelector: {}, policyTypes: [Ingress]}') },
    'web',
    ID,
    'denied',
  )
})

describe('where a mesh may be', () => {
  const toDb = to('{toEndpoints: [{matchLabels: {app: db}}]}')
  check('a selector matches in a mesh alone', perhaps(toDb), 'web', ID, 'unknown')
  check('a block matches without one', perhaps(to('{toCIDR: [10.2.0.0/16]}')), 'web', ID, 'unknown')
  check('by its address, too', perhaps(to('{toCIDR: [10.2.0.0/16]}')), 'web', AT, 'unknown')
  check('both say yes', perhaps(to('{toCIDR: [10.2.0.0/16]}, {toEndpoints: [{}]}')), 'web', ID, 'allowed')
  check('both say no', perhaps(to('{toCIDR: [172.16.0.0/12]}')), 'web', ID, 'denied')
  check('no policy', perhaps(''), 'web', ID, 'allowed')
  check('the other end closes', perhaps('', into('{}')), 'web', ID, 'denied')
  check('the other end opens to pods', perhaps('', into('{fromEndpoints: [{}]}')), 'web', ID, 'unknown')
  check('settings were not read', unread(toDb), 'web', ID, 'unknown')
  check('settings were not read, a block', unread(to('{toCIDR: [10.2.0.0/16]}')), 'web', ID, 'unknown')
  check('settings were not read, by address', unread(toDb), 'web', AT, 'unknown')
  check('settings were not read, no policy', unread(''), 'web', ID, 'allowed')
  check('settings were not read, all denied', unread(to('{}')), 'web', ID, 'denied')
  check(
    'settings were not read, a named cluster',
    unread(to('{toEndpoints: [{matchLabels: {"k8s:io.cilium.k8s.policy.cluster": east}}]}')),
    'web',
    ID,
    'unknown',
  )
  check('`cluster` is never the other one', perhaps(to('{toEntities: [cluster]}')), 'web', ID, 'denied')
  check('one of them knows the other', { ...mesh(toDb), east: perhaps('').east }, 'web', ID, 'allowed')
  check('the other one knows the sender', { ...mesh(toDb), west: perhaps(toDb).west }, 'web', ID, 'unknown')

  test('why, and what would settle it', () => {
    const { unknowns, stages } = ask({ ...perhaps(toDb) }, 'web', ID)
    const reason = unknowns.find(({ why }) => why.includes('share a mesh'))
    assert.match(reason?.why ?? '', /`west` and `east`/)
    assert.match(reason?.settledBy ?? '', /Environment/)
    assert.deepEqual(
      stages.slice(0, 2).map(({ stage, verdict }) => [stage, verdict]),
      [
        ['pod-policy', 'unknown'],
        ['peer-policy', 'allowed'],
      ],
    )
  })
  test('a declared mesh is one', () => {
    for (const members of ['[east, west]', "['*']", '[north, west]', '[east, west, 5]']) {
      const environment = `---
apiVersion: postern.dev/v1alpha1
kind: Environment
metadata: {name: prod}
spec: {clusters: ['*'], meshes: [[a, b], ${members}], owner: platform}
`
      const asked = (pair: Pair): Answer =>
        can(loadedClusters({ ...pair, west: pair.west + environment }), 'web', ID, OPTIONS)
      const told = ({ west, east }: Pair): boolean =>
        reach(loadedClusters({ east, west: west + environment }), ROWS)
          .workloads.find(({ id }) => id === 'west/default/Pod/web')
          ?.egress?.some(({ to }) => to.kind === 'workloads' && to.ids.some(id => ID.startsWith(id))) ?? false
      const isMesh = ['[east, west]', "['*']"].includes(members)
      assert.equal(asked(perhaps(toDb)).verdict, isMesh ? 'allowed' : 'unknown', members)
      assert.equal(told(unread(toDb)), isMesh, members)
    }
  })
})

describe('nodes of the other cluster', () => {
  const HOST = 'east/default/Pod/proxy:9100'
  check(
    'a pod on the host network is a node of the mesh',
    mesh(to('{toEntities: [remote-node]}')),
    'web',
    HOST,
    'allowed',
  )
  check('`cluster` has every node', mesh(to('{toEntities: [cluster]}')), 'web', HOST, 'allowed')
  check('no pod selector means it', mesh(to('{toEndpoints: [{}]}')), 'web', HOST, 'denied')
  check('no block means it', mesh(to('{toCIDR: [10.0.2.0/24]}')), 'web', HOST, 'denied')
  check('by its address', mesh(to('{toCIDR: [10.0.2.0/24]}')), 'web', '10.0.2.1:9100', 'denied')
  check('by its address, as a node', mesh(to('{toEntities: [remote-node]}')), 'web', '10.0.2.1:9100', 'allowed')
  check('the node itself', mesh(to('{toEntities: [remote-node]}')), 'web', 'east/-/Node/e1:9100', 'allowed')
  check('without a mesh it is an address', alone(to('{toCIDR: [10.0.2.0/24]}')), 'web', HOST, 'allowed')
  check('without a mesh it is no node', alone(to('{toEntities: [remote-node]}')), 'web', HOST, 'denied')
  check('perhaps a mesh', perhaps(to('{toEntities: [remote-node]}')), 'web', HOST, 'unknown')
  check(
    'a sender on the host network is a node',
    mesh('', into('{fromEntities: [remote-node]}')),
    'agent',
    ID,
    'allowed',
  )
  check('and no pod', mesh('', into('{fromEndpoints: [{}]}')), 'agent', ID, 'denied')
})

describe('what is written and not enforced', () => {
  const audit = ', policy-audit-mode: "true"'
  test('by the sender: it is allowed, and the other end sees its labels', () => {
    const pair = (label: string): Pair => ({
      west: WEST + agent('west', { id: '1', connects: ['east'], settings: audit }) + to('{}'),
      east: mesh('', into(`{fromEndpoints: [{matchLabels: {app: ${label}}}]}`)).east,
    })
    const open = ask({ ...pair('web') }, 'web', ID)
    assert.deepEqual([open.verdict, open.enforcement], ['allowed', 'not-enforced'])
    assert.equal(ask({ ...pair('other') }, 'web', ID).verdict, 'denied')
  })
})

describe('both families', () => {
  const two = (west: string): Pair => ({
    west: NAMESPACES + pod('web', { ip: 'fd00:1::5' }) + agent('west', { id: '1', connects: ['east'] }) + west,
    east: NAMESPACES + pod('db', { ip: 'fd00:2::6' }) + agent('east', { id: '2', connects: ['west'] }),
  })
  const apart = (west: string, east = ''): Pair => ({
    west: NAMESPACES + pod('web', { ip: 'fd00:1::5' }) + agent('west', {}) + west,
    east: NAMESPACES + pod('db', { ip: 'fd00:2::6' }) + agent('east', {}) + east,
  })
  const AT6 = '[fd00:2::6]:5432'
  check('a selector in a mesh', two(to('{toEndpoints: [{}]}')), 'web', ID, 'allowed')
  check('by address', two(to('{toEndpoints: [{}]}')), 'web', AT6, 'allowed')
  check('a block in a mesh', two(to('{toCIDR: ["fd00::/8"]}')), 'web', AT6, 'denied')
  check('a block without one', apart(to('{toCIDR: ["fd00::/8"]}')), 'web', ID, 'allowed')
  check('a block of the other family', apart(to('{toCIDR: ["0.0.0.0/0"]}')), 'web', ID, 'denied')
  check('the other end, from its family', apart('', into('{fromCIDR: ["::/0"]}')), 'web', ID, 'allowed')
  check('the other end, from the other one', apart('', into('{fromCIDR: ["0.0.0.0/0"]}')), 'web', ID, 'denied')
})

describe('addresses that several clusters have', () => {
  const twice = (pair: Pair): Pair => ({ ...pair, west: pair.west + pod('twin', { ip: '10.2.0.6' }) })
  check('by id, in a mesh', twice(mesh('')), 'web', ID, 'unknown')
  check('by id, without one', twice(alone('')), 'web', ID, 'unknown')
  check('what is denied either way is denied', twice(alone(to('{}'))), 'web', ID, 'denied')
  check('by address, in a mesh', twice(mesh('')), 'web', AT, 'unknown')
  check('by address, without one: it is the own cluster’s', twice(alone('')), 'web', AT, 'allowed')
  const three = (pair: Pair): Readonly<Record<string, string>> => ({
    ...pair,
    north: NAMESPACES + pod('db', { ip: '10.2.0.6' }) + agent('north', {}),
  })
  check('of two others that share no mesh: an address as the sender sees it', three(alone('')), 'web', AT, 'allowed')
  check('of two others, by id', three(alone('')), 'web', ID, 'unknown')
  check('a member of the mesh goes before a stranger', three(mesh('')), 'web', AT, 'allowed')

  test('the reason says so', () => {
    const { unknowns } = ask({ ...twice(mesh('')) }, 'web', AT)
    assert.ok(unknowns.some(({ why }) => why.includes('ambiguous')))
  })
})

describe('answers and rows', () => {
  const toDb = to('{toEndpoints: [{matchLabels: {app: db}}]}')
  const rowOf = (pair: Pair): readonly ReachEntry[] =>
    reach(loadedClusters({ ...pair }), ROWS).workloads.find(({ id }) => id === 'west/default/Pod/web')?.egress ?? []
  const tells = (entries: readonly ReachEntry[], id: string): boolean =>
    entries.some(entry => entry.to.kind === 'workloads' && entry.to.ids.includes(id))
  const covers = (entries: readonly ReachEntry[], address: string): boolean =>
    entries.some(({ to }) => to.kind === 'addresses' && to.ranges.some(range => isIn(address, range)))

  test('reasons of both clusters, with their places', () => {
    const pair = mesh(toDb, into('{fromEndpoints: [{}]}'))
    const answer = ask({ ...pair }, 'west/default/Pod/web', ID)
    const [egress, ingress] = answer.stages
    assert.deepEqual(
      [egress, ingress].map(stage => [stage?.stage, stage?.because[0]?.object, stage?.because[0]?.file]),
      [
        ['pod-policy', 'west/default/CiliumNetworkPolicy/p', 'west.yaml'],
        ['peer-policy', 'east/default/CiliumNetworkPolicy/p', 'east.yaml'],
      ],
    )
    assert.ok([egress, ingress].every(stage => (stage?.because[0]?.line ?? 0) > 1))
    assert.equal(answer.witness, '10.1.0.5 -> east/default/Pod/db:5432/TCP')
    assert.equal(answer.exit.kind, 'unknown')
  })
  test('a row tells pods of the mesh by their ids, and by no address', () => {
    const entries = rowOf(mesh(toDb))
    assert.ok(tells(entries, 'east/default/Pod/db'))
    assert.ok(tells(entries, 'east/default/Pod/proxy'))
    assert.ok(!covers(entries, '10.2.0.6'))
    assert.ok(covers(entries, '10.2.0.8'))
    assert.ok(covers(entries, '10.0.2.1'), 'a node keeps its address')
  })
  test('where settings leave room for one, too', () => {
    assert.ok(tells(rowOf(perhaps(toDb)), 'east/default/Pod/db'))
  })
  test('rows stay as they are where nothing shows one', () => {
    for (const pair of [unread(toDb), alone(toDb)]) {
      const entries = rowOf(pair)
      assert.ok(!tells(entries, 'east/default/Pod/db'))
      assert.ok(covers(entries, '10.2.0.6'))
    }
  })
  test('by class, the same', () => {
    const { classes = [], workloads } = reach(loadedClusters({ ...mesh(toDb) }), { ...ROWS, by: 'class' })
    const web = workloads.find(({ id }) => id === 'west/default/Pod/web')
    const told = classes
      .find(({ id }) => id === web?.class)
      ?.egress.filter(({ verdict }) => verdict === 'allowed')
      .flatMap(({ to }) => (to.kind === 'class' ? (classes.find(({ id }) => id === to.id)?.workloads ?? []) : []))
    assert.ok(told?.includes('east/default/Pod/db'))
  })
  test('pods that the other cluster tells apart are classes of their own', () => {
    const pair = mesh(
      pod('back', { labels: 'app: back, tier: x' }),
      into('{fromEndpoints: [{matchLabels: {tier: x}}]}'),
    )
    const { workloads } = reach(loadedClusters({ ...pair }), { ...ROWS, by: 'class' })
    const classOf = (name: string): string | undefined => workloads.find(({ id }) => id.endsWith(`Pod/${name}`))?.class
    assert.notEqual(classOf('web'), classOf('back'))
  })
  test('a name that several clusters have is several', () => {
    const pair = mesh(pod('db', { ip: '10.1.0.9' }))
    assert.throws(() => ask({ ...pair }, 'web', 'db:5432'), /`db` is several/)
  })
})

describe('every region of every row is what the question says', () => {
  const POLICIES: readonly (readonly [string, string])[] = [
    ['', ''],
    [to('{toEndpoints: [{}]}'), into('{fromEndpoints: [{}]}')],
    [to('{toCIDR: [10.0.0.0/8]}, {toEntities: [cluster]}'), into('{fromEntities: [world]}')],
    [
      to('{toEntities: [remote-node], toPorts: [{ports: [{port: "9000", endPort: 9999, protocol: TCP}]}]}'),
      into('{fromCIDR: [10.1.0.0/16]}'),
    ],
  ]
  for (const [i, [west, east]] of POLICIES.entries())
    for (const pair of [mesh(west, east), mesh(west, east, '1.19.0'), mesh(west, east, 'x'), perhaps(west, east)])
      test(`estate ${i}`, () => everyPoint({ ...pair }))
})

/** Asks for the first packet of each region of each row. */
const everyPoint = (clusters: Readonly<Record<string, string>>): void => {
  const estate = loadedClusters(clusters)
  for (const { id: from, egress } of reach(estate, ROWS).workloads)
    for (const entry of egress ?? []) {
      const [element] = entry.traffic
      if (element?.ports === undefined) continue
      const port = `${element.ports.split(/[-,]/)[0]}/${element.protocol}`
      const targets =
        entry.to.kind === 'workloads'
          ? entry.to.ids
          : entry.to.kind === 'addresses'
            ? entry.to.ranges
                .map(range => range.split('-')[0] ?? '')
                .filter(at => !at.startsWith('127.') && at !== '::1')
            : []
      for (const target of targets) {
        const asked = `${target.includes(':') ? `[${target}]` : target}:${port}`
        assert.equal(can(estate, from, asked, OPTIONS).verdict, entry.verdict, `${from} to ${asked}`)
      }
    }
}

/**
 * Where selectors mean every cluster, it does not matter in which of them a namespace lies: one cluster with all of them gives
 * pods of two namespaces the answer that two clusters of a mesh give them.
 */
test('a mesh that shares all selectors is one cluster', () => {
  const settings = (name: string, id: string, other: string): readonly unknown[] =>
    loadAll(agent(name, { id, connects: [other] })).filter(one => one !== null)
  let asked = 0
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), seed => {
      const objects = generateWorld(seed, ['kubernetes', 'cilium']).world.objects as readonly Json[]
      // These speak of the own cluster by themselves, or bring settings beside those of the mesh.
      const alone = /"cluster"|"unmanaged"|toServices|policy\.cluster|cilium-config/
      fc.pre(!objects.some(object => alone.test(JSON.stringify(object))))
      const [first = ''] = [...new Set(objects.map(namespaceOf))].filter(name => name !== '').sort()
      const part = (isFirst: boolean): readonly Json[] =>
        objects.filter(object => namespaceOf(object) === '' || (namespaceOf(object) === first) === isFirst)
      const list = (items: readonly unknown[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
      const one = loadedClusters({ all: list([...objects, ...settings('all', '1', 'none')]) })
      const two = loadedClusters({
        west: list([...part(true), ...settings('west', '1', 'east')]),
        east: list([...part(false), ...settings('east', '2', 'west')]),
      })
      const pods = one.estate.clusters[0]?.pods.filter(({ shape }) => !shape.hostNetwork) ?? []
      for (const from of pods.filter(({ ref }) => ref.namespace === first))
        for (const target of pods.filter(({ ref }) => ref.namespace !== first && ref.namespace !== 'kube-system'))
          for (const port of ['80/tcp', '53/udp']) {
            const path = ({ ref }: typeof from): string => `${ref.namespace}/Pod/${ref.name}`
            const joined = can(one, `all/${path(from)}`, `all/${path(target)}:${port}`, OPTIONS)
            const both = can(two, `west/${path(from)}`, `east/${path(target)}:${port}`, OPTIONS)
            assert.equal(both.verdict, joined.verdict, `seed ${seed}: ${path(from)} to ${path(target)}:${port}`)
            asked++
          }
    }),
    { numRuns: 25 },
  )
  assert.ok(asked > 100)
})

const namespaceOf = (object: Json): string => {
  const metadata = field(object, 'metadata')
  const isNamespace = text(field(object, 'kind')) === 'Namespace'
  return text(field(metadata, isNamespace ? 'name' : 'namespace')) ?? ''
}

const isIn = (address: string, range: string): boolean => {
  const [first = '', last = first] = range.split('-')
  if (first.includes(':')) return false
  const number = (text: string): number => text.split('.').reduce((all, part) => all * 256 + Number(part), 0)
  return number(first) <= number(address) && number(address) <= number(last)
}

test('ten thousand pods', () => {
  const many = (net: number): string =>
    Array.from({ length: 5000 }, (_, i) =>
      pod(`p${i}`, {
        ip: `10.${net}.${Math.floor(i / 250)}.${(i % 250) + 1}`,
        labels: `app: a${i % 20}, n: "${i % 7}"`,
      }),
    ).join('')
  const select = policy(
    '{endpointSelector: {matchLabels: {app: a1}}, egress: [{toEndpoints: [{matchLabels: {n: "3"}}]}]}',
  )
  const guard = policy(
    '{endpointSelector: {matchLabels: {app: a2}}, ingress: [{fromEndpoints: [{matchLabels: {n: "1"}}]}]}',
  )
  const estate = loadedClusters({
    west: many(1) + agent('west', { id: '1', connects: ['east'] }) + select,
    east: many(2) + agent('east', { id: '2', connects: ['west'] }) + guard,
  })
  const started = performance.now()
  // 122 is of `a2` and of `3`, and lets in `1` alone: 21 is of `a1` and of `0`, 1 of both.
  assert.equal(can(estate, 'west/default/Pod/p1', 'east/default/Pod/p122:80', OPTIONS).verdict, 'allowed')
  assert.equal(can(estate, 'west/default/Pod/p21', 'east/default/Pod/p122:80', OPTIONS).verdict, 'denied')
  assert.equal(can(estate, 'west/default/Pod/p1', 'east/default/Pod/p0:80', OPTIONS).verdict, 'denied')
  const { workloads } = reach(estate, { ...ROWS, by: 'class' })
  assert.equal(workloads.length, 10_002)
  assert.ok(performance.now() - started < 60_000)
})
