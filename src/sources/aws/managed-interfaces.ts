import type { CloudObject, NetworkInterface } from '../../model/fabric.ts'
import { field, isObject, type Json, list, text } from '../../model/json.ts'
import type { Family } from '../../sets/cidr.ts'
import type { Collected } from './collect.ts'
import { UNREAD_GROUPS } from './interfaces.ts'
import { idFor } from './item.ts'

/** Ids that stand in a list, each once; `isWhole`: it is a list, and nothing else stands in it. */
export const idsIn = (
  body: Json | undefined,
  key: string,
): { readonly ids: readonly string[]; readonly isWhole: boolean } => {
  const value = field(body, key)
  const ids = list(value).flatMap(one => (text(one) ?? '') || [])
  return { ids: [...new Set(ids)].sort(), isWhole: Array.isArray(value) && ids.length === value.length }
}

/** Which families an interface in a subnet has an address of, where that hangs on the subnet alone. */
export const familiesIn = (collected: Collected): ((subnet: string) => readonly Family[]) => {
  const families = new Map(
    collected.in('Subnets').map(({ id, body }): [string, readonly Family[]] => {
      const six = list(field(body, 'Ipv6CidrBlockAssociationSet')).some(isObject)
      return [id, field(body, 'Ipv6Native') === true ? [6] : six ? [4, 6] : [4]]
    }),
  )
  return subnet => families.get(subnet) ?? [4]
}

/**
 * Where something without a machine of its own sends into a subnet: one of these stands for as many as there are. It has no public
 * address that is told.
 */
export const sendingInto = (
  of: CloudObject,
  subnet: string,
  { groups, untold }: { readonly groups: readonly string[] | null; readonly untold: readonly Family[] },
): NetworkInterface => ({
  ...of,
  id: `${of.id}@${subnet}`,
  name: null,
  subnet: idFor('Subnets', subnet),
  of: of.id,
  addresses: [],
  untold,
  publicAddresses: [],
  filters: groups === null || groups.length === 0 ? [UNREAD_GROUPS] : groups.map(id => idFor('SecurityGroups', id)),
  forwards: false,
  table: null,
  balancers: [],
})
