import type { Random } from '../random.ts'
import type { Json } from '../types.ts'
import type { Use } from './constructs.ts'
import { net, ref, resource, type VnetPlan } from './plan.ts'

/** NAT gateways and balancers of all networks. `pools`: of balancers, by the number of the network. */
export const makeOutward = (
  random: Random,
  use: Use,
  vnets: readonly VnetPlan[],
): {
  readonly bodies: readonly Json[]
  readonly nats: readonly string[]
  readonly pools: ReadonlyMap<number, string>
} => ({
  nats: vnets.map(({ n }) => `nat${n}`),
  pools: new Map(vnets.map(({ n }) => [n, `loadBalancers/lb${n}/backendAddressPools/p`])),
  bodies: vnets.flatMap(({ n }) => [...makeNat(random, use, n), ...makeBalancer(random, use, n)]),
})

const makeNat = (random: Random, use: Use, n: number): readonly Json[] => {
  const isPrefix = random.percent(30)
  if (isPrefix) use('a prefix of public addresses')
  return [
    resource(`natGateways/nat${n}`, {
      sku: { name: 'Standard' },
      publicIpAddresses: [ref(`publicIPAddresses/pip-nat${n}`)],
      publicIpPrefixes: isPrefix ? [ref(`publicIPPrefixes/pre${n}`)] : [],
    }),
    resource(`publicIPAddresses/pip-nat${n}`, {
      ipAddress: `198.51.100.${n}`,
      publicIPAddressVersion: 'IPv4',
      sku: { name: 'Standard' },
    }),
    ...(isPrefix
      ? [
          resource(`publicIPPrefixes/pre${n}`, {
            ipPrefix: `198.51.100.${128 + n * 2}/31`,
            prefixLength: 31,
            publicIPAddressVersion: 'IPv4',
          }),
        ]
      : []),
  ]
}

const makeBalancer = (random: Random, use: Use, n: number): readonly Json[] => {
  const part = (kind: string, name: string): string => `loadBalancers/lb${n}/${kind}/${name}`
  const hasRules = random.percent(55)
  const isLending = random.percent(50)
  if (hasRules) use('a balancer with outbound rules')
  else if (isLending) use('a balancer with balancing rules')
  const frontend = ref(part('frontendIPConfigurations', 'f'))
  return [
    resource(`loadBalancers/lb${n}`, {
      sku: { name: 'Standard', tier: 'Regional' },
      frontendIPConfigurations: [
        {
          id: net(part('frontendIPConfigurations', 'f')),
          name: 'f',
          publicIPAddress: ref(`publicIPAddresses/pip-lb${n}`),
        },
      ],
      backendAddressPools: [{ id: net(part('backendAddressPools', 'p')), name: 'p' }],
      outboundRules: hasRules
        ? [
            {
              id: net(part('outboundRules', 'o')),
              name: 'o',
              protocol: 'All',
              backendAddressPool: ref(part('backendAddressPools', 'p')),
              frontendIPConfigurations: [frontend],
            },
          ]
        : [],
      loadBalancingRules: hasRules
        ? []
        : [
            {
              id: net(part('loadBalancingRules', 'r')),
              name: 'r',
              protocol: 'Tcp',
              frontendPort: 80,
              backendPort: 80,
              disableOutboundSnat: !isLending,
              frontendIPConfiguration: frontend,
              backendAddressPool: ref(part('backendAddressPools', 'p')),
            },
          ],
    }),
    resource(`publicIPAddresses/pip-lb${n}`, {
      ipAddress: `198.51.100.${20 + n}`,
      publicIPAddressVersion: 'IPv4',
      sku: { name: 'Standard' },
    }),
  ]
}
