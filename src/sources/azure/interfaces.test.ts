import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { NetworkInterface } from '../../model/fabric.ts'
import type { JsonObject } from '../../model/json.ts'
import { printAddress } from '../../sets/cidr.ts'
import {
  compute,
  net,
  own,
  readingOf,
  reference,
  resource,
  ruleText,
  SUBSCRIPTION,
  short,
  vnet,
} from './testing/reading-of.ts'

const A = reference(net('virtualNetworks/hub/subnets/a'))
const HUB = vnet('hub', ['10.0.0.0/16'], {
  a: ['10.0.1.0/24', { networkSecurityGroup: reference(net('networkSecurityGroups/s')) }],
})
const nic = (configuration: JsonObject, more: JsonObject = {}, id = net('networkInterfaces/n')): JsonObject =>
  resource(id, {
    ipConfigurations: [{ privateIPAddress: '10.0.1.4', subnet: A, primary: true, ...configuration }],
    ...more,
  })
const nicIn = (...bodies: JsonObject[]): NetworkInterface => {
  const [only, ...more] = readingOf(...bodies).fabric.interfaces
  assert.ok(only !== undefined && more.length === 0)
  return only
}
const group = (name: string): JsonObject => resource(net(`networkSecurityGroups/${name}`), { securityRules: [] })

test('its group and that of its subnet both count', () => {
  const own2 = nicIn(
    HUB,
    group('s'),
    group('n'),
    nic({}, { networkSecurityGroup: reference(net('networkSecurityGroups/n')) }),
  )
  assert.deepEqual(own2.filters, [own('nsg/n'), own('nsg/s')])
  assert.deepEqual(nicIn(HUB, group('s'), nic({})).filters, [own('nsg/s')])
})

test('addresses, the machine that has it, whether it forwards', () => {
  const vm = reference(compute('virtualMachines/vm1'))
  const read = nicIn(nic({}, { virtualMachine: vm, enableIPForwarding: true }))
  assert.deepEqual(read.addresses.map(printAddress), ['10.0.1.4'])
  assert.deepEqual([read.of, read.forwards, read.subnet], [own('vm/vm1'), true, own('subnet/hub/a')])
})

describe('public addresses', () => {
  const withPublic = nic({ publicIPAddress: reference(net('publicIPAddresses/p')) })
  const doubts = (...bodies: JsonObject[]): readonly string[] =>
    (readingOf(HUB, ...bodies).fabric.subnets[0]?.internetDoubts ?? []).map(({ why }) => why)
  test('are told by documents of their own', () => {
    const read = nicIn(withPublic, resource(net('publicIPAddresses/p'), { ipAddress: '203.0.113.7' }))
    assert.deepEqual(
      read.publicAddresses.map(({ of, seenAs }) => [printAddress(of), printAddress(seenAs)]),
      [['10.0.1.4', '203.0.113.7']],
    )
  })
  test('one that was not read leaves open how its subnet leaves', () => {
    assert.deepEqual(doubts(withPublic), [`a public address of \`${own('nic/n')}\` was not read`])
    assert.deepEqual(doubts(withPublic, resource(net('publicIPAddresses/p'), { ipAddress: '203.0.113.7' })), [])
  })
})

describe('balancers', () => {
  const pool = reference(net('loadBalancers/lb/backendAddressPools/all'))
  const behind = nic({ loadBalancerBackendAddressPools: [pool] })
  const frontend = reference(net('loadBalancers/lb/frontendIPConfigurations/f'))
  const lb = (
    more: JsonObject,
    shown: JsonObject = { publicIPAddress: reference(net('publicIPAddresses/p')) },
  ): JsonObject =>
    resource(net('loadBalancers/lb'), {
      sku: { name: 'Standard' },
      frontendIPConfigurations: [{ ...frontend, ...shown }],
      backendAddressPools: [pool],
      ...more,
    })
  const address = resource(net('publicIPAddresses/p'), { ipAddress: '203.0.113.9' })
  const outbound = {
    outboundRules: [{ backendAddressPool: pool, frontendIPConfigurations: [frontend], protocol: 'All' }],
  }
  const balancing = (disableOutboundSnat: boolean): JsonObject => ({
    loadBalancingRules: [
      { backendAddressPool: pool, frontendIPConfiguration: frontend, protocol: 'Tcp', disableOutboundSnat },
    ],
  })
  const told = (...bodies: JsonObject[]) => {
    const { fabric } = readingOf(HUB, behind, address, ...bodies)
    return {
      behind: fabric.interfaces[0]?.balancers.map(short),
      shown: fabric.gateways.map(({ kind, publicAddresses, network }) => [
        kind,
        publicAddresses.map(printAddress),
        short(network),
      ]),
      doubts: fabric.subnets[0]?.internetDoubts.length,
    }
  }
  const lends = { behind: ['load-balancer/lb'], shown: [['balancer', ['203.0.113.9'], 'vnet/hub']], doubts: 0 }
  test('an outbound rule lends its frontend’s addresses', () => assert.deepEqual(told(lb(outbound)), lends))
  test('so does a balancing rule that does not refuse it', () => {
    assert.deepEqual(told(lb(balancing(false))), lends)
    assert.deepEqual(told(lb(balancing(true))), { behind: [], shown: [], doubts: 1 })
  })
  test('one without a public frontend lends none, and who is behind it is not lent one by default', () => {
    assert.deepEqual(told(lb(balancing(false), { privateIPAddress: '10.0.1.9' })), { behind: [], shown: [], doubts: 1 })
  })
  test('one that was not read leaves it open', () => {
    assert.deepEqual(told(), { behind: [], shown: [], doubts: 1 })
  })
  // “Default outbound access in Azure”: what is lent is an IPv4 address, whatever the interface has of IPv6.
  test('who has a public address of IPv6 alone is behind it all the same', () => {
    const six = resource(net('networkInterfaces/n'), {
      ipConfigurations: [
        { privateIPAddress: '10.0.1.4', subnet: A, primary: true, loadBalancerBackendAddressPools: [pool] },
        {
          privateIPAddress: 'fd00::4',
          privateIPAddressVersion: 'IPv6',
          subnet: A,
          publicIPAddress: reference(net('publicIPAddresses/six')),
        },
      ],
    })
    const seen = resource(net('publicIPAddresses/six'), { ipAddress: '2001:db8::7' })
    const { fabric } = readingOf(HUB, six, seen, address, lb(balancing(true)))
    assert.match(fabric.subnets[0]?.internetDoubts[0]?.why ?? '', /stands behind a standard balancer/)
  })
  test('with a NAT gateway none of it counts', () => {
    const out = resource(net('natGateways/out'), { publicIpAddresses: [reference(net('publicIPAddresses/p'))] })
    const natted = vnet('hub', ['10.0.0.0/16'], {
      a: ['10.0.1.0/24', { natGateway: reference(net('natGateways/out')) }],
    })
    assert.deepEqual(readingOf(natted, out, behind, address).fabric.subnets[0]?.internetDoubts, [])
  })
})

describe('application security groups', () => {
  const asg = reference(net('applicationSecurityGroups/db'))
  const rules = resource(net('networkSecurityGroups/s'), {
    securityRules: [
      {
        priority: 100,
        direction: 'Outbound',
        access: 'Allow',
        protocol: 'Tcp',
        sourceAddressPrefix: '*',
        sourcePortRange: '*',
        destinationApplicationSecurityGroups: [asg],
        destinationPortRange: '5432',
      },
    ],
  })
  const shown = (...bodies: JsonObject[]): readonly string[] =>
    (readingOf(HUB, rules, ...bodies).fabric.filters[0]?.egress.map(ruleText) ?? []).slice(1, -3)
  // “Application security groups”: all interfaces of one are in one network. Which of them were not read nobody knows.
  test('are the interfaces that name them, and perhaps others of the network that were not read', () => {
    assert.deepEqual(shown(nic({ applicationSecurityGroups: [asg] })), [
      'allow 10.0.1.4/32 TCP 5432',
      'allow perhaps 16 blocks TCP 5432',
    ])
  })
  test('one that no interface names may be any that was not read, and nobody elsewhere', () => {
    assert.deepEqual(shown(nic({})), ['allow perhaps 16 blocks TCP 5432'])
  })
  test('where another network has the same addresses, an interface of it tells nothing of this one', () => {
    const twin = vnet('twin', ['10.0.0.0/16'], { a: ['10.0.1.0/24', {}] })
    const there = nic({ subnet: reference(net('virtualNetworks/twin/subnets/a')) })
    assert.deepEqual(shown(twin, there), ['allow perhaps 10.0.0.0/16 TCP 5432'])
  })
})

describe('scale sets', () => {
  const set = compute('virtualMachineScaleSets/pool')
  const configuration: JsonObject = {
    name: 'pool-nic',
    properties: { primary: true, ipConfigurations: [{ name: 'c', properties: { subnet: A } }] },
  }
  const instance = resource(`${set}/virtualMachines/0`, {
    instanceId: '0',
    networkProfileConfiguration: { networkInterfaceConfigurations: [configuration] },
  })
  test('an instance whose interface was not read has one of which no address is told', () => {
    const read = nicIn(HUB, group('s'), instance)
    assert.deepEqual(
      [read.of, read.subnet, read.addresses, read.untold],
      [own('vmss/pool/0'), own('subnet/hub/a'), [], [4]],
    )
    assert.deepEqual(read.filters, [own('nsg/s')])
  })
  test('an interface that was read stands under its instance', () => {
    const id = `${set}/virtualMachines/0/networkInterfaces/pool-nic`
    const read = nicIn(HUB, instance, nic({}, {}, id))
    assert.deepEqual([read.id, read.of], [own('nic/pool/0/pool-nic'), own('vmss/pool/0')])
    assert.deepEqual(read.addresses.map(printAddress), ['10.0.1.4'])
  })
})

describe('nodes of clusters', () => {
  const node = (group: string, tags: JsonObject = {}): JsonObject => ({
    id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachineScaleSets/p/virtualMachines/1`,
    instanceId: '1',
    latestModelApplied: true,
    tags,
  })
  const clusters = (...bodies: JsonObject[]): readonly string[] | undefined =>
    readingOf(...bodies).fabric.machines[0]?.clusters
  test('the name of the group that AKS makes', () => {
    assert.deepEqual(clusters(node('MC_platform_prod-a_westeurope')), ['prod-a'])
    assert.deepEqual(clusters(node('platform')), [])
  })
  test('the group that a cluster names', () => {
    const aks = resource(
      `/subscriptions/${SUBSCRIPTION}/resourcegroups/x/providers/Microsoft.ContainerService/managedClusters/Prod`,
      {
        nodeResourceGroup: 'Nodes',
        networkProfile: { outboundType: 'loadBalancer' },
      },
    )
    assert.deepEqual(clusters(node('nodes'), aks), ['Prod'])
  })
})

describe('private endpoints', () => {
  const endpoint = resource(net('privateEndpoints/sql'), {
    subnet: A,
    networkInterfaces: [reference(net('networkInterfaces/n'))],
    privateLinkServiceConnections: [{ groupIds: ['sqlServer'] }],
  })
  test('stand behind an interface that no group filters', () => {
    const { fabric } = readingOf(HUB, group('s'), endpoint, nic({}))
    assert.deepEqual(
      fabric.interfaces.map(({ of, filters }) => [of, filters]),
      [[own('private-endpoint/sql'), []]],
    )
    assert.deepEqual(
      fabric.endpoints?.map(({ service, network }) => [service, network]),
      [['sqlServer', own('vnet/hub')]],
    )
  })
  test('add a route for their address, unless routes count for them in their subnet', () => {
    const routed = (policies: string): boolean =>
      readingOf(
        vnet('hub', ['10.0.0.0/16'], { a: ['10.0.1.0/24', { privateEndpointNetworkPolicies: policies }] }),
        endpoint,
        nic({}),
      ).fabric.tables[0]?.routes.some(
        ({ destination }) => destination?.prefix === 32 && destination.words[0] === 0x0a000104,
      ) ?? false
    assert.deepEqual(
      [routed('Disabled'), routed('NetworkSecurityGroupEnabled'), routed('RouteTableEnabled'), routed('Enabled')],
      [true, true, false, false],
    )
  })
  test('one that was not read has its route, too, where its interface names it', () => {
    const its = nic({}, { privateEndpoint: reference(net('privateEndpoints/sql')) })
    const routes = readingOf(HUB, its).fabric.tables[0]?.routes ?? []
    assert.ok(routes.some(({ destination }) => destination?.prefix === 32 && destination.words[0] === 0x0a000104))
  })
})
