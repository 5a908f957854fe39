import { type Json, type JsonObject, text } from '../../model/json.ts'
import { attributeOf, isOpenIn, type Resource } from './resource.ts'

export type Direction = 'egress' | 'ingress'

/** Whom a rule of a security group is about, as Terraform and as AWS write it. */
export const PEERS = [
  ['cidr_blocks', 'IpRanges', 'CidrIp'],
  ['ipv6_cidr_blocks', 'Ipv6Ranges', 'CidrIpv6'],
  ['prefix_list_ids', 'PrefixListIds', 'PrefixListId'],
  ['security_groups', 'UserIdGroupPairs', 'GroupId'],
] as const

/** One rule about one other end. What is about every protocol has no ports. Source: EC2 API Reference, IpPermission. */
export const permission = (IpProtocol: Json | null, ports: JsonObject, peer: JsonObject): JsonObject => ({
  IpProtocol,
  ...(IpProtocol === '-1' ? {} : ports),
  ...peer,
})

export const portsOf = (value: (key: string) => Json | null): JsonObject => {
  const [FromPort, ToPort] = [value('from_port'), value('to_port')]
  return { ...(FromPort === null ? {} : { FromPort }), ...(ToPort === null ? {} : { ToPort }) }
}

/** A group of another account is written behind the account. */
export const plainId = (value: Json): Json => text(value)?.replace(/^\d{12}\//, '') ?? value

/** The provider takes both for every protocol. Source: AWS provider, `aws_security_group_rule`, `aws_network_acl_rule`. */
export const protocolOf = (value: Json | null): Json | null => {
  const word = typeof value === 'string' ? value.toLowerCase() : value
  return word === 'all' || word === -1 ? '-1' : word
}

/** No reader takes it for a value. */
export const UNTOLD = 'known after apply'

export const told = (resource: Resource, key: string): Json | null =>
  isOpenIn(resource, key) ? UNTOLD : attributeOf(resource, key)
