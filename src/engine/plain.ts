import { type BitAlgebra, type Bits, countOf, forEachMember } from '../sets/bit-set.ts'
import type { Relation } from '../sets/relation.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import type { Column } from './pairs.ts'
import type { Box } from './space.ts'
import type { Item, Run, Stack } from './stack.ts'
import type { Stacks } from './verdict.ts'

/**
 * Policies that leave nothing open and stand in the additive tier alone, in their shortest form: what passes to a member is
 * what some rule allows, with what nobody closes, less what some rule denies. Most stacks of most clusters are like that, and
 * this form answers for one member without working out a relation over all of them.
 */
export interface Plain {
  readonly allow: readonly Box<Bits>[]
  readonly deny: readonly Box<Bits>[]
  /** Traffic that isolation does not close, or that a rule allows to everybody. */
  readonly rest: TrafficId
}

/** null: something is open, or an ordered tier has a word. `certainBoxes` gives null for an item that leaves something open. */
export const plainOf = (
  { counting, written, others }: Stacks,
  certainBoxes: (item: Item) => readonly Box<Bits>[] | null,
  table: TrafficTable,
  bits: BitAlgebra,
): Plain | null => {
  if (others.length > 0 || counting !== written || !isAdditive(counting)) return null
  const allow: Box<Bits>[] = []
  const deny: Box<Bits>[] = []
  let rest = table.full
  let everywhere = table.empty
  for (const run of counting.flat(2).flat()) {
    for (const item of run.items) {
      if (item.kind === 'default') {
        if (item.doubts.length > 0) return null
        if (run.action === 'deny') rest = table.subtract(rest, table.idOf(item.rule.traffic.exact))
        continue
      }
      const boxes = certainBoxes(item)
      if (boxes === null) return null
      for (const box of boxes) {
        if (run.action === 'deny') deny.push(box)
        else if (bits.equals(box.destinations, bits.full)) everywhere = table.union(everywhere, box.id)
        else allow.push(box)
      }
    }
  }
  return { allow, deny, rest: table.union(rest, everywhere) }
}

/**
 * No group of several policies, nothing that passes on, nothing of the ordered tiers; or one tier of those that allows in any
 * order and closes the rest.
 */
const isAdditive = (stack: Stack): boolean =>
  stack.every(tier =>
    tier.every(group => group.length === 1 && group.every(runs => runs.every(run => run.action !== 'pass'))),
  ) &&
  (everyRun(stack, isOfWorkload) || (stack.length === 1 && everyRun(stack, isAllowOrDefault)))

const everyRun = (stack: Stack, holds: (run: Run) => boolean): boolean => stack.flat(3).every(holds)

const isOfWorkload = ({ items }: Run): boolean => items.every(({ policy }) => policy.place.tier === 'workload')

const isAllowOrDefault = ({ action, items }: Run): boolean =>
  action === 'allow' || items.every(({ kind }) => kind === 'default')

/** What passes to or from one member. */
export const plainAt = (
  { allow, deny, rest }: Plain,
  member: number,
  { union, subtract, full }: TrafficTable,
): TrafficId => {
  const word = member >>> 5
  const bit = 1 << (member & 31)
  let id = rest
  for (let i = 0; i < allow.length && id !== full; i++) {
    const box = allow[i] as Box<Bits>
    if (((box.destinations[word] as number) & bit) !== 0) id = union(id, box.id)
  }
  for (const box of deny) if (((box.destinations[word] as number) & bit) !== 0) id = subtract(id, box.id)
  return id
}

/** The same for all members at once, over a column that holds the rest everywhere. */
const plainOnto = ({ allow, deny, rest }: Plain, column: Column, { union, subtract, full }: TrafficTable): void => {
  if (rest !== full) for (const { destinations, id } of allow) change(column, destinations, known => union(known, id))
  for (const { destinations, id } of deny) change(column, destinations, known => subtract(known, id))
}

export const plainColumn = (plain: Plain, { size }: BitAlgebra, table: TrafficTable): Column => {
  const column = new Uint32Array(size)
  if (plain.rest !== 0) column.fill(plain.rest)
  plainOnto(plain, column, table)
  return column
}

/** Changes the ids of members; neighbours mostly have the same one. */
const change = (column: Column, members: Bits, to: (known: TrafficId) => TrafficId): void => {
  let [from, into] = [-1, 0]
  forEachMember(members, member => {
    const known = column[member] as number
    if (known !== from) [from, into] = [known, to(known)]
    column[member] = into
  })
}

/**
 * What certainly passes to each member, in whatever form it is known: one traffic for all that nothing is told of, and a word
 * for those of whom something is.
 */
export interface Certain {
  readonly rest: TrafficId
  /** Members outside of all of these have the rest. */
  readonly told: readonly Bits[]
  readonly at: (member: number) => TrafficId
  /** All members at once, into a column that holds the rest everywhere. */
  readonly onto: (column: Column) => void
}

export const certainByPlain = (plain: Plain, table: TrafficTable): Certain => ({
  rest: plain.rest,
  told: [...new Set([...plain.allow, ...plain.deny].map(box => box.destinations))],
  at: member => plainAt(plain, member, table),
  onto: column => plainOnto(plain, column, table),
})

/** Where an order stands between the rules: the largest part is the rest. */
export const certainByRelation = (relation: Relation<TrafficId>, { has }: BitAlgebra): Certain => {
  const [largest, ...others] = [...relation].sort(([, a], [, b]) => countOf(b) - countOf(a))
  const rest = largest?.[0] ?? 0
  return {
    rest,
    told: others.map(([, members]) => members),
    at: member => others.find(([, members]) => has(members, member))?.[0] ?? rest,
    onto: column => {
      for (const [id, members] of others)
        forEachMember(members, member => {
          column[member] = id
        })
    },
  }
}
