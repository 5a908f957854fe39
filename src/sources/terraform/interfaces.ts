import { field, type Json, type JsonObject, text } from '../../model/json.ts'
import { elasticHolders } from './elastic-addresses.ts'
import { attributeOf, isOpenIn, isTrue, isUnknown, listOf, type Resource, wordOf } from './resource.ts'
import type { SubnetOf } from './subnets.ts'
import { tagsOf } from './supply.ts'
import type { Around } from './tables.ts'
import { expressionOf, idOf } from './world.ts'

/**
 * Interfaces, and instances with theirs. One whose addresses are not known yet is left out: which filters let it in, and what an
 * internet gateway makes of it, depends on them. Its subnet can be asked.
 * Source: AWS provider, `aws_network_interface`, `aws_instance`; EC2 API Reference, NetworkInterface, InstanceNetworkInterface.
 */
export const putInterfaces = (around: Around, subnets: ReadonlyMap<string, SubnetOf>): void => {
  const { world, supply } = around
  const held = elasticHolders(around)
  for (const resource of world.ofType('aws_network_interface')) {
    const attachment = listOf(resource, 'attachment')[0]
    const instance = text(field(attachment, 'instance'))
    const why =
      whyLeftOut(around, resource, ['private_ips', 'ipv6_addresses'], held) ??
      publicWhy(around, resource, subnets, false)
    if (why !== null) supply.part(resource, [why])
    else {
      const id = idOf(resource)
      const body = interfaceOf(around, resource, id, 'security_groups')
      const addresses = listOf(resource, 'private_ips')
      const known = addresses.length > 0 ? addresses : [attributeOf(resource, 'private_ip')]
      supply.put(
        'NetworkInterfaces',
        id,
        {
          ...body,
          PrivateIpAddresses: known.map((PrivateIpAddress): Json => ({ PrivateIpAddress })),
          ...(instance === undefined || instance === '' ? {} : { Attachment: { InstanceId: instance } }),
          ...(Object.hasOwn(body, 'Tags') ? { TagSet: body['Tags'] ?? null } : {}),
        },
        resource,
      )
    }
  }
  for (const resource of world.ofType('aws_instance')) {
    const id = idOf(resource)
    const why =
      whyLeftOut(around, resource, ['private_ip', 'ipv6_addresses', 'secondary_private_ips'], held) ??
      publicWhy(around, resource, subnets, true)
    if (why !== null) supply.say(resource, why)
    const eni = wordOf(resource, 'primary_network_interface_id') ?? `${resource.address}.primary_network_interface_id`
    const body = { InstanceId: id, ...tagsOf(resource) }
    supply.put(
      'Reservations',
      id,
      why === null ? { ...body, NetworkInterfaces: [instanceInterface(around, resource, eni)] } : body,
      resource,
    )
  }
}

const instanceInterface = (around: Around, resource: Resource, eni: string): JsonObject => {
  const seenAs = wordOf(resource, 'public_ip')
  const first = { Primary: true, PrivateIpAddress: attributeOf(resource, 'private_ip') }
  return {
    ...interfaceOf(around, resource, eni, 'vpc_security_group_ids'),
    PrivateIpAddresses: [
      seenAs === null ? first : { ...first, Association: { PublicIp: seenAs } },
      ...listOf(resource, 'secondary_private_ips').map((PrivateIpAddress): Json => ({ PrivateIpAddress })),
    ],
  }
}

const interfaceOf = ({ linking, supply }: Around, resource: Resource, id: string, groupsKey: string): JsonObject => {
  const subnet = linking.link(resource, 'subnet_id', 'subnet')
  const groups = linking.links(resource, groupsKey, 'security-group')
  if (subnet.kind === 'open') supply.say(resource, subnet.why)
  const isFilledIn = groups.named.length === 0 && isUnknown(resource, groupsKey)
  if (groups.open !== null) supply.say(resource, groups.open.why)
  const check = attributeOf(resource, 'source_dest_check')
  return {
    NetworkInterfaceId: id,
    SubnetId: subnet.kind === 'id' ? subnet.id : null,
    // Who names none gets the default one of the VPC, which nobody names here.
    ...(groups.open !== null || isFilledIn ? {} : { Groups: groups.named.map((one): Json => ({ GroupId: one.id })) }),
    SourceDestCheck: check === null && !isUnknown(resource, 'source_dest_check') ? true : check,
    Ipv6Addresses: listOf(resource, 'ipv6_addresses').map((Ipv6Address): Json => ({ Ipv6Address })),
    ...tagsOf(resource),
  }
}

/** What of its addresses is not known; null: all of them are. What nobody wrote is filled in only where a count asks for it. */
const whyLeftOut = (
  { world }: Around,
  resource: Resource,
  [first, ...rest]: readonly [string, ...string[]],
  held: ReadonlySet<string>,
): string | null => {
  if (held.has(idOf(resource)))
    return `the elastic address of \`${resource.address}\` is not known before it is applied: ask its subnet`
  const isWritten = (key: string): boolean => expressionOf(world, resource, key) !== undefined
  const isMissing =
    isOpenIn(resource, first) || (attributeOf(resource, first) === null && attributeOf(resource, 'private_ip') === null)
  const asks = rest.some(key => isOpenIn(resource, key) && isWritten(key))
  const counts = COUNTS.some(key =>
    isUnknown(resource, key) ? isWritten(key) : Number(attributeOf(resource, key)) > 0,
  )
  return isMissing || asks || (counts && ['private_ips', ...rest].some(key => isOpenIn(resource, key)))
    ? `addresses of \`${resource.address}\` are not known before it is applied: ask its subnet`
    : null
}

const COUNTS = ['ipv6_address_count', 'private_ips_count', 'secondary_private_ip_address_count']

/** Whether it gets a public address of which nothing is known yet: by its own word, or else by its subnet’s. */
const publicWhy = (
  { world, linking }: Around,
  resource: Resource,
  subnets: ReadonlyMap<string, SubnetOf>,
  isInstance: boolean,
): string | null => {
  const link = linking.link(resource, 'subnet_id', 'subnet')
  const subnet = link.kind === 'id' ? subnets.get(link.id)?.of : undefined
  const why = `whether \`${resource.address}\` has addresses beside its own is not known before it is applied: ask its subnet`
  // An IPv6 address comes with the subnet, too.
  const mayHave6 =
    isUnknown(resource, 'ipv6_addresses') && (subnet === undefined || isTrue(subnet, 'assign_ipv6_address_on_creation'))
  if (mayHave6) return why
  if (!isInstance || !isUnknown(resource, 'public_ip')) return null
  const asked = attributeOf(resource, 'associate_public_ip_address')
  if (asked === false) return null
  const isLeft = asked === null && expressionOf(world, resource, 'associate_public_ip_address') === undefined
  return isLeft && subnet !== undefined && !isTrue(subnet, 'map_public_ip_on_launch') ? null : why
}
