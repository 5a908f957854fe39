import { field, type Json } from '../../model/json.ts'
import { isOpenIn, isUnknown, listOf, wordOf } from './resource.ts'
import type { Around } from './tables.ts'
import { expressionOf, idOf } from './world.ts'

/**
 * Lists with their entries, those that are resources of their own among them.
 * Source: AWS provider, `aws_ec2_managed_prefix_list`, `aws_ec2_managed_prefix_list_entry`; EC2 API Reference, PrefixListEntry.
 */
export const putPrefixLists = ({ world, linking, supply, before }: Around): void => {
  const entries = new Map<string, Json[] | null>()
  for (const resource of world.ofType('aws_ec2_managed_prefix_list')) {
    const id = idOf(resource)
    supply.put('ManagedPrefixLists', id, { PrefixListId: id, PrefixListName: wordOf(resource, 'name') }, resource)
    const owned = new Set(
      before.having('aws_ec2_managed_prefix_list_entry', 'prefix_list_id', id).map(one => wordOf(one, 'cidr')),
    )
    const isMirror = expressionOf(world, resource, 'entry') === undefined
    const written = listOf(resource, 'entry').map(one => field(one, 'cidr') ?? null)
    const isOpen = isUnknown(resource, 'entry')
      ? linking.isFed(resource, 'entry') || !resource.isNew
      : isOpenIn(resource, 'entry')
    entries.set(
      id,
      isOpen ? null : written.filter(cidr => !(isMirror && owned.has(String(cidr)))).map(Cidr => ({ Cidr })),
    )
  }
  for (const resource of world.ofType('aws_ec2_managed_prefix_list_entry')) {
    const link = linking.link(resource, 'prefix_list_id', 'prefix-list')
    supply.part(resource, link.kind === 'open' ? [link.why] : [])
    const cidr = wordOf(resource, 'cidr')
    if (link.kind !== 'id') for (const id of entries.keys()) entries.set(id, null)
    else if (cidr === null) entries.set(link.id, null)
    else entries.get(link.id)?.push({ Cidr: cidr })
  }
  for (const resource of world.ofType('aws_ec2_managed_prefix_list')) {
    const id = idOf(resource)
    const own = entries.get(id)
    if (own !== undefined && own !== null) supply.wrap(id, { PrefixListId: id, Entries: own }, resource)
  }
}
