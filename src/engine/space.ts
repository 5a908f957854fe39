import type { RuleTraffic } from '../model/rule.ts'
import type { Algebra } from '../sets/algebra.ts'
import { traffics } from '../sets/traffic.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import type { Outcome, Step } from './fold.ts'
import { type Match, type Reading, withDoubts } from './reading.ts'
import type { Item, Run } from './stack.ts'

/**
 * Destinations of one kind with the traffic to them: addresses of a family, pods, a node. Each kind has its own sets; what
 * rules mean in it, and how they fold, is the same for all.
 */
export interface Space<S> {
  readonly algebra: Algebra<S> & { readonly full: S }
  readonly stepOf: (run: Run, reading: Reading) => Step<S>
  /** Whether two sets have a packet in common. */
  readonly meets: (a: S, b: S) => boolean
  /** One item by itself, read strictly; worked out once where it has no doubts of its own. */
  readonly itemSets: (item: Item) => Outcome<S>
}

/** How a kind of destination `D` makes its sets `S` of destinations and traffic. */
export interface SpaceParts<S, D> {
  readonly algebra: Algebra<S> & { readonly full: S }
  /** The destinations that an item matches, its own doubts included. */
  readonly match: (item: Item) => Match<D>
  /** Boxes of destinations by traffic; named ports become boxes of the destinations that resolve them. */
  readonly boxes: (destinations: D, traffic: RuleTraffic, withMaybe: boolean) => readonly Box<D>[]
  readonly ofBoxes: (boxes: readonly Box<D>[]) => S
  readonly meets: (a: S, b: S) => boolean
  /** Up to as many items, their sets are put together one by one; more of them in one sweep. */
  readonly few?: number
}

export interface Box<D> {
  readonly destinations: D
  readonly id: TrafficId
}

const FEW_ITEMS = 4

export const spaceOf = <S, D>({
  algebra,
  match,
  boxes,
  ofBoxes,
  meets,
  few = FEW_ITEMS,
}: SpaceParts<S, D>): Space<S> => {
  const isFew = (items: readonly Item[]): boolean => items.length > 0 && items.length <= few
  const collect = (items: readonly Item[], part: keyof Match<D>): S =>
    ofBoxes(items.flatMap(item => boxes(match(item)[part], item.rule.traffic, part === 'may')))
  const isCertain = (item: Item): boolean => {
    const { must, may } = match(item)
    return must === may && traffics.isEmpty(item.rule.traffic.maybe)
  }
  const setsOf = (items: readonly Item[]): Outcome<S> => {
    const must = collect(items, 'must')
    // Most rules leave nothing open: then all is one set, worked out once.
    return items.every(isCertain) ? { must, may: must } : { must, may: collect(items, 'may') }
  }
  /** Of rules, and of the traffic of defaults: those are about everything. */
  const known = new WeakMap<object, Outcome<S>>()
  const itemSets = (item: Item): Outcome<S> => {
    if (item.doubts.length > 0) return setsOf([item])
    const key = item.kind === 'default' ? item.rule.traffic.exact : item.rule
    const before = known.get(key)
    if (before !== undefined) return before
    const sets = setsOf([item])
    known.set(key, sets)
    return sets
  }
  /** What each matches is known from other runs. */
  const ofItems = (items: readonly Item[]): Outcome<S> =>
    items.map(itemSets).reduce((a, b) => {
      const must = algebra.union(a.must, b.must)
      return { must, may: a.must === a.may && b.must === b.may ? must : algebra.union(a.may, b.may) }
    })
  const strictStep = ({ action, items }: Run): Step<S> => {
    const { must, may } = isFew(items) ? ofItems(items) : setsOf(items)
    return { action, must, may }
  }
  const lenientStep = ({ action, items }: Run): Step<S> => {
    const { must, may } = setsOf(items)
    if (must === may) return { action, must, may }
    const open = collect(items, 'open')
    return action === 'allow'
      ? { action, must: open, may: algebra.union(may, open) }
      : { action, must, may: algebra.union(must, algebra.subtract(may, open)) }
  }
  const steps = { strict: new WeakMap<Run, Step<S>>(), lenient: new WeakMap<Run, Step<S>>() }
  const stepOf = (run: Run, reading: Reading): Step<S> => {
    const before = steps[reading].get(run)
    if (before !== undefined) return before
    const step = reading === 'strict' ? strictStep(run) : lenientStep(run)
    steps[reading].set(run, step)
    return step
  }
  return { algebra, stepOf, itemSets, meets }
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
