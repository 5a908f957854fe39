import type { Node } from '../model/cluster.ts'
import type { Fabric, NetworkInterface } from '../model/fabric.ts'
import { type AnyAddress, printAddress } from '../sets/cidr.ts'

/**
 * The interface by which a node sends: of the machine that its provider's id names, the one that has the node's own address. null:
 * no document of the network shows it. Source: kubernetes/cloud-provider-aws, docs, `providerID`: `aws:///ZONE/INSTANCE`.
 */
export const interfaceOfNode = (node: Node, { interfaces }: Fabric): NetworkInterface | null => {
  const machine = machineOf(node.providerId ?? '')
  const own = machine === null ? [] : interfaces.filter(one => one.of === machine)
  const holding = own.filter(one =>
    one.addresses.some(address => node.internalAddresses.includes(printAddress(address))),
  )
  const [only, ...more] = holding.length > 0 ? holding : own
  return only !== undefined && more.length === 0 ? only : null
}

/** The interface that has an address; several networks may have it, and then nobody can tell. */
export const interfaceWith = (address: AnyAddress, { interfaces }: Fabric): NetworkInterface | null => {
  const text = printAddress(address)
  const [only, ...more] = interfaces.filter(one => one.addresses.some(own => printAddress(own) === text))
  return only !== undefined && more.length === 0 ? only : null
}

const machineOf = (providerId: string): string | null => {
  const [, id] = /^aws:\/\/\/[^/]+\/(i-[0-9a-z]+)$/.exec(providerId) ?? []
  return id === undefined ? null : `aws:instance/${id}`
}
