import type { JsonObject } from '../../model/json.ts'
import type { Link, Linking } from './link.ts'
import { type Direction, PEERS, permission, plainId, portsOf, protocolOf, told } from './permissions.ts'
import { attributeOf, isOpenIn, isTrue, isUnknown, listOf, type Resource, wordOf } from './resource.ts'
import type { World } from './world.ts'

/** A rule of a group that is a resource of its own. */
interface GroupRule {
  readonly of: Resource
  readonly group: Link
  readonly direction: Direction
  /** One for each other end. */
  readonly permissions: readonly JsonObject[]
  readonly whys: readonly string[]
  /** What tells them from other rules. */
  readonly keys: readonly string[]
}

/** Source: AWS provider, `aws_security_group_rule`, `aws_vpc_security_group_egress_rule`, `aws_vpc_security_group_ingress_rule`. */
export const groupRulesIn = (world: World, linking: Linking | null): readonly GroupRule[] => [
  ...world
    .ofType('aws_security_group_rule')
    .map(resource => ruleOf(resource, directionOf(resource), linking, listedPeers(resource, linking))),
  ...world
    .ofType('aws_vpc_security_group_egress_rule')
    .map(resource => ruleOf(resource, 'egress', linking, singlePeer(resource, linking))),
  ...world
    .ofType('aws_vpc_security_group_ingress_rule')
    .map(resource => ruleOf(resource, 'ingress', linking, singlePeer(resource, linking))),
]

const directionOf = (resource: Resource): Direction => (wordOf(resource, 'type') === 'egress' ? 'egress' : 'ingress')

const ruleOf = (
  resource: Resource,
  direction: Direction,
  linking: Linking | null,
  peers: readonly JsonObject[],
): GroupRule => {
  const group = linkOf(linking, resource, 'security_group_id')
  const protocol = protocolOf(told(resource, resource.type === 'aws_security_group_rule' ? 'protocol' : 'ip_protocol'))
  const ports = portsOf(key => told(resource, key))
  const permissions = peers.map(peer => permission(protocol, ports, peer))
  const id = group.kind === 'id' ? group.id : ''
  return {
    of: resource,
    group,
    direction,
    permissions,
    whys: group.kind === 'open' ? [group.why] : [],
    keys: permissions.map(one => `${id} ${direction} ${JSON.stringify(one)}`),
  }
}

/** Of what was there before everything is known. */
const linkOf = (linking: Linking | null, resource: Resource, key: string): Link => {
  if (linking !== null) return linking.link(resource, key, key === 'prefix_list_id' ? 'prefix-list' : 'security-group')
  const id = wordOf(resource, key)
  return id === null ? { kind: 'none' } : { kind: 'id', id, of: null }
}

const listedPeers = (resource: Resource, linking: Linking | null): readonly JsonObject[] => {
  const peers = PEERS.filter(([key]) => key !== 'security_groups').flatMap(([key, listKey, idKey]): JsonObject[] => [
    ...listOf(resource, key).map(value => ({ [listKey]: [{ [idKey]: plainId(value) }] })),
    // What nobody wrote is none; a part that is open is somebody.
    ...(isOpenIn(resource, key) && (linking?.isFed(resource, key) ?? false)
      ? [{ [listKey]: [{ [idKey]: null }] }]
      : []),
  ])
  const own = isTrue(resource, 'self') ? [pairOf(linkOf(linking, resource, 'security_group_id'))] : []
  const open = peers.length + own.length > 0 && isUnknown(resource, 'source_security_group_id')
  const source = open ? { kind: 'none' as const } : linkOf(linking, resource, 'source_security_group_id')
  return [...peers, ...own, ...(source.kind === 'none' ? [] : [pairOf(source)])]
}

/** What AWS names in place of whom such a rule is about. */
const SINGLE = [
  ['cidr_ipv4', 'IpRanges', 'CidrIp'],
  ['cidr_ipv6', 'Ipv6Ranges', 'CidrIpv6'],
] as const

const singlePeer = (resource: Resource, linking: Linking | null): readonly JsonObject[] => {
  for (const [key, listKey, idKey] of SINGLE)
    if (attributeOf(resource, key) !== null || (isUnknown(resource, key) && (linking?.isFed(resource, key) ?? false)))
      return [{ [listKey]: [{ [idKey]: attributeOf(resource, key) }] }]
  const list = linkOf(linking, resource, 'prefix_list_id')
  if (list.kind !== 'none') return [{ PrefixListIds: [{ PrefixListId: list.kind === 'id' ? list.id : null }] }]
  return [pairOf(linkOf(linking, resource, 'referenced_security_group_id'))]
}

/** Members of a group; of none that is known, anybody. */
const pairOf = (link: Link): JsonObject => ({
  UserIdGroupPairs: [{ GroupId: link.kind === 'id' ? plainId(link.id) : null }],
})
