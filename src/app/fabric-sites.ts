import { siteKey } from '../engine/fabric/site-key.ts'
import type { Subject } from '../engine/population.ts'
import { type Machines, machinesIn } from '../inventory/machines.ts'
import type { Cluster } from '../model/cluster.ts'
import type { Fabric, NetworkInterface } from '../model/fabric.ts'
import type { Pod } from '../model/workload.ts'
import { type AnyAddress, printAddress, readAddress } from '../sets/cidr.ts'

/** Interfaces that the network treats as one: of one subnet, with the same filters, and addresses of the same kinds. */
export interface Site {
  readonly key: string
  /** All of a cluster as one, with the addresses of each. */
  readonly sender: NetworkInterface
}

/** Where packets of a pod enter the network. */
export interface PodSites {
  /** As its node. */
  readonly node: Site
  /** As itself: an address of its own that the network knows may be seen there, or be exchanged for the node's. */
  readonly own: readonly Site[]
  /** Its own addresses are its node's machine's, too. */
  readonly isOnNode: boolean
  /** What of these two the pod itself has. */
  readonly interfaces: readonly NetworkInterface[]
}

export type SitesOf = (pod: Pod) => PodSites | null

/** By pod; null: no document of the network shows its node. */
export const sitesIn = (fabric: Fabric, cluster: Cluster, subjects: readonly Subject[]): SitesOf => {
  const machines = machinesIn(fabric)
  const nodes = new Map(cluster.nodes.map(node => [node.ref.name, node]))
  const members = new Map<string, NetworkInterface[]>()
  const put = (one: NetworkInterface): string => {
    const key = siteKey(one)
    const known = members.get(key)
    if (known === undefined) members.set(key, [one])
    else known.push(one)
    return key
  }
  const entered = new Map<Pod, Entered>()
  const byNode = new Map<string, { readonly key: string; readonly of: NetworkInterface } | null>()
  const nodeOf = (name: string): { readonly key: string; readonly of: NetworkInterface } | null => {
    const known = byNode.get(name)
    if (known !== undefined) return known
    const node = nodes.get(name)
    const holder = node === undefined ? null : machines.ofNode(node)
    // Its other addresses are those of pods.
    const of = node === undefined || holder === null ? null : as(holder, node.internalAddresses)
    const made = of === null ? null : { key: put(of), of }
    byNode.set(name, made)
    return made
  }
  for (const { pods } of subjects)
    for (const pod of pods) {
      const node = nodeOf(pod.node ?? '')
      if (node === null) continue
      const own = ownOf(pod, machines)
      entered.set(pod, {
        node: node.key,
        own: own.map(put),
        isOnNode: own.every(one => one.of !== null && one.of === node.of.of),
        interfaces: [node.of, ...own],
      })
    }
  const sites = new Map([...members].map(([key, all]) => [key, { key, sender: together(all) }]))
  return pod => {
    const found = entered.get(pod)
    if (found === undefined) return null
    const site = (key: string): Site => sites.get(key) as Site
    return { ...found, node: site(found.node), own: [...new Set(found.own)].map(site) }
  }
}

interface Entered extends Pick<PodSites, 'isOnNode' | 'interfaces'> {
  readonly node: string
  readonly own: readonly string[]
}

const together = (all: readonly NetworkInterface[]): NetworkInterface => {
  const [first] = all as readonly [NetworkInterface, ...NetworkInterface[]]
  const distinct = [...new Set(all)]
  return {
    ...first,
    addresses: distinct.flatMap(({ addresses }) => addresses),
    publicAddresses: distinct.flatMap(({ publicAddresses }) => publicAddresses),
  }
}

const ownOf = ({ addresses }: Pod, machines: Machines): readonly NetworkInterface[] =>
  addresses.flatMap(text => {
    const read = readAddress(text)
    const holder = read.kind === 'read' ? machines.withAddress(read.value) : null
    return read.kind === 'read' && holder !== null ? [as(holder, [printAddress(read.value)])] : []
  })

/** An interface as some of its addresses see it; as it is where it has none of them. */
const as = (one: NetworkInterface, texts: readonly string[]): NetworkInterface => {
  const isMeant = (address: AnyAddress): boolean => texts.includes(printAddress(address))
  return one.addresses.some(isMeant)
    ? {
        ...one,
        addresses: one.addresses.filter(isMeant),
        publicAddresses: one.publicAddresses.filter(({ of }) => isMeant(of)),
      }
    : one
}
