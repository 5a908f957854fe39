import { at, list } from '../json.ts'
import { type Random, seeded } from '../random.ts'
import type { Json } from '../types.ts'
import type { Construct, Use } from './constructs.ts'
import type { Bodies } from './documents.ts'
import { makeAcls, makeGroups } from './generate-filters.ts'
import { makeGateways, makePeerings, makePrefixLists } from './generate-gateways.ts'
import { makeInterfaces } from './generate-interfaces.ts'
import { makePackets, type Sent } from './generate-packets.ts'
import { makeTables } from './generate-routes.ts'
import { type Fields, planVpcs, type VpcPlan } from './plan.ts'

/** One small cloud as the command line prints it, one body for each command, with packets at the edges of what it says. */
export interface GeneratedNetwork {
  readonly bodies: Bodies
  readonly sent: readonly Sent[]
  /** What was written, each once. */
  readonly constructs: readonly Construct[]
}

/** The same seed gives the same. */
export const generateNetwork = (seed: number, packets: number): GeneratedNetwork => {
  const random = seeded(seed)
  const used = new Set<Construct>()
  const use: Use = construct => used.add(construct)
  const vpcs = planVpcs(random)
  if (vpcs.length > 1) use('several networks')
  if (new Set(vpcs.map(({ blocks }) => blocks[0])).size < vpcs.length) use('overlapping networks')
  if (vpcs.some(({ blocks }) => blocks.length > 1)) use('a second block')
  const peerings = makePeerings(random, use, vpcs)
  const peersOf = (vpc: VpcPlan): readonly VpcPlan[] =>
    peerings
      .filter(({ ends, body }) => ends.includes(vpc) && at(body, 'Status', 'Code') === 'active')
      .flatMap(({ ends }) => ends.filter(one => one !== vpc))
  const lists: Fields = {
    Vpcs: vpcs.map(describeVpc),
    Subnets: vpcs.flatMap(describeSubnets),
    RouteTables: vpcs.flatMap(vpc => makeTables(random, use, vpc, peerings)),
    SecurityGroups: vpcs.flatMap(vpc => makeGroups(random, use, vpc, vpcs, peersOf(vpc))),
    NetworkAcls: vpcs.flatMap(vpc => makeAcls(random, use, vpc, vpcs)),
    VpcPeeringConnections: peerings.map(({ body }) => body),
    ...makeGateways(random, use, vpcs),
    ...makePrefixLists(),
    ...makeInterfaces(random, use, vpcs),
  }
  const bodies = Object.entries(leftOut(random, use, lists)).map(([key, value]): Json => ({ [key]: value }))
  return { bodies, sent: makePackets(random, bodies, packets), constructs: [...used] }
}

const describeVpc = ({ id, blocks, six }: VpcPlan): Json => ({
  VpcId: id,
  OwnerId: '111111111111',
  CidrBlock: blocks[0] ?? '',
  CidrBlockAssociationSet: blocks.map(CidrBlock => ({ CidrBlock, CidrBlockState: { State: 'associated' } })),
  Ipv6CidrBlockAssociationSet: sixOf(six),
})

const describeSubnets = ({ id, subnets }: VpcPlan): readonly Json[] =>
  subnets.map(subnet => ({
    SubnetId: subnet.id,
    VpcId: id,
    CidrBlock: subnet.block,
    AvailabilityZone: subnet.zone,
    Ipv6CidrBlockAssociationSet: sixOf(subnet.six),
  }))

const sixOf = (block: string | null): readonly Json[] =>
  block === null ? [] : [{ Ipv6CidrBlock: block, Ipv6CidrBlockState: { State: 'associated' } }]

/** In one estate of three, one command was not run, or one object of it was not seen. */
const leftOut = (random: Random, use: Use, lists: Fields): Fields => {
  if (!random.percent(33)) return lists
  use('something that was not read')
  const key = random.pick([
    'RouteTables',
    'SecurityGroups',
    'NetworkAcls',
    'InternetGateways',
    'NatGateways',
    'VpcPeeringConnections',
    'VpcEndpoints',
    'PrefixLists',
    'VpnGateways',
    'NetworkInterfaces',
    'Vpcs',
    'Subnets',
  ])
  const all = list(lists[key])
  const isWhole = random.percent(30) && !['NetworkInterfaces', 'Vpcs', 'Subnets'].includes(key)
  if (isWhole || all.length === 0) return Object.fromEntries(Object.entries(lists).filter(([name]) => name !== key))
  const gone = random.pick(all)
  return { ...lists, [key]: all.filter(one => one !== gone) }
}
