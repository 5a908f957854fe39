import type { Gateway } from '../../model/fabric.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import type { Family } from '../../sets/cidr.ts'
import { TCP, UDP } from '../../sets/protocol.ts'
import { protocolTraffic, unionOfTraffics } from '../../sets/traffic.ts'
import type { Lowered } from '../aws/lowered.ts'
import { cloudObject, type Item } from './item.ts'
import { named, word, wordsUnder } from './property.ts'
import type { PublicAddresses } from './public-addresses.ts'
import { modelId, readResourceId, withinType } from './resource-id.ts'

/** A way out for whole subnets, of a network where it is told so. */
export interface Nat extends Gateway {
  readonly families: readonly Family[]
  /** The network of which it takes every subnet that names none. */
  readonly wholeNetwork: string | null
}

/**
 * It stands in no subnet: those that name it leave by it. Source: Azure NAT Gateway, “Azure NAT Gateway resource”, Protocols, Static
 * public IP addresses; Azure REST API Reference, NatGateway.
 */
export const lowerNatGateway = (item: Item, seen: PublicAddresses): Lowered<Nat> => {
  const { body } = item
  const four = wordsUnder(body, 'publicIpAddresses', 'publicIpPrefixes')
  const six = wordsUnder(body, 'publicIpAddressesV6', 'publicIpPrefixesV6')
  const read = [...four, ...six].map(one => seen.of(one))
  const families: readonly Family[] = [
    ...(four.length > 0 ? [4 as const] : []),
    ...(six.length > 0 ? [6 as const] : []),
  ]
  const subnets = wordsUnder(body, 'subnets').flatMap(one => {
    const id = readResourceId(word(one, 'id') ?? '')
    const network = id === null ? null : withinType(id, 'microsoft.network/virtualnetworks')
    return network === null ? [] : [modelId(network)]
  })
  const wholeNetwork = named(body, 'sourceVirtualNetwork')
  return {
    id: item.id,
    item,
    value: {
      ...cloudObject(item),
      kind: 'nat',
      network: subnets[0] ?? wholeNetwork,
      subnet: null,
      publicAddresses: read.flatMap(one => one ?? []),
      privateAddresses: [],
      takes: TAKEN,
      reachesInternet: true,
      filter: null,
      translates: bothFamilies.full,
      isUp: true,
      isCut: false,
      families: families.length === 0 ? [4] : families,
      wholeNetwork,
    },
    faults: [
      ...(read.includes(null) ? ['a public address of it was not read'] : []),
      ...(families.length === 0 ? ['it has no public address'] : []),
    ],
  }
}

const TAKEN = unionOfTraffics([TCP, UDP].map(protocolTraffic))

export const gatewayOfNat = ({ families: _, wholeNetwork: __, ...gateway }: Nat): Gateway => gateway
