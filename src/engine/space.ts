import type { RuleTraffic } from '../model/rule.ts'
import type { Algebra } from '../sets/algebra.ts'
import { meetTraffic, traffics } from '../sets/traffic.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import type { Step } from './fold.ts'
import { type Match, type Reading, withDoubts } from './reading.ts'
import type { Item, Run } from './stack.ts'

/**
 * Destinations of one kind with the traffic to them: addresses of a family, pods, a node. Each kind has its own sets; what
 * rules mean in it, and how they fold, is the same for all.
 */
export interface Space<S> {
  readonly algebra: Algebra<S> & { readonly full: S }
  readonly stepOf: (run: Run, reading: Reading) => Step<S>
  /** false only where two sets have nothing in common: their traffic is looked at, not where it goes. */
  readonly mayMeet: (a: S, b: S) => boolean
  /** One item by itself, read strictly; worked out once where it has no doubts of its own. */
  readonly itemStep: (item: Item, action: Run['action']) => Step<S>
}

/** How a kind of destination `D` makes its sets `S` of destinations and traffic. */
export interface SpaceParts<S, D> {
  readonly algebra: Algebra<S> & { readonly full: S }
  /** The destinations that an item matches, its own doubts included. */
  readonly match: (item: Item) => Match<D>
  /** Boxes of destinations by traffic; named ports become boxes of the destinations that resolve them. */
  readonly boxes: (destinations: D, traffic: RuleTraffic, withMaybe: boolean) => readonly Box<D>[]
  readonly ofBoxes: (boxes: readonly Box<D>[]) => S
  readonly table: TrafficTable
  /** The traffic ids of a set, the empty one left out. */
  readonly idsOf: (set: S) => Iterable<TrafficId>
}

export interface Box<D> {
  readonly destinations: D
  readonly id: TrafficId
}

export const spaceOf = <S, D>({ algebra, match, boxes, ofBoxes, table, idsOf }: SpaceParts<S, D>): Space<S> => {
  const mayMeet = (a: S, b: S): boolean => {
    for (const x of idsOf(a))
      for (const y of idsOf(b)) if (x === y || meetTraffic(table.trafficOf(x), table.trafficOf(y))) return true
    return false
  }
  const collect = (run: Run, part: keyof Match<D>): S =>
    ofBoxes(run.items.flatMap(item => boxes(match(item)[part], item.rule.traffic, part === 'may')))
  const isCertain = (item: Item): boolean => {
    const { must, may } = match(item)
    return must === may && traffics.isEmpty(item.rule.traffic.maybe)
  }
  const strict = new WeakMap<Run, Step<S>>()
  const stepOf = (run: Run, reading: Reading): Step<S> => {
    if (reading === 'lenient') return madeStep(run, reading)
    const known = strict.get(run)
    if (known !== undefined) return known
    const step = madeStep(run, reading)
    strict.set(run, step)
    return step
  }
  const madeStep = (run: Run, reading: Reading): Step<S> => {
    const must = collect(run, 'must')
    // Most rules leave nothing open: then all is one set, worked out once.
    if (run.items.every(isCertain)) return { action: run.action, must, may: must }
    const may = collect(run, 'may')
    if (reading === 'strict') return { action: run.action, must, may }
    const open = collect(run, 'open')
    return run.action === 'allow'
      ? { action: run.action, must: open, may: algebra.union(may, open) }
      : { action: run.action, must, may: algebra.union(must, algebra.subtract(may, open)) }
  }
  const steps = new WeakMap<Item['rule'], Step<S>>()
  const itemStep = (item: Item, action: Run['action']): Step<S> => {
    const known = item.doubts.length === 0 ? steps.get(item.rule) : undefined
    if (known !== undefined) return known
    const step = madeStep({ action, items: [item] }, 'strict')
    if (item.doubts.length === 0) steps.set(item.rule, step)
    return step
  }
  return { algebra, stepOf, itemStep, mayMeet }
}

/** The match of the peers of an item, each rule's worked out once; the item's own doubts come on top. */
export const matcher = <D>(ofPeers: (item: Item) => Match<D>, nothing: D): ((item: Item) => Match<D>) => {
  const known = new WeakMap<Item['rule'], Match<D>>()
  return item => {
    let match = known.get(item.rule)
    if (match === undefined) {
      match = ofPeers(item)
      known.set(item.rule, match)
    }
    return withDoubts(match, item.doubts, nothing)
  }
}
