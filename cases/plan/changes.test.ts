import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PlanResult } from '../../src/model/plan.ts'
import { approved, judge, judged, NETWORK, outward, planOf, type Resources, route, without } from './plans.ts'

// What plans open and close, by hand.

const OUT: Resources = { ...NETWORK, 'aws_route.out': route('rtb-1', '0.0.0.0/0', { nat_gateway_id: 'nat-1' }) }

/** Access lists that let everything pass, so that nothing of the network is open. */
const ACL: Resources = {
  'aws_network_acl.all': {
    values: {
      id: 'acl-1',
      vpc_id: 'vpc-1',
      subnet_ids: ['subnet-1', 'subnet-2'],
      egress: [{ rule_no: 100, action: 'allow', protocol: '-1', cidr_block: '0.0.0.0/0', from_port: 0, to_port: 0 }],
      ingress: [{ rule_no: 100, action: 'allow', protocol: '-1', cidr_block: '0.0.0.0/0', from_port: 0, to_port: 0 }],
    },
  },
}

const between = (before: Resources, after: Resources): PlanResult =>
  judged({ 'plan.json': planOf({ ...ACL, ...before }, { ...ACL, ...after }) })

test('a plan that changes nothing says nothing', () => {
  const { guardrails, gained, lost, unresolved, changes } = between(OUT, OUT)
  assert.deepEqual(
    { guardrails, gained, lost, unresolved, changes },
    { guardrails: [], gained: [], lost: [], unresolved: [], changes: 0 },
  )
})

test('tags alone change nothing', () => {
  const tagged = {
    ...OUT,
    'aws_subnet.private': { values: { ...OUT['aws_subnet.private']?.values, tags: { Name: 'a' } } },
  }
  const { guardrails, gained, lost, changes } = between(OUT, tagged)
  assert.deepEqual([guardrails, gained, lost, changes], [[], [], [], 1])
})

test('a route opens, and is what decides', () => {
  const { gained, lost, unresolved } = between(NETWORK, OUT)
  assert.deepEqual(outward(gained), ['aws:subnet/subnet-1 allowed nat aws:nat-gateway/nat-1 because aws_route.out'])
  assert.deepEqual([lost, unresolved], [[], []])
  const [first] = gained
  assert.equal(first?.witness, 'aws:subnet/subnet-1 -> 1.1.1.1:443/TCP')
  assert.deepEqual(first?.exit.sourceAddresses, ['203.0.113.7'])
  assert.equal(
    first?.traffic.some(({ protocol }) => protocol === 'SCTP'),
    false,
    'NAT gateways of AWS translate TCP, UDP and ICMP',
  )
})

test('taken away it closes', () => {
  const { gained, lost } = between(OUT, NETWORK)
  assert.deepEqual(gained, [])
  assert.deepEqual(outward(lost), ['aws:subnet/subnet-1 allowed nat aws:nat-gateway/nat-1 because aws_route.out'])
})

test('another way out is gained, with the one before', () => {
  const { gained, lost } = between(OUT, {
    ...OUT,
    'aws_nat_gateway.two': {
      values: {
        id: 'nat-2',
        subnet_id: 'subnet-2',
        connectivity_type: 'public',
        public_ip: '203.0.113.8',
        private_ip: '10.0.2.10',
      },
    },
    'aws_route.out': route('rtb-1', '0.0.0.0/0', { nat_gateway_id: 'nat-2' }),
  })
  assert.deepEqual(outward(gained), [
    'aws:subnet/subnet-1 allowed nat aws:nat-gateway/nat-2 before nat aws:nat-gateway/nat-1 because aws_nat_gateway.two, aws_route.out',
  ])
  assert.deepEqual(lost, [])
})

test('an object that is made anew under the same address is the same', () => {
  const { gained, lost } = between(OUT, {
    ...OUT,
    'aws_nat_gateway.one': {
      values: { subnet_id: 'subnet-2', connectivity_type: 'public' },
      unknown: ['id', 'public_ip', 'private_ip'],
      replaced: true,
    },
    'aws_route.out': {
      values: { id: 'r-1', route_table_id: 'rtb-1', destination_cidr_block: '0.0.0.0/0' },
      unknown: ['nat_gateway_id'],
      refs: { nat_gateway_id: ['aws_nat_gateway.one.id', 'aws_nat_gateway.one'] },
    },
  })
  assert.deepEqual([gained, lost], [[], []])
})

test('several subnets with the same gain are one entry', () => {
  const three: Resources = {
    ...NETWORK,
    'aws_subnet.more': { values: { id: 'subnet-3', vpc_id: 'vpc-1', cidr_block: '10.0.3.0/24' } },
    'aws_network_acl.all': {
      values: { ...ACL['aws_network_acl.all']?.values, subnet_ids: ['subnet-1', 'subnet-2', 'subnet-3'] },
    },
    'aws_route_table_association.more': {
      values: { id: 'rtbassoc-3', subnet_id: 'subnet-3', route_table_id: 'rtb-1' },
    },
  }
  const { gained } = between(three, { ...three, 'aws_route.out': OUT['aws_route.out'] as Resources[string] })
  assert.deepEqual(outward(gained), [
    'aws:subnet/subnet-1, aws:subnet/subnet-3 allowed nat aws:nat-gateway/nat-1 because aws_route.out',
  ])
})

test('clusters whose nodes stand in the subnets are named', () => {
  const node = (address: string): string => `apiVersion: v1
kind: Node
metadata: { name: n1 }
spec: { providerID: "aws:///eu-west-1a/i-0a1" }
status: { addresses: [{ type: InternalIP, address: ${address} }] }
`
  const clustersOf = (address: string): readonly string[] => {
    const result = judged({
      'prod.yaml': node(address),
      'plan.json': planOf({ ...ACL, ...NETWORK }, { ...ACL, ...OUT }),
    })
    return result.gained.find(({ to }) => to.zone === 'internet')?.clusters ?? []
  }
  assert.deepEqual(clustersOf('10.0.1.7'), ['prod.yaml'])
  assert.deepEqual(clustersOf('10.0.2.7'), [], 'a node elsewhere')
})

describe('what the plan does not tell', () => {
  test('a route whose target is one of two is unresolved, and a finding', () => {
    const { guardrails, unresolved } = between(NETWORK, {
      ...NETWORK,
      'aws_nat_gateway.new': {
        values: { subnet_id: 'subnet-2', connectivity_type: 'public' },
        unknown: ['id', 'public_ip', 'private_ip'],
      },
      'aws_nat_gateway.newer': {
        values: { subnet_id: 'subnet-2', connectivity_type: 'private' },
        unknown: ['id', 'private_ip'],
      },
      'aws_route.out': {
        values: { route_table_id: 'rtb-1', destination_cidr_block: '0.0.0.0/0' },
        unknown: ['id', 'nat_gateway_id'],
        refs: {
          nat_gateway_id: [
            'aws_nat_gateway.new.id',
            'aws_nat_gateway.new',
            'aws_nat_gateway.newer.id',
            'aws_nat_gateway.newer',
          ],
        },
      },
    })
    assert.deepEqual(
      guardrails.filter(({ verdict }) => verdict !== 'kept').map(({ id, verdict, address }) => [id, verdict, address]),
      [['PST-G001', 'unresolved', 'aws_route.out']],
    )
    const about = unresolved.filter(({ address }) => address === 'aws_route.out')
    assert.ok(
      about.some(({ why }) => why.includes('aws_nat_gateway.newer')),
      JSON.stringify(unresolved),
    )
  })
})

test('a route whose target the plan takes away leads nowhere', () => {
  const { gained, lost, guardrails } = between(OUT, without(OUT, 'aws_nat_gateway.one'))
  assert.deepEqual(gained, [])
  assert.deepEqual(outward(lost), ['aws:subnet/subnet-1 allowed nat aws:nat-gateway/nat-1 because aws_nat_gateway.one'])
  assert.deepEqual(guardrails, [])
})

test('the line of each change is told', () => {
  const body = planOf(NETWORK, { ...NETWORK, 'aws_route.out': route('rtb-1', '0.0.0.0/0', { gateway_id: 'igw-1' }) })
  const text = JSON.stringify(body, null, 2)
  const lines = text.split('\n')
  const from = lines.findIndex(line => line.includes('"resource_changes"'))
  const expected = lines.findIndex((line, i) => i > from && line.includes('"address": "aws_route.out"')) + 1
  const [broken] = judged({ 'plan.json': text }).guardrails.filter(({ verdict }) => verdict === 'broken')
  assert.deepEqual([broken?.file, broken?.line], ['plan.json', expected])
})

test('what is known from an earlier run is told apart', () => {
  const files = {
    'plan.json': planOf(NETWORK, { ...NETWORK, 'aws_route.out': route('rtb-1', '0.0.0.0/0', { gateway_id: 'igw-1' }) }),
  }
  const [first] = judged(files).guardrails
  assert.deepEqual(
    judged(files, { baseline: [first?.fingerprint ?? ''] }).guardrails.map(({ state }) => state),
    ['baseline'],
  )
})

test('a plan that failed is refused by name, beside whatever else stands there', () => {
  const { plans, gained, diagnostics } = judged({
    'exits.yaml': approved('nat-1'),
    'plan.json': planOf(NETWORK, OUT, { errored: true }),
  })
  assert.deepEqual([plans, gained], [[], []])
  assert.deepEqual(
    diagnostics.map(({ severity, file, message }) => [severity, file, /the plan failed/.test(message)]),
    [['error', 'plan.json', true]],
  )
})

test('a state is no plan, and neither is anything else', () => {
  const state = { format_version: '1.0', values: { root_module: { resources: [] } } }
  assert.equal(judge({ 'state.json': state }), null)
  assert.equal(judge({ 'exits.yaml': approved('nat-1') }), null)
})

test('the order of sources leaves no trace', () => {
  const plan = planOf({ ...ACL, ...NETWORK }, { ...ACL, ...OUT })
  const one = judged({ 'a.yaml': approved('nat-1'), 'plan.json': plan })
  const other = judged({ 'plan.json': plan, 'a.yaml': approved('nat-1') })
  assert.deepEqual(one, other)
  assert.deepEqual(outward(one.gained).length, 1)
  assert.deepEqual(without(OUT, 'aws_route.out'), NETWORK)
})
