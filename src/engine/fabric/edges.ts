import type { Fabric, NetworkInterface, Subnet } from '../../model/fabric.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import { keptBy } from '../lazily.ts'
import { addressesOf } from './members.ts'
import type { Places } from './places.ts'

/** Who is there, and the addresses that none of them has. */
export interface Held {
  readonly all: readonly NetworkInterface[]
  readonly nobodys: Addresses
}

/** Subnets of a network whose edges have the same filters: what comes there meets the same. */
export interface Edge extends Held {
  readonly subnets: readonly Subnet[]
  readonly filters: readonly string[] | null
  /** Of those of its members that nobody showed. */
  readonly memberFilters: readonly string[]
  readonly ranges: Addresses
}

export interface Edges {
  readonly inOne: (subnet: Subnet) => Held
  readonly edgesOf: (network: string) => readonly Edge[]
  /** What of everything no subnet of a network that was read has. */
  readonly outsideOf: (network: string) => Addresses
}

/** Worked out once for each network: many senders come to all of them. */
export const edgesIn = (fabric: Fabric, places: Places): Edges => {
  const interfacesIn = Map.groupBy(fabric.interfaces, ({ subnet }) => subnet)
  const heldBy = (subnets: readonly Subnet[]): Held => {
    const all = subnets.flatMap(({ id }) => interfacesIn.get(id) ?? [])
    return { all, nobodys: bothFamilies.complement(addressesOf(all.flatMap(({ addresses }) => addresses))) }
  }
  const edgesOf = keptBy((network: string): readonly Edge[] =>
    [
      ...Map.groupBy(places.subnetsOf(network), ({ filters, memberFilters }) =>
        JSON.stringify([filters, memberFilters]),
      ).values(),
    ].map(subnets => ({
      ...heldBy(subnets),
      subnets,
      filters: subnets[0]?.filters ?? null,
      memberFilters: subnets[0]?.memberFilters ?? [],
      ranges: addressesOfCidrs(subnets.flatMap(({ ranges }) => ranges)),
    })),
  )
  return {
    inOne: keptBy((subnet: Subnet): Held => heldBy([subnet])),
    edgesOf,
    outsideOf: keptBy((network: string) =>
      bothFamilies.complement(
        edgesOf(network)
          .map(({ ranges }) => ranges)
          .reduce(bothFamilies.union, bothFamilies.empty),
      ),
    ),
  }
}
