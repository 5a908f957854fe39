import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Filter } from '../../model/fabric.ts'
import type { JsonObject } from '../../model/json.ts'
import {
  net,
  own,
  printed,
  readingOf,
  reference,
  resource,
  ruleText,
  short,
  vnet,
  whysOf,
} from './testing/reading-of.ts'

const NSG = net('networkSecurityGroups/web')
const has = { networkSecurityGroup: reference(NSG) }
const nsg = (rules: readonly JsonObject[], more: JsonObject = {}): JsonObject =>
  resource(NSG, { securityRules: [...rules], ...more })
const rule = (priority: number, more: JsonObject): JsonObject => ({
  name: `r${priority}`,
  priority,
  direction: 'Outbound',
  access: 'Allow',
  protocol: 'Tcp',
  sourceAddressPrefix: '*',
  sourcePortRange: '*',
  destinationAddressPrefix: '*',
  destinationPortRange: '443',
  ...more,
})
const hub = (subnet: JsonObject = has, more: JsonObject = {}): JsonObject =>
  vnet('hub', ['10.0.0.0/16'], { a: ['10.0.1.0/24', subnet] }, more)

const filterIn = (...bodies: JsonObject[]): Filter => {
  const [only, ...more] = readingOf(...bodies).fabric.filters
  assert.ok(only !== undefined && more.length === 0)
  return only
}
/** Rules of its owner, without what is there of the platform. */
const egress = (rules: readonly JsonObject[], ...bodies: JsonObject[]): readonly string[] =>
  filterIn(hub(), nsg(rules), ...bodies)
    .egress.map(ruleText)
    .slice(1, -3)

// Source: “Azure network security groups overview”, Default security rules.
describe('the rules that every group has', () => {
  const filter = filterIn(hub(), nsg([]))
  test('it is stateful, read in order, and has to let packets pass beside others', () => {
    assert.deepEqual(
      [filter.id, filter.stateful, filter.reads, filter.joins],
      [own('nsg/web'), true, 'ordered', 'each'],
    )
  })
  test('out: the host, the network, the internet, nothing else', () => {
    const [host, network, internet, ...rest] = filter.egress.map(ruleText)
    assert.match(host ?? '', /^allow 168\.63\.129\.16\/32,169\.254\.169\.254\/32 /)
    assert.match(network ?? '', /^allow 10\.0\.0\.0\/16,168\.63\.129\.16\/32 /)
    assert.match(internet ?? '', /^allow \d+ blocks /)
    assert.deepEqual(
      rest.map(text => text.split(' ').slice(0, 2)),
      [['deny', '*']],
    )
  })
  test('in: the network, probes, nothing else', () => {
    assert.deepEqual(
      filter.ingress.map(ruleText).map(text => text.split(' ').slice(0, 2).join(' ')),
      ['allow 10.0.0.0/16,168.63.129.16/32', 'allow 168.63.129.16/32', 'deny *'],
    )
  })
  test('the platform prints them, too, and they are there once', () => {
    const printedToo = nsg([], {
      defaultSecurityRules: [
        rule(65500, {
          access: 'Deny',
          protocol: '*',
          sourceAddressPrefix: '0.0.0.0/0',
          destinationAddressPrefix: '0.0.0.0/0',
          destinationPortRange: '0-65535',
        }),
      ],
    })
    const its = filterIn(hub(), printedToo)
    assert.deepEqual(its.egress.map(ruleText), filter.egress.map(ruleText))
  })
})
describe('rules', () => {
  test('by priority, not as they stand', () => {
    assert.deepEqual(egress([rule(200, { access: 'Deny' }), rule(100, {})]), ['allow * TCP 443', 'deny * TCP 443'])
  })
  test('blocks of both families, single addresses, several ports', () => {
    const many = rule(100, {
      destinationAddressPrefix: null,
      destinationAddressPrefixes: ['203.0.113.0/24', '198.51.100.7', '2001:db8::/32'],
      destinationPortRange: null,
      destinationPortRanges: ['443', '8000-8080'],
    })
    assert.deepEqual(egress([many]), ['allow 198.51.100.7/32,203.0.113.0/24,2001:db8::/32 TCP 443,8000-8080'])
  })
  test('protocols', () => {
    const of = (protocol: string, destinationPortRange: string): string =>
      egress([rule(100, { protocol, destinationPortRange })])[0]?.replace('allow * ', '') ?? ''
    assert.equal(of('Udp', '53'), 'UDP 53')
    assert.equal(of('*', '53'), 'TCP 53; UDP 53')
    assert.match(of('Icmp', '*'), /^ICMP/)
    assert.match(of('Esp', '*'), /50/)
    assert.match(of('Ah', '*'), /51/)
    assert.match(egress([rule(100, { protocol: 'Gre' })])[0] ?? '', /^allow \? /)
  })
  test('this end counts where it is not all of the network', () => {
    assert.deepEqual(egress([rule(100, { sourceAddressPrefix: '10.0.1.4' })]), ['allow * own 10.0.1.4/32 TCP 443'])
    assert.deepEqual(egress([rule(100, { sourceAddressPrefix: '10.0.0.0/8' })]), ['allow * TCP 443'])
    assert.deepEqual(egress([rule(100, { sourceAddressPrefix: 'VirtualNetwork' })]), ['allow * TCP 443'])
  })
  test('of which a part counts alone, or that cannot be read, may or may not count', () => {
    assert.deepEqual(egress([rule(100, { sourcePortRange: '1024' })]), ['allow ? TCP 443'])
    assert.deepEqual(egress([rule(100, { destinationAddressPrefix: '10.0.0/8' })]), ['allow ? TCP 443'])
  })
  test('two of one priority, one without a priority: everything is open', () => {
    for (const rules of [[rule(100, {}), rule(100, { access: 'Deny' })], [rule(100, { priority: null })]])
      assert.equal(filterIn(hub(), nsg(rules)).doubts.length, 1)
  })
  test('point to their place', () => {
    assert.deepEqual(filterIn(hub(), nsg([rule(100, {})])).egress[1]?.at, ['securityRules', 0])
  })
})

describe('tags', () => {
  test('of services: their blocks where a list tells them', () => {
    const toStorage = [rule(100, { destinationAddressPrefix: 'Storage' })]
    const tags: JsonObject = {
      cloud: 'Public',
      values: [{ name: 'Storage', properties: { addressPrefixes: ['192.0.2.0/24'] } }],
    }
    assert.deepEqual(egress(toStorage, tags), ['allow 192.0.2.0/24 TCP 443'])
    // Without one it may be any address of the internet, and no private one.
    assert.match(egress(toStorage)[0] ?? '', /^allow perhaps \d+ blocks TCP 443$/)
  })
  const toNetwork = [rule(100, { destinationAddressPrefix: 'VirtualNetwork' })]
  test('`VirtualNetwork` holds peers and prefixes of routes: with a default route it is everything', () => {
    const peered = {
      virtualNetworkPeerings: [
        resource(net('virtualNetworks/hub/virtualNetworkPeerings/p'), {
          remoteVirtualNetwork: reference(net('virtualNetworks/spoke')),
          remoteAddressSpace: { addressPrefixes: ['10.1.0.0/16'] },
          peeringState: 'Connected',
          allowVirtualNetworkAccess: true,
        }),
      ],
    }
    const shown = (...bodies: JsonObject[]): string => filterIn(...bodies, nsg(toNetwork)).egress.map(ruleText)[1] ?? ''
    assert.equal(shown(hub(has, peered)), 'allow 10.0.0.0/15,168.63.129.16/32 TCP 443')
    const routed = { ...has, routeTable: reference(net('routeTables/rt')) }
    const table = (addressPrefix: string): JsonObject =>
      resource(net('routeTables/rt'), {
        routes: [{ addressPrefix, nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.0.9.4' }],
      })
    assert.equal(
      shown(hub(routed), table('192.168.0.0/24')),
      'allow 10.0.0.0/16,168.63.129.16/32,192.168.0.0/24 TCP 443',
    )
    assert.equal(shown(hub(routed), table('0.0.0.0/0')), 'allow 0.0.0.0/0 TCP 443')
  })
  test('`VirtualNetwork` is open where a gateway learns what nobody read', () => {
    const gateway = resource(net('virtualNetworkGateways/gw'), {
      gatewayType: 'ExpressRoute',
      ipConfigurations: [{ subnet: reference(net('virtualNetworks/hub/subnets/GatewaySubnet')) }],
    })
    const [, certain, open] = filterIn(hub(), nsg(toNetwork), gateway).egress.map(ruleText)
    assert.equal(certain, 'allow 10.0.0.0/16,168.63.129.16/32 TCP 443')
    assert.match(open ?? '', /^allow perhaps /)
  })
  test('`Internet` stays a list beside a default route, and holds nothing that the network has', () => {
    const routed = { ...has, routeTable: reference(net('routeTables/rt')) }
    const table = resource(net('routeTables/rt'), { routes: [{ addressPrefix: '0.0.0.0/0', nextHopType: 'Internet' }] })
    const space = vnet('hub', ['20.0.0.0/8'], { a: ['20.0.1.0/24', routed] })
    const denied = nsg([rule(100, { access: 'Deny', destinationAddressPrefix: 'Internet' })])
    const { fabric } = readingOf(space, table, denied)
    const peers = fabric.filters[0]?.egress[1]?.peers
    assert.ok(peers?.kind === 'addresses')
    const blocks = printed(peers.addresses)
    assert.ok(blocks.includes('11.0.0.0-19.255.255.255'))
    assert.ok(blocks.some(text => text.startsWith('21.0.0.0-')))
    assert.ok(!blocks.some(text => text.startsWith('10.')))
  })
  test('a group that means different things in two subnets is two filters', () => {
    const two = vnet('hub', ['10.0.0.0/16'], {
      a: ['10.0.1.0/24', has],
      b: ['10.0.2.0/24', { ...has, routeTable: reference(net('routeTables/rt')) }],
    })
    const table = resource(net('routeTables/rt'), { routes: [{ addressPrefix: '0.0.0.0/0', nextHopType: 'Internet' }] })
    const { fabric } = readingOf(two, nsg([]), table)
    assert.deepEqual(
      fabric.filters.map(({ id }) => short(id)),
      ['nsg/web#net:hub:a', 'nsg/web#net:hub:b'],
    )
    assert.deepEqual(
      fabric.subnets.map(({ memberFilters }) => memberFilters.map(short)),
      [['nsg/web#net:hub:a'], ['nsg/web#net:hub:b']],
    )
  })
})

// Source: “Azure platform considerations”: not subject to groups unless these tags are used.
describe('what the host answers', () => {
  const services = (...rules: JsonObject[]): readonly string[] =>
    readingOf(hub(), nsg(rules)).fabric.subnets.flatMap(({ ownServices }) => printed(ownServices))
  const deny = (tag: string, more: JsonObject = {}): JsonObject =>
    rule(100, { access: 'Deny', protocol: '*', destinationPortRange: '*', destinationAddressPrefix: tag, ...more })
  test('no rule about everybody keeps from anybody', () => {
    assert.deepEqual(services(deny('*')), ['168.63.129.16', '169.254.169.254'])
  })
  test('a rule with its tag does', () => {
    assert.deepEqual(services(deny('AzurePlatformDNS')), ['169.254.169.254'])
    assert.deepEqual(services(deny('AzurePlatformIMDS')), ['168.63.129.16'])
    assert.deepEqual(services(deny('AzurePlatformDNS', { access: 'Allow' })), ['168.63.129.16', '169.254.169.254'])
  })
  test('and so may one of a group that was not read', () => {
    assert.deepEqual(
      readingOf(hub()).fabric.subnets.map(({ ownServices }) => printed(ownServices)),
      [[]],
    )
  })
  test('for whom the rule is for', () => {
    const some = deny('AzurePlatformDNS', { sourceAddressPrefix: '10.0.1.64/26' })
    assert.equal(
      filterIn(hub(), nsg([some])).egress.map(ruleText)[0],
      'deny 168.63.129.16/32 own 10.0.1.64/26 TCP 53; UDP 53',
    )
  })
  test('and then for that service alone, before all other rules', () => {
    assert.deepEqual(
      filterIn(hub(), nsg([rule(90, {}), deny('AzurePlatformDNS')]))
        .egress.map(ruleText)
        .slice(0, 1),
      ['deny 168.63.129.16/32 TCP 53; UDP 53'],
    )
  })
})

describe('groups that are not as they should be', () => {
  test('one that a subnet names and nobody read keeps its name', () => {
    const { fabric } = readingOf(hub())
    assert.deepEqual([fabric.filters, fabric.subnets[0]?.memberFilters], [[], [own('nsg/web')]])
  })
  test('one that nothing has is there, and its tags are open', () => {
    assert.match(filterIn(nsg([])).egress.map(ruleText)[2] ?? '', /^allow perhaps /)
  })
  test('documents that differ', () => {
    const reading = readingOf(hub(), nsg([]), nsg([rule(100, {})]))
    assert.deepEqual(
      reading.fabric.filters[0]?.doubts.map(({ why }) => why),
      ['documents say different things of it'],
    )
  })
  test('without its rules', () => {
    const reading = readingOf(hub(), resource(NSG, { flushConnection: false }))
    assert.deepEqual(whysOf(reading), ['its rules were not read'])
  })
})
