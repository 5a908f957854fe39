import type { Random } from '../random.ts'
import type { Json } from '../types.ts'
import type { Use } from './constructs.ts'
import { ACCOUNTS, type Fields, linkTo, type NetworkPlan, REGIONS, type SubnetPlan, TAGS } from './plan.ts'

/** Peerings by network: each side tells its own half. */
export const makePeerings = (
  random: Random,
  use: Use,
  networks: readonly NetworkPlan[],
): ReadonlyMap<NetworkPlan, readonly Json[]> => {
  const halves = new Map<NetworkPlan, Json[]>(networks.map(one => [one, []]))
  networks.forEach((one, index) => {
    for (const other of networks.slice(index + 1)) {
      if (random.percent(25)) continue
      use('a peering')
      const isUp = random.percent(90)
      if (!isUp) use('a peering that is not up')
      if (!one.isRead || !other.isRead) use('a peer that was not read')
      const flag = (share: number): boolean => random.percent(share)
      const flags = [0, 1].map(() => ({
        exportCustomRoutes: flag(60),
        importCustomRoutes: flag(60),
        exportSubnetRoutesWithPublicIp: flag(80),
        importSubnetRoutesWithPublicIp: flag(50),
      }))
      if (flags[0]?.importCustomRoutes && flags[1]?.exportCustomRoutes) use('a peering that hands over custom routes')
      if (flags[0]?.importSubnetRoutesWithPublicIp) use('a peering that takes public addresses')
      const stackType = random.percent(50) ? 'IPV4_IPV6' : 'IPV4_ONLY'
      if (stackType === 'IPV4_IPV6') use('a peering of both families')
      const half = (to: NetworkPlan, own: Fields): Json => ({
        name: `to-${to.name}`,
        network: linkTo(to.path),
        autoCreateRoutes: true,
        exchangeSubnetRoutes: true,
        state: isUp ? 'ACTIVE' : 'INACTIVE',
        stackType,
        ...own,
      })
      halves.get(one)?.push(half(other, flags[0] ?? {}))
      halves.get(other)?.push(half(one, flags[1] ?? {}))
    }
  })
  return halves
}

export const makeNetwork = (
  random: Random,
  use: Use,
  { name, path, subnets }: NetworkPlan,
  peerings: readonly Json[],
): Json => {
  const isGlobal = random.percent(40)
  if (isGlobal) use('global routing')
  const isBefore = random.percent(30)
  if (isBefore) use('policies before classic rules')
  return {
    kind: 'compute#network',
    name,
    selfLink: linkTo(path),
    autoCreateSubnetworks: false,
    routingConfig: { routingMode: isGlobal ? 'GLOBAL' : 'REGIONAL' },
    networkFirewallPolicyEnforcementOrder: isBefore ? 'BEFORE_CLASSIC_FIREWALL' : 'AFTER_CLASSIC_FIREWALL',
    subnetworks: subnets.map(one => linkTo(one.path)),
    ...(peerings.length > 0 ? { peerings } : {}),
  }
}

export const makeSubnet = (random: Random, use: Use, network: NetworkPlan, plan: SubnetPlan): Json => {
  const { name, path, region, block, pods, six, stem } = plan
  const isPrivate = random.percent(40)
  if (isPrivate) use('private access')
  if (pods !== null) use('a secondary range')
  if (stem.startsWith('45.')) use('a subnet of public addresses')
  if (six !== null) use(six.isOuter ? 'outer IPv6' : 'inner IPv6')
  const prefix = six === null ? '' : `${six.stem}::/64`
  return {
    kind: 'compute#subnetwork',
    name,
    selfLink: linkTo(path),
    network: linkTo(network.path),
    region: linkTo(`projects/${network.project}/regions/${region}`),
    ipCidrRange: block,
    purpose: 'PRIVATE',
    privateIpGoogleAccess: isPrivate,
    ...(pods === null ? {} : { secondaryIpRanges: [{ rangeName: pods.name, ipCidrRange: pods.block }] }),
    ...(six === null
      ? { stackType: 'IPV4_ONLY' }
      : {
          stackType: 'IPV4_IPV6',
          ipv6CidrRange: prefix,
          ...(six.isOuter
            ? { ipv6AccessType: 'EXTERNAL', externalIpv6Prefix: prefix }
            : { ipv6AccessType: 'INTERNAL', internalIpv6Prefix: prefix }),
        }),
  }
}

/** The routes that the platform makes for subnets, as they are listed beside all others. */
export const makeSubnetRoutes = ({ n, path, subnets }: NetworkPlan): readonly Json[] =>
  subnets.flatMap(({ block, pods, six }, index) =>
    [block, ...(pods === null ? [] : [pods.block]), ...(six === null ? [] : [`${six.stem}::/64`])].map(
      (destRange, i) => ({
        kind: 'compute#route',
        name: `default-route-${n}-${index}${i}`,
        selfLink: linkTo(`projects/p/global/routes/default-route-${n}-${index}${i}`),
        network: linkTo(path),
        nextHopNetwork: linkTo(path),
        destRange,
        priority: 0,
      }),
    ),
  )

/** One or two machines in a subnet, and in the first subnet of a network those that its routes name. */
export const makeInstances = (
  random: Random,
  use: Use,
  network: NetworkPlan,
  networks: readonly NetworkPlan[],
): readonly Json[] => {
  const first = network.subnets[0] as SubnetPlan
  const zone = `${REGIONS[0]}-b`
  const made = network.subnets.flatMap((subnet, index) =>
    [0, 1].slice(0, 1 + random.below(2)).map(i => {
      const other = networks
        .find(one => one.isRead && one !== network)
        ?.subnets.find(one => one.region === subnet.region && one.block.endsWith('/24'))
      const beside = networks.find(one => other !== undefined && one.subnets.includes(other))
      const isTwo = other !== undefined && beside !== undefined && random.percent(12)
      if (isTwo) use('a second interface')
      return instance(random, `${subnet.region}-b`, `i${network.n}${index}${i}`, random.percent(20), [
        nic(random, use, 'nic0', network, subnet, 10 + i),
        ...(isTwo ? [nic(random, use, 'nic1', beside, other, 128 + network.n * 8 + index * 2 + i)] : []),
      ])
    }),
  )
  const stands = (name: string, forwards: boolean, last: number): Json =>
    instance(random, zone, `${name}${network.n}`, forwards, [
      {
        name: 'nic0',
        network: linkTo(network.path),
        subnetwork: linkTo(first.path),
        networkIP: `${first.stem}.${last}`,
        stackType: 'IPV4_ONLY',
      },
    ])
  return [...made, stands('fwd', true, 48), stands('still', false, 49)]
}

const instance = (random: Random, zone: string, name: string, forwards: boolean, nics: readonly Json[]): Json => ({
  kind: 'compute#instance',
  name,
  selfLink: linkTo(`projects/p/zones/${zone}/instances/${name}`),
  zone: linkTo(`projects/p/zones/${zone}`),
  status: 'RUNNING',
  canIpForward: forwards,
  tags: { fingerprint: 'x', ...(random.percent(60) ? { items: random.some(TAGS, 1, 2) } : {}) },
  ...(random.percent(60) ? { serviceAccounts: [{ email: random.pick(ACCOUNTS), scopes: [] }] } : {}),
  networkInterfaces: nics,
})

const nic = (
  random: Random,
  use: Use,
  name: string,
  network: NetworkPlan,
  { path, stem, pods, six }: SubnetPlan,
  last: number,
): Json => {
  const isOuter = random.percent(35)
  if (isOuter) use('an external address')
  const hasAlias = pods !== null && random.percent(40)
  if (hasAlias) use('an alias range')
  const hasSix = six !== null && random.percent(75)
  return {
    name,
    network: linkTo(network.path),
    subnetwork: linkTo(path),
    networkIP: `${stem}.${last}`,
    stackType: hasSix ? 'IPV4_IPV6' : 'IPV4_ONLY',
    ...(isOuter
      ? {
          accessConfigs: [
            {
              kind: 'compute#accessConfig',
              name: 'external-nat',
              type: 'ONE_TO_ONE_NAT',
              natIP: `34.1.${network.n}.${last}`,
            },
          ],
        }
      : {}),
    ...(hasAlias
      ? { aliasIpRanges: [{ ipCidrRange: `${pods.stem}.${last * 4}/30`, subnetworkRangeName: pods.name }] }
      : {}),
    ...(!hasSix
      ? {}
      : six.isOuter
        ? {
            ipv6AccessType: 'EXTERNAL',
            ipv6AccessConfigs: [
              {
                kind: 'compute#accessConfig',
                name: 'external-ipv6',
                type: 'DIRECT_IPV6',
                externalIpv6: `${six.stem}:0:${last.toString(16)}::`,
                externalIpv6PrefixLength: 96,
              },
            ],
          }
        : {
            ipv6AccessType: 'INTERNAL',
            ipv6Address: `${six.stem}:0:${last.toString(16)}::`,
            internalIpv6PrefixLength: 96,
          }),
  }
}

/** What runs without a machine. */
export const makeServices = (random: Random, use: Use, networks: readonly NetworkPlan[]): readonly Json[] =>
  networks
    .filter(({ isRead }) => isRead)
    .flatMap(({ n, subnets }) => {
      if (!random.percent(40)) return []
      const subnet = random.pick(subnets)
      const name = `projects/p/locations/${subnet.region}/services/run${n}`
      if (random.percent(20)) {
        use('a service without a network')
        return [{ name, template: { containers: [] } }]
      }
      use('a service by its subnet')
      const takesAll = random.percent(50)
      if (takesAll) use('a service that sends everything')
      return [
        {
          name,
          template: {
            containers: [],
            serviceAccount: random.pick(ACCOUNTS),
            vpcAccess: {
              egress: takesAll ? 'ALL_TRAFFIC' : 'PRIVATE_RANGES_ONLY',
              networkInterfaces: [
                {
                  network: linkTo(networks[n - 1]?.path ?? ''),
                  subnetwork: linkTo(subnet.path),
                  ...(random.percent(50) ? { tags: random.some(TAGS, 1, 1) } : {}),
                },
              ],
            },
          },
        },
      ]
    })
