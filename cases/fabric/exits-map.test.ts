import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type ReportReachOptions, reachForReport } from '../../src/app/report-reach.ts'
import type { ExitsMap } from '../../src/model/exits-map.ts'
import { profileNamed } from '../../src/profiles/profiles.ts'
import { loaded } from '../reach/estate.ts'
import { base, type Output } from './aws.ts'

// The map of exits of two workloads over the network of `base()`: one on a node that leaves by a NAT gateway, one on a public one.

const node = (name: string, machine: string, address: string): string =>
  `apiVersion: v1\nkind: Node\nmetadata: { name: ${name} }\nspec: { providerID: "aws:///eu-west-1a/${machine}" }\nstatus: { addresses: [{ type: InternalIP, address: ${address} }] }\n---\n`
const pod = (name: string, on: string, address: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }\nspec: { nodeName: ${on}, containers: [{ name: a, image: a }] }\nstatus: { podIP: ${address}, podIPs: [{ ip: ${address} }] }\n---\n`
const NODES = node('public', 'i-public', '10.0.1.10') + node('private', 'i-private', '10.0.2.10')
const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n---\n'
/** Nobody may leave but over TCP 443 to one range of the internet. */
const POLICY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: some, namespace: shop }
spec: { podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 11.1.0.0/16 } }], ports: [{ protocol: TCP, port: 443 }] }] }
---
`
const CLUSTER =
  NODES + NAMESPACE + pod('inner', 'private', '10.244.2.5') + pod('outer', 'public', '10.244.1.5') + POLICY

const intent = (workload: string, cidr: string): string => `apiVersion: postern.dev/v1alpha1
kind: EgressIntent
metadata: { name: partners }
spec:
  from: { workloads: ["${workload}"] }
  allow:
    - to: { cidrs: [${cidr}] }
      ports: [443/TCP]
      owner: team-shop
      justification: partners
      reviewBy: 2027-02-01
---
`

const OPTIONS: ReportReachOptions = {
  profile: null,
  compat: null,
  namespaces: [],
  selector: null,
  findings: [],
  all: true,
  now: '2026-11-20',
}

const mapOf = (yaml: string, output: Output | null, profile: string | null = null): ExitsMap => {
  const network = Object.entries(output ?? {}).map(([key, list]) => [`${key}.json`, JSON.stringify({ [key]: list })])
  return reachForReport(loaded({ 'cluster.yaml': yaml, ...Object.fromEntries(network) }), {
    ...OPTIONS,
    profile: profile === null ? null : profileNamed(profile),
  }).exits
}

/** Links to the internet alone: what other protocols do hangs on the network plugin, which is not known here. */
const linksOf = ({ exits, scenes }: ExitsMap): readonly string[] =>
  (scenes[0]?.links ?? [])
    .filter(({ perhaps, workloads }) => perhaps < workloads)
    .map(({ exit, state, workloads }) => {
      const { kind, id, addresses } = exits[exit] ?? assert.fail()
      return [workloads, kind, id, addresses.join(), state].join(' ')
    })

describe('the map of exits', () => {
  test('follows each workload to its own gateway', () => {
    const map = mapOf(CLUSTER, base())
    assert.deepEqual(linksOf(map), [
      '1 internet-gateway aws:internet-gateway/igw-1 198.51.100.10 ',
      '1 nat aws:nat-gateway/nat-1 198.51.100.1 ',
    ])
    assert.deepEqual([map.networkWasRead, map.intents, map.workloads, map.leaving], [true, 0, 2, 2])
  })
  test('without a network nothing beyond the cluster is known, and it says so', () => {
    const map = mapOf(CLUSTER, null)
    assert.equal(map.networkWasRead, false)
    assert.deepEqual(linksOf(map), ['2 unknown   '])
    assert.match(map.exits[0]?.unknowns[0]?.why ?? '', /no document of the network/)
    assert.match(map.exits[0]?.unknowns[0]?.settledBy ?? '', /saved output/)
  })
  test('what is declared for one workload is not declared for the other', () => {
    const declared = (text: string): readonly (string | undefined)[] =>
      linksOf(mapOf(CLUSTER + text, base(), 'calico')).map(line => line.split(' ').at(-1))
    // `outer` leaves by the internet gateway, which comes first, `inner` by the NAT gateway.
    assert.deepEqual(declared(intent('inner', '11.1.0.0/16')), ['undeclared', 'declared'])
    assert.deepEqual(declared(intent('outer', '11.1.0.0/16')), ['declared', 'undeclared'])
    assert.deepEqual(declared(intent('outer', '11.1.0.0/17')), ['undeclared', 'undeclared'])
    assert.deepEqual(declared(intent('*', '11.0.0.0/8')), ['declared', 'declared'])
    assert.deepEqual(declared(intent('*', '11.0.0.0/8').replace('443', '8443')), ['undeclared', 'undeclared'])
    assert.deepEqual(
      declared(intent('*', '11.0.0.0/8').replace('2027-02-01', '2027-02-01\n      expires: 2026-11-19')),
      ['undeclared', 'undeclared'],
    )
  })
  test('who is on the host network is held against nothing', () => {
    const host = CLUSTER.replaceAll('containers', 'hostNetwork: true, containers')
    const states = linksOf(mapOf(host + intent('*', '11.1.0.0/16'), base())).map(line => line.split(' ').at(-1))
    assert.deepEqual([...new Set(states)], ['unjudged'])
  })
})
