import type { Rule } from '../model/rule.ts'
import type { Words } from '../sets/bounds.ts'
import { meetTraffic, type Traffic } from '../sets/traffic.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import { FEW_RUNS } from './remaining.ts'
import type { Box, Space } from './space.ts'
import type { Item, Run, Stack } from './stack.ts'
import {
  type DefaultGroup,
  defaultsIn,
  type IndexedRun,
  type Place,
  placesIn,
  type RuleBox,
  type StackIndex,
  stackIndex,
} from './stack-index.ts'

/** Which items of a stack match part of a region. Two ways to find out give one answer; the index is for many questions. */
export interface Matching<S> {
  /** The runs that may have such an item, in the order in which they are asked. */
  readonly runsOn: (stack: Stack, region: S) => readonly RunOn<S>[]
}

export interface RunOn<S> {
  readonly place: Place
  /** Of the items that match part of the region; null where they are not known before. */
  readonly traffics: readonly Traffic[] | null
  /** What matches part of a set that is in the region; null where nothing does. */
  readonly on: (here: S) => Matched<S> | null
}

export interface Matched<S> {
  /** Places in the run, ascending; what is told elsewhere already is left out. */
  readonly items: readonly number[]
  /** What of the set the run certainly matches is in one of these. */
  readonly certain: readonly S[]
  /** What of the set the run may match is in one of these. */
  readonly perhaps: () => readonly S[]
}

/** Asks item after item. */
export const oneByOne = <S>(space: Space<S>): Matching<S> => {
  const on = (run: Run, here: S): Matched<S> | null => {
    const { must, may } = space.stepOf(run, 'strict')
    if (!space.meets(may, here)) return null
    const matches = (item: Item): boolean => space.meets(space.itemSets(item).may, here)
    return {
      items: run.items.flatMap((item, i) => (item.kind !== 'aside' && matches(item) ? [i] : [])),
      certain: [must],
      perhaps: () => [may],
    }
  }
  return { runsOn: stack => placesIn(stack).map(place => ({ place, traffics: null, on: here => on(place.run, here) })) }
}

/** Items up to which asking one after the other is quicker than an index, which costs more than a few questions. */
export const FEW_TO_ASK = 128

/** Whichever of the two is quicker for a stack. */
export const eitherWay = <S>(each: Matching<S>, index: Matching<S>, few: number): Matching<S> => ({
  runsOn: (stack, region) => (countOfItems(stack) > few ? index : each).runsOn(stack, region),
})

const countOfItems = (stack: Stack): number => placesIn(stack).reduce((count, { run }) => count + run.items.length, 0)

/** How sets of a space are cut into boxes, and whether two destinations have something in common. */
export interface Cut<S, D> {
  readonly boxesOf: (set: S) => readonly Box<D>[]
  readonly meet: (a: D, b: D) => boolean
  /** The bounds of destinations on one line of 32-bit numbers; null where they lie on none. */
  readonly lineOf: (destinations: D) => Words | null
}

/** Up to as many items, what they certainly match is taken from each and not from the whole run. */
const FEW_ITEMS = 16

/** Keeps the boxes of all rules of a stack, and finds them by their traffic first. */
export const indexed = <S, D>(
  space: Space<S>,
  table: TrafficTable,
  { boxesOf, meet, lineOf }: Cut<S, D>,
): Matching<S> => {
  const boxesByRule = new WeakMap<Rule, readonly Box<D>[]>()
  const boxesOfRule = (item: Item): readonly Box<D>[] => {
    const known = boxesByRule.get(item.rule)
    if (known !== undefined) return known
    // Doubts take from what certainly matches, never from what may.
    const boxes = boxesOf(space.itemSets({ ...item, doubts: [] }).may)
    boxesByRule.set(item.rule, boxes)
    return boxes
  }
  // Stacks share runs, and few of them have a default.
  const defaults = new WeakMap<Run, readonly DefaultGroup[]>()
  const defaultsOf = (run: Run): readonly DefaultGroup[] => {
    const known = defaults.get(run) ?? defaultsIn(run, table)
    defaults.set(run, known)
    return known
  }
  const indexes = new WeakMap<Stack, StackIndex<D>>()
  const indexOf = (stack: Stack): StackIndex<D> => {
    const known = indexes.get(stack)
    if (known !== undefined) return known
    const made = stackIndex(stack, boxesOfRule, lineOf, defaultsOf, table)
    indexes.set(stack, made)
    return made
  }
  const setsOf = (run: Run, rules: readonly number[], defaults: readonly DefaultGroup[]) => {
    if (rules.length > FEW_ITEMS) {
      const { must, may } = space.stepOf(run, 'strict')
      return { certain: [must], perhaps: () => [may] }
    }
    const items = [
      ...rules.map(i => run.items[i] as Item),
      ...defaults.map(({ certain, items: [first] }) => certain ?? (run.items[first as number] as Item)),
    ]
    return {
      certain: items.flatMap(item => (item.doubts.length > 0 ? [] : [space.itemSets(item).must])),
      perhaps: () => items.map(item => space.itemSets(item).may),
    }
  }
  const sharePacket = (a: TrafficId, b: TrafficId): boolean =>
    a === b || meetTraffic(table.trafficOf(a), table.trafficOf(b))
  return {
    runsOn: (stack, region) => {
      const { runs, withDefaults, boxes, meeting, sharing } = indexOf(stack)
      const boxAt = (n: number): RuleBox<D> => boxes[n] as RuleBox<D>
      const meets = (cut: readonly Box<D>[], { id, destinations }: RuleBox<D>): boolean =>
        cut.some(box => sharePacket(box.id, id) && meet(destinations, box.destinations))
      const inRegion = boxesOf(region)
      const candidates = ({ destinations, id }: Box<D>): readonly number[] => {
        const there = sharing(destinations)
        return there === null
          ? meeting(id).filter(n => meet(boxAt(n).destinations, destinations))
          : there.filter(n => sharePacket(boxAt(n).id, id))
      }
      const [only, ...more] = inRegion
      const byRun = Map.groupBy(
        only === undefined || more.length > 0
          ? ascending([...new Set(inRegion.flatMap(candidates))])
          : candidates(only),
        n => boxAt(n).run,
      )
      let last = { set: region, cut: inRegion }
      const onRun = ({ place: { run }, defaults }: IndexedRun, own: readonly number[], here: S): Matched<S> | null => {
        if (last.set !== here) last = { set: here, cut: boxesOf(here) }
        const { cut } = last
        const matching = here === region ? own : own.filter(n => meets(cut, boxAt(n)))
        // The boxes of an item stand side by side.
        const rules = matching.map(n => boxAt(n).item).filter((item, i, all) => item !== all[i - 1])
        const closing = defaults.filter(group => cut.some(box => sharePacket(box.id, group.id)))
        if (rules.length === 0 && closing.length === 0) return null
        const told = rules.filter(i => run.items[i]?.kind !== 'aside')
        return {
          items: closing.length === 0 ? told : ascending([...told, ...closing.flatMap(group => group.items)]),
          ...setsOf(run, rules, closing),
        }
      }
      const numbers = ascending([...new Set([...byRun.keys(), ...withDefaults])])
      const isFew = numbers.length <= FEW_RUNS
      return numbers.map(n => {
        const indexedRun = runs[n] as IndexedRun
        const own = byRun.get(n) ?? []
        return {
          place: indexedRun.place,
          // Of few runs each takes its part at once: nobody asks.
          traffics: isFew
            ? null
            : [...own.map(box => boxAt(box).id), ...indexedRun.defaults.map(group => group.id)].map(table.trafficOf),
          on: here => onRun(indexedRun, own, here),
        }
      })
    },
  }
}

const ascending = (values: number[]): readonly number[] => values.sort((a, b) => a - b)
