import { inFamily } from '../../engine/fabric/filters.ts'
import type { ManagedWorkload, NetworkInterface, Subnet } from '../../model/fabric.ts'
import { addressesOf } from '../../sets/address-set.ts'
import { isMost, type WayOutward } from './outward.ts'
import type { FabricView } from './view.ts'

/** A way to the internet that copies of a workload take which run in one of its subnets. */
export interface PinnedWay {
  readonly workload: ManagedWorkload
  readonly one: NetworkInterface
  readonly subnet: Subnet
  readonly out: WayOutward
}

/** Of what workloads send by their networks, by each interface. Of those of which nobody can tell by which of the two, nothing. */
export const waysOfPinned = ({ fabric, places, outward }: FabricView): readonly PinnedWay[] =>
  fabric.managed
    .filter(({ doubts }) => doubts.length === 0)
    .flatMap(workload =>
      places.interfacesOf(workload.id).flatMap(one => {
        const subnet = places.subnets.get(one.subnet)
        if (subnet === undefined) return []
        return ([4, 6] as const)
          .filter(family => one.untold.includes(family) || one.addresses.some(address => address.family === family))
          .flatMap(family => {
            const [sets, internet] = [addressesOf(family), outward.internet(family)]
            const pinned = sets.intersect(inFamily(workload.pinned, family), internet as never)
            const start = { kind: 'interface', of: one } as const
            const ways = sets.isEmpty(pinned)
              ? []
              : sets.isSubset(internet as never, pinned)
                ? outward.from(start, family)
                : outward.toward(start, pinned as never)
            return ways.map(out => ({ workload, one, subnet, out }))
          })
      }),
    )

/** Of each interface and each family the way that most of the internet is sent by; of packets to the same places those that pass. */
export const widestOfPinned = (view: FabricView): readonly PinnedWay[] => {
  const byInterface = Map.groupBy(waysOfPinned(view), ({ one, out }) => `${one.id} ${out.family}`)
  return [...byInterface.values()].flatMap(([first]) =>
    first !== undefined && isMost(first.out.addresses, view.outward.internet(first.out.family)) ? [first] : [],
  )
}
