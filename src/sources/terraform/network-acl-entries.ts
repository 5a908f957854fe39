import { field, type Json, type JsonObject, list } from '../../model/json.ts'
import { protocolOf, UNTOLD } from './permissions.ts'
import { attributeOf, isUnknown, listOf, type Resource } from './resource.ts'
import type { Around } from './tables.ts'
import { expressionOf, idOf } from './world.ts'

/** The provider mirrors in a list what rules of their own put there: those are read for themselves. */
export const entriesOf = ({ world, linking, before }: Around, resource: Resource): Json[] | null => {
  const owned = new Set(
    before
      .having('aws_network_acl_rule', 'network_acl_id', idOf(resource))
      .map(rule => `${attributeOf(rule, 'egress') === true} ${attributeOf(rule, 'rule_number')}`),
  )
  const entries: Json[] = []
  for (const [key, isEgress] of [
    ['egress', true],
    ['ingress', false],
  ] as const) {
    if (isUnknown(resource, key)) {
      if (linking.isFed(resource, key) || !resource.isNew) return null
      continue
    }
    const isWritten = expressionOf(world, resource, key) !== undefined
    for (const [i, one] of listOf(resource, key).entries()) {
      const isMirror = owned.has(`${isEgress} ${field(one, 'rule_no')}`) && !isWritten
      if (!isMirror)
        entries.push(
          entryOf(name => told(one, list(field(resource.unknown, key))[i], name), isEgress, 'rule_no', 'action'),
        )
    }
  }
  return entries
}

type Told = (name: string) => Json | null

const told = (one: Json, mask: Json | undefined, name: string): Json | null =>
  field(mask, name) === true ? UNTOLD : (field(one, name) ?? null)

/** An entry that is a resource of its own. Source: AWS provider, `aws_network_acl_rule`. */
export const entryOfRule = (rule: Resource): JsonObject =>
  entryOf(
    name => (isUnknown(rule, name) ? UNTOLD : attributeOf(rule, name)),
    attributeOf(rule, 'egress') === true,
    'rule_number',
    'rule_action',
  )

/** Source: EC2 API Reference, NetworkAclEntry. */
const entryOf = (value: Told, Egress: boolean, number: string, action: string): JsonObject => ({
  Egress,
  RuleNumber: value(number),
  RuleAction: lower(value(action)),
  Protocol: protocolOf(value('protocol')),
  ...given('CidrBlock', value('cidr_block')),
  ...given('Ipv6CidrBlock', value('ipv6_cidr_block')),
  PortRange: { From: value('from_port'), To: value('to_port') },
  IcmpTypeCode: { Type: value('icmp_type'), Code: value('icmp_code') },
})

const given = (key: string, value: Json | null): JsonObject => (value === null || value === '' ? {} : { [key]: value })

const lower = (value: Json | null): Json | null => (typeof value === 'string' ? value.toLowerCase() : value)
