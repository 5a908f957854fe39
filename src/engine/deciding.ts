import type { AddressSet } from '../sets/address-set.ts'
import type { Bits } from '../sets/bit-set.ts'
import { compareAt, countUpTo, type Width, type Words } from '../sets/bounds.ts'
import { type Family, widthOf } from '../sets/cidr.ts'
import type { Region } from '../sets/region.ts'
import type { Relation } from '../sets/relation.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import { type Decision, decisionBy } from './because.ts'
import type { ClusterEngine, Spaces } from './cluster-engine.ts'
import { type Cut, eitherWay, FEW_TO_ASK, indexed, oneByOne } from './matching.ts'
import type { OutsideSpace } from './outside.ts'
import type { Space } from './space.ts'
import type { Stack } from './stack.ts'

/** What decided a region of a space, for the kinds of destination of one cluster. */
export type Deciders = { readonly [K in keyof Spaces]: Deciding<Spaces[K] extends Space<infer S> ? S : never> }

export type Deciding<S> = (stack: Stack, region: S) => Decision

/** `few`: stacks of as many items are asked without an index. */
export const decidingIn = (
  { spaces, table, selection: { bits } }: ClusterEngine,
  few: number = FEW_TO_ASK,
): Deciders => {
  const by = <S, D>(space: Space<S>, cut: Cut<S, D>): Deciding<S> => {
    const matching = eitherWay(oneByOne(space), indexed(space, table, cut), few)
    return (stack, region) => decisionBy(space, matching, stack, region)
  }
  const point: Cut<TrafficId, null> = {
    boxesOf: id => (id === table.empty ? [] : [{ destinations: null, id }]),
    meet: () => true,
    lineOf: () => null,
  }
  return {
    v4: by(spaces.v4, outsideCut(spaces.v4)),
    v6: by(spaces.v6, outsideCut(spaces.v6)),
    pods: by<Relation<TrafficId>, Bits>(spaces.pods, {
      boxesOf: relation =>
        [...relation].flatMap(([id, members]) =>
          id === table.empty || bits.isEmpty(members) ? [] : [{ destinations: members, id }],
        ),
      meet: bits.meets,
      lineOf: () => null,
    }),
    ownNode: by(spaces.ownNode, point),
    otherNode: by(spaces.otherNode, point),
    apiserver: by(spaces.apiserver, point),
  }
}

const outsideCut = <F extends Family>({ family, regions }: OutsideSpace<F>): Cut<Region<F>, AddressSet<F>> => {
  const width = widthOf(family)
  return {
    boxesOf: region => regions.boxesOf(region).map(({ addresses, id }) => ({ destinations: addresses, id })),
    meet: (a, b) =>
      a.bounds.length < b.bounds.length ? anyWithin(width, a.bounds, b.bounds) : anyWithin(width, b.bounds, a.bounds),
    lineOf: ({ bounds }) => (width === 1 ? bounds : null),
  }
}

/** Whether one of the intervals of `few` has a point of `many`. */
const anyWithin = (width: Width, few: Words, many: Words): boolean => {
  for (let at = 0; at < few.length; at += 2 * width) {
    const before = countUpTo(width, many, few.subarray(at, at + width))
    // An odd number of bounds up to here: the first point is inside. Else the next interval may start before this one ends.
    if (before % 2 === 1) return true
    if (before * width >= many.length) continue
    if (at + width >= few.length || compareAt(width, many, before * width, few, at + width) < 0) return true
  }
  return false
}
