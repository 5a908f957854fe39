import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import { printAddress } from '../../sets/cidr.ts'
import { net, own, printed, readingOf, reference, resource, ruleText, whysOf } from './testing/reading-of.ts'

const POLICY = net('firewallPolicies/p')
const firewall = (more: JsonObject = {}): JsonObject =>
  resource(net('azureFirewalls/fw'), {
    ipConfigurations: [
      {
        privateIPAddress: '10.0.0.4',
        publicIPAddress: reference(net('publicIPAddresses/p')),
        subnet: reference(net('virtualNetworks/hub/subnets/AzureFirewallSubnet')),
      },
    ],
    ...more,
  })
const ADDRESS = resource(net('publicIPAddresses/p'), { ipAddress: '203.0.113.4' })
const policy = (name: string, more: JsonObject = {}): JsonObject =>
  resource(net(`firewallPolicies/${name}`), { threatIntelMode: 'Alert', ...more })
const rules = (of: string, name: string, priority: number, ...collections: JsonObject[]): JsonObject =>
  resource(net(`firewallPolicies/${of}/ruleCollectionGroups/${name}`), { priority, ruleCollections: collections })
const collection = (priority: number, type: string, ...its: JsonObject[]): JsonObject => ({
  ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
  priority,
  action: { type },
  rules: its,
})
const toBlock = (destination: string, port: string): JsonObject => ({
  ruleType: 'NetworkRule',
  ipProtocols: ['TCP'],
  sourceAddresses: ['*'],
  destinationAddresses: [destination],
  destinationPorts: [port],
})
const toName = (...targetFqdns: string[]): JsonObject => ({
  ruleType: 'ApplicationRule',
  sourceAddresses: ['10.1.0.0/16'],
  protocols: [{ protocolType: 'Https', port: 443 }],
  targetFqdns,
})
const shown = (...bodies: JsonObject[]): readonly string[] =>
  readingOf(...bodies)
    .fabric.filters.find(({ id }) => id === own('firewall-policy/p'))
    ?.egress.map(ruleText) ?? []

test('a firewall stands in its subnet with addresses on both sides', () => {
  const [gateway] = readingOf(firewall({ firewallPolicy: reference(POLICY) }), ADDRESS).fabric.gateways
  assert.deepEqual(
    [gateway?.kind, gateway?.network, gateway?.subnet],
    ['firewall', own('vnet/hub'), own('subnet/hub/azurefirewallsubnet')],
  )
  assert.deepEqual(
    [gateway?.privateAddresses, gateway?.publicAddresses].map(all => all?.map(printAddress)),
    [['10.0.0.4'], ['203.0.113.4']],
  )
  assert.equal(gateway?.filter, own('firewall-policy/p'))
})

// Source: Azure Firewall, “Azure Firewall rule processing logic”.
describe('the order of rules', () => {
  test('rules for addresses before those for names, and by priority of groups, then of collections', () => {
    assert.deepEqual(
      shown(
        policy('p'),
        rules('p', 'late', 300, collection(100, 'Allow', toBlock('198.51.100.0/24', '22'))),
        rules(
          'p',
          'early',
          200,
          collection(100, 'Allow', toName('*.example.com')),
          collection(200, 'Deny', toBlock('*', '22')),
        ),
      ),
      ['deny * TCP 22', 'allow 198.51.100.0/24 TCP 22', 'tier 1 allow *.example.com own 10.1.0.0/16 TCP 443'],
    )
  })
  test('those of a parent before its own, whatever their priority', () => {
    assert.deepEqual(
      shown(
        policy('base'),
        rules('base', 'g', 900, collection(900, 'Deny', toBlock('192.0.2.0/24', '*'))),
        policy('p', { basePolicy: reference(net('firewallPolicies/base')) }),
        rules('p', 'g', 100, collection(100, 'Allow', toBlock('192.0.2.7', '443'))),
      ),
      ['deny 192.0.2.0/24 TCP 1-65535', 'allow 192.0.2.7/32 TCP 443'],
    )
  })
  test('what a translation of what comes in says is left out', () => {
    assert.deepEqual(
      shown(policy('p'), rules('p', 'g', 100, collection(100, 'DNAT', toBlock('203.0.113.4', '443')))),
      [],
    )
  })
  test('rules and parents that were not read leave it open', () => {
    const { fabric } = readingOf(
      policy('p', {
        basePolicy: reference(net('firewallPolicies/gone')),
        ruleCollectionGroups: [reference(net('firewallPolicies/p/ruleCollectionGroups/gone'))],
      }),
    )
    assert.equal(fabric.filters[0]?.doubts.length, 2)
  })
})
describe('who is meant', () => {
  test('groups of addresses, ranges, names, and what is not known', () => {
    const rule = {
      ruleType: 'NetworkRule',
      ipProtocols: ['UDP'],
      sourceIpGroups: [net('ipGroups/here')],
      destinationAddresses: ['10.9.0.0-10.9.0.1', 'Storage'],
      destinationFqdns: ['time.example.com'],
      destinationPorts: ['123'],
    }
    const here = resource(net('ipGroups/here'), { ipAddresses: ['10.1.0.0/24', '10.2.0.5'] })
    const read = shown(policy('p'), rules('p', 'g', 100, collection(100, 'Allow', rule)), here)
    const from = 'own 10.1.0.0/24,10.2.0.5/32 UDP 123'
    assert.deepEqual([read[0], read[2]], [`allow 10.9.0.0/31 ${from}`, `allow time.example.com ${from}`])
    assert.match(read[1] ?? '', /^allow perhaps /)
    assert.match(shown(policy('p'), rules('p', 'g', 100, collection(100, 'Allow', rule)))[0] ?? '', /own \?/)
  })
  test('every name is everybody; lists of names that the platform keeps are not known', () => {
    const tagged = { ...toName(), fqdnTags: ['WindowsUpdate'] }
    assert.deepEqual(shown(policy('p'), rules('p', 'g', 100, collection(100, 'Allow', toName('*'), tagged))), [
      'tier 1 allow * own 10.1.0.0/16 TCP 443',
      'tier 1 allow ? own 10.1.0.0/16 TCP 443',
    ])
  })
})

test('rules of a firewall without a policy', () => {
  const classic = firewall({
    networkRuleCollections: [
      {
        priority: 200,
        action: { type: 'Allow' },
        rules: [
          {
            protocols: ['TCP'],
            sourceAddresses: ['*'],
            destinationAddresses: ['192.0.2.0/24'],
            destinationPorts: ['443'],
          },
        ],
      },
    ],
    applicationRuleCollections: [
      {
        priority: 100,
        action: { type: 'Deny' },
        rules: [
          { sourceAddresses: ['*'], targetFqdns: ['a.example'], protocols: [{ protocolType: 'Http', port: 80 }] },
        ],
      },
    ],
  })
  const { fabric } = readingOf(classic, ADDRESS)
  assert.equal(fabric.filters[0]?.id, fabric.gateways[0]?.filter)
  assert.deepEqual(fabric.filters[0]?.egress.map(ruleText), [
    'allow 192.0.2.0/24 TCP 443',
    'tier 1 deny a.example TCP 80',
  ])
})

// Source: Azure Firewall, “Azure Firewall SNAT private IP address ranges”.
describe('what it puts its own address on', () => {
  const untouched = (...bodies: JsonObject[]): readonly string[] => {
    const [gateway] = readingOf(...bodies, ADDRESS).fabric.gateways
    return gateway === undefined ? [] : printed(gateway.translates).filter(text => text.startsWith('0.0.0.0-'))
  }
  const withPolicy = (privateRanges: readonly string[]): readonly string[] =>
    untouched(
      firewall({ firewallPolicy: reference(POLICY) }),
      policy('p', { snat: { privateRanges: [...privateRanges] } }),
    )
  test('everything but private addresses', () => {
    assert.deepEqual(untouched(firewall()), ['0.0.0.0-9.255.255.255'])
    assert.deepEqual(withPolicy([]), ['0.0.0.0-9.255.255.255'])
  })
  test('as the policy says, with or without the usual ones', () => {
    assert.deepEqual(withPolicy(['9.0.0.0/8', 'IANAPrivateRanges']), ['0.0.0.0-8.255.255.255'])
    assert.deepEqual(withPolicy(['9.0.0.0/8']), ['0.0.0.0-8.255.255.255'])
    assert.deepEqual(withPolicy(['255.255.255.255/32']), ['0.0.0.0-255.255.255.254'])
    assert.deepEqual(withPolicy(['0.0.0.0/0']), [])
  })
})

test('one in a virtual hub is told, and is no gateway', () => {
  const reading = readingOf(resource(net('azureFirewalls/fw'), { virtualHub: reference(net('virtualHubs/h')) }))
  assert.deepEqual(reading.fabric.gateways, [])
  assert.deepEqual(whysOf(reading), ['it stands in a virtual hub, which is not evaluated'])
})
