import type { Cluster } from '../model/cluster.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from '../sets/addresses.ts'
import { type AnyAddress, type AnyCidr, readAddress, readCidr } from '../sets/cidr.ts'

function knownCidr(text: string): AnyCidr {
  const read = readCidr(text)
  if (read.kind === 'refused') throw new Error(read.why)
  return read.value
}

/** What the addresses of a cluster's own routing domain belong to, as far as the estate shows it. */
export interface Ground {
  readonly pods: Addresses
  readonly nodes: Addresses
  readonly services: Addresses
  readonly apiserver: Addresses
  /** Where pods get their addresses from; null where no node says so. */
  readonly podRanges: Addresses | null
  /** Everything above together: it never stands under `addresses`. */
  readonly own: Addresses
  /** With what never leaves a pod: no policy stops that, so it is told nowhere as stopped. */
  readonly ownOrLoopback: Addresses
}

/** Source: kubernetes.io, "Network Policies": "Pods cannot block localhost access". */
export const LOOPBACK: Addresses = addressesOfCidrs(['127.0.0.0/8', '::1/128'].map(knownCidr))

export const groundOf = (cluster: Cluster, ownIsOutside = false): Ground => {
  const pods = addressesOfTexts(cluster.pods.filter(pod => !pod.shape.hostNetwork).flatMap(pod => pod.addresses))
  const nodes = addressesOfTexts(cluster.nodes.flatMap(node => [...node.internalAddresses, ...node.externalAddresses]))
  const api = cluster.services.find(
    service => service.namespace === 'default' && service.ref.name === 'kubernetes' && service.selector === null,
  )
  const apiserver = addressesOfTexts(api?.endpoints.map(endpoint => endpoint.address) ?? [])
  const services = addressesOfTexts(
    cluster.services.flatMap(service => [
      ...service.clusterIPs.filter(address => address !== 'None'),
      ...service.externalIPs,
      ...service.loadBalancerAddresses,
    ]),
  )
  const own = ownIsOutside ? bothFamilies.empty : [nodes, services, apiserver].reduce(bothFamilies.union, pods)
  const ranges = cluster.nodes.flatMap(node => node.podRanges.flatMap(cidrOf))
  return {
    pods,
    nodes,
    services,
    apiserver,
    podRanges: ranges.length === 0 ? null : addressesOfCidrs(ranges),
    own,
    ownOrLoopback: bothFamilies.union(own, LOOPBACK),
  }
}

/** A text that is no address (a host name, for one) is no part of any set. */
export const addressesOfTexts = (texts: readonly string[]): Addresses =>
  addressesOfCidrs(texts.flatMap(text => hostOf(text) ?? []))

export const hostOf = (text: string): AnyCidr | null => {
  const read = readAddress(text)
  return read.kind === 'refused' ? null : blockOf(read.value)
}

export const blockOf = (address: AnyAddress): AnyCidr => ({ ...address, prefix: 32 * address.words.length }) as AnyCidr

const cidrOf = (text: string): readonly AnyCidr[] => {
  const read = readCidr(text)
  return read.kind === 'refused' ? [] : [read.value]
}

/** How much of a set others cover: all, some or none; nothing is not covered. */
export const coverOf = (set: Addresses, by: Addresses): 'all' | 'some' | 'none' =>
  bothFamilies.isEmpty(set)
    ? 'none'
    : bothFamilies.isSubset(set, by)
      ? 'all'
      : bothFamilies.isEmpty(bothFamilies.intersect(set, by))
        ? 'none'
        : 'some'
