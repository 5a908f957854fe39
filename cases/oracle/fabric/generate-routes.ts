import type { Random } from '../random.ts'
import type { Json } from '../types.ts'
import type { Use } from './constructs.ts'
import type { VpcPlan } from './plan.ts'

export const PREFIX_LISTS = ['pl-1', 'pl-2', 'pl-unread'] as const

/** Tables of a network: the main one and others, with subnets of its own. */
export const makeTables = (
  random: Random,
  use: Use,
  vpc: VpcPlan,
  peerings: readonly { readonly id: string; readonly ends: readonly VpcPlan[] }[],
): readonly Json[] => {
  const own = vpc.subnets.filter(() => vpc.isUsual || random.percent(65))
  const edges = own.map((subnet, i) => ({
    subnet,
    table: vpc.isUsual ? (i === 0 ? 'x' : 'y') : random.pick(['x', 'y']),
  }))
  return ['main', 'x', 'y'].map(name => {
    const subnets = edges.filter(({ table }) => table === name).map(({ subnet }) => subnet.id)
    if (subnets.length > 0) use('a table of its own')
    return {
      RouteTableId: `rtb-${vpc.n}${name}`,
      VpcId: vpc.id,
      Associations: [
        ...(name === 'main' ? [{ Main: true, RouteTableId: `rtb-${vpc.n}main`, AssociationState: ASSOCIATED }] : []),
        ...subnets.map(SubnetId => ({ Main: false, SubnetId, AssociationState: ASSOCIATED })),
      ],
      Routes: [...localRoutes(vpc), ...makeRoutes(random, use, vpc, peerings, name)],
    }
  })
}

const ASSOCIATED = { State: 'associated' }

const localRoutes = ({ blocks, six }: VpcPlan): readonly Json[] =>
  [...blocks.map(four), ...(six === null ? [] : [{ DestinationIpv6CidrBlock: six }])].map(destination => ({
    ...destination,
    GatewayId: 'local',
    Origin: 'CreateRouteTable',
    State: 'active',
  }))

const four = (DestinationCidrBlock: string): { readonly [key: string]: string } => ({ DestinationCidrBlock })

interface Made {
  readonly destination: { readonly [key: string]: string }
  readonly target: { readonly [key: string]: string }
  readonly isPropagated: boolean
}

/** Of one destination one static route at most, as the platform has it; a propagated one may stand beside it. */
const makeRoutes = (
  random: Random,
  use: Use,
  vpc: VpcPlan,
  peerings: readonly { readonly id: string; readonly ends: readonly VpcPlan[] }[],
  name: string,
): readonly Json[] => {
  const made = new Map<string, Made>()
  const put = (one: Made): unknown => made.set(JSON.stringify([one.destination, one.isPropagated]), one)
  // As people have them: a table of public subnets, and one of private ones.
  const [nat] = vpc.gateways.nats
  const usual = name === 'x' ? { GatewayId: vpc.gateways.internet } : nat === undefined ? null : { NatGatewayId: nat }
  if (name !== 'main' && usual !== null && (vpc.isUsual || random.percent(75))) {
    put({ destination: four('0.0.0.0/0'), target: usual, isPropagated: false })
    if (name === 'y')
      put({ destination: { DestinationIpv6CidrBlock: '64:ff9b::/96' }, target: usual, isPropagated: false })
  }
  const count = vpc.isUsual ? random.below(3) : 1 + random.below(5)
  for (let i = 0; i < count; i++) {
    const one = makeRoute(random, use, vpc, peerings)
    if (one !== null) put(one)
  }
  return [...made.values()].map(({ destination, target, isPropagated }) => {
    const isGone = random.percent(8)
    if (isGone) use('a blackhole')
    return {
      ...destination,
      ...target,
      Origin: isPropagated ? 'EnableVgwRoutePropagation' : 'CreateRoute',
      State: isGone ? 'blackhole' : 'active',
    }
  })
}

const makeRoute = (
  random: Random,
  use: Use,
  vpc: VpcPlan,
  peerings: readonly { readonly id: string; readonly ends: readonly VpcPlan[] }[],
): Made | null => {
  const { gateways } = vpc
  const internet = { GatewayId: gateways.internet }
  const ofSix = (DestinationIpv6CidrBlock: string) => ({ DestinationIpv6CidrBlock })
  const nat = gateways.nats.length === 0 ? null : { NatGatewayId: random.pick(gateways.nats) }
  const out = random.pick([internet, nat ?? internet, nat ?? internet, { GatewayId: gateways.vpn }])
  const fixed = (destination: Made['destination'], target: Made['target']): Made => ({
    destination,
    target,
    isPropagated: false,
  })
  switch (random.below(13)) {
    case 0:
      use('a default route')
      return fixed(four('0.0.0.0/0'), out)
    case 1:
      use('half of a default route')
      return fixed(four(random.pick(['0.0.0.0/1', '128.0.0.0/1'])), out)
    case 2:
      use('a route for a part of the internet')
      return fixed(four(random.pick(['203.0.113.0/24', '203.0.113.128/25', '203.0.113.7/32'])), out)
    case 3:
      use('a default route of IPv6')
      return fixed(
        ofSix(random.pick(['::/0', '::/0', '2000::/3'])),
        random.pick([internet, { EgressOnlyInternetGatewayId: gateways.egressOnly }]),
      )
    case 4:
      if (nat === null) return null
      use('a route for translated addresses')
      return fixed(ofSix('64:ff9b::/96'), nat)
    case 5: {
      use('a prefix list')
      const list = random.pick(['pl-1', 'pl-1', 'pl-2', 'pl-2', 'pl-unread'])
      if (list === 'pl-unread') use('a prefix list that was not read')
      return fixed(
        { DestinationPrefixListId: list },
        random.pick([{ GatewayId: gateways.endpoint }, { GatewayId: gateways.endpoint }, internet]),
      )
    }
    case 6: {
      use('a propagated route')
      const block = random.pick(['0.0.0.0/0', '192.168.0.0/16', '203.0.113.0/24', '10.0.0.0/8', `10.${vpc.n}.1.0/24`])
      return { destination: four(block), target: { GatewayId: gateways.vpn }, isPropagated: true }
    }
    case 7:
    case 8:
    case 9: {
      const mine = peerings.filter(({ ends }) => ends.includes(vpc))
      if (mine.length === 0) return null
      const { id, ends } = random.pick(mine)
      const other = ends.find(one => one !== vpc)
      if (other === undefined) return null
      use('a route to a peer')
      const blocks = [...other.blocks, random.pick(other.subnets).block, '10.0.0.0/8']
      const destination = other.six !== null && random.percent(25) ? ofSix(other.six) : four(random.pick(blocks))
      return fixed(destination, { VpcPeeringConnectionId: id })
    }
    case 10: {
      if (nat === null) return null
      use('a route inside the local one')
      const { block } = random.pick(vpc.subnets)
      // The local route itself has its target replaced, and stands there once.
      return vpc.blocks.includes(block) ? null : fixed(four(block), nat)
    }
    case 11:
      use('a target that nobody follows')
      return fixed(
        four(random.pick(['198.51.100.0/24', '203.0.113.0/26'])),
        random.pick([{ TransitGatewayId: 'tgw-1' }, { NetworkInterfaceId: 'eni-appliance' }]),
      )
    default:
      if (nat === null) return null
      use('a NAT gateway as GatewayId')
      return fixed(four('0.0.0.0/0'), { GatewayId: String(nat.NatGatewayId) })
  }
}
