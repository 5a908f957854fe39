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

const machineOf = (providerId: string): string | null => {
  const [, id] = /^aws:\/\/\/[^/]+\/(i-[0-9a-z]+)$/.exec(providerId) ?? []
  return id === undefined ? null : `aws:instance/${id}`
}
