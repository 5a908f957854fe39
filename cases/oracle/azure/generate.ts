import { isObject, list } from '../json.ts'
import { type Random, seeded } from '../random.ts'
import type { Json } from '../types.ts'
import type { Construct, Use } from './constructs.ts'
import { type Bodies, ofType, type Resource, refOf, subnetIdOf, worldOf } from './documents.ts'
import { makeFirewalls } from './generate-firewalls.ts'
import { makeGroups } from './generate-groups.ts'
import { makeInterfaces } from './generate-interfaces.ts'
import { makeOutward } from './generate-outward.ts'
import { makePackets, type Sent } from './generate-packets.ts'
import { makeTables } from './generate-routes.ts'
import { net, planVnets, ref, resource, SITE, type SubnetPlan, serviceTags, type VnetPlan } from './plan.ts'

/** One small cloud as the command line prints it, one body for each resource, with packets at the edges of what it says. */
export interface GeneratedNetwork {
  readonly bodies: Bodies
  readonly sent: readonly Sent[]
  /** What was written, each once. */
  readonly constructs: readonly Construct[]
}

/** The same seed gives the same. `isWhole`: nothing is left out. */
export const generateNetwork = (seed: number, packets: number, isWhole = false): GeneratedNetwork => {
  const random = seeded(seed)
  const used = new Set<Construct>()
  const use: Use = construct => used.add(construct)
  const vnets = planVnets(random)
  if (vnets.length > 1) use('several networks')
  if (new Set(vnets.map(({ blocks }) => blocks[0])).size < vnets.length) use('overlapping networks')
  if (vnets.some(({ blocks }) => blocks.length > 1)) use('a second block')
  const peerings = makePeerings(random, use, vnets)
  const peersOf = (vnet: VnetPlan): readonly VnetPlan[] =>
    peerings.filter(({ ends }) => ends.includes(vnet)).flatMap(({ ends }) => ends.filter(one => one !== vnet))
  const outward = makeOutward(random, use, vnets)
  const all: readonly Json[] = [
    ...vnets.map(vnet => makeVnet(random, use, vnet, peerings, outward.nats)),
    ...outward.bodies,
    ...makeTables(random, use, vnets, peersOf),
    ...makeGroups(random, use, vnets),
    ...makeInterfaces(random, use, vnets, outward.pools),
    ...vnets.filter(({ hasGateway }) => hasGateway).flatMap(vnet => makeGateway(random, use, vnet)),
    ...makeFirewalls(random, use, vnets),
    ...vnets.flatMap(({ applications }) => applications.map(name => resource(`applicationSecurityGroups/${name}`, {}))),
    serviceTags(),
  ]
  const whole = worldOf(all)
  const hasGroup = (one: Resource | undefined): boolean => refOf(one, 'networkSecurityGroup') !== null
  if (ofType(whole, 'networkinterfaces').some(nic => hasGroup(nic) && hasGroup(whole.byId.get(subnetIdOf(nic)))))
    use('groups at both')
  const read = leftOut(random, use, all, isWhole).map(body => spelt(random, use, body))
  return { bodies: read, sent: makePackets(random, all, read, packets), constructs: [...used] }
}

interface PeeringPlan {
  readonly ends: readonly [VnetPlan, VnetPlan]
  readonly state: string
  readonly hasAccess: boolean
  /** By the name of the network that has the half. */
  readonly takesForwarded: ReadonlySet<string>
  /** The one whose gateway the other uses. */
  readonly transit: VnetPlan | null
}

/** Nor may a network be beside two of one range. */
const makePeerings = (random: Random, use: Use, vnets: readonly VnetPlan[]): readonly PeeringPlan[] => {
  const isTwin = (one: VnetPlan): boolean => vnets.indexOf(one) > 0 && vnets[0]?.blocks[0] === one.blocks[0]
  return vnets.flatMap((one, index) =>
    vnets.slice(index + 1).flatMap((other): readonly PeeringPlan[] => {
      if (isTwin(one) || isTwin(other) || random.percent(15)) return []
      use('a peering')
      const isUp = random.percent(88)
      const hasAccess = random.percent(88)
      if (!isUp) use('a peering that is not up')
      if (!hasAccess) use('a peering without access')
      const lender = [one, other].find(({ hasGateway }) => hasGateway)
      const user = lender === one ? other : one
      const transit = lender !== undefined && !user.hasGateway && random.percent(60) ? lender : null
      if (transit !== null) use('a gateway of a peer')
      return [
        {
          ends: [one, other],
          state: isUp ? 'Connected' : random.pick(['Initiated', 'Disconnected']),
          hasAccess,
          takesForwarded: new Set([one.name, other.name].filter(() => random.percent(50))),
          transit,
        },
      ]
    }),
  )
}

const makeVnet = (
  random: Random,
  use: Use,
  vnet: VnetPlan,
  peerings: readonly PeeringPlan[],
  nats: readonly string[],
): Json => {
  if (vnet.six !== null) use('IPv6')
  const stem = (vnet.blocks[0] ?? '').split('.').slice(0, 2).join('.')
  const special = (name: string, addressPrefix: string, by: string): Json =>
    resource(`virtualNetworks/${vnet.name}/subnets/${name}`, { addressPrefix, ipConfigurations: [ref(by)] })
  // A network uses one gateway of a peer alone.
  const mine = peerings.filter(({ ends }) => ends.includes(vnet))
  const used = mine.find(({ transit }) => transit !== null && transit !== vnet)
  return resource(`virtualNetworks/${vnet.name}`, {
    addressSpace: { addressPrefixes: [...vnet.blocks, ...(vnet.six === null ? [] : [vnet.six])] },
    subnets: [
      ...vnet.subnets.map(subnet => makeSubnet(random, use, vnet, subnet, nats)),
      ...(vnet.hasGateway
        ? [special('GatewaySubnet', `${stem}.251.0/27`, `virtualNetworkGateways/gw${vnet.n}/ipConfigurations/c`)]
        : []),
      ...(vnet.hasFirewall
        ? [
            special(
              'AzureFirewallSubnet',
              `${stem}.250.0/26`,
              `azureFirewalls/fw${vnet.n}/azureFirewallIpConfigurations/c`,
            ),
          ]
        : []),
    ],
    virtualNetworkPeerings: mine.map((peering): Json => {
      const { ends, state, hasAccess, takesForwarded, transit } = peering
      const [one, two] = ends
      const other = one === vnet ? two : one
      const prefixes = { addressPrefixes: [...other.blocks, ...(other.six === null ? [] : [other.six])] }
      return {
        id: net(`virtualNetworks/${vnet.name}/virtualNetworkPeerings/to${other.name}`),
        name: `to${other.name}`,
        peeringState: state,
        peeringSyncLevel: 'FullyInSync',
        allowVirtualNetworkAccess: hasAccess,
        allowForwardedTraffic: takesForwarded.has(vnet.name),
        allowGatewayTransit: transit === vnet,
        useRemoteGateways: peering === used,
        remoteVirtualNetwork: ref(`virtualNetworks/${other.name}`),
        remoteAddressSpace: prefixes,
        remoteVirtualNetworkAddressSpace: prefixes,
      }
    }),
  })
}

const makeSubnet = (random: Random, use: Use, vnet: VnetPlan, subnet: SubnetPlan, nats: readonly string[]): Json => {
  const nat = random.percent(25) ? `nat${vnet.n}` : null
  const isPrivate = random.percent(35)
  const endpoints = random.percent(25) ? random.some(['Microsoft.Storage', 'Microsoft.KeyVault'], 1, 2) : []
  const hasGroup = random.percent(55)
  const hasTable = random.percent(60)
  if (nat !== null) use('a NAT gateway')
  if (isPrivate) use('a private subnet')
  if (endpoints.length > 0) use('a service endpoint')
  if (hasGroup) use('a group at a subnet')
  if (hasTable) use('a table of its own')
  const policies = random.pick(['Disabled', 'Disabled', 'Enabled', 'NetworkSecurityGroupEnabled', 'RouteTableEnabled'])
  if (policies !== 'Disabled') use('policies for private endpoints')
  return resource(subnet.path, {
    ...(subnet.six === null ? { addressPrefix: subnet.block } : { addressPrefixes: [subnet.block, subnet.six] }),
    ...(nat !== null && nats.includes(nat) ? { natGateway: ref(`natGateways/${nat}`) } : {}),
    ...(isPrivate ? { defaultOutboundAccess: false } : random.percent(50) ? { defaultOutboundAccess: true } : {}),
    ...(hasGroup ? { networkSecurityGroup: ref(`networkSecurityGroups/${random.pick(vnet.groups)}`) } : {}),
    ...(hasTable ? { routeTable: ref(`routeTables/${random.pick(vnet.tables)}`) } : {}),
    serviceEndpoints: endpoints.map(service => ({ service, locations: ['*'], provisioningState: 'Succeeded' })),
    delegations: [],
    privateEndpointNetworkPolicies: policies,
  })
}

const makeGateway = (random: Random, use: Use, vnet: VnetPlan): readonly Json[] => {
  const name = `gw${vnet.n}`
  const isLearning = random.percent(35)
  const isInside = random.percent(15)
  use('a gateway with a site')
  if (isInside) use('a site inside the network')
  if (isLearning) use('a gateway that learns')
  return [
    resource(`virtualNetworkGateways/${name}`, {
      gatewayType: 'Vpn',
      vpnType: 'RouteBased',
      enableBgp: isLearning,
      activeActive: false,
      ipConfigurations: [
        {
          id: net(`virtualNetworkGateways/${name}/ipConfigurations/c`),
          name: 'c',
          subnet: ref(`virtualNetworks/${vnet.name}/subnets/GatewaySubnet`),
          publicIPAddress: ref(`publicIPAddresses/pip-${name}`),
        },
      ],
    }),
    resource(`localNetworkGateways/site${vnet.n}`, {
      localNetworkAddressSpace: {
        addressPrefixes: [
          random.pick([SITE, '192.168.0.0/17', '203.0.113.128/26']),
          ...(isInside ? [`${vnet.subnets[0]?.stem}.0/25`] : []),
        ],
      },
      gatewayIpAddress: '198.51.100.250',
    }),
    resource(`connections/con${vnet.n}`, {
      connectionType: 'IPsec',
      connectionStatus: 'Connected',
      enableBgp: false,
      virtualNetworkGateway1: ref(`virtualNetworkGateways/${name}`),
      localNetworkGateway2: ref(`localNetworkGateways/site${vnet.n}`),
    }),
    ...(isLearning && random.percent(70)
      ? [
          {
            virtualNetworkGateway: net(`virtualNetworkGateways/${name}`),
            value: [
              {
                network: random.pick(['192.168.64.0/18', '0.0.0.0/0', '172.31.0.0/16']),
                origin: 'EBgp',
                asPath: '65010',
                nextHop: '192.168.0.1',
                sourcePeer: '192.168.0.1',
                weight: 32768,
                localAddress: '10.1.251.30',
              },
            ],
          },
        ]
      : []),
  ]
}

/** In one estate of three one resource was not read. */
const leftOut = (random: Random, use: Use, all: readonly Json[], isWhole: boolean): readonly Json[] => {
  if (isWhole || !random.percent(35)) return all
  use('something that was not read')
  const gone = random.pick(all)
  return all.filter(one => one !== gone)
}

/** As the command line prints it, or the API; ids in whatever case. */
const spelt = (random: Random, use: Use, body: Json): Json => {
  const isApi = random.percent(20) && isObject(body) && body['id'] !== undefined && body['values'] === undefined
  if (isApi) use('as the API prints it')
  const isUpper = random.percent(20)
  if (isUpper) use('ids in another case')
  const cased = isUpper ? otherCase(body) : body
  return isApi ? asApi(cased) : cased
}

const otherCase = (value: Json): Json =>
  typeof value === 'string' && value.startsWith('/subscriptions/')
    ? value.replace('/resourceGroups/Net/', '/resourcegroups/NET/')
    : Array.isArray(value)
      ? list(value).map(otherCase)
      : isObject(value)
        ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, otherCase(part)]))
        : value

const KEPT = ['id', 'name', 'type', 'location', 'sku', 'zones']
const asApi = (value: Json): Json => {
  if (!isObject(value)) return value
  const parts = Object.entries(value)
  const inside = parts
    .filter(([key]) => !KEPT.includes(key))
    .map(([key, part]): [string, Json] => [
      key,
      Array.isArray(part)
        ? list(part).map(one =>
            isObject(one) && one['id'] !== undefined && Object.keys(one).length > 1 ? asApi(one) : one,
          )
        : part,
    ])
  return { ...Object.fromEntries(parts.filter(([key]) => KEPT.includes(key))), properties: Object.fromEntries(inside) }
}
