import type { Random } from '../random.ts'
import type { Json } from '../types.ts'
import type { Use } from './constructs.ts'
import type { Fields, VpcPlan } from './plan.ts'

/** Bodies with the gateways of all networks, by key. */
export const makeGateways = (random: Random, use: Use, vpcs: readonly VpcPlan[]): Fields => {
  const attached = (VpcId: string): readonly Json[] => {
    if (random.percent(92)) return [{ VpcId, State: 'available' }]
    use('a gateway that is not attached')
    return []
  }
  return {
    InternetGateways: vpcs.map(({ id, gateways }) => ({
      InternetGatewayId: gateways.internet,
      Attachments: attached(id),
    })),
    EgressOnlyInternetGateways: vpcs.map(({ id, gateways }) => ({
      EgressOnlyInternetGatewayId: gateways.egressOnly,
      Attachments: [{ VpcId: id, State: 'attached' }],
    })),
    VpnGateways: vpcs.map(({ id, gateways }) => ({
      VpnGatewayId: gateways.vpn,
      State: 'available',
      VpcAttachments: [{ VpcId: id, State: random.percent(90) ? 'attached' : 'detached' }],
    })),
    VpcEndpoints: vpcs.map(({ id, gateways }) => ({
      VpcEndpointId: gateways.endpoint,
      VpcEndpointType: random.percent(85) ? 'Gateway' : 'GatewayLoadBalancer',
      VpcId: id,
      State: 'available',
      ServiceName: 'com.amazonaws.eu-west-1.s3',
    })),
    NatGateways: vpcs.flatMap(vpc => vpc.gateways.nats.map((id, index) => makeNat(random, use, vpc, id, index))),
  }
}

const makeNat = (random: Random, use: Use, vpc: VpcPlan, NatGatewayId: string, index: number): Json => {
  const isFirst = vpc.isUsual && index === 0
  const subnet = isFirst ? (vpc.subnets[0] ?? random.pick(vpc.subnets)) : random.pick(vpc.subnets)
  const isPrivate = !isFirst && random.percent(20)
  const isGone = random.percent(6)
  const isTwo = random.percent(15)
  if (isPrivate) use('a private NAT gateway')
  if (isGone) use('a NAT gateway that is gone')
  if (isTwo) use('a NAT gateway with two addresses')
  return {
    NatGatewayId,
    VpcId: vpc.id,
    SubnetId: subnet.id,
    State: isGone ? 'deleted' : 'available',
    ConnectivityType: isPrivate ? 'private' : 'public',
    NatGatewayAddresses: [0, 1].slice(0, isTwo ? 2 : 1).map(n => ({
      PrivateIp: `${subnet.stem}.${40 + index * 2 + n}`,
      IsPrimary: n === 0,
      Status: 'succeeded',
      ...(isPrivate ? {} : { PublicIp: `198.51.100.${vpc.n * 10 + index * 2 + n}` }),
    })),
  }
}

export const makePrefixLists = (): Fields => ({
  PrefixLists: [
    {
      PrefixListId: 'pl-1',
      PrefixListName: 'com.amazonaws.eu-west-1.s3',
      Cidrs: ['203.0.113.0/24', '203.0.113.192/26'],
    },
    {
      PrefixListId: 'pl-2',
      PrefixListName: 'com.amazonaws.eu-west-1.dynamodb',
      Cidrs: ['203.0.113.0/24', '2600::/32'],
    },
  ],
})

/** Networks whose ranges overlap cannot be peered. */
export const makePeerings = (
  random: Random,
  use: Use,
  vpcs: readonly VpcPlan[],
): readonly { readonly id: string; readonly ends: readonly VpcPlan[]; readonly body: Json }[] =>
  vpcs.flatMap((one, index) =>
    vpcs.slice(index + 1).flatMap(other => {
      if (one.blocks[0] === other.blocks[0] || random.percent(15)) return []
      const isUp = random.percent(85)
      if (!isUp) use('a peering that is not up')
      const id = `pcx-${one.n}${other.n}`
      const body = {
        VpcPeeringConnectionId: id,
        Status: { Code: isUp ? 'active' : random.pick(['pending-acceptance', 'deleted']) },
        RequesterVpcInfo: endOf(one),
        AccepterVpcInfo: endOf(other),
      }
      return [{ id, ends: [one, other], body }]
    }),
  )

const endOf = ({ id, blocks, six }: VpcPlan): Json => ({
  VpcId: id,
  CidrBlock: blocks[0] ?? '',
  CidrBlockSet: blocks.map(CidrBlock => ({ CidrBlock })),
  Ipv6CidrBlockSet: six === null ? [] : [{ Ipv6CidrBlock: six }],
})
