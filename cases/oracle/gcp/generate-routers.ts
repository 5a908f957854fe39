import type { Random } from '../random.ts'
import type { Json } from '../types.ts'
import type { Use } from './constructs.ts'
import { type Fields, linkTo, type NetworkPlan, type SubnetPlan } from './plan.ts'

/** A router for each region of a network: what it learns, its NAT gateway, and the status of both. */
export const makeRouters = (random: Random, use: Use, network: NetworkPlan): readonly Json[] =>
  [...new Set(network.subnets.map(({ region }) => region))].flatMap((region, index) =>
    random.percent(70) ? makeRouter(random, use, network, region, index) : [],
  )

const makeRouter = (
  random: Random,
  use: Use,
  { n, path, subnets }: NetworkPlan,
  region: string,
  index: number,
): readonly Json[] => {
  const self = `projects/p/regions/${region}/routers/rt${n}-${index}`
  const isLearning = index === 0 && random.percent(45)
  const tunnel = linkTo(`projects/p/regions/europe-west1/vpnTunnels/t${n}a`)
  const peering = isLearning
    ? {
        bgp: { asn: 64512 },
        interfaces: [{ name: 'if-0', ipRange: '169.254.7.1/30', linkedVpnTunnel: tunnel }],
        bgpPeers: [
          {
            name: 'peer-0',
            interfaceName: 'if-0',
            ipAddress: '169.254.7.1',
            peerIpAddress: '169.254.7.2',
            peerAsn: 65001,
          },
        ],
      }
    : {}
  if (isLearning) use('learned routes')
  const own = subnets.filter(one => one.region === region)
  const nats = random.percent(80) ? makeNats(random, use, n, region, index, own) : []
  const byNeighbour = random.percent(50)
  if (isLearning && byNeighbour) use('learned routes by neighbour')
  const bestRoutes = isLearning
    ? random
        .some(['192.168.0.0/16', '203.0.114.0/24', '172.20.0.0/16', '0.0.0.0/0', '10.201.0.0/16'], 1, 3)
        .map(destRange => ({
          kind: 'compute#route',
          network: linkTo(path),
          destRange,
          priority: random.pick([100, 1000]),
          routeType: 'BGP',
          ...(byNeighbour ? { nextHopIp: '169.254.7.2' } : { nextHopVpnTunnel: tunnel }),
        }))
    : []
  const picked = nats.filter(({ isPicked }) => isPicked)
  return [
    {
      kind: 'compute#router',
      name: `rt${n}-${index}`,
      selfLink: linkTo(self),
      region: linkTo(`projects/p/regions/${region}`),
      network: linkTo(path),
      ...peering,
      nats: nats.map(({ body }) => body),
    },
    ...nats.flatMap(({ addresses }) => addresses),
    ...(isLearning || picked.length > 0
      ? [
          {
            router: self,
            status: {
              kind: 'compute#routerStatusResponse',
              result: {
                network: linkTo(path),
                bestRoutes,
                bestRoutesForRouter: bestRoutes,
                natStatus: nats.map(({ name, isPicked, seen }) =>
                  isPicked ? { name, autoAllocatedNatIps: [seen] } : { name, userAllocatedNatIps: [seen] },
                ),
              },
            },
          },
        ]
      : []),
  ]
}

interface MadeNat {
  readonly name: string
  readonly body: Json
  readonly isPicked: boolean
  readonly seen: string
  readonly addresses: readonly Json[]
}

const makeNats = (
  random: Random,
  use: Use,
  n: number,
  region: string,
  index: number,
  subnets: readonly SubnetPlan[],
): readonly MadeNat[] => {
  const isPrivate = random.percent(10)
  if (isPrivate) use('private NAT')
  const isPicked = !isPrivate && random.percent(35)
  if (isPicked) use('addresses that Google picked')
  const name = `nat${n}-${index}`
  const seen = `198.51.100.${n * 10 + index}`
  const address = `projects/p/regions/${region}/addresses/ad${n}-${index}`
  const isDraining = !isPicked && !isPrivate && random.percent(15)
  if (isDraining) use('a drained address')
  const addressBody = (path: string, text: string): Json => ({
    kind: 'compute#address',
    name: path.split('/').at(-1) ?? '',
    selfLink: linkTo(path),
    region: linkTo(`projects/p/regions/${region}`),
    addressType: 'EXTERNAL',
    address: text,
    status: 'IN_USE',
  })
  const body: Fields = {
    name,
    type: isPrivate ? 'PRIVATE' : 'PUBLIC',
    ...(isPrivate ? {} : { natIpAllocateOption: isPicked ? 'AUTO_ONLY' : 'MANUAL_ONLY' }),
    ...(isPicked || isPrivate ? {} : { natIps: [linkTo(address)] }),
    ...(isDraining ? { drainNatIps: [linkTo(`${address}-old`)] } : {}),
    ...makeRanges(random, use, subnets),
  }
  return [
    {
      name,
      body,
      isPicked,
      seen,
      addresses:
        isPicked || isPrivate
          ? []
          : [
              addressBody(address, seen),
              ...(isDraining ? [addressBody(`${address}-old`, `198.51.100.${100 + n * 10 + index}`)] : []),
            ],
    },
  ]
}

const makeRanges = (random: Random, use: Use, subnets: readonly SubnetPlan[]): Fields => {
  switch (random.below(4)) {
    case 0:
      use('NAT for all ranges')
      return { sourceSubnetworkIpRangesToNat: 'ALL_SUBNETWORKS_ALL_IP_RANGES' }
    case 1:
      use('NAT for primary ranges')
      return { sourceSubnetworkIpRangesToNat: 'ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES' }
    default:
      use('NAT for some subnets')
      return {
        sourceSubnetworkIpRangesToNat: 'LIST_OF_SUBNETWORKS',
        subnetworks: random.some(subnets, 1, 2).map(({ path, pods }): Fields => {
          const name = linkTo(path)
          if (pods === null) return { name, sourceIpRangesToNat: [random.pick(['ALL_IP_RANGES', 'PRIMARY_IP_RANGE'])] }
          switch (random.below(4)) {
            case 0:
              return { name, sourceIpRangesToNat: ['ALL_IP_RANGES'] }
            case 1:
              return { name, sourceIpRangesToNat: ['PRIMARY_IP_RANGE'] }
            case 2:
              use('NAT for secondary ranges')
              return {
                name,
                sourceIpRangesToNat: ['PRIMARY_IP_RANGE', 'LIST_OF_SECONDARY_IP_RANGES'],
                secondaryIpRangeNames: [pods.name],
              }
            default:
              use('NAT for secondary ranges')
              return { name, sourceIpRangesToNat: ['LIST_OF_SECONDARY_IP_RANGES'], secondaryIpRangeNames: [pods.name] }
          }
        }),
      }
  }
}
