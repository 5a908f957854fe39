import { machinesIn } from '../inventory/machines.ts'
import type { Cluster, Node } from '../model/cluster.ts'
import type { Fabric, Subnet } from '../model/fabric.ts'
import { compareText } from '../model/order.ts'
import { addressesOf } from '../sets/address-set.ts'
import { readAddress } from '../sets/cidr.ts'

/**
 * Clusters whose nodes stand in a subnet. A node is where the machine that its provider’s id names has its interface; where no document
 * shows that machine, as with nodes that a group of them launches, in the only subnet of all that were read that holds its address, if
 * the zone is the one that the node names.
 */
export const clustersIn = (fabric: Fabric, clusters: readonly Cluster[]): ((subnet: string) => readonly string[]) => {
  const machines = machinesIn(fabric)
  const found = new Map<string, Set<string>>()
  for (const { name, nodes } of clusters)
    for (const node of nodes) {
      const subnet = machines.ofNode(node)?.subnet ?? subnetByAddress(fabric.subnets, node)
      if (subnet === null) continue
      const there = found.get(subnet) ?? new Set()
      found.set(subnet, there.add(name))
    }
  return subnet => [...(found.get(subnet) ?? [])].sort(compareText)
}

/** Source: Kubernetes, “Well-Known Labels, Annotations and Taints”, `topology.kubernetes.io/zone`. */
const ZONE = 'topology.kubernetes.io/zone'

const subnetByAddress = (subnets: readonly Subnet[], { internalAddresses, labels }: Node): string | null => {
  const zone = labels.get(ZONE) ?? null
  const holding = subnets.filter(subnet =>
    internalAddresses.some(text => {
      const read = readAddress(text)
      if (read.kind === 'refused') return false
      const { family } = read.value
      const own = subnet.ranges.filter(one => one.family === family)
      return addressesOf(family).contains(addressesOf(family).ofCidrs(own as never), read.value as never)
    }),
  )
  const [only, ...more] = holding
  if (only === undefined || more.length > 0) return null
  return zone === null || only.zone === null || zone === only.zone ? only.id : null
}
