import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Answer, Stage } from '../../src/model/answer.ts'
import { dumpNamed } from './dump.ts'

/** What the mesh of a dump adds to what its policies say. */
const { ask, skip } = dumpNamed('eks-prod-eu')
const meshOf = (answer: Answer): Stage | undefined => answer.stages.find(({ stage }) => stage === 'mesh')

/** `word` is the mesh's own; what policies say is `verdict`, and no mesh denies. */
const check = (
  flaw: string,
  from: string,
  to: string,
  verdict: Answer['verdict'],
  word: Stage['verdict'],
  because: string,
): void => {
  test(`${flaw}: ${from} to ${to} is ${verdict}, by the mesh ${word}`, { skip }, () => {
    const answer = ask(from, to)
    const mesh = meshOf(answer)
    assert.deepEqual([answer.verdict, mesh?.verdict], [verdict, word], JSON.stringify(mesh?.because))
    const reasons = mesh?.because.map(({ object, rule, says }) => `${object} ${rule} ${says}`) ?? []
    assert.ok(
      reasons.some(reason => reason.includes(because)),
      `${because} is no reason among ${reasons.join('; ')}`,
    )
  })
}

// The mesh is REGISTRY_ONLY, and the Sidecar of the namespace lets everything out again.
const OPENED = 'payments/Sidecar/default spec.outboundTrafficPolicy'
check('E38', 'payments/checkout-api', '203.0.113.200:443', 'allowed', 'allowed', OPENED)
check('E38', 'payments/ledger-api', '203.0.113.10:22', 'denied', 'allowed', OPENED)
check('E38', 'payments/invoice-sender', '203.0.113.99:587', 'allowed', 'allowed', OPENED)
check('E04', 'payments/legacy-batch', '198.51.100.40:21', 'allowed', 'allowed', 'no proxy of a mesh runs in it')
const EXCLUDED = 'metadata.annotations.traffic.sidecar.istio.io/excludeOutboundIPRanges'
check('E09', 'payments/fraud-scorer', '203.0.113.9:443', 'denied', 'allowed', EXCLUDED)
// REGISTRY_ONLY where no sidecar runs.
check('E39', 'data/warehouse-loader', '203.0.113.9:443', 'allowed', 'allowed', 'no proxy of a mesh runs in it')
check('E39', 'data/kafka', '203.0.113.9:443', 'denied', 'allowed', 'no proxy of a mesh runs in it')
check('R', 'platform/packet-tap', '203.0.113.9:443', 'allowed', 'allowed', 'host network')
check('R', 'ci/runner', '203.0.113.9:25', 'allowed', 'allowed', 'no proxy of a mesh runs in it')
check('R', 'istio-egress/istio-egressgateway', '203.0.113.9:443', 'allowed', 'allowed', 'is a gateway of the mesh')
// Only one workload takes the gateway, and only for one of the two entries.
const GATEWAY = 'eks-prod-eu/istio-egress/Deployment/istio-egressgateway'

test('E41: checkout-api leaves to api.stripe.com through the egress gateway, by consent', { skip }, () => {
  const answer = ask('payments/checkout-api', 'api.stripe.com:443')
  assert.deepEqual([answer.verdict, answer.enforcement], ['allowed', 'cooperative'])
  assert.deepEqual(answer.exit, { kind: 'egress-gateway', id: GATEWAY, sourceAddresses: [] })
  const objects = meshOf(answer)?.because.map(({ object }) => object)
  assert.ok(objects?.includes('eks-prod-eu/payments/VirtualService/stripe-via-egress'))
  assert.ok(objects?.includes('eks-prod-eu/istio-egress/Gateway/egress-stripe'))
})

for (const [from, to] of [
  ['payments/checkout-api', 'api.partner-bank.example.com:443'],
  ['payments/checkout-api', 'files.objects.example.net:443'],
  ['payments/payment-gateway', 'api.stripe.com:443'],
] as const)
  test(`E41: ${from} does not take the gateway to ${to}`, { skip }, () => {
    const answer = ask(from, to)
    assert.deepEqual([answer.exit.kind, meshOf(answer)?.hops], ['unknown', []])
  })
