import type { Json, JsonObject } from '../../model/json.ts'
import { entriesOf, entryOfRule } from './network-acl-entries.ts'
import { type Resource, wordOf } from './resource.ts'
import type { SubnetOf } from './subnets.ts'
import { tagsOf } from './supply.ts'
import type { Around } from './tables.ts'
import { idOf } from './world.ts'

interface Acl {
  readonly id: string
  readonly of: Resource
  readonly vpc: string | null
  /** null: nobody can tell what it holds. */
  entries: Json[] | null
  readonly associations: Json[]
}

/**
 * Managed access lists, and the default ones of VPCs that are made now: those let everything pass, IPv6 where the VPC has it. What
 * is adopted has the rules that are written and no others. Returns the list that each subnet has, where that is told.
 * Source: AWS provider, `aws_network_acl`, `aws_default_network_acl`; VPC User Guide, “Default network ACL for a VPC”.
 */
export const putNetworkAcls = (around: Around, subnets: ReadonlyMap<string, SubnetOf>): ReadonlyMap<string, string> => {
  const { world, linking, supply, vpcs } = around
  const acls = new Map<string, Acl>()
  const put = (id: string, resource: Resource, vpc: string | null, entries: Json[] | null): void => {
    if (!acls.has(id)) acls.set(id, { id, of: resource, vpc, entries, associations: [] })
  }
  for (const resource of world.ofType('aws_network_acl')) {
    const vpc = linking.link(resource, 'vpc_id', 'vpc')
    put(idOf(resource), resource, vpc.kind === 'id' ? vpc.id : null, entriesOf(around, resource))
  }
  const defaults = new Map<string, string>()
  for (const { id, of: resource, ranges6 } of vpcs.values()) {
    const own = linking.named(
      wordOf(resource, 'default_network_acl_id') ?? `${resource.address}.default_network_acl_id`,
    )
    if (own.of?.type === 'aws_default_network_acl') put(own.id, own.of, id, entriesOf(around, own.of))
    else if (resource.isNew) put(own.id, resource, id, ranges6.length > 0 ? [...OPEN4, ...OPEN6] : [...OPEN4])
    defaults.set(id, own.id)
  }
  for (const resource of world.ofType('aws_default_network_acl'))
    put(idOf(resource), resource, wordOf(resource, 'vpc_id'), entriesOf(around, resource))
  putRules(around, acls)
  const aclOf = putSubnets(around, acls, defaults, subnets)
  for (const { id, of: resource, vpc, entries, associations } of acls.values())
    supply.put(
      'NetworkAcls',
      id,
      {
        NetworkAclId: id,
        VpcId: vpc,
        Associations: associations,
        ...(entries === null ? {} : { Entries: [...entries, ...CLOSED] }),
        ...(idOf(resource) === id ? tagsOf(resource) : {}),
      },
      resource,
    )
  return aclOf
}

const allowed = (RuleNumber: number, block: JsonObject): readonly Json[] =>
  [true, false].map((Egress): Json => ({ Egress, RuleNumber, RuleAction: 'allow', Protocol: '-1', ...block }))

const OPEN4 = allowed(100, { CidrBlock: '0.0.0.0/0' })
const OPEN6 = allowed(101, { Ipv6CidrBlock: '::/0' })

/** Every list ends with it. */
const CLOSED = [true, false].map(
  (Egress): Json => ({ Egress, RuleNumber: 32767, RuleAction: 'deny', Protocol: '-1', CidrBlock: '0.0.0.0/0' }),
)

const putRules = ({ world, linking, supply }: Around, acls: Map<string, Acl>): void => {
  let isOpen = false
  for (const resource of world.ofType('aws_network_acl_rule')) {
    const link = linking.link(resource, 'network_acl_id', 'network-acl')
    supply.part(resource, link.kind === 'open' ? [link.why] : [])
    const entry = entryOfRule(resource)
    if (link.kind === 'id') {
      const acl = acls.get(link.id) ?? { id: link.id, of: resource, vpc: null, entries: null, associations: [] }
      acls.set(link.id, acl)
      acl.entries?.push(entry)
    } else if (link.kind === 'open' && link.isAll)
      for (const { id } of link.among) {
        const acl = acls.get(id)
        if (acl !== undefined) acl.entries = null
      }
    else isOpen = true
  }
  if (isOpen) for (const acl of acls.values()) acl.entries = null
}

/** A subnet has the default list of its network until it is given another; one that was there may have one that is not here. */
const putSubnets = (
  { world, linking, supply }: Around,
  acls: Map<string, Acl>,
  defaults: ReadonlyMap<string, string>,
  subnets: ReadonlyMap<string, SubnetOf>,
): ReadonlyMap<string, string> => {
  const aclOf = new Map<string, string>()
  const taken = new Set<string>()
  const associate = (id: string, subnet: string, resource: Resource): void => {
    const acl = acls.get(id) ?? { id, of: resource, vpc: null, entries: null, associations: [] }
    acls.set(id, acl)
    acl.associations.push({ SubnetId: subnet })
    taken.add(subnet)
    aclOf.set(subnet, id)
  }
  /** Which list these have is not told; without them, which any of them has. */
  const openAll = (among: readonly { readonly id: string }[], isAll: boolean): void => {
    if (isAll) for (const { id } of among) taken.add(id)
    else isOpen = true
  }
  let isOpen = false
  for (const resource of [...world.ofType('aws_network_acl'), ...world.ofType('aws_default_network_acl')]) {
    const { named, open } = linking.links(resource, 'subnet_ids', 'subnet')
    for (const one of named) associate(idOf(resource), one.id, resource)
    if (open === null || !linking.isFed(resource, 'subnet_ids')) continue
    supply.say(resource, open.why)
    openAll(open.among, open.isAll)
  }
  for (const resource of world.ofType('aws_network_acl_association')) {
    const [acl, subnet] = [
      linking.link(resource, 'network_acl_id', 'network-acl'),
      linking.link(resource, 'subnet_id', 'subnet'),
    ]
    supply.part(
      resource,
      [acl, subnet].flatMap(link => (link.kind === 'open' ? [link.why] : [])),
    )
    if (acl.kind === 'id' && subnet.kind === 'id') {
      if (!taken.has(subnet.id)) associate(acl.id, subnet.id, resource)
    } else if (subnet.kind === 'id') taken.add(subnet.id)
    else if (subnet.kind === 'open') openAll(subnet.among, subnet.isAll)
  }
  for (const { id, of: resource, vpc } of subnets.values()) {
    const own = vpc === null ? undefined : defaults.get(vpc)
    if (own !== undefined && resource.isNew && !isOpen && !taken.has(id) && acls.has(own)) associate(own, id, resource)
  }
  return aclOf
}
