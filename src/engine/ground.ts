import type { Cluster } from '../model/cluster.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from '../sets/addresses.ts'
import { type AnyAddress, type AnyCidr, readAddress, readCidr } from '../sets/cidr.ts'
import { lazily } from './lazily.ts'

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

/** Each part is read when somebody asks for it: a fleet has many addresses, and most questions are about none of them. */
export const groundOf = (cluster: Cluster, ownIsOutside = false): Ground => {
  const pods = lazily(() => addressesOfTexts(cluster.pods.flatMap(pod => (pod.shape.hostNetwork ? [] : pod.addresses))))
  // A pod on the host network has its node's address, whether the node's own document was read or not.
  const nodes = lazily(() =>
    addressesOfTexts([
      ...cluster.nodes.flatMap(node => [...node.internalAddresses, ...node.externalAddresses]),
      ...cluster.pods.flatMap(pod => (pod.shape.hostNetwork ? pod.addresses : [])),
    ]),
  )
  const apiserver = lazily(() => {
    const api = cluster.services.find(
      service => service.namespace === 'default' && service.ref.name === 'kubernetes' && service.selector === null,
    )
    return addressesOfTexts(api?.endpoints.map(endpoint => endpoint.address) ?? [])
  })
  const services = lazily(() =>
    addressesOfTexts(
      cluster.services.flatMap(service => [
        ...service.clusterIPs.filter(address => address !== 'None'),
        ...service.externalIPs,
        ...service.loadBalancerAddresses,
      ]),
    ),
  )
  const own = lazily(() =>
    ownIsOutside ? bothFamilies.empty : [nodes(), services(), apiserver()].reduce(bothFamilies.union, pods()),
  )
  const ownOrLoopback = lazily(() => bothFamilies.union(own(), LOOPBACK))
  const podRanges = lazily(() => {
    const ranges = cluster.nodes.flatMap(node => node.podRanges.flatMap(cidrOf))
    return ranges.length === 0 ? null : addressesOfCidrs(ranges)
  })
  return {
    get pods() {
      return pods()
    },
    get nodes() {
      return nodes()
    },
    get services() {
      return services()
    },
    get apiserver() {
      return apiserver()
    },
    get podRanges() {
      return podRanges()
    },
    get own() {
      return own()
    },
    get ownOrLoopback() {
      return ownOrLoopback()
    },
  }
}

/** A text that is no address (a host name, for one) is no part of any set. */
export const addressesOfTexts = (texts: readonly string[]): Addresses =>
  addressesOfCidrs(texts.flatMap(text => hostOf(text) ?? []))

/** Those of the texts that are addresses. */
export const readableAddresses = (texts: readonly string[]): readonly AnyAddress[] =>
  texts.flatMap(text => {
    const read = readAddress(text)
    return read.kind === 'read' ? [read.value] : []
  })

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
