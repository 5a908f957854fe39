import { field, type Json, type JsonObject, list } from '../../model/json.ts'
import type { Link } from './link.ts'
import { type Direction, PEERS, permission, plainId, portsOf, protocolOf, UNTOLD } from './permissions.ts'
import { isUnknown, listOf, type Resource, wordOf } from './resource.ts'
import { groupRulesIn } from './security-group-rules.ts'
import { tagsOf } from './supply.ts'
import type { Around } from './tables.ts'
import { expressionOf, idOf } from './world.ts'

interface GroupOf {
  readonly id: string
  readonly of: Resource
  readonly vpc: string | null
  /** One for each other end; null: nobody can tell what a direction holds. */
  readonly rules: Record<Direction, Json[] | null>
}

/**
 * A managed group has the rules that are written and no others: the provider takes away the one that lets everything out. The default
 * group of a VPC that is made now and is not managed lets everything out, and only its members in.
 * Source: AWS provider, `aws_security_group`, `aws_default_security_group`; VPC User Guide, “Default security groups for your VPCs”.
 */
export const putSecurityGroups = (around: Around): void => {
  const { world, linking, supply, vpcs } = around
  const groups = new Map<string, GroupOf>()
  const owned = new Set(groupRulesIn(around.before, null).flatMap(({ keys }) => keys))
  for (const resource of [...world.ofType('aws_security_group'), ...world.ofType('aws_default_security_group')]) {
    const vpc = linking.link(resource, 'vpc_id', 'vpc')
    const rules = {
      egress: rulesOf(around, resource, 'egress', owned),
      ingress: rulesOf(around, resource, 'ingress', owned),
    }
    groups.set(idOf(resource), { id: idOf(resource), of: resource, vpc: vpc.kind === 'id' ? vpc.id : null, rules })
  }
  for (const { id: vpc, of: resource, ranges6 } of vpcs.values()) {
    const own = linking.named(
      wordOf(resource, 'default_security_group_id') ?? `${resource.address}.default_security_group_id`,
    )
    if (!resource.isNew || groups.has(own.id)) continue
    const anybody = [permission('-1', {}, { IpRanges: [{ CidrIp: '0.0.0.0/0' }] })]
    if (ranges6.length > 0) anybody.push(permission('-1', {}, { Ipv6Ranges: [{ CidrIpv6: '::/0' }] }))
    const ingress = [permission('-1', {}, { UserIdGroupPairs: [{ GroupId: own.id }] })]
    groups.set(own.id, { id: own.id, of: resource, vpc, rules: { egress: anybody, ingress } })
  }
  /** Directions in which any group may have a rule that names none. */
  const open = new Set<Direction>()
  for (const rule of groupRulesIn(world, linking)) {
    supply.part(rule.of, rule.whys)
    if (rule.group.kind === 'id') {
      // The other rules of a group that is not managed here were not read.
      const group = groups.get(rule.group.id) ?? unread(rule.group.id, rule.of)
      groups.set(group.id, group)
      for (const one of rule.permissions) group.rules[rule.direction]?.push(one)
    } else if (rule.group.kind === 'open' && rule.group.isAll)
      for (const { id } of rule.group.among) leaveOpen(groups.get(id), rule.direction)
    else open.add(rule.direction)
  }
  for (const direction of open) for (const group of groups.values()) leaveOpen(group, direction)
  for (const { id, of: resource, vpc, rules } of groups.values())
    supply.put(
      'SecurityGroups',
      id,
      {
        GroupId: id,
        VpcId: vpc,
        OwnerId: wordOf(resource, 'owner_id'),
        ...(rules.egress === null ? {} : { IpPermissionsEgress: rules.egress }),
        ...(rules.ingress === null ? {} : { IpPermissions: rules.ingress }),
        ...(idOf(resource) === id ? tagsOf(resource) : {}),
      },
      resource,
    )
}

const unread = (id: string, resource: Resource): GroupOf => ({
  id,
  of: resource,
  vpc: null,
  rules: { egress: null, ingress: null },
})

const leaveOpen = (group: GroupOf | undefined, direction: Direction): void => {
  if (group !== undefined) group.rules[direction] = null
}

/** Rules that stand in the group. `owned`: those that the provider mirrors there from resources of their own. */
const rulesOf = (
  { world, linking }: Around,
  resource: Resource,
  direction: Direction,
  owned: ReadonlySet<string>,
): Json[] | null => {
  if (isUnknown(resource, direction)) return linking.isFed(resource, direction) || !resource.isNew ? null : []
  const masks = list(field(resource.unknown, direction))
  const isWritten = expressionOf(world, resource, direction) !== undefined
  const rules = listOf(resource, direction).flatMap((one, i) =>
    inlineRule(resource, one, masks[i], direction, linking.linkWithin),
  )
  return rules.filter(rule => isWritten || !owned.has(`${idOf(resource)} ${direction} ${JSON.stringify(rule)}`))
}

const inlineRule = (
  resource: Resource,
  one: Json,
  mask: Json | undefined,
  direction: Direction,
  linkWithin: (resource: Resource, key: string, noun: 'security-group' | 'prefix-list') => Link,
): readonly JsonObject[] => {
  const ports = portsOf(key => (field(mask, key) === true ? UNTOLD : (field(one, key) ?? null)))
  const protocol = protocolOf(field(mask, 'protocol') === true ? null : (field(one, 'protocol') ?? null))
  const peers = PEERS.flatMap(([key, listKey, idKey]): JsonObject[] => {
    const open = field(mask, key)
    const known = list(field(one, key)).filter((_, i) => list(open)[i] !== true)
    const made = known.map((value): JsonObject => ({ [listKey]: [{ [idKey]: plainId(value) }] }))
    if (open !== true && !list(open).includes(true)) return made
    if (key === 'security_groups' || key === 'prefix_list_ids') {
      const link = linkWithin(resource, direction, key === 'security_groups' ? 'security-group' : 'prefix-list')
      if (link.kind === 'id') return [...made, { [listKey]: [{ [idKey]: link.id }] }]
    }
    return [...made, { [listKey]: [{ [idKey]: null }] }]
  })
  const self = field(mask, 'self') === true ? null : field(one, 'self') === true ? idOf(resource) : undefined
  const own = self === undefined ? [] : [{ UserIdGroupPairs: [{ GroupId: self }] }]
  return [...peers, ...own].map(peer => permission(protocol, ports, peer))
}
