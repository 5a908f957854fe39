import { type Block, readBlock } from '../ip.ts'
import { at, integer, isObject, list, text } from '../json.ts'
import { every, some, tri } from '../three.ts'
import { ICMP, ICMPV6, type Json, TCP, type Tri, UDP } from '../types.ts'
import { allOf, type Bodies, blocksOfPrefixList, groupsOf, liesIn, named } from './documents.ts'
import type { Broken, NetPacket } from './types.ts'

/** One end of the packet as a filter at the other end sees it. */
export interface Seen {
  /** One address, or all that the end may have. */
  readonly block: Block
  /** Of the interface there; null: nobody knows which interface that is. */
  readonly groups: readonly string[] | null
}

/**
 * Security groups: what one rule of one group allows passes; without groups there is no such filter.
 * Source: Amazon VPC User Guide, "Security group rules"; EC2 API, IpPermission.
 */
export const groupsPass = (
  bodies: Bodies,
  groups: readonly string[],
  direction: 'IpPermissions' | 'IpPermissionsEgress',
  packet: NetPacket,
  other: Seen,
  broken: Broken,
): Tri => {
  if (groups.length === 0) return 'yes'
  const answers = groups.map((id): Tri => {
    const group = named(bodies, 'SecurityGroups', 'GroupId', id)
    if (group === undefined) return 'unknown'
    return some(
      list(at(group, direction)).map(rule =>
        every([isTraffic(rule, packet, broken), isPeer(bodies, rule, other, broken)]),
      ),
    )
  })
  return broken.has('one group is enough') ? every(answers) : some(answers)
}

const isPeer = (bodies: Bodies, rule: Json, { block, groups }: Seen, broken: Broken): Tri =>
  some([
    ...list(at(rule, 'IpRanges')).map(range => inText(block, at(range, 'CidrIp'))),
    ...list(at(rule, 'Ipv6Ranges')).map(range => inText(block, at(range, 'CidrIpv6'))),
    ...list(at(rule, 'PrefixListIds')).map((entry): Tri => {
      const blocks = blocksOfPrefixList(bodies, text(at(entry, 'PrefixListId')) ?? '')
      return blocks === null ? 'unknown' : some(blocks.map(one => liesIn(block, one)))
    }),
    ...list(at(rule, 'UserIdGroupPairs')).map((pair): Tri => {
      const id = text(at(pair, 'GroupId')) ?? ''
      if (broken.has('members by their interface')) return tri(isMentioned(bodies, id))
      return groups === null ? 'unknown' : tri(groups.includes(id))
    }),
  ])

const isMentioned = (bodies: Bodies, id: string): boolean =>
  allOf(bodies, 'NetworkInterfaces').some(one => groupsOf(one).includes(id))

const inText = (block: Block, value: Json | undefined): Tri => {
  const outer = readBlock(text(value) ?? '')
  return outer === null ? 'unknown' : liesIn(block, outer)
}

const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ['tcp', TCP],
  ['udp', UDP],
  ['icmp', ICMP],
  ['icmpv6', ICMPV6],
])

/**
 * Ports count for TCP and UDP, types and codes for ICMP and ICMPv6, where -1 is all of them; of other protocols everything
 * passes, whatever ports stand there. Source: EC2 API, IpPermission; AuthorizeSecurityGroupEgress.
 */
const isTraffic = (rule: Json, packet: NetPacket, broken: Broken): Tri => {
  const written = text(at(rule, 'IpProtocol'))
  if (written === undefined) return 'unknown'
  if (written === '-1') return 'yes'
  const number = PROTOCOLS.get(written) ?? (/^\d+$/.test(written) ? Number(written) : null)
  if (number === null) return 'unknown'
  if (number !== packet.protocol) return 'no'
  const [from, to] = [integer(at(rule, 'FromPort')), integer(at(rule, 'ToPort'))]
  if (number === ICMP || number === ICMPV6) return isType(packet, from, to)
  return number === TCP || number === UDP ? isPort(packet, from, to, broken) : 'yes'
}

const isType = ({ type, code }: NetPacket, ofType: number | undefined, ofCode: number | undefined): Tri =>
  tri(
    (ofType === undefined || ofType === -1 || ofType === type) &&
      (ofCode === undefined || ofCode === -1 || ofCode === code),
  )

const isPort = ({ port }: NetPacket, from: number | undefined, to: number | undefined, broken: Broken): Tri =>
  from === undefined || to === undefined
    ? 'yes'
    : tri(port !== undefined && port >= from && (broken.has('the last port of a range') ? port < to : port <= to))

/**
 * A network ACL: entries of the direction in the order of their numbers, the first that matches decides, and what none
 * matches is denied. null: it was not read.
 * Source: Amazon VPC User Guide, "Network ACL rules"; EC2 API, NetworkAclEntry, CreateNetworkAclEntry.
 */
export const listPasses = (
  bodies: Bodies,
  subnet: string,
  isEgress: boolean,
  packet: NetPacket,
  other: Block,
  broken: Broken,
): Tri => {
  const acl = allOf(bodies, 'NetworkAcls').find(one =>
    list(at(one, 'Associations')).some(association => at(association, 'SubnetId') === subnet),
  )
  if (acl === undefined) return 'unknown'
  const entries = list(at(acl, 'Entries'))
    .filter(entry => isObject(entry) && at(entry, 'Egress') === isEgress)
    .map(entry => ({ entry, number: integer(at(entry, 'RuleNumber')) ?? 0 }))
    .sort((a, b) => (broken.has('entries by number') ? b.number - a.number : a.number - b.number))
  return decided(
    entries.map(({ entry }) => entry),
    packet,
    other,
    broken,
  )
}

const decided = (entries: readonly Json[], packet: NetPacket, other: Block, broken: Broken): Tri => {
  const [entry, ...rest] = entries
  if (entry === undefined) return 'no'
  const matches = every([isEntryTraffic(entry, packet, broken), isEntryPeer(entry, other)])
  const action = at(entry, 'RuleAction') === 'allow' ? 'yes' : 'no'
  if (matches === 'yes') return action
  const later = decided(rest, packet, other, broken)
  return matches === 'no' || later === action ? later : 'unknown'
}

const isEntryPeer = (entry: Json, other: Block): Tri => {
  const [four, six] = [at(entry, 'CidrBlock'), at(entry, 'Ipv6CidrBlock')]
  return some(
    [...(four === undefined ? [] : [four]), ...(six === undefined ? [] : [six])].map(one => inText(other, one)),
  )
}

const isEntryTraffic = (entry: Json, packet: NetPacket, broken: Broken): Tri => {
  const written = text(at(entry, 'Protocol'))
  if (written === '-1') return 'yes'
  if (written === undefined || !/^\d+$/.test(written)) return 'unknown'
  const number = Number(written)
  if (number !== packet.protocol) return 'no'
  if (number === ICMP || number === ICMPV6)
    return isType(packet, integer(at(entry, 'IcmpTypeCode', 'Type')), integer(at(entry, 'IcmpTypeCode', 'Code')))
  if (number !== TCP && number !== UDP) return 'yes'
  return isPort(packet, integer(at(entry, 'PortRange', 'From')), integer(at(entry, 'PortRange', 'To')), broken)
}
