import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Json, JsonObject } from '../../model/json.ts'
import { portsOf, protocolTraffic, traffics } from '../../sets/traffic.ts'
import { effective, firewall, instance, linkOf, network, REGION, rulesOf, subnet } from './testing/objects.ts'
import { readingOf, whysOf } from './testing/reading-of.ts'

const S = subnet('s', '10.0.0.0/24')
const ANY = [{ IPProtocol: 'all' }]
const egress = (name: string, priority: number, more: JsonObject): JsonObject =>
  firewall(name, { direction: 'EGRESS', priority, ...more })
const under = (
  rules: readonly Json[],
  policies: readonly Json[] = [],
  more: JsonObject = {},
): readonly JsonObject[] => [network(more), S, effective(rules, policies)]
const policy = (type: string, ...rules: readonly JsonObject[]): JsonObject => ({
  name: `${type.toLowerCase()}-1`,
  type,
  rules: rules.map((rule, i) => ({
    direction: 'EGRESS',
    priority: 1000 + i,
    ...rule,
    match: { layer4Configs: [{ ipProtocol: 'all' }], ...(rule['match'] as JsonObject | undefined) },
  })),
})

test('without a rule everything leaves and nothing comes in', () => {
  assert.deepEqual(rulesOf(under([]), 'egress'), ['1 allow *'])
  assert.deepEqual(rulesOf(under([]), 'ingress'), ['1 deny *'])
  const [filter] = readingOf(...under([])).fabric.filters
  assert.deepEqual([filter?.stateful, filter?.reads, filter?.joins, filter?.doubts.length], [true, 'ordered', 'any', 0])
})

test('rules by priority; of equal ones a denial stands first; one that is off is none', () => {
  const rules = [
    egress('c', 2000, { allowed: ANY, destinationRanges: ['10.3.0.0/16'] }),
    egress('a', 1000, { allowed: ANY, destinationRanges: ['10.1.0.0/16'] }),
    egress('b', 1000, { denied: ANY, destinationRanges: ['10.2.0.0/16'] }),
    egress('d', 1, { denied: ANY, destinationRanges: ['10.4.0.0/16'], disabled: true }),
  ]
  assert.deepEqual(rulesOf(under(rules), 'egress'), [
    '0 deny 10.2.0.0/16',
    '0 allow 10.1.0.0/16',
    '0 allow 10.3.0.0/16',
    '1 allow *',
  ])
})

test('a rule without a source is about every IPv4 address; its destinations are its own end', () => {
  const rule = firewall('a', { allowed: ANY, destinationRanges: ['10.0.0.7/32'] })
  const { fabric } = readingOf(...under([rule]))
  assert.deepEqual(rulesOf(under([rule]), 'ingress'), ['0 allow 0.0.0.0/0', '1 deny *'])
  assert.equal(fabric.filters[0]?.ingress[0]?.own?.kind, 'addresses')
})

describe('what a rule covers', () => {
  const trafficOf = (...allowed: readonly JsonObject[]) =>
    readingOf(...under([firewall('a', { allowed })])).fabric.filters[0]?.ingress[0]?.traffic
  test('ports, ranges of them, and protocols without any', () => {
    const tcp = trafficOf({ IPProtocol: 'tcp', ports: ['443', '8000-8002'] })
    assert.deepEqual(
      tcp === undefined ? [] : Array.from({ length: 4 }, (_, i) => portsOf(tcp, 6).bounds[i]),
      [443, 444, 8000, 8003],
    )
    assert.deepEqual(trafficOf({ IPProtocol: 'icmp' }), protocolTraffic(1))
    assert.deepEqual(trafficOf({ IPProtocol: 'esp' }), protocolTraffic(50))
    assert.deepEqual(trafficOf({ IPProtocol: 'all' }), traffics.full)
  })
  test('what cannot be read may cover nothing', () => {
    const bad = under([firewall('a', { allowed: [{ IPProtocol: 'tcp', ports: [443] }] })])
    assert.deepEqual(rulesOf(bad, 'ingress'), ['0 allow perhaps 0.0.0.0/0', '1 deny *'])
    assert.equal(readingOf(...bad).counts.partly, 1)
  })
})

describe('targets', () => {
  const rules = [
    egress('web', 10, { denied: ANY, destinationRanges: ['10.1.0.0/16'], targetTags: ['web'] }),
    egress('job', 20, { denied: ANY, destinationRanges: ['10.2.0.0/16'], targetServiceAccounts: ['job@p'] }),
  ]
  const documents = [
    ...under(rules),
    instance('web-1', '10.0.0.2', { tags: { items: ['web', 'other'] } }),
    instance('job-1', '10.0.0.3', { serviceAccounts: [{ email: 'job@p' }] }),
    instance('plain', '10.0.0.4', { tags: { items: ['other'] }, serviceAccounts: [{ email: 'x@p' }] }),
  ]
  test('by tag, by account', () => {
    assert.deepEqual(rulesOf(documents, 'egress', 'web-1'), ['0 deny 10.1.0.0/16', '1 allow *'])
    assert.deepEqual(rulesOf(documents, 'egress', 'job-1'), ['0 deny 10.2.0.0/16', '1 allow *'])
    assert.deepEqual(rulesOf(documents, 'egress', 'plain'), ['1 allow *'])
  })
  test('of whatever no document shows nobody can tell', () => {
    assert.deepEqual(rulesOf(documents, 'egress'), [
      '0 deny perhaps 10.1.0.0/16',
      '0 deny perhaps 10.2.0.0/16',
      '1 allow *',
    ])
  })
  test('machines that no rule tells apart have one filter', () => {
    const more = [...documents, instance('plain-2', '10.0.0.5', { tags: { items: ['another'] } })]
    const { fabric } = readingOf(...more)
    const of = (name: string) => fabric.interfaces.find(({ id }) => id.includes(`/${name}/`))?.filters
    assert.deepEqual(of('plain'), of('plain-2'))
  })
})

describe('sources by tag and account', () => {
  const rule = firewall('a', { allowed: ANY, sourceRanges: ['192.0.2.0/24'], sourceTags: ['web'] })
  test('stand for the primary addresses of machines that were read, and perhaps for what was not', () => {
    const web = instance(
      'web-1',
      '10.0.0.2',
      { tags: { items: ['web'] } },
      { aliasIpRanges: [{ ipCidrRange: '10.0.0.128/25' }] },
    )
    const [first, members, rest, last] = rulesOf([...under([rule]), web], 'ingress')
    assert.deepEqual([first, members, last], ['0 allow 192.0.2.0/24', '0 allow 10.0.0.2/32', '1 deny *'])
    assert.match(rest ?? '', /^0 allow perhaps 10\.0\.0\.0\/31 10\.0\.0\.3\/32 .* 10\.0\.0\.64\/26$/)
  })
  test('no machine has it', () => {
    assert.equal(rulesOf(under([rule]), 'ingress')[1], '0 allow nobody')
  })
})

describe('policies', () => {
  const to = (destIpRange: string): JsonObject => ({ match: { destIpRanges: [destIpRange] } })
  const all = [
    policy('NETWORK', { action: 'allow', ...to('10.4.0.0/16') }),
    policy('NETWORK_REGIONAL', { action: 'allow', ...to('10.5.0.0/16') }),
    policy('SYSTEM_REGIONAL', { action: 'allow', ...to('10.2.0.0/16') }),
    policy('HIERARCHY', { action: 'goto_next', ...to('10.1.0.0/16') }),
  ]
  const rule = egress('vpc', 1000, { denied: ANY, destinationRanges: ['10.3.0.0/16'] })
  const [org, system, global, regional] = [
    'pass 10.1.0.0/16',
    'allow 10.2.0.0/16',
    'allow 10.4.0.0/16',
    'allow 10.5.0.0/16',
  ]
  test('rules of the network come before its policies, after those above it and those of the platform', () => {
    assert.deepEqual(rulesOf(under([rule], all), 'egress'), [
      `0 ${org}`,
      `1 ${system}`,
      '2 deny 10.3.0.0/16',
      `3 ${global}`,
      `4 ${regional}`,
      '5 allow *',
    ])
  })
  test('or after them, as the network is set', () => {
    const before = { networkFirewallPolicyEnforcementOrder: 'BEFORE_CLASSIC_FIREWALL' }
    assert.deepEqual(rulesOf(under([rule], all, before), 'egress'), [
      `0 ${org}`,
      `1 ${system}`,
      `2 ${global}`,
      `3 ${regional}`,
      '4 deny 10.3.0.0/16',
      '5 allow *',
    ])
  })
  test('those of the organisation come before those of its folders', () => {
    const two = [
      policy('HIERARCHY', { action: 'deny', ...to('10.8.0.0/16') }),
      policy('HIERARCHY', { action: 'allow', ...to('10.9.0.0/16') }),
    ]
    assert.deepEqual(rulesOf(under([], two), 'egress').slice(0, 2), ['0 deny 10.8.0.0/16', '1 allow 10.9.0.0/16'])
  })
  test('without ranges both families are meant', () => {
    assert.equal(rulesOf(under([], [policy('NETWORK', { action: 'deny' })]), 'egress')[0], '1 deny *')
  })
  const first = (more: JsonObject): string | undefined =>
    rulesOf(under([], [policy('NETWORK', { action: 'deny', ...more })]), 'egress')[0]
  test('names, and what stands in no document', () => {
    assert.equal(first({ match: { destFqdns: ['api.example.com'] } }), '1 deny names api.example.com')
    assert.equal(first({ match: { destRegionCodes: ['XX'] } }), '1 deny unknown')
    assert.equal(
      first({ match: { destAddressGroups: ['projects/p/locations/global/addressGroups/g'] } }),
      '1 deny unknown',
    )
    assert.equal(
      first({ match: { destIpRanges: ['10.1.0.0/16'], destNetworkType: 'INTERNET' } }),
      '1 deny perhaps 10.1.0.0/16',
    )
  })
  test('rules of other networks, and those for load balancers, are none', () => {
    assert.equal(first({ targetResources: [linkOf('global/networks/other')] }), '2 allow *')
    assert.equal(first({ targetResources: [linkOf('global/networks/n')] }), '1 deny *')
    assert.equal(first({ targetType: 'INTERNAL_MANAGED_LB' }), '2 allow *')
  })
  test('a secure tag may be anybody’s', () => {
    assert.equal(first({ targetSecureTags: [{ name: 'tagValues/1' }] }), '1 deny perhaps *')
  })
  test('what is handed to an inspection passes or not', () => {
    const inspected = policy('NETWORK', { action: 'apply_security_profile_group' })
    assert.deepEqual(rulesOf(under([], [inspected]), 'egress'), ['1 deny perhaps *', '1 allow *', '2 allow *'])
  })
  test('a policy of its own document that names the network', () => {
    const own = {
      kind: 'compute#firewallPolicy',
      name: 'regional',
      selfLink: linkOf(`regions/${REGION}/firewallPolicies/regional`),
      associations: [{ attachmentTarget: linkOf('global/networks/n') }],
      ...policy('X', { action: 'deny', ...to('10.6.0.0/16') }),
    }
    assert.deepEqual(rulesOf([...under([]), { ...own, name: 'regional' }], 'egress'), [
      '1 deny 10.6.0.0/16',
      '2 allow *',
    ])
    const elsewhere = { ...own, name: 'regional', selfLink: linkOf('regions/us-east1/firewallPolicies/regional') }
    assert.deepEqual(rulesOf([...under([]), elsewhere], 'egress'), ['1 allow *'])
  })
})

describe('what was not read', () => {
  const doubts = (...documents: readonly JsonObject[]): number =>
    readingOf(network(), S, ...documents).fabric.filters[0]?.doubts.length ?? -1
  test('policies above the network are open, unless nothing stands above its project', () => {
    assert.equal(doubts(firewall('a', { allowed: ANY })), 1)
    assert.equal(doubts({ projectId: 'p', projectNumber: '1', parent: { type: 'organization', id: '2' } }), 1)
    assert.equal(doubts({ projectId: 'p', projectNumber: '1' }), 0)
  })
  test('rules of a project without a parent count as they stand', () => {
    const rule = egress('a', 1000, { denied: ANY, destinationRanges: ['10.1.0.0/16'] })
    const documents = [network(), S, rule, { projectId: 'p', projectNumber: '1' }]
    assert.deepEqual(rulesOf(documents, 'egress'), ['0 deny 10.1.0.0/16', '1 allow *'])
  })
  test('policies of a region count as none, with a note', () => {
    const { region: _, ...global } = effective([])
    const why = `firewall policies of regions count as none, as they were not read: ${REGION}`
    assert.equal(doubts(global), 0)
    assert.ok(whysOf(readingOf(network(), S, global)).includes(why))
    assert.ok(!whysOf(readingOf(network(), S, effective([]))).includes(why))
  })
  test('policies of one region are not for another', () => {
    const far = subnet('s', '10.0.0.0/24', { selfLink: linkOf('regions/us-east1/subnetworks/s') })
    const regional = policy('NETWORK_REGIONAL', { action: 'deny' })
    const global = policy('NETWORK', { action: 'deny', match: { destIpRanges: ['10.9.0.0/16'] } })
    const { fabric } = readingOf(network(), S, far, effective([], [regional, global]))
    const counts = fabric.subnets.map(
      ({ memberFilters }) => fabric.filters.find(({ id }) => id === memberFilters[0])?.egress.length,
    )
    // Of the first region both and what is implied, of the other the global one and what is implied.
    assert.deepEqual(counts, [3, 2])
  })
  test('a rule that does not apply to its network any more is noted', () => {
    const reading = readingOf(network(), S, effective([]), firewall('old', { allowed: ANY }))
    assert.ok(whysOf(reading).includes('it is not among the firewalls that apply to its network, and does not count'))
  })
  test('a policy of a kind that nobody knows leaves everything open', () => {
    assert.equal(doubts(effective([], [policy('OTHER', { action: 'deny' })])), 1)
  })
  test('two outputs that differ', () => {
    assert.equal(doubts(effective([]), effective([firewall('a', { allowed: ANY })])), 1)
  })
})
