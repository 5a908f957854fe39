import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Estate } from '../../model/cluster.ts'
import type { JsonObject } from '../../model/json.ts'
import { estateOf } from '../../sources/kubernetes/testing/estate-of.ts'
import { networksIn } from '../../sources/networks.ts'
import { FABRIC_CHECKS } from '../catalogue.ts'
import { fabricFindings } from './run.ts'
import { fabricViewOf } from './view.ts'

// Checks of what runs without machines, of exits and of inspection, over what each cloud prints of the same things.

const NEW = /^PST-(S00[1-6]|C02[1-9]|A00[23])$/

const estateWith = (yaml: string, documents: readonly JsonObject[]): Estate => ({
  ...estateOf({ 'x.yaml': yaml }),
  fabric: networksIn(
    documents.map((body, source) => ({
      kind: 'document',
      body,
      origin: { file: `${source}.json`, source, start: 0, end: 1, line: 1, format: 'json', item: null },
      cluster: 'c',
    })),
    'after',
  ).fabric,
})

/** `PST-S001 low mail` */
const found = (documents: readonly JsonObject[], yaml = ''): readonly string[] => {
  const view = fabricViewOf(estateWith(yaml, documents), '2026-06-01')
  return FABRIC_CHECKS.filter(({ id }) => NEW.test(id)).flatMap(check =>
    [...check.run(view)].map(
      ({ object, severity }) => `${check.id} ${severity ?? check.severity} ${object.id.split('/').at(-1)}`,
    ),
  )
}

const node = (name: string, providerID: string, address: string, more = ''): string => `---
apiVersion: v1
kind: Node
metadata: { name: ${name} }
spec: { providerID: "${providerID}"${more} }
status: { addresses: [{ type: InternalIP, address: ${address} }] }
`
const approved = (spec: string): string => `---
apiVersion: postern.dev/v1alpha1
kind: ApprovedExit
metadata: { name: exit }
spec: { ${spec}, owner: team-network }
`

describe('AWS', () => {
  const table = (name: string, subnet: string, route: JsonObject): JsonObject => ({
    RouteTableId: `rtb-${name}`,
    VpcId: 'vpc-1',
    Associations: [{ SubnetId: subnet, AssociationState: { State: 'associated' } }],
    Routes: [{ DestinationCidrBlock: '0.0.0.0/0', Origin: 'CreateRoute', State: 'active', ...route }],
  })
  const network: readonly JsonObject[] = [
    { Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16', OwnerId: '1' }] },
    {
      Subnets: ['pub', 'a'].map((name, i) => ({
        SubnetId: `subnet-${name}`,
        VpcId: 'vpc-1',
        CidrBlock: `10.0.${i + 1}.0/24`,
        AvailabilityZone: 'eu-west-1a',
      })),
    },
    {
      RouteTables: [
        table('pub', 'subnet-pub', { GatewayId: 'igw-1' }),
        table('a', 'subnet-a', { NatGatewayId: 'nat-1' }),
      ],
    },
    { InternetGateways: [{ InternetGatewayId: 'igw-1', Attachments: [{ VpcId: 'vpc-1', State: 'available' }] }] },
    {
      NatGateways: [
        {
          NatGatewayId: 'nat-1',
          VpcId: 'vpc-1',
          SubnetId: 'subnet-pub',
          State: 'available',
          ConnectivityType: 'public',
          NatGatewayAddresses: [{ PublicIp: '203.0.113.1', PrivateIp: '10.0.1.5' }],
        },
      ],
    },
    {
      SecurityGroups: [
        {
          GroupId: 'sg-1',
          VpcId: 'vpc-1',
          IpPermissions: [],
          IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
        },
      ],
    },
  ]
  const lambda = (name: string, ...SubnetIds: readonly string[]): JsonObject => ({
    FunctionName: name,
    FunctionArn: `arn:aws:lambda:eu-west-1:111122223333:function:${name}`,
    ...(SubnetIds.length === 0 ? {} : { VpcConfig: { VpcId: 'vpc-1', SubnetIds, SecurityGroupIds: ['sg-1'] } }),
  })

  // Lambda Developer Guide, “Enable internet access for VPC-connected Lambda functions”: no public address, so NAT alone lets out.
  test('functions without a network, in a public subnet, and in both kinds of subnets', () => {
    const functions = [lambda('none'), lambda('public', 'subnet-pub'), lambda('both', 'subnet-a', 'subnet-pub')]
    assert.deepEqual(found([...network, { Functions: functions }]), [
      'PST-S001 low none',
      'PST-S004 medium both',
      'PST-S005 low both',
      'PST-S005 low public',
      'PST-S006 info sg-1',
    ])
  })
  test('are worse where an exit is approved, and none where it is theirs', () => {
    const functions = { Functions: [lambda('none'), lambda('nat', 'subnet-a')] }
    assert.deepEqual(found([...network, functions], approved('ids: [igw-1]')), [
      'PST-S001 medium none',
      'PST-S006 low sg-1',
    ])
    assert.deepEqual(found([...network, functions], approved('addresses: [203.0.113.2/32], ids: [igw-none]')), [
      'PST-S001 low none',
      'PST-S006 info sg-1',
    ])
    assert.deepEqual(found([...network, functions], approved('ids: [nat-1, "*/none"]')), ['PST-S006 low sg-1'])
  })
})

test('a function is told of where no network was read', () => {
  const Functions = [{ FunctionName: 'mail', FunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:mail' }]
  const findings = fabricFindings(estateWith('', [{ Functions }]), {
    now: '2026-06-01T12:00:00Z',
    baseline: new Set(),
    lineOf: origin => origin.line,
  })
  assert.deepEqual(
    findings.map(({ id, object, witness, path }) => [id, object, witness, path.map(({ hop }) => hop)]),
    [['PST-S001', 'aws:lambda/111122223333/eu-west-1/mail', 'mail -> 1.1.1.1:443/TCP', ['managed']]],
  )
})

describe('Azure', () => {
  const SUBSCRIPTION = '00000000-0000-0000-0000-00000000000a'
  const idOf = (path: string, namespace = 'Network'): string =>
    `/subscriptions/${SUBSCRIPTION}/resourceGroups/Net/providers/Microsoft.${namespace}/${path}`
  const resource = (id: string, more: JsonObject): JsonObject => ({
    id,
    name: id.split('/').at(-1) ?? '',
    location: 'westeurope',
    ...more,
  })
  const vnet = (more: JsonObject = {}): JsonObject =>
    resource(idOf('virtualNetworks/v'), {
      addressSpace: { addressPrefixes: ['10.1.0.0/16'] },
      subnets: [
        resource(idOf('virtualNetworks/v/subnets/s'), { addressPrefix: '10.1.1.0/24', ...more }),
        resource(idOf('virtualNetworks/v/subnets/AzureFirewallSubnet'), { addressPrefix: '10.1.2.0/24' }),
      ],
    })
  const S = idOf('virtualNetworks/v/subnets/s')
  const nic = (more: JsonObject = {}): JsonObject =>
    resource(idOf('networkInterfaces/n'), {
      virtualMachine: { id: idOf('virtualMachines/m', 'Compute') },
      ipConfigurations: [{ privateIPAddress: '10.1.1.4', subnet: { id: S }, primary: true, ...more }],
    })
  const vm = resource(idOf('virtualMachines/m', 'Compute'), { hardwareProfile: {} })
  const site = (all: boolean): JsonObject =>
    resource(idOf('sites/shop', 'Web'), { virtualNetworkSubnetId: S, vnetRouteAllEnabled: all })
  const ip = (name: string, ipAddress: string): JsonObject => resource(idOf(`publicIPAddresses/${name}`), { ipAddress })
  const NODE = node('m', `azure://${idOf('virtualMachines/m', 'Compute')}`, '10.1.1.4')

  // Default outbound access in Azure; App Service, “Integrate your app with an Azure virtual network”, Application routing.
  test('a subnet that the platform lends an address, and an app that sends private ranges alone by it', () => {
    assert.deepEqual(found([vnet(), nic(), vm, site(false)], NODE), ['PST-C021 medium s', 'PST-S002 low shop'])
    assert.deepEqual(found([vnet(), site(true)]), ['PST-C021 medium s'])
    assert.deepEqual(found([vnet({ defaultOutboundAccess: false }), nic(), vm], NODE), [])
  })

  // Azure NAT Gateway, “What is Azure NAT Gateway?”, Outbound connectivity: it goes before a machine’s own address.
  test('NAT goes before a public address of the machine', () => {
    const nat = resource(idOf('natGateways/out'), { publicIpAddresses: [{ id: idOf('publicIPAddresses/nat') }] })
    const own = nic({ publicIPAddress: { id: idOf('publicIPAddresses/own') } })
    const bodies = [vnet({ natGateway: { id: idOf('natGateways/out') } }), nat, own, vm]
    assert.deepEqual(found([...bodies, ip('nat', '203.0.113.1'), ip('own', '203.0.113.2')], NODE), [])
  })

  // Azure Load Balancer, “Outbound rules”: for machines of the pool that have no address of their own.
  test('a balancer is no exit that anybody approved, where somebody approved one', () => {
    const b = idOf('loadBalancers/lb')
    const balancer = resource(b, {
      sku: { name: 'Standard' },
      frontendIPConfigurations: [
        resource(`${b}/frontendIPConfigurations/f`, { publicIPAddress: { id: idOf('publicIPAddresses/lb') } }),
      ],
      backendAddressPools: [resource(`${b}/backendAddressPools/pool`, {})],
      outboundRules: [
        {
          name: 'out',
          protocol: 'All',
          frontendIPConfigurations: [{ id: `${b}/frontendIPConfigurations/f` }],
          backendAddressPool: { id: `${b}/backendAddressPools/pool` },
        },
      ],
    })
    const behind = nic({ loadBalancerBackendAddressPools: [{ id: `${b}/backendAddressPools/pool` }] })
    const nat = resource(idOf('natGateways/out'), { publicIpAddresses: [{ id: idOf('publicIPAddresses/nat') }] })
    const bodies = [vnet(), behind, vm, balancer, ip('lb', '203.0.113.5'), nat, ip('nat', '203.0.113.6')]
    assert.deepEqual(found(bodies, NODE), [])
    assert.deepEqual(found(bodies, `${NODE}${approved('addresses: [203.0.113.5/32]')}`), [])
    assert.deepEqual(found(bodies, `${NODE}${approved('addresses: [203.0.113.6/32]')}`), ['PST-C022 high lb'])
  })

  // Azure REST API Reference, VirtualNetworkPeering, allowForwardedTraffic.
  test('a peering takes what nothing passes on, and more so between environments', () => {
    const half = (from: string, to: string, allowForwardedTraffic: boolean): JsonObject =>
      resource(idOf(`virtualNetworks/${from}/virtualNetworkPeerings/to-${to}`), {
        remoteVirtualNetwork: { id: idOf(`virtualNetworks/${to}`) },
        peeringState: 'Connected',
        allowVirtualNetworkAccess: true,
        allowForwardedTraffic,
      })
    const other = resource(idOf('virtualNetworks/w'), {
      addressSpace: { addressPrefixes: ['10.2.0.0/16'] },
      subnets: [resource(idOf('virtualNetworks/w/subnets/s'), { addressPrefix: '10.2.1.0/24' })],
    })
    const environment = (name: string, networks: string): string => `---
apiVersion: postern.dev/v1alpha1
kind: Environment
metadata: { name: ${name} }
spec: { networks: ["${networks}"] }
`
    const [lends, takes] = [half('v', 'w', false), half('w', 'v', true)]
    const apart = `${environment('prod', '*/w')}${environment('dev', '*/v')}`
    assert.deepEqual(found([vnet(), other, nic(), lends, takes]), ['PST-C023 low to-w'])
    assert.deepEqual(found([vnet(), other, nic(), lends, takes], apart), ['PST-C023 medium to-w'])
    assert.deepEqual(found([vnet(), other, nic(), lends, takes], environment('all', '*')), ['PST-C023 low to-w'])
    assert.deepEqual(found([vnet(), other, { ...nic(), enableIPForwarding: true }, lends, takes]), [])
    // Without any interface nobody knows what is there.
    assert.deepEqual(found([vnet(), other, lends, takes]), [])
  })

  const firewall: readonly JsonObject[] = [
    resource(idOf('azureFirewalls/fw'), {
      ipConfigurations: [
        {
          privateIPAddress: '10.1.2.4',
          publicIPAddress: { id: idOf('publicIPAddresses/fw') },
          subnet: { id: idOf('virtualNetworks/v/subnets/AzureFirewallSubnet') },
        },
      ],
      firewallPolicy: { id: idOf('firewallPolicies/p') },
    }),
    ip('fw', '203.0.113.3'),
    resource(idOf('firewallPolicies/p'), { threatIntelMode: 'Alert' }),
  ]
  const rules = (...ports: readonly string[]): JsonObject =>
    resource(idOf('firewallPolicies/p/ruleCollectionGroups/g'), {
      priority: 200,
      ruleCollections: [
        {
          ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
          priority: 100,
          action: { type: 'Allow' },
          rules: [
            {
              ruleType: 'NetworkRule',
              ipProtocols: ['TCP', 'UDP'],
              sourceAddresses: ['10.1.1.0/24'],
              destinationAddresses: ['*'],
              destinationPorts: ports,
            },
          ],
        },
      ],
    })
  const table = resource(idOf('routeTables/rt'), {
    routes: [
      { name: 'out', addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.1.2.4' },
    ],
  })
  const led = vnet({ routeTable: { id: idOf('routeTables/rt') } })

  // Its own address is put on what leaves, so that answers come to it: nothing is inspected one way alone.
  test('a firewall that lets all ports out is open, for whom the rule is about', () => {
    assert.deepEqual(found([led, nic(), vm, table, ...firewall, rules('*')], NODE), ['PST-C026 medium p'])
    assert.deepEqual(found([led, nic(), vm, table, ...firewall, rules('443')], NODE), [])
  })

  test('a firewall that no default route leads to is unused, more so where it is approved', () => {
    const nodes = [vnet(), nic(), vm, ...firewall, rules('443')]
    assert.deepEqual(found(nodes, NODE), ['PST-C021 medium s', 'PST-C027 low fw'])
    assert.deepEqual(found(nodes, `${NODE}${approved('addresses: [203.0.113.3/32]')}`), [
      'PST-C021 medium s',
      'PST-C027 medium fw',
    ])
    // Who might go there and was not read leaves it open.
    const beside = resource(idOf('virtualNetworks/v/virtualNetworkPeerings/to-far'), {
      remoteVirtualNetwork: { id: idOf('virtualNetworks/far') },
      peeringState: 'Connected',
    })
    assert.deepEqual(found([...nodes, beside], NODE), ['PST-C021 medium s'])
  })
})

describe('Google Cloud', () => {
  const link = (path: string): string => `https://www.googleapis.com/compute/v1/projects/p/${path}`
  const NETWORK = link('global/networks/n')
  const REGION = 'europe-west1'
  const S = link(`regions/${REGION}/subnetworks/s`)
  const network: readonly JsonObject[] = [
    { kind: 'compute#network', name: 'n', selfLink: NETWORK, routingConfig: { routingMode: 'REGIONAL' } },
    {
      kind: 'compute#subnetwork',
      name: 's',
      selfLink: S,
      network: NETWORK,
      region: link(`regions/${REGION}`),
      ipCidrRange: '10.0.0.0/24',
      secondaryIpRanges: [{ rangeName: 'pods', ipCidrRange: '10.4.0.0/14' }],
      privateIpGoogleAccess: false,
    },
    {
      kind: 'compute#route',
      name: 'default',
      selfLink: link('global/routes/default'),
      network: NETWORK,
      destRange: '0.0.0.0/0',
      priority: 1000,
      nextHopGateway: link('global/gateways/default-internet-gateway'),
    },
    { network: NETWORK, region: REGION, effectiveFirewalls: { firewalls: [], firewallPolicys: [] } },
  ]
  const nat = (ranges: string): JsonObject => ({
    kind: 'compute#router',
    name: 'r',
    selfLink: link(`regions/${REGION}/routers/r`),
    network: NETWORK,
    region: link(`regions/${REGION}`),
    nats: [{ name: 'out', natIpAllocateOption: 'AUTO_ONLY', sourceSubnetworkIpRangesToNat: ranges }],
  })
  const ALL = nat('ALL_SUBNETWORKS_ALL_IP_RANGES')
  const run = (name: string, vpcAccess?: JsonObject): JsonObject => ({
    name: `projects/p/locations/${REGION}/services/${name}`,
    template: vpcAccess === undefined ? {} : { vpcAccess },
  })
  const direct = (egress: string): JsonObject => ({ egress, networkInterfaces: [{ network: 'n', subnetwork: 's' }] })
  const instance = (natIP?: string): JsonObject => ({
    kind: 'compute#instance',
    name: 'm',
    selfLink: link(`zones/${REGION}-b/instances/m`),
    status: 'RUNNING',
    canIpForward: false,
    networkInterfaces: [
      {
        name: 'nic0',
        network: NETWORK,
        subnetwork: S,
        networkIP: '10.0.0.4',
        ...(natIP === undefined ? {} : { accessConfigs: [{ type: 'ONE_TO_ONE_NAT', natIP }] }),
      },
    ],
  })
  const NODE = node('m', `gce://p/${REGION}-b/m`, '10.0.0.4', ', podCIDR: 10.4.0.0/24, podCIDRs: [10.4.0.0/24]')
  // Rules that a network has by itself let everything out: it is told of each service that goes by them.
  const IMPLIED = 'PST-S006 info untagged'

  // Cloud Run, “Direct VPC egress with a VPC network”: no external address, so that NAT alone lets out.
  test('services without a network, with one for private ranges, and with one that lets nobody out', () => {
    assert.deepEqual(found([...network, run('none')]), ['PST-S001 low none'])
    assert.deepEqual(found([...network, run('half', direct('PRIVATE_RANGES_ONLY'))]), ['PST-S002 low half'])
    assert.deepEqual(found([...network, run('all', direct('ALL_TRAFFIC'))]), ['PST-S005 low all', IMPLIED])
  })
  // “Cloud NAT overview”, Specifications: TCP, UDP and ICMP. What it takes none of is no outage that anybody would see.
  test('NAT lets a service out, whatever protocols it leaves out', () => {
    assert.deepEqual(found([...network, ALL, run('all', direct('ALL_TRAFFIC'))]), [IMPLIED])
  })
  // “Cloud NAT product interactions”, Compute Engine: a machine’s external address goes first.
  test('a public address of a machine goes before NAT', () => {
    assert.deepEqual(found([...network, ALL, instance('203.0.113.9')]), ['PST-C025 medium m'])
    assert.deepEqual(found([...network, ALL, instance()]), [])
    assert.deepEqual(found([...network, instance('203.0.113.9')]), [])
  })
  test('NAT for primary ranges leaves pods out', () => {
    assert.deepEqual(found([...network, nat('ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES'), instance()], NODE), [
      'PST-C024 low out',
    ])
    assert.deepEqual(found([...network, ALL, instance()], NODE), [])
  })
})
