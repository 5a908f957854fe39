import type { LoadedEstate } from '../../src/app/load.ts'
import { addressesOfTexts } from '../../src/engine/ground.ts'
import type { RegionChange } from '../../src/model/diff.ts'
import { readRanges } from '../../src/sets/address-text.ts'
import { bothFamilies } from '../../src/sets/addresses.ts'
import type { Json, Packet } from '../oracle/types.ts'

/** Whether a region that was told holds a packet, by the texts of the region alone. */
export const holds = (region: RegionChange, packet: Packet, { estate }: LoadedEstate): boolean => {
  const { from, to } = packet
  if (from.kind !== 'pod') return false
  const cluster = estate.clusters[0]
  const podNamed = (namespace: string, name: string) =>
    cluster?.pods.find(pod => pod.ref.namespace === namespace && pod.ref.name === name)
  const idOfPod = (namespace: string, name: string): string => `c/${namespace}/Pod/${name}`
  if (region.workload !== idOfPod(from.namespace, from.name) || !region.traffic.some(one => carries(one, packet)))
    return false
  const own = podNamed(from.namespace, from.name)?.node ?? null
  const isNode = (name: string): boolean =>
    region.to.kind === 'nodes' && region.to.nodes === (name === own ? 'own' : 'other')
  switch (to.kind) {
    case 'node':
      return isNode(to.name)
    case 'pod': {
      const aimed = podNamed(to.namespace, to.name)
      return aimed?.shape.hostNetwork === true
        ? isNode(aimed.node ?? '')
        : region.to.kind === 'workloads' && region.to.ids.includes(idOfPod(to.namespace, to.name))
    }
    case 'address': {
      if (region.to.kind !== 'addresses') return false
      const read = readRanges(region.to.ranges)
      return read.kind === 'read' && bothFamilies.isSubset(addressesOfTexts([to.address]), read.value)
    }
  }
}

const NAMES: Readonly<Record<number, string>> = { 6: 'TCP', 17: 'UDP', 132: 'SCTP', 1: 'ICMP', 58: 'ICMPv6' }

const carries = (one: RegionChange['traffic'][number], { protocol, port, type, code }: Packet): boolean => {
  const name = NAMES[protocol]
  if (name === undefined) return one.protocol === 'OTHER' || one.protocol === String(protocol)
  if (one.protocol !== name) return false
  if (one.ports !== undefined)
    return one.ports.split(',').some(range => {
      const [first = '', last = first] = range.split('-')
      return port !== undefined && Number(first) <= port && port <= Number(last)
    })
  return (one.types ?? '').split(',').some(text => {
    const [its = '', codes = '*'] = text.split('/')
    return its === '*' || (inRange(its, type ?? 0) && (codes === '*' || inRange(codes, code ?? 0)))
  })
}

const inRange = (text: string, value: number): boolean => {
  const [first = '', last = first] = text.split('-')
  return Number(first) <= value && value <= Number(last)
}

const POLICIES = new Set([
  'NetworkPolicy',
  'ClusterNetworkPolicy',
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
  'CiliumNetworkPolicy',
  'CiliumClusterwideNetworkPolicy',
])

export const isPolicy = (object: Json): boolean => POLICIES.has(String((object as { readonly kind?: Json }).kind))
