import { activeUnion } from './active-union.ts'
import type { AddressSet } from './address-set.ts'
import type { Algebra } from './algebra.ts'
import { countUpTo, sameWords } from './bounds.ts'
import { type Address, type Family, widthOf } from './cidr.ts'
import { boundsById, boundsWhere, collector, markerOf, type Pieces, walk } from './pieces.ts'
import { sweepSets } from './sweep.ts'

/**
 * A set of (address, traffic) pairs: for each address of the family an id of hash-consed traffic. Equal regions have equal
 * arrays, given one table. The ids may be of any table that is an algebra.
 */
export interface Region<F extends Family> extends Pieces {
  readonly family: F
}

export interface Box<F extends Family, Id extends number> {
  readonly addresses: AddressSet<F>
  readonly id: Id
}

export interface RegionAlgebra<F extends Family, Id extends number> extends Algebra<Region<F>> {
  readonly family: F
  /** Every box together, in one sweep over their bounds, with the active ones counted: never a chain of unions. */
  readonly ofBoxes: (boxes: readonly Box<F, Id>[]) => Region<F>
  /** Pairs whose address is in the set. */
  readonly within: (region: Region<F>, addresses: AddressSet<F>) => Region<F>
  /** The id at one address. */
  readonly idAt: (region: Region<F>, address: Address<F>) => Id
  /** One box for each id that is not empty, by first address; no two overlap. */
  readonly boxesOf: (region: Region<F>) => readonly Box<F, Id>[]
  /** Addresses that have any traffic. */
  readonly addressesOf: (region: Region<F>) => AddressSet<F>
  /** Point by point; `operation` must give the same id for the same ids. */
  readonly combine: (a: Region<F>, b: Region<F>, operation: (x: Id, y: Id) => Id) => Region<F>
}

export const regions = <F extends Family, Id extends number>(family: F, table: Algebra<Id>): RegionAlgebra<F, Id> => {
  const width = widthOf(family)
  const region = ({ starts, ids }: Pieces): Region<F> => ({ family, starts, ids })
  const combine: RegionAlgebra<F, Id>['combine'] = (a, b, operation) => {
    const pieces = collector(width, (a.ids.length + b.ids.length) * width)
    walk(width, a, b, (from, at, x, y) => {
      pieces.add(from, at, operation(x as Id, y as Id))
      return true
    })
    return region(pieces.collected())
  }
  const isSubset = (a: Region<F>, b: Region<F>): boolean =>
    walk(width, a, b, (_from, _at, x, y) => table.isSubset(x as Id, y as Id))
  const ofBoxes = (boxes: readonly Box<F, Id>[]): Region<F> => {
    const active = activeUnion(
      table,
      boxes.map(box => box.id),
    )
    const sets = boxes.map(box => box.addresses.bounds)
    const pieces = collector(width, width + sets.reduce((length, set) => length + set.length, 0))
    sweepSets(width, sets, {
      enter: index => active.enter(boxes[index]?.id as Id),
      leave: index => active.leave(boxes[index]?.id as Id),
      piece: (words, at) => pieces.add(words, at, active.current()),
    })
    return region(pieces.collected())
  }
  const empty = region({ starts: new Uint32Array(width), ids: Uint32Array.of(table.empty) })
  return {
    family,
    empty,
    ofBoxes,
    combine,
    union: (a, b) => combine(a, b, table.union),
    intersect: (a, b) => combine(a, b, table.intersect),
    subtract: (a, b) => combine(a, b, table.subtract),
    isSubset,
    isEmpty: a => a.ids.length === 1 && a.ids[0] === table.empty,
    equals: (a, b) => sameWords(a.ids, b.ids) && sameWords(a.starts, b.starts),
    // The second region only marks where; any id but the empty one would do.
    within: (a, addresses) =>
      combine(a, region(markerOf(width, addresses.bounds)), (x, y) => (y === 0 ? table.empty : x)),
    idAt: (a, address) => a.ids[countUpTo(width, a.starts, address.words) - 1] as Id,
    boxesOf: a =>
      [...boundsById(width, a)]
        .filter(([id]) => id !== table.empty)
        .map(([id, bounds]) => ({ addresses: { family, bounds }, id: id as Id })),
    addressesOf: a => ({ family, bounds: boundsWhere(width, a, id => id !== table.empty) }),
  }
}
