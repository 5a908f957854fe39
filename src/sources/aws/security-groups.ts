import type { Filter, FilterPeers, FilterRule } from '../../model/fabric.ts'
import { field, isObject, type Json } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import { blockPeers, doubtOf, faultsOf, groupPeers, listPeers, ruleOf, unknownPeers } from './filter-rule.ts'
import { cloudObject, type Item } from './item.ts'
import type { Lowered } from './lowered.ts'
import type { PrefixLists } from './prefix-lists.ts'
import { trafficOfPermission } from './traffic.ts'

/**
 * What one rule allows passes, and replies with it. A direction without rules lets nothing pass; one that is not in the output
 * was not read. Source: EC2 API Reference, SecurityGroup, IpPermission; VPC User Guide, “Security group rules”.
 */
export const lowerSecurityGroup = (item: Item, lists: PrefixLists): Lowered<Filter> => {
  const object = cloudObject('SecurityGroups', item)
  const directions = [
    ['egress', 'IpPermissionsEgress'],
    ['ingress', 'IpPermissions'],
  ] as const
  const unread = directions.filter(([, key]) => !Array.isArray(field(item.body, key)))
  const rulesUnder = (key: string): readonly FilterRule[] =>
    each(item.body, key).flatMap((permission, i) => rulesOf(permission, [...item.at, key, i], lists))
  const value: Filter = {
    ...object,
    stateful: true,
    reads: 'any',
    joins: 'any',
    egress: rulesUnder('IpPermissionsEgress'),
    ingress: rulesUnder('IpPermissions'),
    doubts: unread.map(([direction, key]) => doubtOf(`its ${direction} rules (\`${key}\`) were not read`)),
  }
  return { id: object.id, item, value, faults: faultsOf(value) }
}

/** One rule for each of the other ends. */
const rulesOf = (permission: Json | undefined, at: DocumentPath, lists: PrefixLists): readonly FilterRule[] => {
  const covers = trafficOfPermission(permission)
  const under = (key: string, peersOf: (one: Json | undefined) => readonly FilterPeers[]): readonly FilterRule[] =>
    each(permission, key).flatMap((one, i) =>
      peersOf(one).map(peers => ruleOf('allow', peers, covers, [...at, key, i])),
    )
  if (!isObject(permission)) return [ruleOf('allow', unknownPeers('a rule is no object'), covers, at)]
  return [
    ...under('IpRanges', one => [blockPeers(one, 'CidrIp')]),
    ...under('Ipv6Ranges', one => [blockPeers(one, 'CidrIpv6')]),
    ...under('PrefixListIds', one => listPeers(one, lists)),
    ...under('UserIdGroupPairs', one => [groupPeers(one)]),
  ]
}

/** The items of a list; absent is none, and what is no list is one item that nobody can read. */
const each = (body: Json | undefined, key: string): readonly (Json | undefined)[] => {
  const value = field(body, key)
  return value === undefined || value === null ? [] : Array.isArray(value) ? (value as readonly Json[]) : [undefined]
}
