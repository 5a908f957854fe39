import type { Node } from '../model/cluster.ts'
import type { Fabric, NetworkInterface } from '../model/fabric.ts'
import { type AnyAddress, printAddress } from '../sets/cidr.ts'

/** The interfaces of a fabric by what clusters know of them. */
export interface Machines {
  /**
   * The interface by which a node sends: of the machine that its provider's id names, the one that has the node's own address.
   * null: no document of the network shows it. Source: kubernetes/cloud-provider-aws, docs, `providerID`: `aws:///ZONE/INSTANCE`.
   */
  readonly ofNode: (node: Node) => NetworkInterface | null
  /** The interface that has an address; several networks may have it, and then nobody can tell. */
  readonly withAddress: (address: AnyAddress) => NetworkInterface | null
}

export const machinesIn = ({ interfaces }: Fabric): Machines => {
  const byMachine = Map.groupBy(interfaces, one => one.of)
  const byAddress = new Map<string, NetworkInterface[]>()
  for (const one of interfaces)
    for (const address of one.addresses) {
      const text = printAddress(address)
      const known = byAddress.get(text)
      if (known === undefined) byAddress.set(text, [one])
      else known.push(one)
    }
  return {
    ofNode: node => {
      const machine = machineOf(node.providerId ?? '')
      const own = machine === null ? [] : (byMachine.get(machine) ?? [])
      const holding = own.filter(one =>
        one.addresses.some(address => node.internalAddresses.includes(printAddress(address))),
      )
      return onlyOne(holding.length > 0 ? holding : own)
    },
    withAddress: address => onlyOne(byAddress.get(printAddress(address)) ?? []),
  }
}

const onlyOne = <T>([only, ...more]: readonly T[]): T | null => (only !== undefined && more.length === 0 ? only : null)

/**
 * The id that a machine has in documents of its cloud. Ids of Azure are the same in any case. Source: kubernetes-sigs/cloud-provider-azure,
 * docs, “Provider ID”; kubernetes/cloud-provider-gcp, `gce://PROJECT/ZONE/NAME`.
 */
const machineOf = (providerId: string): string | null => {
  const [, aws] = /^aws:\/\/\/[^/]+\/(i-[0-9a-z]+)$/.exec(providerId) ?? []
  if (aws !== undefined) return `aws:instance/${aws}`
  const [, gcp] = /^gce:\/\/([^/]+\/[^/]+\/[^/]+)$/.exec(providerId) ?? []
  if (gcp !== undefined) return `gcp:instance/${gcp}`
  const [, ...azure] = AZURE.exec(providerId.toLowerCase()) ?? []
  const [subscription, group, set, instance] = azure
  if (subscription === undefined || group === undefined || instance === undefined) return null
  return set === undefined
    ? `azure:vm/${subscription}/${group}/${instance}`
    : `azure:vmss/${subscription}/${group}/${set}/${instance}`
}

const AZURE =
  /^azure:\/\/\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/microsoft\.compute\/(?:virtualmachinescalesets\/([^/]+)\/)?virtualmachines\/([^/]+)$/
