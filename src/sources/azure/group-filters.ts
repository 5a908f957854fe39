import type { Filter } from '../../model/fabric.ts'
import { type Addresses, bothFamilies } from '../../sets/addresses.ts'
import { PLATFORM } from './blocks.ts'
import { type Extent, extentOf } from './extents.ts'
import { type FilterContext, filterOf, platformAskedIn } from './filters.ts'
import type { SubnetFact } from './networks.ts'
import type { NicFact } from './nic-facts.ts'
import type { Group } from './security-rules.ts'

export interface GroupFilters {
  /** Sorted by id. */
  readonly values: readonly Filter[]
  /** The filter that a group is for what stands in a subnet. One that was not read keeps its name, which nothing has. */
  readonly idFor: (group: string, subnet: string) => string
  /** What the platform answers at itself in a subnet, whatever groups say. */
  readonly ownServicesOf: (subnet: string) => Addresses
}

/**
 * A group is one filter wherever its tags mean the same, and one for each meaning else, called after the first subnet that has it.
 */
export const groupFiltersIn = (
  groups: ReadonlyMap<string, Group>,
  extents: ReadonlyMap<string, { readonly subnet: SubnetFact; readonly extent: Extent }>,
  nics: readonly NicFact[],
  context: FilterContext,
): GroupFilters => {
  const bySubnet = Map.groupBy(nics, ({ subnet }) => subnet)
  const groupsIn = (subnet: SubnetFact): readonly string[] => [
    ...new Set([subnet.group, ...(bySubnet.get(subnet.id) ?? []).map(({ group }) => group)].flatMap(id => id ?? [])),
  ]
  /** By group: the subnets by what its tags mean there. */
  const meanings = new Map<string, Map<string, SubnetFact[]>>()
  for (const { subnet, extent } of [...extents.values()].toSorted((a, b) => (a.subnet.id < b.subnet.id ? -1 : 1)))
    for (const group of groupsIn(subnet)) {
      const known = meanings.get(group) ?? new Map<string, SubnetFact[]>()
      meanings.set(group, known.set(extent.key, [...(known.get(extent.key) ?? []), subnet]))
    }
  const ids = new Map<string, string>()
  const values: Filter[] = []
  for (const group of groups.values()) {
    const known = [...(meanings.get(group.id) ?? new Map<string, SubnetFact[]>()).values()]
    if (known.length === 0) values.push(filterOf(group, group.id, NOWHERE, context))
    for (const subnets of known) {
      const [first] = subnets as [SubnetFact, ...SubnetFact[]]
      const id = known.length === 1 ? group.id : `${group.id}#${first.id.split('/').slice(2).join(':')}`
      for (const subnet of subnets) ids.set(`${group.id} ${subnet.id}`, id)
      const extent = extents.get(first.id)?.extent ?? NOWHERE
      values.push(filterOf(group, id, extent, context))
    }
  }
  return {
    values: values.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    idFor: (group, subnet) => ids.get(`${group} ${subnet}`) ?? group,
    ownServicesOf: subnet => {
      const here = extents.get(subnet)
      const asked = (here === undefined ? [] : groupsIn(here.subnet)).map(id => {
        const group = groups.get(id)
        // One that was not read may speak of it.
        return group === undefined ? PLATFORM : platformAskedIn(group)
      })
      return bothFamilies.subtract(PLATFORM, asked.reduce(bothFamilies.union, bothFamilies.empty))
    },
  }
}

/** Of a group that nothing has. */
const NOWHERE: Extent = extentOf({
  own: [],
  peers: [],
  behind: [],
  routed: [],
  isOpen: { why: 'the group is in no subnet that was read', settledBy: 'the output of `az network vnet list`' },
})
