import { activeUnion } from './active-union.ts'
import type { AddressSet } from './address-set.ts'
import type { Algebra } from './algebra.ts'
import { countUpTo, sameWords, type Words } from './bounds.ts'
import { type Address, type Family, widthOf } from './cidr.ts'
import { overlaps } from './overlap.ts'
import { boundsById, boundsWhere, collector, markerOf, type Pieces, startsAtOrigin, walk } from './pieces.ts'
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
  /** Whether they have a pair in common. */
  readonly meets: (a: Region<F>, b: Region<F>) => boolean
  /** Pairs whose address is in the set. */
  readonly within: (region: Region<F>, addresses: AddressSet<F>) => Region<F>
  /** The id at one address. */
  readonly idAt: (region: Region<F>, address: Address<F>) => Id
  /** One box for each id that is not empty, by first address; no two overlap. */
  readonly boxesOf: (region: Region<F>) => readonly Box<F, Id>[]
  /** Addresses that have any traffic. */
  readonly addressesOf: (region: Region<F>) => AddressSet<F>
  /** Point by point; `operation` must give the same id for the same ids, and combines no regions itself. */
  readonly combine: (a: Region<F>, b: Region<F>, operation: (x: Id, y: Id) => Id) => Region<F>
}

export const regions = <F extends Family, Id extends number>(family: F, table: Algebra<Id>): RegionAlgebra<F, Id> => {
  const width = widthOf(family)
  const region = ({ starts, ids }: Pieces): Region<F> => ({ family, starts, ids })
  const empty = region({ starts: new Uint32Array(width), ids: Uint32Array.of(table.empty) })
  // Written anew by each operation, which never needs another in between.
  let starts = new Uint32Array(64 * width)
  let ids = new Uint32Array(64)
  let count = 0
  const begin = (most: number): void => {
    count = 0
    if (most <= ids.length) return
    starts = new Uint32Array(2 * most * width)
    ids = new Uint32Array(2 * most)
  }
  const write = (from: Words, at: number, id: number): void => {
    if (count > 0 && ids[count - 1] === id) return
    for (let w = 0; w < width; w++) starts[count * width + w] = from[at + w] as number
    ids[count++] = id
  }
  /** Memory outside of the heap is asked for once, not twice. */
  const copied = (): Pieces => {
    const words = count * width
    if (words <= IN_HEAP) return { starts: starts.slice(0, words), ids: ids.slice(0, count) }
    const both = new Uint32Array(words + count)
    both.set(starts.subarray(0, words))
    both.set(ids.subarray(0, count), words)
    return { starts: both.subarray(0, words), ids: both.subarray(words) }
  }
  /** What changes nothing gives back what was there. */
  const written = (a: Region<F>, b: Region<F> | null): Region<F> => {
    if (isWritten(a)) return a
    return b !== null && isWritten(b) ? b : region(copied())
  }
  const combine: RegionAlgebra<F, Id>['combine'] = (a, b, operation) => {
    if (a.ids.length === 1 && b.ids.length === 1) return onePiece(a, b, operation)
    begin(a.ids.length + b.ids.length)
    walk(width, a, b, (from, at, x, y) => {
      write(from, at, operation(x as Id, y as Id))
      return true
    })
    return written(a, b)
  }
  /** Empty wherever one of the two is: the shorter one leads. */
  const inBoth = (a: Region<F>, b: Pieces, emptyOfB: number, operation: (x: number, y: number) => number): void => {
    begin(a.ids.length + b.ids.length)
    const gap = (from: Words, at: number): void => write(from, at, table.empty)
    if (a.ids.length <= b.ids.length)
      overlaps(width, a, b, table.empty, (from, at, x, y) => write(from, at, operation(x, y)), gap)
    else overlaps(width, b, a, emptyOfB, (from, at, y, x) => write(from, at, operation(x, y)), gap)
  }
  const isWritten = (one: Region<F>): boolean => {
    if (one.ids.length !== count) return false
    for (let i = 0; i < count; i++) if (one.ids[i] !== ids[i]) return false
    for (let i = 0; i < count * width; i++) if (one.starts[i] !== starts[i]) return false
    return true
  }
  const onePiece = (a: Region<F>, b: Region<F>, operation: (x: Id, y: Id) => Id): Region<F> => {
    const [x, y] = [a.ids[0] as Id, b.ids[0] as Id]
    const id = operation(x, y)
    return id === x ? a : id === y ? b : region({ starts: a.starts, ids: Uint32Array.of(id) })
  }
  const isSubset = (a: Region<F>, b: Region<F>): boolean =>
    a === b || walk(width, a, b, (_from, _at, x, y) => table.isSubset(x as Id, y as Id))
  /** Inside its addresses the id, outside nothing, and no sweep. */
  const ofBox = ({ addresses: { bounds }, id }: Box<F, Id>): Region<F> => {
    if (bounds.length === 0 || id === table.empty) return empty
    const isFromOrigin = startsAtOrigin(width, bounds)
    const before = isFromOrigin ? 0 : width
    const starts = isFromOrigin ? bounds : new Uint32Array(before + bounds.length)
    if (!isFromOrigin) (starts as Uint32Array).set(bounds, before)
    const count = starts.length / width
    return region({
      starts,
      ids: Uint32Array.from({ length: count }, (_, i) => (i % 2 === before / width ? id : table.empty)),
    })
  }
  const ofBoxes = (boxes: readonly Box<F, Id>[]): Region<F> => {
    const [only] = boxes
    if (only === undefined) return empty
    if (boxes.length === 1) return ofBox(only)
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
  return {
    family,
    empty,
    ofBoxes,
    combine,
    union: (a, b) => (a === b ? a : combine(a, b, table.union)),
    intersect: (a, b) => {
      if (a === b) return a
      inBoth(a, b, table.empty, (x, y) => table.intersect(x as Id, y as Id))
      return written(a, b)
    },
    subtract: (a, b) => (a === b ? empty : combine(a, b, table.subtract)),
    isSubset,
    meets: (a, b) => !walk(width, a, b, (_from, _at, x, y) => table.isEmpty(table.intersect(x as Id, y as Id))),
    isEmpty: a => a.ids.length === 1 && a.ids[0] === table.empty,
    equals: (a, b) => sameWords(a.ids, b.ids) && sameWords(a.starts, b.starts),
    within: (a, addresses) => {
      inBoth(a, markerFor(width, addresses), 0, (x, y) => (y === 0 ? table.empty : x))
      return written(a, null)
    },
    idAt: (a, address) => a.ids[countUpTo(width, a.starts, address.words) - 1] as Id,
    boxesOf: a =>
      [...boundsById(width, a)]
        .filter(([id]) => id !== table.empty)
        .map(([id, bounds]) => ({ addresses: { family, bounds }, id: id as Id })),
    addressesOf: a => ({ family, bounds: boundsWhere(width, a, id => id !== table.empty) }),
  }
}

/** Words of an array that is small enough to lie in the heap itself. Source: V8, `typed_array_max_size_in_heap`, 64 bytes. */
const IN_HEAP = 16

/** One inside the set, zero outside. The same set is asked about many regions. */
const markerFor = (width: 1 | 4, set: AddressSet<Family>): Pieces => {
  const known = markers.get(set)
  if (known !== undefined) return known
  const made = markerOf(width, set.bounds)
  markers.set(set, made)
  return made
}

const markers = new WeakMap<AddressSet<Family>, Pieces>()
