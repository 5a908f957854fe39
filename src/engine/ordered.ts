import type { BitAlgebra, Bits } from '../sets/bit-set.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import type { Certain } from './plain.ts'
import type { Box } from './space.ts'
import type { Item, Run, Stack } from './stack.ts'
import type { Stacks } from './verdict.ts'

/**
 * Policies that stand in an order and leave nothing open, kept as their rules: what passes to one member is one backward fold
 * over traffic. Where every pod has a few policies of its own, that costs less than a relation over all pods for each of them.
 */
export interface Ordered {
  /** Tier by tier, in the order in which they are asked. */
  readonly tiers: readonly (readonly OrderedStep[])[]
  readonly full: TrafficId
}

/** Rules of one action that stand together. */
interface OrderedStep {
  readonly action: Run['action']
  /** What they match whoever is at the other end. */
  readonly everywhere: TrafficId
  readonly boxes: readonly Box<Bits>[]
}

/** A bit for each: with more of them, working out all members together is quicker. */
const MOST_BOXES = 31

/** `certainBoxes` as for `plainOf`. */
export const orderedIn = (
  certainBoxes: (item: Item) => readonly Box<Bits>[] | null,
  table: TrafficTable,
  bits: BitAlgebra,
): ((stacks: Stacks) => Ordered | null) => {
  const steps = new WeakMap<Run, { readonly step: OrderedStep | null }>()
  const stepOf = (run: Run): OrderedStep | null => {
    const known = steps.get(run) ?? { step: stepFrom(run, certainBoxes, table, bits) }
    steps.set(run, known)
    return known.step
  }
  /** null: something is open, policies may be asked in any order, or they are many. */
  return ({ counting, written, others }) => {
    if (others.length > 0 || counting !== written || !isInOrder(counting)) return null
    let left = MOST_BOXES
    const tiers: (readonly OrderedStep[])[] = []
    for (const tier of counting) {
      const own: OrderedStep[] = []
      for (const [runs = []] of tier)
        for (const run of runs) {
          const step = stepOf(run)
          if (step === null || step.boxes.length > left) return null
          left -= step.boxes.length
          own.push(step)
        }
      tiers.push(own)
    }
    return { tiers, full: table.full }
  }
}

const isInOrder = (stack: Stack): boolean => stack.every(tier => tier.every(group => group.length === 1))

const stepFrom = (
  { action, items }: Run,
  certainBoxes: (item: Item) => readonly Box<Bits>[] | null,
  table: TrafficTable,
  bits: BitAlgebra,
): OrderedStep | null => {
  let everywhere = table.empty
  const boxes: Box<Bits>[] = []
  for (const item of items) {
    if (item.kind === 'default') {
      if (item.doubts.length > 0) return null
      everywhere = table.union(everywhere, table.idOf(item.rule.traffic.exact))
      continue
    }
    const own = certainBoxes(item)
    if (own === null) return null
    for (const box of own)
      if (box.destinations === bits.full || bits.equals(box.destinations, bits.full))
        everywhere = table.union(everywhere, box.id)
      else boxes.push(box)
  }
  return { action, everywhere, boxes }
}

/** `places`: zeroes for all members, and zeroes again afterwards. */
export const certainByOrder = (ordered: Ordered, table: TrafficTable, places: Uint32Array): Certain => {
  const told = [
    ...new Set(ordered.tiers.flatMap(steps => steps.flatMap(({ boxes }) => boxes.map(box => box.destinations)))),
  ]
  const bitOf = new Map(told.map((destinations, place) => [destinations, 1 << place]))
  const steps = ordered.tiers.map(tier =>
    tier.map(step => ({ ...step, bits: step.boxes.map(box => bitOf.get(box.destinations) as number) })),
  )
  const passing = (of: number): TrafficId => passingBy(steps, ordered.full, table, of)
  // Members of the same sets have the same traffic, and a few of all combinations occur.
  const rest = passing(0)
  const known = new Map<number, TrafficId>([[0, rest]])
  const idAt = (of: number): TrafficId => {
    const id = known.get(of) ?? passing(of)
    known.set(of, id)
    return id
  }
  return {
    rest,
    told,
    at: member => {
      const word = member >>> 5
      const bit = 1 << (member & 31)
      return idAt(told.reduce((of, set, place) => (((set[word] as number) & bit) === 0 ? of : of | (1 << place)), 0))
    },
    // Loops of their own, without a call in them: there are as many turns as rules have members, for every row.
    onto: column => {
      for (let place = 0; place < told.length; place++) {
        const set = told[place] as Bits
        for (let w = 0; w < set.length; w++)
          for (let word = set[w] as number; word !== 0; word &= word - 1) {
            const member = 32 * w + (31 - Math.clz32(word & -word))
            places[member] = (places[member] as number) | (1 << place)
          }
      }
      let [last, id] = [0, rest]
      for (let place = 0; place < told.length; place++) {
        const set = told[place] as Bits
        for (let w = 0; w < set.length; w++)
          for (let word = set[w] as number; word !== 0; word &= word - 1) {
            const member = 32 * w + (31 - Math.clz32(word & -word))
            const of = places[member] as number
            if (of === 0) continue
            if (of !== last) {
              last = of
              id = idAt(of)
            }
            column[member] = id
            places[member] = 0
          }
      }
    },
  }
}

/** A step with a bit for each of its boxes. */
interface AskedStep extends OrderedStep {
  readonly bits: readonly number[]
}

/** As `foldTiers`, where all that is certain is all that is possible. `of`: the boxes that hold the member, a bit each. */
const passingBy = (
  tiers: readonly (readonly AskedStep[])[],
  full: TrafficId,
  { union, intersect, subtract, empty }: TrafficTable,
  of: number,
): TrafficId => {
  let state = full
  for (let t = tiers.length - 1; t >= 0; t--) {
    const next = state
    const steps = tiers[t] as readonly AskedStep[]
    for (let s = steps.length - 1; s >= 0; s--) {
      const { action, everywhere, boxes, bits } = steps[s] as AskedStep
      let match = everywhere
      for (let b = 0; b < bits.length; b++)
        if ((of & (bits[b] as number)) !== 0) match = union(match, (boxes[b] as Box<Bits>).id)
      if (match === empty) continue
      if (action === 'allow') state = union(state, match)
      else if (action === 'deny') state = subtract(state, match)
      else state = union(subtract(state, match), intersect(match, next))
    }
  }
  return state
}
