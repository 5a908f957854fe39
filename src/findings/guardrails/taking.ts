import type { Route } from '../../model/fabric.ts'
import { type AddressSet, addressesOf } from '../../sets/address-set.ts'
import type { Family } from '../../sets/cidr.ts'
import type { FabricView } from '../fabric/view.ts'

/** Routes that take some of the addresses, of those tables among `ids`. A way names one of several that lead to the same place. */
export const routesTaking = (
  { places, partOf }: Pick<FabricView, 'places' | 'partOf'>,
  ids: ReadonlySet<string>,
  addresses: AddressSet<Family>,
): readonly Route[] => {
  const sets = addressesOf(addresses.family)
  return [...ids].flatMap(id => {
    const table = places.tables.get(id)
    if (table === undefined) return []
    const open = table.routes.filter(({ destination }) => destination === null)
    const taking = partOf(table, addresses.family).flatMap(part =>
      part.route === null || sets.isEmpty(sets.intersect(part.addresses as AddressSet<Family>, addresses))
        ? []
        : [part.route, ...part.others],
    )
    return [...taking, ...open]
  })
}
