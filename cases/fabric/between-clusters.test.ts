import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { can } from '../../src/app/can.ts'
import { inPlace } from '../../src/app/load.ts'
import type { Answer } from '../../src/model/answer.ts'
import { loadedClusters } from '../reach/clusters.ts'
import { base, type Output } from './aws.ts'

// From one cluster to another: the policy of the one, the network between them, the policy of the other.

const node = (name: string, machine: string, address: string): string =>
  `apiVersion: v1\nkind: Node\nmetadata: { name: ${name} }\nspec: { providerID: "aws:///eu-west-1a/${machine}" }\nstatus: { addresses: [{ type: InternalIP, address: ${address} }] }\n---\n`

const pod = (name: string, on: string, address: string, isOnHost: boolean): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }\nspec: { nodeName: ${on}, hostNetwork: ${isOnHost}, containers: [{ name: a, image: a }] }\nstatus: { podIP: ${address}, podIPs: [{ ip: ${address} }] }\n---\n`

const SHOP = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n---\n'

/** A pod on `i-private` (10.0.2.10) of one cluster, and one on the network of `i-public` (10.0.1.10) of the other. */
const ask = (output: Output, { one = '', two = '' } = {}): Answer => {
  const network = Object.entries(output)
    .map(([key, list]) => JSON.stringify({ [key]: list }))
    .join('\n---\n')
  const { estate, lineOf } = loadedClusters({
    one: `${SHOP}${node('n1', 'i-private', '10.0.2.10')}${pod('web', 'n1', '10.244.2.5', false)}${one}`,
    two: `${SHOP}${node('n2', 'i-public', '10.0.1.10')}${pod('api', 'n2', '10.0.1.10', true)}${two}`,
    network,
  })
  return can({ estate: inPlace(estate), lineOf }, 'one/shop/Pod/web', 'two/shop/Pod/api:443/tcp', {
    profile: null,
    compat: null,
  })
}

const stages = ({ stages: all }: Answer): Readonly<Record<string, string>> =>
  Object.fromEntries(all.map(({ stage, verdict }) => [stage, verdict]))

/** The group of the base lets its members in, of which both machines are. */
const OPEN = base()
/** As `OPEN`, and nobody is let in. */
const CLOSED: Output = {
  ...OPEN,
  SecurityGroups: [{ ...OPEN['SecurityGroups']?.[0], IpPermissions: [] }],
}

const DENY =
  'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: closed, namespace: shop }\nspec: { podSelector: {}, policyTypes: [Egress] }\n---\n'

describe('from one cluster to another', () => {
  test('policy and network let it pass, and the network is the way out', () => {
    const answer = ask(OPEN)
    assert.equal(answer.verdict, 'allowed')
    assert.deepEqual(answer.exit, { kind: 'peer-network', id: 'aws:vpc/vpc-1', sourceAddresses: [] })
    assert.equal(stages(answer)['fabric'], 'allowed')
    assert.equal(stages(answer)['pod-policy'], 'allowed')
  })
  test('what the filters of the other machine do not let in is denied', () => {
    const answer = ask(CLOSED)
    assert.equal(answer.verdict, 'denied')
    assert.equal(stages(answer)['fabric'], 'denied')
    assert.equal(stages(answer)['pod-policy'], 'allowed')
    const reasons = answer.stages.flatMap(({ because }) => because.map(({ object }) => object))
    assert.ok(reasons.includes('aws:security-group/sg-1'))
  })
  test('what policy stops is stopped, whatever the network says', () => {
    const answer = ask(OPEN, { one: DENY })
    assert.equal(answer.verdict, 'denied')
    assert.equal(stages(answer)['pod-policy'], 'denied')
    assert.equal(stages(answer)['fabric'], 'allowed')
  })
  test('without a document of the network its stage is not assessed', () => {
    const answer = ask({})
    assert.equal(answer.verdict, 'allowed')
    assert.equal(stages(answer)['fabric'], 'not-assessed')
  })
})
