import type { Random } from '../random.ts'
import type { Json } from '../types.ts'
import type { Use } from './constructs.ts'
import { PREFIX_LISTS } from './generate-routes.ts'
import type { Fields, VpcPlan } from './plan.ts'

/** Ports that stand in rules, so that packets can be sent to them and beside them. */
export const PORT_RANGES: readonly (readonly [number, number])[] = [
  [443, 443],
  [80, 443],
  [0, 65_535],
  [1, 1023],
  [1024, 65_535],
  [53, 53],
]

export const blocksNear = (random: Random, vpcs: readonly VpcPlan[], hasSix: boolean): string => {
  const one = random.pick(vpcs)
  const subnet = random.pick(one.subnets)
  if (hasSix) return random.pick(['::/0', '::/0', one.six ?? '::/0', subnet.six ?? '::/0', '64:ff9b::/96', '2600::/16'])
  return random.pick([
    '0.0.0.0/0',
    '0.0.0.0/0',
    ...one.blocks,
    subnet.block,
    `${subnet.stem}.8/29`,
    `${subnet.stem}.10/32`,
    '203.0.113.0/24',
    '203.0.113.64/26',
    '192.168.0.0/17',
  ])
}

/** Groups of a network. `peers`: networks whose groups a rule may name. */
export const makeGroups = (
  random: Random,
  use: Use,
  vpc: VpcPlan,
  vpcs: readonly VpcPlan[],
  peers: readonly VpcPlan[],
): readonly Json[] =>
  vpc.groups.map(GroupId => ({
    GroupId,
    VpcId: vpc.id,
    GroupName: GroupId,
    IpPermissions: makeRules(random, use, vpc, vpcs, peers, 70),
    IpPermissionsEgress: makeRules(random, use, vpc, vpcs, peers, 75),
  }))

const makeRules = (
  random: Random,
  use: Use,
  vpc: VpcPlan,
  vpcs: readonly VpcPlan[],
  peers: readonly VpcPlan[],
  openShare: number,
): readonly Json[] => {
  if (random.percent(openShare))
    return [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] }]
  return Array.from({ length: random.below(4) }, () => ({
    ...makeTraffic(random, use),
    IpRanges: random.percent(60) ? [{ CidrIp: blocksNear(random, vpcs, false) }] : [],
    Ipv6Ranges: random.percent(40) ? [{ CidrIpv6: blocksNear(random, vpcs, true) }] : [],
    ...makeNamed(random, use, vpc, peers),
  }))
}

const makeNamed = (random: Random, use: Use, vpc: VpcPlan, peers: readonly VpcPlan[]): Fields => {
  const named: Json[] = []
  if (random.percent(35)) {
    use('a rule about a group')
    named.push({ GroupId: random.pick(vpc.groups) })
  }
  if (peers.length > 0 && random.percent(35)) {
    use('a rule about a group of a peer')
    const peer = random.pick(peers)
    named.push({ GroupId: random.pick(peer.groups), VpcId: peer.id })
  }
  const isListed = random.percent(20)
  if (isListed) use('a rule about a prefix list')
  return {
    UserIdGroupPairs: named,
    PrefixListIds: isListed ? [{ PrefixListId: random.pick([...PREFIX_LISTS, 'pl-1']) }] : [],
  }
}

const makeTraffic = (random: Random, use: Use): Fields => {
  const [from, to] = random.pick(PORT_RANGES)
  switch (random.below(8)) {
    case 0:
      return { IpProtocol: '-1' }
    case 1:
      use('a rule for ICMP')
      return random.pick([
        { IpProtocol: 'icmp', FromPort: -1, ToPort: -1 },
        { IpProtocol: 'icmp', FromPort: 8, ToPort: -1 },
        { IpProtocol: 'icmp', FromPort: 8, ToPort: 0 },
        { IpProtocol: 'icmpv6', FromPort: -1, ToPort: -1 },
        { IpProtocol: 'icmpv6', FromPort: 128, ToPort: 0 },
      ])
    case 2:
      use('a rule for another protocol')
      return { IpProtocol: random.pick(['132', '47']) }
    case 3:
      return { IpProtocol: 'udp', FromPort: from, ToPort: to }
    default:
      return { IpProtocol: random.pick(['tcp', 'tcp', '6']), FromPort: from, ToPort: to }
  }
}

/** Lists of a network: each subnet has one. */
export const makeAcls = (random: Random, use: Use, vpc: VpcPlan, vpcs: readonly VpcPlan[]): readonly Json[] => {
  const edges = vpc.subnets.map(subnet => ({ subnet, acl: random.pick(['p', 'q']) }))
  return ['p', 'q'].map(name => ({
    NetworkAclId: `acl-${vpc.n}${name}`,
    VpcId: vpc.id,
    IsDefault: name === 'p',
    Associations: edges.filter(({ acl }) => acl === name).map(({ subnet }) => ({ SubnetId: subnet.id })),
    Entries: [true, false].flatMap(Egress => makeEntries(random, use, vpcs, Egress)),
  }))
}

const makeEntries = (random: Random, use: Use, vpcs: readonly VpcPlan[], Egress: boolean): readonly Json[] => {
  const open = [
    { RuleNumber: 100, Protocol: '-1', RuleAction: 'allow', Egress, CidrBlock: '0.0.0.0/0' },
    { RuleNumber: 101, Protocol: '-1', RuleAction: 'allow', Egress, Ipv6CidrBlock: '::/0' },
  ]
  const last = [
    { RuleNumber: 32767, Protocol: '-1', RuleAction: 'deny', Egress, CidrBlock: '0.0.0.0/0' },
    { RuleNumber: 32768, Protocol: '-1', RuleAction: 'deny', Egress, Ipv6CidrBlock: '::/0' },
  ]
  if (random.percent(70)) return [...open, ...last]
  const some = Array.from({ length: 1 + random.below(4) }, (_, index) => {
    const isDenied = random.percent(45)
    if (isDenied) use('an entry that denies')
    const hasSix = random.percent(30)
    const block = blocksNear(random, vpcs, hasSix)
    return {
      RuleNumber: 50 + ((index * 37) % 90),
      ...makeEntryTraffic(random, hasSix),
      RuleAction: isDenied ? 'deny' : 'allow',
      Egress,
      ...(hasSix ? { Ipv6CidrBlock: block } : { CidrBlock: block }),
    }
  })
  // The platform prints entries in no promised order.
  const all = [...(random.percent(70) ? open.filter(() => random.percent(85)) : []), ...some, ...last]
  return random.percent(50) ? all.toReversed() : all
}

const makeEntryTraffic = (random: Random, hasSix: boolean): Fields => {
  const [From, To] = random.pick(PORT_RANGES)
  switch (random.below(7)) {
    case 0:
    case 1:
      return { Protocol: '-1' }
    case 2:
      return hasSix
        ? {
            Protocol: '58',
            IcmpTypeCode: random.pick([
              { Type: -1, Code: -1 },
              { Type: 128, Code: -1 },
            ]),
          }
        : {
            Protocol: '1',
            IcmpTypeCode: random.pick([
              { Type: -1, Code: -1 },
              { Type: 8, Code: -1 },
              { Type: 8, Code: 0 },
            ]),
          }
    case 3:
      return { Protocol: '132' }
    case 4:
      return { Protocol: '17', PortRange: { From, To } }
    default:
      return { Protocol: '6', PortRange: { From, To } }
  }
}
