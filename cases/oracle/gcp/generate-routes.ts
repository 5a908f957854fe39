import type { Random } from '../random.ts'
import type { Json } from '../types.ts'
import type { Use } from './constructs.ts'
import { type Fields, linkTo, type NetworkPlan, REGIONS, TAGS } from './plan.ts'

const INTERNET = { nextHopGateway: linkTo('projects/p/global/gateways/default-internet-gateway') }

/** Static routes of a network with what they lead to, tunnels and balancers. */
export const makeRoutes = (random: Random, use: Use, network: NetworkPlan): readonly Json[] => {
  const { n, path, subnets } = network
  let count = 0
  const route = (destRange: string, next: Fields, more: Fields = {}): Json => ({
    kind: 'compute#route',
    name: `r${n}-${++count}`,
    selfLink: linkTo(`projects/p/global/routes/r${n}-${count}`),
    network: linkTo(path),
    destRange,
    priority: 1000,
    ...next,
    ...more,
  })
  const next = (): Fields => {
    const first = subnets[0]?.stem ?? ''
    switch (random.below(8)) {
      case 0:
        use('a route to a machine')
        return { nextHopInstance: linkTo(`projects/p/zones/europe-west1-b/instances/fwd${n}`) }
      case 1:
        use('a route to a machine that does not forward')
        return { nextHopInstance: linkTo(`projects/p/zones/europe-west1-b/instances/still${n}`) }
      case 2:
        use('a route to an address')
        return { nextHopIp: `${first}.50` }
      case 3:
        use('a route to a balancer')
        return { nextHopIlb: linkTo(`projects/p/regions/${REGIONS[0]}/forwardingRules/ilb${n}`) }
      case 4:
      case 5:
        use('a route to a tunnel')
        return {
          nextHopVpnTunnel: linkTo(`projects/p/regions/${REGIONS[0]}/vpnTunnels/t${n}${random.pick(['a', 'b'])}`),
        }
      default:
        return INTERNET
    }
  }
  const tags = (): Fields => {
    if (!random.percent(25)) return {}
    use('a route for tags')
    return { tags: random.some(TAGS, 1, 2) }
  }
  const own: Json[] = []
  if (random.percent(75)) {
    use('a default route')
    own.push(route('0.0.0.0/0', INTERNET))
  } else use('no default route')
  if (random.percent(50)) {
    use('a default route of IPv6')
    own.push(route('::/0', INTERNET))
  }
  if (random.percent(15)) {
    use('half of a default route')
    own.push(route('0.0.0.0/1', next()), route('128.0.0.0/1', next(), tags()))
  }
  if (random.percent(15)) {
    use('a route to Google’s services')
    own.push(route(random.pick(['199.36.153.8/30', '199.36.153.4/30']), INTERNET))
  }
  const blocks = [
    '192.168.0.0/16',
    '192.168.7.0/24',
    '203.0.114.0/24',
    '203.0.114.128/25',
    '0.0.0.0/0',
    '172.20.0.0/16',
    `10.${n}.0.0/16`,
    '10.200.0.0/16',
  ]
  for (const block of random.some(blocks, 0, 4)) {
    own.push(route(block, next(), { ...tags(), priority: random.pick([100, 900, 1000]) }))
    if (random.percent(35)) {
      use('routes of one prefix')
      own.push(route(block, next(), { ...tags(), priority: random.pick([100, 900, 1000]) }))
    }
  }
  if (random.percent(8)) {
    use('routes of one rank')
    own.push(
      ...['a', 'b'].map(name =>
        route('192.168.9.0/24', {
          nextHopVpnTunnel: linkTo(`projects/p/regions/${REGIONS[0]}/vpnTunnels/t${n}${name}`),
        }),
      ),
    )
  }
  if (random.percent(10)) own.push(route('2600:5::/32', INTERNET))
  return [...own, ...makePolicyRoutes(random, use, network), ...makeLines(network)]
}

const makePolicyRoutes = (random: Random, use: Use, { n, path, subnets }: NetworkPlan): readonly Json[] => {
  if (!random.percent(25)) return []
  return [0, 1].slice(0, 1 + random.below(2)).map(index => {
    use('a policy-based route')
    const isFor = random.percent(50)
    if (isFor) use('a policy-based route for tags')
    const isDefault = random.percent(40)
    if (isDefault) use('a policy-based route to other routes')
    return {
      kind: 'networkconnectivity#policyBasedRoute',
      name: `projects/p/locations/global/policyBasedRoutes/pbr${n}-${index}`,
      network: linkTo(path),
      priority: 100 + index * 100 * random.pick([1, -1]),
      filter: {
        protocolVersion: 'IPV4',
        ipProtocol: 'ALL',
        srcRange: random.pick(['0.0.0.0/0', '0.0.0.0/0', subnets[0]?.block ?? '0.0.0.0/0']),
        destRange: random.pick(['0.0.0.0/0', '192.168.0.0/16', '203.0.114.0/24', '10.0.0.0/8']),
      },
      ...(isDefault ? { nextHopOtherRoutes: 'DEFAULT_ROUTING' } : { nextHopIlbIp: `${subnets[0]?.stem}.50` }),
      ...(isFor ? { virtualMachine: { tags: random.some(TAGS, 1, 1) } } : {}),
    }
  })
}

/** Two tunnels, two machines and a balancer, that routes may name. */
const makeLines = ({ n, path, subnets }: NetworkPlan): readonly Json[] => {
  const region = REGIONS[0] ?? ''
  return [
    {
      kind: 'compute#vpnGateway',
      name: `g${n}`,
      selfLink: linkTo(`projects/p/regions/${region}/vpnGateways/g${n}`),
      region: linkTo(`projects/p/regions/${region}`),
      network: linkTo(path),
    },
    ...['a', 'b'].map(name => ({
      kind: 'compute#vpnTunnel',
      name: `t${n}${name}`,
      selfLink: linkTo(`projects/p/regions/${region}/vpnTunnels/t${n}${name}`),
      region: linkTo(`projects/p/regions/${region}`),
      vpnGateway: linkTo(`projects/p/regions/${region}/vpnGateways/g${n}`),
      status: 'ESTABLISHED',
      detailedStatus: 'Tunnel is up and running.',
    })),
    {
      kind: 'compute#forwardingRule',
      name: `ilb${n}`,
      selfLink: linkTo(`projects/p/regions/${region}/forwardingRules/ilb${n}`),
      region: linkTo(`projects/p/regions/${region}`),
      loadBalancingScheme: 'INTERNAL',
      IPAddress: `${subnets[0]?.stem}.50`,
      network: linkTo(path),
      subnetwork: linkTo(subnets[0]?.path ?? ''),
      backendService: linkTo(`projects/p/regions/${region}/backendServices/b${n}`),
    },
  ]
}
