import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import { apps, net, own, printed, readingOf, reference, resource, vnet, web, whysOf } from './testing/reading-of.ts'

const SUBNET = net('virtualNetworks/hub/subnets/a')
const site = (more: JsonObject): JsonObject => resource(web('sites/shop'), { state: 'Running', ...more })
const pinnedOf = (...bodies: JsonObject[]): string => {
  const [only] = readingOf(...bodies).fabric.managed
  assert.ok(only !== undefined)
  if (bothFamilies.isEmpty(only.pinned)) return 'nothing'
  return bothFamilies.equals(only.pinned, bothFamilies.full) ? 'everything' : printed(only.pinned).join(' ')
}

// Source: App Service, “Integrate your app with an Azure virtual network”, Application routing.
describe('what an app sends into its network', () => {
  test('nothing without one', () => assert.equal(pinnedOf(site({ vnetRouteAllEnabled: true })), 'nothing'))
  test('private addresses alone', () => {
    assert.equal(
      pinnedOf(site({ virtualNetworkSubnetId: SUBNET, vnetRouteAllEnabled: false })),
      '10.0.0.0-10.255.255.255 172.16.0.0-172.31.255.255 192.168.0.0-192.168.255.255',
    )
  })
  test('everything, by the old word and the new ones', () => {
    for (const more of [
      { vnetRouteAllEnabled: true },
      { siteConfig: { vnetRouteAllEnabled: true } },
      { outboundVnetRouting: { applicationTraffic: true } },
      { outboundVnetRouting: { allTraffic: true, applicationTraffic: false } },
    ])
      assert.equal(pinnedOf(site({ virtualNetworkSubnetId: SUBNET, ...more })), 'everything')
  })
  test('not told: a doubt', () => {
    const reading = readingOf(site({ virtualNetworkSubnetId: SUBNET }))
    assert.deepEqual(whysOf(reading), ['whether all of what it sends goes into its network was not read'])
    assert.equal(reading.fabric.managed[0]?.doubts.length, 1)
  })
})

test('it sends by an interface in the subnet, with the group of that and no address that is told', () => {
  const hub = vnet('hub', ['10.0.0.0/16'], {
    a: ['10.0.1.0/24', { networkSecurityGroup: reference(net('networkSecurityGroups/s')) }],
  })
  const { fabric } = readingOf(
    hub,
    site({ virtualNetworkSubnetId: SUBNET, vnetRouteAllEnabled: true, kind: 'functionapp,linux' }),
  )
  assert.deepEqual([fabric.managed[0]?.id, fabric.managed[0]?.kind], [own('app/shop'), 'function'])
  assert.deepEqual(
    fabric.interfaces.map(({ of, subnet, untold, filters }) => [of, subnet, untold, filters]),
    [[own('app/shop'), own('subnet/hub/a'), [4], [own('nsg/s')]]],
  )
})

describe('container apps', () => {
  const app = resource(apps('containerApps/api'), { managedEnvironmentId: apps('managedEnvironments/env') })
  const environment = (more: JsonObject): JsonObject =>
    resource(apps('managedEnvironments/env'), { staticIp: '10.0.1.9', ...more })
  test('leave by the subnet of their environment, if it has one', () => {
    assert.equal(pinnedOf(app, environment({ vnetConfiguration: { infrastructureSubnetId: SUBNET } })), 'everything')
    assert.equal(pinnedOf(app, environment({ vnetConfiguration: null })), 'nothing')
  })
  test('an environment that was not read: a doubt', () => {
    assert.equal(readingOf(app).fabric.managed[0]?.doubts.length, 1)
  })
})

test('a cluster whose way out its subnets do not have', () => {
  const hub = vnet('hub', ['10.0.0.0/16'], { a: ['10.0.1.0/24', {}] })
  const aks = (outboundType: string): JsonObject =>
    resource(net('x').replace('Network/x', 'ContainerService/managedClusters/prod'), {
      networkProfile: { outboundType },
      agentPoolProfiles: [{ vnetSubnetId: SUBNET }],
    })
  assert.deepEqual(whysOf(readingOf(hub, aks('userDefinedRouting'))), [
    `its outbound type is \`userDefinedRouting\`, and \`${own('subnet/hub/a')}\` has no route table`,
  ])
  assert.equal(whysOf(readingOf(hub, aks('userAssignedNATGateway'))).length, 1)
  assert.deepEqual(whysOf(readingOf(hub, aks('loadBalancer'))), [])
  assert.equal(whysOf(readingOf(hub, aks('none'))).length, 1)
})
