import type { Random } from '../random.ts'
import type { Json } from '../types.ts'
import type { Use } from './constructs.ts'
import { type Fields, net, resource, SITE, type VnetPlan } from './plan.ts'

export const makeTables = (
  random: Random,
  use: Use,
  vnets: readonly VnetPlan[],
  peered: (vnet: VnetPlan) => readonly VnetPlan[],
): readonly Fields[] =>
  vnets.flatMap(vnet =>
    vnet.tables.map(name => {
      const disableBgpRoutePropagation = random.percent(25)
      if (disableBgpRoutePropagation) use('a table that takes nothing from gateways')
      const made = new Map(
        Array.from({ length: 1 + random.below(4) }, () => makeRoute(random, use, vnet, peered(vnet))).map(one => [
          one.prefix,
          one,
        ]),
      )
      return resource(`routeTables/${name}`, {
        disableBgpRoutePropagation,
        routes: [...made.values()].map(
          ({ prefix, hop, address }, i): Json => ({
            id: net(`routeTables/${name}/routes/r${i}`),
            name: `r${i}`,
            addressPrefix: prefix,
            nextHopType: hop,
            ...(address === null ? {} : { nextHopIpAddress: address }),
            hasBgpOverride: false,
            provisioningState: 'Succeeded',
          }),
        ),
      })
    }),
  )

interface Made {
  readonly prefix: string
  readonly hop: string
  readonly address: string | null
}

const makeRoute = (random: Random, use: Use, vnet: VnetPlan, peers: readonly VnetPlan[]): Made => {
  const subnet = random.pick(vnet.subnets)
  const made = (prefix: string): Made => ({ prefix, ...makeHop(random, use, vnet, peers) })
  switch (random.below(9)) {
    case 0:
    case 1:
      use('a default route')
      return made('0.0.0.0/0')
    case 2:
      use('half of a default route')
      return made(random.pick(['0.0.0.0/1', '128.0.0.0/1']))
    case 3:
      use('a route for a part of the internet')
      return made(random.pick(['203.0.113.0/24', '203.0.113.128/25', '8.8.8.8/32']))
    case 4:
      use('a default route of IPv6')
      return { prefix: random.pick(['::/0', '2000::/3']), hop: random.pick(['None', 'Internet']), address: null }
    case 5:
      use('a route by a service tag')
      return made(random.pick(['Storage', 'AzureCloud', 'Sql']))
    case 6:
      use('a route inside the network')
      return made(random.pick([...vnet.blocks, random.pick([vnet, ...peers]).blocks[0] ?? '']))
    case 7:
      use('a route inside a subnet')
      return made(random.pick([subnet.block, `${subnet.stem}.8/29`]))
    default:
      return made(random.pick([SITE, '192.168.0.0/17', '10.0.0.0/8']))
  }
}

const makeHop = (random: Random, use: Use, vnet: VnetPlan, peers: readonly VnetPlan[]): Omit<Made, 'prefix'> => {
  const there = random.pick([vnet, ...peers])
  const firewalls = [vnet, ...peers].filter(({ hasFirewall }) => hasFirewall)
  switch (random.below(8)) {
    case 0:
      use('a route that drops')
      return { hop: 'None', address: null }
    case 1:
      use('a route to a gateway')
      return { hop: 'VirtualNetworkGateway', address: null }
    case 2:
      use('a route to the internet')
      return { hop: 'Internet', address: null }
    case 3:
      return { hop: 'VnetLocal', address: null }
    case 4:
      use('a route to an appliance')
      return { hop: 'VirtualAppliance', address: `${there.subnets[0]?.stem}.10` }
    default: {
      if (firewalls.length === 0) return { hop: 'VirtualAppliance', address: `${there.subnets[1]?.stem}.10` }
      use('a route to a firewall')
      return { hop: 'VirtualAppliance', address: firewallAddress(random.pick(firewalls)) }
    }
  }
}

export const firewallAddress = ({ blocks }: VnetPlan): string =>
  `${(blocks[0] ?? '').split('.').slice(0, 2).join('.')}.250.4`
