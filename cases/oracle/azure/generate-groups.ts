import type { Random } from '../random.ts'
import type { Json } from '../types.ts'
import type { Use } from './constructs.ts'
import { blockNear, type Fields, net, ref, resource, type VnetPlan } from './plan.ts'

/** Ports that stand in rules, so that packets can be sent to them and beside them. */
export const PORTS = ['443', '80-443', '1-1023', '1024-65535', '53'] as const

export const makeGroups = (random: Random, use: Use, vnets: readonly VnetPlan[]): readonly Fields[] =>
  vnets.flatMap(vnet =>
    vnet.groups.map(name =>
      resource(`networkSecurityGroups/${name}`, {
        securityRules: (['Outbound', 'Inbound'] as const).flatMap(direction =>
          makeRules(random, use, vnet, vnets, name, direction),
        ),
        defaultSecurityRules: defaultRules(name),
      }),
    ),
  )

const rule = (group: string, name: string, more: Fields): Fields => ({
  id: net(`networkSecurityGroups/${group}/securityRules/${name}`),
  name,
  sourcePortRange: '*',
  sourcePortRanges: [],
  sourceAddressPrefixes: [],
  destinationAddressPrefixes: [],
  destinationPortRanges: [],
  ...more,
})

/** As the platform makes them. Source: "Azure network security groups overview", Default security rules. */
const defaultRules = (group: string): readonly Json[] =>
  (
    [
      ['AllowVnetInBound', 65000, 'Inbound', 'Allow', 'VirtualNetwork', 'VirtualNetwork'],
      ['AllowAzureLoadBalancerInBound', 65001, 'Inbound', 'Allow', 'AzureLoadBalancer', '*'],
      ['DenyAllInBound', 65500, 'Inbound', 'Deny', '*', '*'],
      ['AllowVnetOutBound', 65000, 'Outbound', 'Allow', 'VirtualNetwork', 'VirtualNetwork'],
      ['AllowInternetOutBound', 65001, 'Outbound', 'Allow', '*', 'Internet'],
      ['DenyAllOutBound', 65500, 'Outbound', 'Deny', '*', '*'],
    ] as const
  ).map(([name, priority, direction, access, sourceAddressPrefix, destinationAddressPrefix]) =>
    rule(group, name, {
      access,
      direction,
      priority,
      protocol: '*',
      sourceAddressPrefix,
      destinationAddressPrefix,
      destinationPortRange: '*',
    }),
  )

const makeRules = (
  random: Random,
  use: Use,
  vnet: VnetPlan,
  vnets: readonly VnetPlan[],
  group: string,
  direction: 'Inbound' | 'Outbound',
): readonly Json[] => {
  const order = [300, 100, 4000, 250]
  return Array.from({ length: random.percent(45) ? 0 : 1 + random.below(4) }, (_, i): Json => {
    const access = random.percent(45) ? 'Deny' : 'Allow'
    if (access === 'Deny') use('a rule that denies')
    const isOut = direction === 'Outbound'
    const other = makeEnd(random, use, vnet, vnets, isOut)
    const own = makeOwn(random, use, vnet)
    const traffic = makeTraffic(random, use)
    const isByPort = random.percent(6)
    if (isByPort) use('a rule for ports of the sender')
    return rule(group, `r${i}${direction}`, {
      access,
      direction,
      priority: order[i] ?? 200,
      ...traffic,
      ...(isByPort ? { sourcePortRange: '1024-65535' } : {}),
      ...spelt(isOut ? 'source' : 'destination', own),
      ...spelt(isOut ? 'destination' : 'source', other),
    })
  })
}

interface End {
  readonly prefixes: readonly string[]
  readonly applications: readonly string[]
}

/** One prefix stands in a field of its own, several in a list. */
const spelt = (key: 'source' | 'destination', { prefixes, applications }: End): Fields => ({
  ...(prefixes.length === 1
    ? { [`${key}AddressPrefix`]: prefixes[0] ?? '' }
    : { [`${key}AddressPrefix`]: '', [`${key}AddressPrefixes`]: prefixes }),
  ...(applications.length === 0
    ? {}
    : { [`${key}ApplicationSecurityGroups`]: applications.map(one => ref(`applicationSecurityGroups/${one}`)) }),
})

const ANY: End = { prefixes: ['*'], applications: [] }
const makeOwn = (random: Random, use: Use, vnet: VnetPlan): End => {
  if (random.percent(70)) return ANY
  use('a rule about this end')
  const subnet = random.pick(vnet.subnets)
  return random.percent(25)
    ? { prefixes: [], applications: [random.pick(vnet.applications)] }
    : {
        prefixes: [random.pick([subnet.block, `${subnet.stem}.8/29`, 'VirtualNetwork', subnet.six ?? subnet.block])],
        applications: [],
      }
}

const makeEnd = (random: Random, use: Use, vnet: VnetPlan, vnets: readonly VnetPlan[], isOut: boolean): End => {
  switch (random.below(9)) {
    case 0:
      use('a rule about a network')
      return { prefixes: ['VirtualNetwork'], applications: [] }
    case 1:
      use('a rule about the internet')
      return { prefixes: ['Internet'], applications: [] }
    case 2:
      use('a rule about a service')
      return { prefixes: [random.pick(['Storage', 'Sql', 'AzureCloud', 'AzureKeyVault'])], applications: [] }
    case 3:
      if (!isOut) return ANY
      use('a rule about a platform service')
      return { prefixes: [random.pick(['AzurePlatformDNS', 'AzurePlatformIMDS'])], applications: [] }
    case 4:
    case 5:
      use('a rule about applications')
      return { prefixes: [], applications: [random.pick(vnet.applications)] }
    case 6:
      return ANY
    default: {
      use('a rule about addresses')
      const isSix = random.percent(30)
      return {
        prefixes: Array.from({ length: 1 + random.below(2) }, () => blockNear(random, vnets, isSix)),
        applications: [],
      }
    }
  }
}

const makeTraffic = (random: Random, use: Use): Fields => {
  const several = random.percent(20)
  if (several) use('several ports')
  const ports: Fields = several
    ? { destinationPortRange: '', destinationPortRanges: random.some(PORTS, 2, 2) }
    : { destinationPortRange: random.pick(PORTS) }
  switch (random.below(6)) {
    case 0:
    case 1:
      return { protocol: '*', destinationPortRange: '*' }
    case 2:
      use('a rule for ICMP')
      return { protocol: 'Icmp', destinationPortRange: '*' }
    case 3:
      return { protocol: 'Udp', ...ports }
    default:
      return { protocol: 'Tcp', ...ports }
  }
}
