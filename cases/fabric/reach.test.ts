import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { can } from '../../src/app/can.ts'
import { type ReachQuestion, reachOf } from '../../src/app/reach-question.ts'
import type { ReachEntry, WorkloadReach } from '../../src/model/reach.ts'
import { readRanges } from '../../src/sets/address-text.ts'
import { bothFamilies } from '../../src/sets/addresses.ts'
import { loaded } from '../reach/estate.ts'
import { base, type Output } from './aws.ts'

// Rows go on through the network under the nodes of their pods, with the exit and the addresses that the world sees.

const node = (name: string, machine: string, address: string): string =>
  `apiVersion: v1\nkind: Node\nmetadata: { name: ${name} }\nspec: { providerID: "aws:///eu-west-1a/${machine}" }\nstatus: { addresses: [{ type: InternalIP, address: ${address} }] }\n---\n`

const agent = (on: string, address: string, more = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: agent-${on}, namespace: shop, labels: { app: agent }, ownerReferences: [{ apiVersion: apps/v1, kind: DaemonSet, name: agent, controller: true }] }\nspec: { nodeName: ${on}, ${more} containers: [{ name: a, image: a }] }\nstatus: { podIP: ${address}, podIPs: [{ ip: ${address} }] }\n---\n`

const NODES = node('public', 'i-public', '10.0.1.10') + node('private', 'i-private', '10.0.2.10')
const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n---\n'
const AGENTS = NODES + NAMESPACE + agent('public', '10.244.1.5') + agent('private', '10.244.2.5')

const ASKED: ReachQuestion = {
  profile: null,
  compat: null,
  by: 'workload',
  namespaces: [],
  selector: null,
  from: null,
  all: false,
}

const estate = (yaml: string, output: Output) =>
  loaded({
    'cluster.yaml': yaml,
    ...Object.fromEntries(
      Object.entries(output).map(([key, list]) => [`${key}.json`, JSON.stringify({ [key]: list })]),
    ),
  })

const rows = (yaml: string, question: Partial<ReachQuestion> = {}, output = base()): readonly WorkloadReach[] =>
  reachOf(estate(yaml, output), { ...ASKED, ...question }).workloads

/** The entry that holds TCP to an address; null: none does. */
const holding = ({ egress = [] }: WorkloadReach, address: string): ReachEntry | null => {
  const asked = readRanges([address])
  assert.equal(asked.kind, 'read')
  const found = egress.filter(({ to, traffic }) => {
    if (!traffic.some(({ protocol }) => protocol === 'TCP')) return false
    const ranges = to.kind === 'addresses' ? readRanges(to.ranges) : null
    return ranges?.kind === 'read' && asked.kind === 'read' && bothFamilies.isSubset(asked.value, ranges.value)
  })
  assert.ok(found.length <= 1, `${address} is in one region`)
  return found[0] ?? null
}

const told = (entry: ReachEntry | null): string =>
  entry === null
    ? 'none'
    : [entry.verdict, entry.exit.kind, entry.exit.id?.split('/')[1] ?? '', ...entry.exit.sourceAddresses]
        .filter(Boolean)
        .join(' ')

describe('rows through the network', () => {
  test('pods that leave otherwise are rows of their own', () => {
    const all = rows(AGENTS)
    assert.deepEqual(
      all.map(({ variant, pods }) => [variant, pods]),
      [
        ['on private', 1],
        ['on public', 1],
      ],
    )
    assert.deepEqual(
      all.map(row => told(holding(row, '203.0.113.9'))),
      ['allowed nat nat-1 198.51.100.1', 'allowed internet-gateway igw-1 198.51.100.10'],
    )
    // Neither table has a route for IPv6 outside.
    assert.deepEqual(
      all.map(row => told(holding(row, '2606:4700::1'))),
      ['none', 'none'],
    )
    assert.equal(new Set(all.map(row => row.class)).size, 2)
  })
  test('what the network stops is told with --all', () => {
    const [row] = rows(AGENTS, { all: true })
    assert.equal(told(holding(row as WorkloadReach, '2606:4700::1')), 'denied blackhole')
  })
  test('the hops stand in the order in which a packet meets them', () => {
    const [row] = rows(AGENTS)
    const entry = holding(row as WorkloadReach, '203.0.113.9')
    assert.deepEqual(
      entry?.path.map(({ hop, id }) => `${hop} ${id.split('/').at(-1)}`),
      [
        'node private',
        'interface eni-private',
        'subnet subnet-private',
        'route-table rtb-private',
        'gateway nat-1',
        'subnet subnet-public',
        'route-table rtb-public',
        'gateway igw-1',
      ],
    )
    assert.ok(entry?.unknowns.every(({ stage }) => stage !== 'fabric'))
  })
  test('pods that leave the same way are one row', () => {
    const one =
      NODES +
      NAMESPACE +
      agent('private', '10.244.2.5') +
      agent('private', '10.244.2.6').replace('agent-private', 'other')
    assert.deepEqual(
      rows(one).map(({ variant, pods }) => [variant, pods]),
      [[null, 2]],
    )
  })
  test('pods on the host network leave as their node', () => {
    const host = NODES + NAMESPACE + agent('public', '10.0.1.10', 'hostNetwork: true,')
    const [row] = rows(host)
    assert.equal(told(holding(row as WorkloadReach, '203.0.113.9')), 'allowed internet-gateway igw-1 198.51.100.10')
  })
  test('policy and network are both asked', () => {
    const policy =
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: some, namespace: shop }\nspec: { podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 203.0.113.0/25 } }] }] }\n'
    const [row] = rows(AGENTS + policy)
    assert.equal(told(holding(row as WorkloadReach, '203.0.113.9')), 'allowed nat nat-1 198.51.100.1')
    assert.equal(holding(row as WorkloadReach, '203.0.113.200'), null)
  })
  test('by class: workloads that leave otherwise share no row', () => {
    const result = reachOf(estate(AGENTS, base()), { ...ASKED, by: 'class' })
    const told = result.classes?.filter(({ egress }) => egress.length > 0) ?? []
    assert.equal(told.length, 2)
  })
  test('a node that nothing joins says so', () => {
    const [row] = rows(node('lost', 'i-lost', '10.0.7.7') + NAMESPACE + agent('lost', '10.244.7.5'))
    const entry = holding(row as WorkloadReach, '203.0.113.9')
    assert.equal(told(entry), 'allowed unknown')
    assert.ok(entry?.unknowns.some(({ why }) => why.includes('no document joins')))
  })
  test('a question about pods that leave otherwise is answered for each', () => {
    const answer = can(estate(AGENTS, base()), 'shop/DaemonSet/agent', '203.0.113.9:443/tcp', ASKED)
    assert.equal(answer.verdict, 'allowed')
    assert.deepEqual(
      answer.parts.map(({ variant }) => variant),
      ['on private', 'on public'],
    )
    assert.equal(answer.exit.kind, 'unknown', 'the parts leave by two')
  })
})

// A pod with an address of the network itself, which its machine's interface holds beside the machine's own public one.
describe('a pod’s own address', () => {
  const [open, ...others] = base()['NetworkInterfaces'] ?? []
  const holding77 = {
    ...base(),
    NetworkInterfaces: [
      {
        ...open,
        PrivateIpAddresses: [
          ...((open as { PrivateIpAddresses: readonly object[] }).PrivateIpAddresses ?? []),
          { PrivateIpAddress: '10.0.1.77' },
        ],
      },
      ...others,
    ],
  } as Output
  const plugin = (env: string): string =>
    `apiVersion: apps/v1\nkind: DaemonSet\nmetadata: { name: aws-node, namespace: kube-system }\nspec: { selector: { matchLabels: { k8s-app: aws-node } }, template: { metadata: { labels: { k8s-app: aws-node } }, spec: { hostNetwork: true, containers: [{ name: aws-node, image: a, env: [${env}] }] } } }\n---\n`
  const leaving = (env: string | null, to = '203.0.113.9'): string => {
    const yaml = NODES + NAMESPACE + agent('public', '10.0.1.77') + (env === null ? '' : plugin(env))
    const row = rows(yaml, { all: true }, holding77).find(({ name }) => name === 'agent')
    return told(holding(row as WorkloadReach, to))
  }
  test('is open where nobody says whether it is exchanged', () => assert.equal(leaving(null), 'unknown unknown'))
  test('is exchanged for the node’s outside the network', () =>
    assert.equal(leaving(''), 'allowed internet-gateway igw-1 198.51.100.10'))
  test('is kept where the plugin is told so: nobody outside takes it', () => {
    assert.equal(leaving('{ name: AWS_VPC_K8S_CNI_EXTERNALSNAT, value: "true" }'), 'denied blackhole')
    assert.equal(
      leaving('{ name: AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS, value: "203.0.113.0/24,198.18.0.0/15" }'),
      'denied blackhole',
    )
    assert.equal(
      leaving('{ name: AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS, value: "198.18.0.0/15" }'),
      'allowed internet-gateway igw-1 198.51.100.10',
    )
  })
  test('is open where the setting comes from elsewhere', () =>
    assert.equal(
      leaving('{ name: AWS_VPC_K8S_CNI_EXTERNALSNAT, valueFrom: { configMapKeyRef: { name: a, key: b } } }'),
      'unknown unknown',
    ))
})

test('addresses of the network are a zone of their own', () => {
  const zoneOf = (address: string): string => {
    const to = holding(rows(AGENTS)[0] as WorkloadReach, address)?.to
    return to?.kind === 'addresses' ? to.zone : 'none'
  }
  assert.equal(zoneOf('10.0.3.77'), 'network')
  assert.equal(zoneOf('203.0.113.9'), 'reserved')
})
