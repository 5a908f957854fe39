import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Peer, partsOfPeer, type RulePolicy } from '../../model/rule.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import { blocksOf } from '../../sets/testing/blocks.ts'
import { trafficElements } from '../../sets/traffic-text.ts'
import { clusterOf } from '../kubernetes/testing/estate-of.ts'

const WORLD = `
---
apiVersion: v1
kind: Namespace
metadata: {name: ns, labels: {team: a}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: ns, labels: {app: web}}
spec: {containers: [{name: c, image: x}]}
---
apiVersion: projectcalico.org/v3
kind: Tier
metadata: {name: t}
spec: {order: 5, defaultAction: Pass}
`

const lowered = (spec: string, more = '', kind = 'GlobalNetworkPolicy', name = 'p'): readonly RulePolicy[] =>
  clusterOf(`${WORLD}
---
apiVersion: projectcalico.org/v3
kind: ${kind}
metadata: {name: ${name}, namespace: ns}
spec: ${spec}
${more}`).rulePolicies

const only = (...args: Parameters<typeof lowered>): RulePolicy => {
  const policies = lowered(...args)
  assert.equal(policies.length, 1)
  return policies[0] as RulePolicy
}

const block = (...cidrs: readonly string[]): Peer => ({ kind: 'block', addresses: blocksOf(...cidrs) })

/** The peers of the first egress rule. */
const peersOf = (destination: string, more = ''): readonly Peer[] | undefined =>
  only(`{egress: [{action: Allow, destination: {${destination}}}]}`, more).egress.rules[0]?.peers

const trafficOf = (rule: string) => {
  const found = only(`{egress: [{action: Allow, ${rule}}]}`).egress.rules[0]
  assert.ok(found)
  return trafficElements(found.traffic.exact)
}

const isOpaque = (spec: string): void => {
  const policy = only(spec)
  assert.equal(policy.opaque, true, spec)
  assert.ok(policy.egress.rules.concat(policy.ingress.rules).every(({ peers }) => peers[0]?.kind === 'unknown'))
}

describe('where a policy stands', () => {
  const placeOf = (...args: Parameters<typeof lowered>) => {
    const { place } = only(...args)
    assert.ok(place.tier === 'calico')
    return place
  }
  test('by its tier, its order and its name', () => {
    assert.deepEqual(placeOf('{tier: t, order: 7.5}'), {
      tier: 'calico',
      name: 't',
      tierOrder: 5,
      end: 'pass',
      order: 7.5,
      names: ['default.p', 'p//GlobalNetworkPolicy'],
    })
  })
  test('in the tier `default` without one, last without an order', () => {
    const place = placeOf('{}', '', 'NetworkPolicy', 'default.x')
    assert.deepEqual(
      [place.name, place.tierOrder, place.end, place.order],
      ['default', 1_000_000, 'deny', Number.POSITIVE_INFINITY],
    )
    assert.deepEqual(place.names, ['ns/default.x', 'default.x/ns/NetworkPolicy'])
  })
  const TIERS = '---\napiVersion: projectcalico.org/v3\nkind: Tier\nmetadata: {name: default}\n'
  test('last if its tier is not there, and anywhere if that may be written elsewhere', () => {
    const missing = placeOf('{tier: nosuch}', TIERS)
    assert.deepEqual(
      [missing.tierOrder, missing.end, missing.lacksTier, missing.earlier],
      [Number.POSITIVE_INFINITY, 'deny', true, undefined],
    )
    assert.equal(only('{tier: nosuch}', TIERS).ingress.isolates, true)
    const lost = placeOf('{tier: nosuch}')
    assert.deepEqual([lost.lacksTier, lost.earlier?.tierOrder], [true, null])
    assert.equal(only('{tier: nosuch}').ingress.isolates, 'unknown')
  })
  test('without an order of its tier last, or where `default` is, as the version has it', () => {
    const unordered = '---\napiVersion: projectcalico.org/v3\nkind: Tier\nmetadata: {name: u}\n'
    const agent = (tag: string): string =>
      `---\napiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: calico-node, namespace: calico-system}\nspec:\n  selector: {matchLabels: {k8s-app: calico-node}}\n  template:\n    metadata: {labels: {k8s-app: calico-node}}\n    spec: {containers: [{name: calico-node, image: "quay.io/calico/node:${tag}"}]}\n`
    const ordersOf = (more: string): unknown => {
      const { tierOrder, earlier } = placeOf('{tier: u}', more)
      return [tierOrder, earlier?.tierOrder]
    }
    assert.deepEqual(ordersOf(unordered), [Number.POSITIVE_INFINITY, 1_000_000])
    assert.deepEqual(ordersOf(unordered + agent('v3.29.4')), [Number.POSITIVE_INFINITY, 1_000_000])
    assert.deepEqual(ordersOf(unordered + agent('master')), [Number.POSITIVE_INFINITY, 1_000_000])
    assert.deepEqual(ordersOf(unordered + agent('v3.30.0')), [1_000_000, undefined])
    assert.deepEqual(ordersOf(unordered + agent('v3.32.1@sha256:0')), [1_000_000, undefined])
  })
  test('nowhere if it is staged, or for hosts alone', () => {
    assert.deepEqual(lowered('{}', '', 'StagedGlobalNetworkPolicy'), [])
    assert.deepEqual(lowered('{doNotTrack: true, applyOnForward: true}'), [])
    assert.deepEqual(lowered('{preDNAT: true, applyOnForward: true}'), [])
  })
  test('selecting closes where the tier ends in Deny', () => {
    assert.equal(only('{types: [Egress]}').egress.isolates, true)
    assert.equal(only('{types: [Egress]}').ingress.isolates, false)
    assert.equal(only('{tier: t, types: [Egress]}').egress.isolates, false)
  })
  test('rules of a direction that `types` leaves out are none', () => {
    const { egress, ingress } = only('{types: [Ingress], egress: [{action: Allow}], ingress: [{action: Allow}]}')
    assert.deepEqual(egress, { rules: [], isolates: false, isolatesAt: ['spec', 'egress'], unclaimed: true })
    assert.deepEqual([ingress.rules.length, ingress.unclaimed], [1, undefined])
    assert.equal(only('{types: [Ingress]}').egress.unclaimed, undefined)
    // Filled in on the way in, and both where it is stored without.
    assert.equal(only('{egress: [{action: Allow}]}').egress.unclaimed, undefined)
  })
})

describe('the other end', () => {
  test('nothing is everything', () => {
    assert.deepEqual(peersOf(''), [{ kind: 'everything' }])
  })
  test('nets and notNets are one block, in the families of which they speak', () => {
    assert.deepEqual(peersOf('nets: [10.0.0.0/8, 192.0.2.1/32]'), [block('10.0.0.0/8', '192.0.2.1/32')])
    assert.deepEqual(peersOf('nets: [10.0.0.0/8], notNets: [10.128.0.0/9]'), [block('10.0.0.0/9')])
    assert.deepEqual(peersOf('notNets: [128.0.0.0/1]'), [block('0.0.0.0/1')])
    assert.deepEqual(peersOf('nets: ["2001:db8::/32"], notNets: [10.0.0.0/8]'), undefined)
  })
  test('a selector is pods, with the addresses of sets', () => {
    const set = `---
apiVersion: projectcalico.org/v3
kind: GlobalNetworkSet
metadata: {name: s, labels: {app: web}}
spec: {nets: [198.18.0.0/15]}
`
    assert.deepEqual(
      peersOf(`selector: "app == 'web'"`, set)?.map(({ kind }) => kind),
      ['pods', 'block'],
    )
    assert.deepEqual(peersOf(`selector: "has(app) && !has(tier)"`, set)?.[1], block('198.18.0.0/15'))
  })
  test('a selector for sets alone means no pods', () => {
    const set = `---
apiVersion: projectcalico.org/v3
kind: NetworkSet
metadata: {name: s, namespace: ns, labels: {role: lab}}
spec: {nets: [198.18.0.0/15]}
`
    assert.deepEqual(peersOf(`selector: "role == 'lab'"`, set), [block('198.18.0.0/15')])
    assert.deepEqual(peersOf(`selector: "role == 'lab'", namespaceSelector: "team == 'a'"`, set), [
      block('198.18.0.0/15'),
    ])
    assert.deepEqual(
      peersOf(`selector: "role == 'lab'", namespaceSelector: global()`, set)?.map(({ kind }) => kind),
      ['pods'],
    )
  })
  test('notSelector is everybody else', () => {
    assert.equal(peersOf(`notSelector: "app == 'web'"`)?.[0]?.kind, 'not')
    assert.equal(peersOf(`notSelector: "app == 'web'", nets: [10.0.0.0/8]`)?.[0]?.kind, 'all')
  })
  test('one family by ipVersion', () => {
    const rule = only('{egress: [{action: Allow, ipVersion: 4}]}').egress.rules[0]
    assert.deepEqual(rule?.peers, [
      { kind: 'block', addresses: { v4: bothFamilies.full.v4, v6: bothFamilies.empty.v6 } },
    ])
  })
})

describe('the own end', () => {
  const ownOf = (spec: string, direction: 'egress' | 'ingress') => only(spec)[direction].rules[0]?.own
  test('is absent where the rule says nothing of it', () => {
    assert.equal(ownOf('{egress: [{action: Allow, source: {}}]}', 'egress'), undefined)
  })
  test('is the source in egress and the destination in ingress', () => {
    assert.deepEqual(ownOf('{egress: [{action: Allow, source: {nets: [10.0.0.0/8]}}]}', 'egress'), block('10.0.0.0/8'))
    const own = ownOf(`{ingress: [{action: Allow, destination: {selector: "app == 'web'"}}]}`, 'ingress')
    assert.deepEqual(own && partsOfPeer(own).map(({ kind }) => kind), ['pods'])
  })
})

describe('traffic', () => {
  test('protocols, ports and messages', () => {
    assert.deepEqual(trafficOf('protocol: TCP, destination: {ports: [80, "90:91"]}'), [
      { protocol: 'TCP', ports: '80,90-91' },
    ])
    assert.deepEqual(trafficOf('protocol: UDP, destination: {notPorts: ["2:65535"]}'), [
      { protocol: 'UDP', ports: '1' },
    ])
    assert.deepEqual(trafficOf('protocol: ICMP, icmp: {type: 8, code: 0}'), [{ protocol: 'ICMP', types: '8/0' }])
  })
  test('what Calico refuses leaves the policy open', () => {
    isOpaque('{egress: [{action: Allow, destination: {ports: [80]}}]}')
    isOpaque('{egress: [{action: Allow, protocol: ICMP, destination: {ports: [80]}}]}')
    isOpaque('{egress: [{action: Allow, protocol: TCP, icmp: {type: 8}}]}')
    isOpaque('{egress: [{action: Allow, protocol: TCP, destination: {ports: ["90:80"]}}]}')
    isOpaque('{egress: [{action: Allow, protocol: nosuch}]}')
  })
})

describe('what cannot be read leaves the policy open', () => {
  test('words, orders, nets, selectors, names', () => {
    isOpaque('{egress: [{action: allow}]}')
    isOpaque('{types: [Egress, Sideways]}')
    isOpaque('{order: first, types: [Egress]}')
    isOpaque('{egress: [{action: Allow, destination: {nets: [garbage]}}]}')
    isOpaque('{egress: [{action: Allow, destination: {selector: "app = x"}}]}')
    isOpaque('{egress: [{action: Allow, destination: {selector: "global()"}}]}')
    isOpaque('{egress: [{action: Allow, destination: {domains: [example.com]}}]}')
    isOpaque('{egress: [{action: Allow, ipVersion: 5}]}')
    isOpaque('{egress: [{action: Allow, destination: {services: {name: s, namespace: ns}, selector: all()}}]}')
  })
  test('members of another type', () => {
    isOpaque('{selector: 7, types: [Egress]}')
    isOpaque('{types: Egress}')
    isOpaque('{egress: [{action: Allow, destination: {nets: 10.0.0.0/8}}]}')
    isOpaque('{egress: [{action: Allow, destination: {selector: [a]}}]}')
    isOpaque('{egress: [null]}')
    isOpaque('{egress: [{action: Deny, http: {methods: [GET]}}]}')
  })
  test('where no rule takes anything by it, the policy may not be there, and does what it says if it is', () => {
    for (const spec of [
      '{types: [Ingress], egress: [{action: allow}]}',
      '{types: [Ingress], ingress: [{action: Log, source: {nets: [garbage]}}]}',
      '{types: [Ingress], ingress: [{action: Log, protocol: tcp}]}',
    ]) {
      const { opaque, subject, ingress } = only(spec)
      assert.equal(opaque, undefined, spec)
      assert.equal(ingress.isolates, true, spec)
      assert.ok(subject.kind === 'all' && subject.of.some(({ kind }) => kind === 'unknown'), spec)
    }
  })
})
