import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { can } from '../../src/app/can.ts'
import type { Answer } from '../../src/model/answer.ts'
import { loaded } from '../reach/estate.ts'
import { base, type Output, told } from './aws.ts'

// A workload's question goes on through the network under its node. Expected answers follow from the two by themselves.

const node = (name: string, machine: string, address: string): string =>
  `apiVersion: v1\nkind: Node\nmetadata: { name: ${name} }\nspec: { providerID: "aws:///eu-west-1a/${machine}" }\nstatus: { addresses: [{ type: InternalIP, address: ${address} }] }\n---\n`

const pod = (name: string, on: string, address: string, more = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }\nspec: { nodeName: ${on}, ${more} containers: [{ name: a, image: a }] }\nstatus: { podIP: ${address}, podIPs: [{ ip: ${address} }] }\n---\n`

const CLUSTER =
  node('public', 'i-public', '10.0.1.10') +
  node('private', 'i-private', '10.0.2.10') +
  node('lost', 'i-lost', '10.0.7.7') +
  pod('edge', 'public', '10.244.1.5') +
  pod('web', 'private', '10.244.2.5') +
  pod('stray', 'lost', '10.244.7.5') +
  'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n---\n'

const CLOSED =
  'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: closed, namespace: shop }\nspec: { podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 203.0.113.0/25 } }] }] }\n'

const ask = (from: string, to: string, more = '', output: Output = base()): Answer => {
  const files = Object.entries(output).map(([key, list]): [string, string] => [
    `${key}.json`,
    JSON.stringify({ [key]: list }),
  ])
  const estate = loaded({ 'cluster.yaml': CLUSTER + more, ...Object.fromEntries(files) })
  return can(estate, from, to, { profile: null, compat: null })
}

const stageOf = ({ stages }: Answer, name: string): string | undefined =>
  stages.find(({ stage }) => stage === name)?.verdict

describe('a pod, its node, and the network', () => {
  test('it leaves as its node does', () => {
    assert.equal(told(ask('shop/Pod/edge', '203.0.113.9:443/tcp')), 'allowed internet-gateway igw-1 198.51.100.10')
    assert.equal(told(ask('shop/Pod/web', '203.0.113.9:443/tcp')), 'allowed nat nat-1 198.51.100.1')
  })
  test('what policy lets go may have no way', () => {
    const answer = ask('shop/Pod/edge', '[2606:4700::1]:443/tcp')
    assert.equal(answer.verdict, 'denied')
    assert.equal(stageOf(answer, 'pod-policy'), 'allowed')
    assert.equal(stageOf(answer, 'fabric'), 'denied')
    assert.deepEqual(answer.openedBy, [], 'no policy holds it')
  })
  test('what policy stops is stopped, and the network is told all the same', () => {
    const answer = ask('shop/Pod/web', '203.0.113.200:443/tcp', CLOSED)
    assert.equal(answer.verdict, 'denied')
    assert.equal(stageOf(answer, 'pod-policy'), 'denied')
    assert.equal(stageOf(answer, 'fabric'), 'allowed')
    assert.deepEqual(answer.openedBy, [{ object: 'c/shop/NetworkPolicy/closed', verdict: 'allowed' }])
  })
  test('a block that both cut is told part by part', () => {
    const { verdict, parts } = ask('shop/Pod/web', '203.0.113.0/24:443/tcp', CLOSED)
    assert.equal(verdict, 'mixed')
    assert.deepEqual(
      parts.map(part => [part.verdict, part.to.kind === 'addresses' ? part.to.ranges : []]),
      [
        ['allowed', ['203.0.113.0-203.0.113.127']],
        ['denied', ['203.0.113.128-203.0.113.255']],
      ],
    )
  })
  test('a node that no document joins leaves the stage open, and the verdict alone', () => {
    const answer = ask('shop/Pod/stray', '203.0.113.9:443/tcp')
    assert.equal(answer.verdict, 'allowed')
    assert.equal(stageOf(answer, 'fabric'), 'not-assessed')
    assert.equal(answer.exit.kind, 'unknown')
  })
  // Source: Amazon EKS User Guide, “Security groups for Pods”: enforcing mode `strict`, the default, and `standard`.
  describe('a pod with an interface of its own, whose filters let nothing out', () => {
    const output = base()
    const [open, , plain] = (output['NetworkInterfaces'] ?? []) as readonly object[]
    const branch = {
      ...plain,
      NetworkInterfaceId: 'eni-branch',
      Attachment: undefined,
      Groups: [{ GroupId: 'sg-closed' }],
      PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: '10.0.3.77' }],
    }
    const closed = { GroupId: 'sg-closed', VpcId: 'vpc-1', IpPermissions: [], IpPermissionsEgress: [] }
    const with77 = {
      ...output,
      NetworkInterfaces: [open, (output['NetworkInterfaces'] ?? [])[1], branch],
      SecurityGroups: [...(output['SecurityGroups'] ?? []), closed],
    } as Output
    const from = (more: string): Answer =>
      ask('shop/Pod/native', '203.0.113.9:443/tcp', pod('native', 'private', '10.0.3.77') + more, with77)
    const plugin = (env: string): string =>
      `apiVersion: apps/v1\nkind: DaemonSet\nmetadata: { name: aws-node, namespace: kube-system }\nspec: { selector: { matchLabels: { k8s-app: aws-node } }, template: { metadata: { labels: { k8s-app: aws-node } }, spec: { hostNetwork: true, containers: [{ name: aws-node, image: a, env: [${env}] }] } } }\n---\n`
    test('is open where nobody says how the plugin is set', () => {
      const answer = from('')
      assert.equal(answer.verdict, 'unknown')
      assert.ok(answer.unknowns.some(({ why }) => why.includes('exchanged for its node')))
    })
    test('is held by them, as the plugin is set by itself', () => assert.equal(from(plugin('')).verdict, 'denied'))
    test('leaves as its node where the plugin is told so', () =>
      assert.equal(
        told(from(plugin('{ name: POD_SECURITY_GROUP_ENFORCING_MODE, value: standard }'))),
        'allowed nat nat-1 198.51.100.1',
      ))
  })
  test('without any document of the network nothing is claimed of it', () => {
    const answer = ask('shop/Pod/web', '203.0.113.9:443/tcp', '', {})
    assert.equal(told(answer), 'allowed unknown')
    assert.equal(stageOf(answer, 'fabric'), 'not-assessed')
  })
})
