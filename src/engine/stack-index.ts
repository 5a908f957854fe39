import type { Words } from '../sets/bounds.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import { intervalIndex } from './interval-index.ts'
import { lazily } from './lazily.ts'
import type { Box } from './space.ts'
import type { Item, Run, Stack } from './stack.ts'

/**
 * A stack taken apart for questions about small regions: what each rule may match, box by box, found by traffic; and what
 * selecting alone does, which is about every destination, by traffic alone.
 */
export interface StackIndex<D> {
  readonly runs: readonly IndexedRun[]
  /** Numbers of the runs with items that are no rules, ascending. */
  readonly withDefaults: readonly number[]
  /** In the order of runs and of items in them. */
  readonly boxes: readonly RuleBox<D>[]
  /** Places of the boxes that have a packet in common with a traffic, ascending. */
  readonly meeting: (id: TrafficId) => readonly number[]
  /** Places of the boxes that share a destination with a small set, ascending; null where asking by traffic is as good. */
  readonly sharing: (destinations: D) => readonly number[] | null
}

/** Where a run stands. */
export interface Place {
  readonly tier: Stack[number]
  readonly group: Stack[number][number]
  readonly policy: readonly Run[]
  readonly run: Run
}

export interface IndexedRun {
  readonly place: Place
  readonly defaults: readonly DefaultGroup[]
}

/** Defaults of a run with the same traffic. */
export interface DefaultGroup {
  readonly id: TrafficId
  /** Places in the run, ascending. */
  readonly items: readonly number[]
  /** One that leaves nothing open; null where all do. */
  readonly certain: Item | null
}

export interface RuleBox<D> extends Box<D> {
  readonly run: number
  /** Place in the run. */
  readonly item: number
}

const placesByStack = new WeakMap<Stack, readonly Place[]>()

/** The runs of a stack in the order in which they are asked; taken apart once. */
export const placesIn = (stack: Stack): readonly Place[] => {
  const known = placesByStack.get(stack)
  if (known !== undefined) return known
  const places = stack.flatMap(tier =>
    tier.flatMap(group => group.flatMap(policy => policy.map((run): Place => ({ tier, group, policy, run })))),
  )
  placesByStack.set(stack, places)
  return places
}

/** Box numbers that are kept for one stack; past them they are worked out again. */
const MOST_KEPT = 1 << 20

/** Stacks up to this size are asked by traffic alone. */
const MOST_LOOKED_AT = 64
/** Bounds of a set that has few intervals. */
const SMALL = 16
const NOWHERE: Words = new Uint32Array(0)

export const stackIndex = <D>(
  stack: Stack,
  boxesOf: (item: Item) => readonly Box<D>[],
  lineOf: (destinations: D) => Words | null,
  defaultsOf: (run: Run) => readonly DefaultGroup[],
  table: TrafficTable,
): StackIndex<D> => {
  const runs = placesIn(stack).map((place): IndexedRun => ({ place, defaults: defaultsOf(place.run) }))
  const boxes: RuleBox<D>[] = []
  for (const [run, { place }] of runs.entries())
    for (const [item, one] of place.run.items.entries())
      if (one.kind !== 'default')
        for (const { destinations, id } of boxesOf(one)) boxes.push({ destinations, id, run, item })
  const byId = Map.groupBy(boxes.keys(), n => (boxes[n] as RuleBox<D>).id)
  const lists = [...byId.values()]
  const find = intervalIndex([...byId.keys()].map(id => table.trafficOf(id).bounds))
  const byPlace = lazily(() => intervalIndex(boxes.map(({ destinations }) => lineOf(destinations) ?? NOWHERE)))
  let kept = new Map<TrafficId, readonly number[]>()
  let size = 0
  return {
    runs,
    withDefaults: runs.flatMap(({ defaults }, n) => (defaults.length > 0 ? [n] : [])),
    boxes,
    sharing: destinations => {
      const line = boxes.length > MOST_LOOKED_AT ? lineOf(destinations) : null
      return line === null || line.length > SMALL ? null : byPlace()(line)
    },
    meeting: asked => {
      const known = kept.get(asked)
      if (known !== undefined) return known
      const found = find(table.trafficOf(asked).bounds)
        .flatMap(place => lists[place] as readonly number[])
        .sort((a, b) => a - b)
      size += found.length
      if (size > MOST_KEPT) {
        kept = new Map()
        size = found.length
      }
      kept.set(asked, found)
      return found
    },
  }
}

export const defaultsIn = ({ items }: Run, table: TrafficTable): readonly DefaultGroup[] => {
  const groups = new Map<TrafficId, { id: TrafficId; items: number[]; certain: Item | null }>()
  for (const [n, item] of items.entries()) {
    if (item.kind !== 'default') continue
    const id = table.idOf(item.rule.traffic.exact)
    const group = groups.get(id) ?? { id, items: [], certain: null }
    groups.set(id, group)
    group.items.push(n)
    if (item.doubts.length === 0) group.certain ??= item
  }
  return [...groups.values()]
}
