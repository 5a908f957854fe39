import type { BooleanAlgebra } from './algebra.ts'
import { sameWords, type Words } from './bounds.ts'
import { type Address, type Cidr, type Family, widthOf, writeAfter } from './cidr.ts'
import {
  boundsOfIntervals,
  containsPoint,
  type IntervalSet,
  intervalAlgebra,
  NO_BOUNDS,
  subtractBounds,
  unionOfMany,
} from './interval-set.ts'

/** A set of addresses of one family. The family is in the type: no operation takes one of each. */
export interface AddressSet<F extends Family> extends IntervalSet {
  readonly family: F
}

export interface AddressAlgebra<F extends Family> extends BooleanAlgebra<AddressSet<F>> {
  readonly family: F
  /** One sweep, n log n in all bounds: never a chain of unions. */
  readonly unionOfMany: (sets: readonly AddressSet<F>[]) => AddressSet<F>
  /** What any of the blocks holds and none of the exceptions does. */
  readonly ofCidrs: (cidrs: readonly Cidr<F>[], exceptions?: readonly Cidr<F>[]) => AddressSet<F>
  /** Both ends are inside. Errors: the last address before the first is a bug. */
  readonly ofRange: (first: Address<F>, last: Address<F>) => AddressSet<F>
  readonly contains: (set: AddressSet<F>, address: Address<F>) => boolean
}

const algebraOf = <F extends Family>(family: F): AddressAlgebra<F> => {
  const width = widthOf(family)
  const wrap = (bounds: Words): AddressSet<F> => ({ family, bounds })
  // The whole family is one bound, at zero, that nothing ends.
  const algebra = intervalAlgebra(width, new Uint32Array(width), wrap)
  const checked = (set: AddressSet<F>): Words => {
    // The types forbid it; a cast that forgot the family must not give an answer.
    if (set.family !== family) throw new TypeError(`a set of IPv${set.family} among sets of IPv${family}`)
    return set.bounds
  }
  const both =
    <R>(operation: (a: AddressSet<F>, b: AddressSet<F>) => R) =>
    (a: AddressSet<F>, b: AddressSet<F>): R => {
      checked(a)
      checked(b)
      return operation(a, b)
    }
  return {
    ...algebra,
    family,
    union: both(algebra.union),
    intersect: both(algebra.intersect),
    subtract: both(algebra.subtract),
    isSubset: both(algebra.isSubset),
    equals: both((a, b) => sameWords(a.bounds, b.bounds)),
    unionOfMany: sets => wrap(unionOfMany(width, sets.map(checked))),
    ofCidrs: (cidrs, exceptions = []) =>
      exceptions.length === 0
        ? wrap(boundsOfCidrs(family, cidrs))
        : wrap(subtractBounds(width, boundsOfCidrs(family, cidrs), boundsOfCidrs(family, exceptions))),
    ofRange: (first, last) => wrap(boundsOfRange(family, first, last)),
    contains: (set, address) => containsPoint(width, checked(set), address.words),
  }
}

const boundsOfCidrs = <F extends Family>(family: F, cidrs: readonly Cidr<F>[]): Words => {
  const width = widthOf(family)
  const [only] = cidrs
  if (only === undefined) return NO_BOUNDS
  // Most lists hold one block, which is its own bounds.
  if (only !== undefined && cidrs.length === 1) return boundsOfCidr(family, only)
  const first = new Uint32Array(cidrs.length * width)
  const after = new Uint32Array(cidrs.length * width)
  let ended = 0
  for (const [i, cidr] of cidrs.entries()) {
    checkFamily(family, cidr)
    first.set(cidr.words, i * width)
    if (writeAfter(cidr as Cidr<4> | Cidr<6>, after, ended * width)) ended++
  }
  return boundsOfIntervals(width, first, after.subarray(0, ended * width))
}

const boundsOfCidr = <F extends Family>(family: F, cidr: Cidr<F>): Words => {
  const width = widthOf(family)
  const bounds = new Uint32Array(2 * width)
  checkFamily(family, cidr)
  bounds.set(cidr.words)
  return writeAfter(cidr as Cidr<4> | Cidr<6>, bounds, width) ? bounds : bounds.slice(0, width)
}

const checkFamily = <F extends Family>(family: F, cidr: Cidr<F>): void => {
  if (cidr.family !== family) throw new TypeError(`a block of IPv${cidr.family} among blocks of IPv${family}`)
}

const boundsOfRange = <F extends Family>(family: F, first: Address<F>, last: Address<F>): Words => {
  const width = widthOf(family)
  const after = new Uint32Array(width)
  const ends = writeAfter({ ...last, prefix: 32 * width } as Cidr<4> | Cidr<6>, after, 0)
  const bounds = Uint32Array.from(ends ? [...first.words, ...after] : first.words)
  const order = first.words.findIndex((word, i) => word !== last.words[i])
  if (order >= 0 && (first.words[order] as number) > (last.words[order] as number))
    throw new RangeError('a range that ends before it starts')
  return bounds
}

export const addresses4: AddressAlgebra<4> = algebraOf(4)
export const addresses6: AddressAlgebra<6> = algebraOf(6)

/** The algebra of a family that is only known as a type parameter. */
export const addressesOf = <F extends Family>(family: F): AddressAlgebra<F> =>
  (family === 4 ? addresses4 : addresses6) as unknown as AddressAlgebra<F>
