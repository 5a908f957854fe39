import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { printAddresses } from '../sets/address-text.ts'
import { bothFamilies } from '../sets/addresses.ts'
import { blocksOf } from '../sets/testing/blocks.ts'
import { clusterOf } from '../sources/kubernetes/testing/estate-of.ts'
import { leftAfter, takenBy, unreachedRuns, without } from './asked.ts'
import type { ClusterView } from './check.ts'
import { mootAllowList } from './checks/p014-moot-allow-list.ts'
import { HTTPS } from './known-traffic.ts'
import { neverAskedIn } from './never-asked.ts'
import { possibleView } from './possible-view.ts'
import { outsideMayOf, outsideOf } from './rule-reach.ts'
import { itemsOf, namesOf } from './signatures.ts'

/** What an order makes of rules: tiers and orders of Calico, its Pass, and rules that say what their own end must be. */

const deployment = (name: string, labels = `app: ${name}`): string => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { ${labels} } }
  template:
    metadata: { labels: { ${labels} } }
    spec: { containers: [{ name: c, image: registry.example.com/c }] }
`

const policy = (name: string, order: number, egress: string, more = 'selector: all()'): string => `---
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: { name: ${name} }
spec: { order: ${order}, ${more}, types: [Egress], egress: [${egress}] }
`

const PARTNER = '{ action: Allow, protocol: TCP, destination: { nets: [198.51.100.0/25], ports: [443] } }'
const NOT_THEIRS = '{ action: Deny, destination: { nets: [198.51.100.0/24] } }'
const WEB = '{ action: Allow, protocol: TCP, destination: { ports: [443] } }'

describe('how far packets come', () => {
  const view = possibleView(
    clusterOf(deployment('web') + policy('default.a', 1, NOT_THEIRS) + policy('default.b', 2, WEB)),
  )
  const [signature] = view.signatures
  assert.ok(signature !== undefined)
  const { counting } = signature.stacks
  const space = view.engine.spaces.v4
  const web = [...itemsOf(counting)].find(({ rule, kind }) => kind === 'rule' && rule.action === 'allow')
  assert.ok(web !== undefined)
  const asked = space.regions.ofBoxes([
    { addresses: blocksOf('198.51.100.0/23').v4, id: view.engine.table.idOf(HTTPS) },
  ])
  const addressesIn = (region: typeof asked) =>
    printAddresses({
      v4: space.regions
        .boxesOf(region)
        .map(box => box.addresses)
        .reduce(
          (a, b) => bothFamilies.union({ v4: a, v6: bothFamilies.empty.v6 }, { v4: b, v6: bothFamilies.empty.v6 }).v4,
          bothFamilies.empty.v4,
        ),
      v6: bothFamilies.empty.v6,
    })

  test('a rule takes what those before have left', () => {
    assert.deepEqual(addressesIn(takenBy(space, counting, web, asked)), ['198.51.101.0-198.51.101.255'])
  })

  test('the end of the tier takes the rest', () => {
    assert.ok(space.algebra.isEmpty(leftAfter(space, counting, asked)))
    assert.equal(unreachedRuns(space, counting, asked).size, 0)
  })

  test('without the rule nothing passes', () => {
    assert.ok(![...itemsOf(without(counting, web))].includes(web))
    assert.ok(view.decides(web, signature, blocksOf('198.51.101.0/24'), HTTPS))
    assert.ok(!view.decides(web, signature, blocksOf('198.51.100.0/24'), HTTPS))
  })
})

const mootIn = (text: string): readonly (readonly [string, string | null])[] => {
  const cluster = clusterOf(text)
  const view = possibleView(cluster)
  return [...mootAllowList.run({ cluster, possible: () => view } as unknown as ClusterView)].map(
    ({ object, severity }) => [object.ref.name, severity] as const,
  )
}

describe('a list beside a wider rule', () => {
  test('is moot where the wider rule comes right after it', () => {
    assert.deepEqual(mootIn(deployment('web') + policy('default.list', 1, PARTNER) + policy('default.web', 3, WEB)), [
      ['default.list', 'low'],
    ])
  })

  test('is needed where it stands before a denial', () => {
    assert.deepEqual(
      mootIn(
        deployment('web') +
          policy('default.list', 1, PARTNER) +
          policy('default.not-theirs', 2, NOT_THEIRS) +
          policy('default.web', 3, WEB),
      ),
      [],
    )
  })
})

test('a rule that fits only some of its pods is counted for these, whatever place it has for others', () => {
  const rules =
    '{ action: Allow, source: { selector: role == "sender" }, destination: { nets: [198.51.100.0/24] } }, { action: Allow, destination: { nets: [203.0.113.0/24] } }'
  const view = possibleView(
    clusterOf(deployment('a', 'app: a, role: sender') + deployment('b') + policy('default.out', 1, rules)),
  )
  const [use] = view.policies
  assert.ok(use !== undefined)
  assert.deepEqual(
    use.rules.map(({ rule, uses }) => [
      printAddresses(outsideOf(rule)),
      namesOf(uses.map(({ signature }) => signature)),
    ]),
    [
      [['198.51.100.0-198.51.100.255'], ['shop/Deployment/a']],
      [['203.0.113.0-203.0.113.255'], ['shop/Deployment/a', 'shop/Deployment/b']],
    ],
  )
})

test('a peer of several parts means what all of them mean', () => {
  const view = clusterOf(
    deployment('web') +
      policy(
        'default.out',
        1,
        '{ action: Allow, destination: { nets: [198.51.100.0/24], notSelector: app == "web" } }, { action: Allow, destination: { nets: [203.0.113.0/24], selector: app == "web" } }',
      ),
  )
  const [first, second] = view.rulePolicies[0]?.egress.rules ?? []
  assert.ok(first !== undefined && second !== undefined)
  assert.deepEqual(printAddresses(outsideOf(first)), ['198.51.100.0-198.51.100.255'])
  assert.deepEqual(printAddresses(outsideMayOf(second)), [])
})

const TIER = (name: string, order: number, action: string): string => `---
apiVersion: projectcalico.org/v3
kind: Tier
metadata: { name: ${name} }
spec: { order: ${order}, defaultAction: ${action} }
`

const neverIn = (text: string): readonly string[] =>
  neverAskedIn(possibleView(clusterOf(text)).engine).map(({ policy: one }) => one.ref.name)

describe('a policy that nothing comes to', () => {
  const first = (more: string): string => policy('platform.first', 1, more, 'tier: platform, selector: all()')
  const text = (action: string, rule: string): string =>
    deployment('web') + TIER('platform', 10, action) + first(rule) + policy('default.out', 1, WEB)

  test('stands behind a tier that ends in Deny', () => {
    assert.deepEqual(neverIn(text('Deny', PARTNER)), ['default.out'])
  })

  test('stands behind a rule that takes everything', () => {
    assert.deepEqual(neverIn(text('Pass', '{ action: Deny }')), ['default.out'])
  })

  test('is asked where the tier passes on, by its end or by a rule, for some or for all', () => {
    assert.deepEqual(neverIn(text('Pass', PARTNER)), [])
    assert.deepEqual(neverIn(text('Deny', '{ action: Pass }')), [])
    assert.deepEqual(neverIn(text('Deny', '{ action: Pass, protocol: UDP }')), [])
  })

  test('is asked where the closed tier selects some of its pods alone', () => {
    const narrow = policy('platform.first', 1, PARTNER, 'tier: platform, selector: app == "web"')
    assert.deepEqual(
      neverIn(
        deployment('web') + deployment('feed') + TIER('platform', 10, 'Deny') + narrow + policy('default.out', 1, WEB),
      ),
      [],
    )
  })
})
