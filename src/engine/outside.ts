import { type AddressSet, addressesOf } from '../sets/address-set.ts'
import type { Addresses } from '../sets/addresses.ts'
import type { Family } from '../sets/cidr.ts'
import { type Region, type RegionAlgebra, regions } from '../sets/region.ts'
import { traffics } from '../sets/traffic.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import type { Ground } from './ground.ts'
import { certainly, type Match, matchOfPeer, type PlainPeer } from './reading.ts'
import { matcher, type Space, spaceOf } from './space.ts'

/** Addresses of one family: what they belong to is taken away when the answer is written, not here. */
export interface OutsideSpace<F extends Family> extends Space<Region<F>> {
  readonly family: F
  readonly regions: RegionAlgebra<F, TrafficId>
}

export const outsideSpace = <F extends Family>(family: F, table: TrafficTable, ground: Ground): OutsideSpace<F> => {
  const sets = addressesOf(family)
  const algebra = regions<F, TrafficId>(family, table)
  const of = (addresses: Addresses): AddressSet<F> =>
    (family === 4 ? addresses.v4 : addresses.v6) as unknown as AddressSet<F>
  const plain = (peer: PlainPeer): Match<AddressSet<F>> => {
    switch (peer.kind) {
      case 'everything':
        return certainly(sets.full)
      case 'block':
      case 'outside':
        return certainly(of(peer.addresses))
      case 'apiserver':
        return certainly(of(ground.apiserver))
      case 'names':
        // Whichever address one of the names resolves to: nobody can tell which.
        return { must: sets.empty, open: sets.empty, may: sets.full }
      case 'pods':
      case 'nodes':
        return certainly(sets.empty)
    }
  }
  const space = spaceOf<Region<F>, AddressSet<F>>({
    algebra: { ...algebra, full: algebra.ofBoxes([{ addresses: sets.full, id: table.full }]) },
    match: matcher(({ rule }) => {
      const [first, ...more] = rule.peers.map(peer => matchOfPeer(peer, plain, sets))
      if (first === undefined) return certainly(sets.empty)
      if (more.length === 0) return first
      const all = [first, ...more]
      const must = sets.unionOfMany(all.map(match => match.must))
      if (all.every(match => match.must === match.may)) return certainly(must)
      return {
        must,
        open: sets.unionOfMany(all.map(match => match.open)),
        may: sets.unionOfMany(all.map(match => match.may)),
      }
    }, sets.empty),
    meets: algebra.meets,
    // A name of a port is resolved by pods: toward an address it means nothing.
    boxes: (destinations, { exact, maybe }, withMaybe) =>
      sets.isEmpty(destinations)
        ? []
        : [
            {
              destinations,
              id: table.idOf(withMaybe && !traffics.isEmpty(maybe) ? traffics.union(exact, maybe) : exact),
            },
          ],
    ofBoxes: boxes => algebra.ofBoxes(boxes.map(({ destinations, id }) => ({ addresses: destinations, id }))),
  })
  return { ...space, family, regions: algebra }
}
