import type { Machine } from '../../model/fabric.ts'
import type { Json } from '../../model/json.ts'
import { compareText } from '../../model/order.ts'
import type { Lowered } from '../aws/lowered.ts'
import type { Collected } from './collect.ts'
import { cloudObject, type Item } from './item.ts'
import type { NicFact } from './nic-facts.ts'
import { groupOf, readConfigurations } from './nic-facts.ts'
import { named, prop, word, wordsUnder } from './property.ts'
import type { PublicAddresses } from './public-addresses.ts'
import { modelId, parentOf } from './resource-id.ts'
import { tagsOf } from './tags.ts'

/** Source: Azure REST API Reference, VirtualMachine, VirtualMachineScaleSetVM. */
export const lowerMachine = (item: Item, collected: Collected): Lowered<Machine> => ({
  id: item.id,
  item,
  value: { ...cloudObject(item), clusters: clustersOf(item, collected), metadata: null },
  faults: [],
})

/**
 * A node of AKS stands in a group of its cluster’s own, which is called `MC_GROUP_CLUSTER_REGION` unless its owner named it, and its
 * scale set has the tag of its pool. Source: AKS, “Frequently asked questions”, node resource group; Azure/AgentBaker, tags of pools.
 */
const clustersOf = (item: Item, collected: Collected): readonly string[] => {
  const set = parentOf(item.resource)
  const around = set === null ? null : collected.get(modelId(set))
  const tags = [item, ...(around === null || around === undefined ? [] : [around])].map(({ body }) => tagsOf(body))
  const isNode = tags.some(one => [...one.keys()].some(key => key.toLowerCase().startsWith('aks-managed-')))
  const group = item.resource.group ?? ''
  const owners = collected
    .in('microsoft.containerservice/managedclusters')
    .filter(
      ({ resource, body }) =>
        resource.subscription === item.resource.subscription &&
        word(body, 'nodeResourceGroup')?.toLowerCase() === group,
    )
    .map(({ body, resource }) => word(body, 'name') ?? resource.names.at(-1) ?? '')
  if (owners.length > 0) return owners.toSorted(compareText)
  const [, name] = isNode || group.startsWith('mc_') ? (/^mc_.+_([^_]+)_[a-z0-9]+$/.exec(group) ?? []) : []
  return name === undefined ? [] : [name]
}

/**
 * Interfaces of a scale set’s instances have an output of their own. Where that was not read, the instance’s own settings, or those of
 * its set, tell in which subnet they stand, and no address.
 * Source: Azure REST API Reference, VirtualMachineScaleSetVMNetworkProfileConfiguration.
 */
export const impliedNics = (
  collected: Collected,
  read: ReadonlySet<string>,
  seen: PublicAddresses,
): readonly NicFact[] =>
  collected.in('microsoft.compute/virtualmachinescalesets/virtualmachines').flatMap(item => {
    if (collected.get(item.id) !== item || read.has(item.id)) return []
    const set = parentOf(item.resource)
    const profile = set === null ? undefined : prop(collected.get(modelId(set))?.body, 'virtualMachineProfile')
    const own = wordsUnder(prop(item.body, 'networkProfileConfiguration'), 'networkInterfaceConfigurations')
    const ofSet = wordsUnder(prop(profile, 'networkProfile'), 'networkInterfaceConfigurations')
    return (own.length > 0 ? own : ofSet).flatMap((one, i) => impliedNic(item, one, i, seen))
  })

const impliedNic = (item: Item, configuration: Json, i: number, seen: PublicAddresses): readonly NicFact[] => {
  const configurations = wordsUnder(configuration, 'ipConfigurations')
  const subnet = configurations.flatMap(one => named(one, 'subnet') ?? [])[0]
  if (subnet === undefined) return []
  const read = readConfigurations(configurations, seen)
  const name = word(configuration, 'name') ?? String(i)
  const id = `azure:nic/${[item.resource.subscription, item.resource.group, ...item.resource.names, name.toLowerCase()].join('/')}`
  return [
    {
      ...cloudObject(item),
      id,
      name,
      subnet,
      of: item.id,
      addresses: read.addresses,
      untold: read.untold,
      publicAddresses: [],
      hidesPublic: read.hidesPublic,
      group: groupOf(configuration),
      forwards: prop(configuration, 'enableIPForwarding') === true,
      applications: read.applications,
      pools: read.pools,
      privateEndpoint: null,
    },
  ]
}

/** Machines of such a set are lent no address. Source: Default outbound access in Azure, “How can I disable default outbound access?”. */
export const isOfFlexibleSet = ({ body }: Item): boolean => named(body, 'virtualMachineScaleSet') !== null
