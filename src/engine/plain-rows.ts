import { type BitAlgebra, type Bits, forEachMember } from '../sets/bit-set.ts'
import type { Relation, RelationAlgebra } from '../sets/relation.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import { keptBy } from './lazily.ts'
import { changing } from './pairs.ts'
import type { Certain, Plain } from './plain.ts'

/** Rows of senders where no policy leaves anything open, at either end. */
export type PlainRows = (out: Certain, sender: number) => Relation<TrafficId>

/** Destinations that the same ingress policies select. */
export interface Group {
  readonly into: Certain
  readonly members: readonly number[]
}

/**
 * Most destinations have no rule about a given sender, and it has none about them: what passes there is what neither end
 * closes, the same for all senders that close as much. A row is that, with what rules about single ends change. `forMany`:
 * a list of rules by sender is worth its making.
 */
export const plainRows = (
  groups: readonly Group[],
  table: TrafficTable,
  bits: BitAlgebra,
  algebra: RelationAlgebra<TrafficId>,
  forMany: boolean,
): PlainRows => {
  const arrivals = (forMany ? arrivalsBySender(groups, bits) : null) ?? arrivalsOf(groups)
  const { intersect } = table
  const groupOf = new Uint32Array(bits.size)
  for (const [number, { members }] of groups.entries()) for (const member of members) groupOf[member] = number
  const rests = Uint32Array.from(groups, ({ into }) => into.rest)
  const unruled = keptBy((rest: TrafficId) =>
    algebra.ofBoxes(
      [...Map.groupBy(groups, group => intersect(rest, group.into.rest))].map(([id, of]) => ({
        id,
        members: bits.of(of.flatMap(group => group.members)),
      })),
    ),
  )
  // Written anew for each row.
  const sent = new Uint32Array(bits.size)
  const arriving = rests.slice()
  const told = bits.empty.slice()
  return (out, sender) => {
    sent.fill(out.rest)
    out.onto(sent)
    const about = arrivals(sender)
    for (const set of out.told) addAll(told, set)
    for (let i = 0; i < about.groups.length; i++) {
      const group = about.groups[i] as number
      arriving[group] = about.ids[i] as TrafficId
      for (const member of (groups[group] as Group).members) addOne(told, member)
    }
    const row = changing(unruled(out.rest), bits)
    let [lastLeaves, lastArrives, lastRest, from, to] = [-1, -1, -1, 0, 0]
    // The innermost loop of all: of most members neither end tells anything, and nothing is made but what differs.
    for (let w = 0; w < told.length; w++) {
      for (let word = told[w] as number; word !== 0; word &= word - 1) {
        const member = 32 * w + (31 - Math.clz32(word & -word))
        const group = groupOf[member] as number
        const leaves = sent[member] as TrafficId
        const arrives = arriving[group] as TrafficId
        const rest = rests[group] as TrafficId
        if (leaves === out.rest && arrives === rest) continue
        if (leaves !== lastLeaves || arrives !== lastArrives || rest !== lastRest) {
          ;[lastLeaves, lastArrives, lastRest] = [leaves, arrives, rest]
          from = intersect(out.rest, rest)
          to = intersect(leaves, arrives)
        }
        if (from !== to) row.move(member, from, to)
      }
      told[w] = 0
    }
    for (const group of about.groups) arriving[group] = rests[group] as TrafficId
    return row.done()
  }
}

const addAll = (to: Bits, more: Bits): void => {
  for (let w = 0; w < to.length; w++) to[w] = (to[w] as number) | (more[w] as number)
}

const addOne = (to: Bits, member: number): void => {
  to[member >>> 5] = (to[member >>> 5] as number) | (1 << (member & 31))
}

/** What one end alone lets pass to each member. */
export const sentTo = (
  { allow, deny, rest }: Plain,
  bits: BitAlgebra,
  algebra: RelationAlgebra<TrafficId>,
): Relation<TrafficId> => {
  const boxes = (of: Plain['allow']): Relation<TrafficId> =>
    algebra.ofBoxes(of.map(({ destinations, id }) => ({ members: destinations, id })))
  const everywhere = algebra.ofBoxes([{ members: bits.full, id: rest }])
  const allowed = allow.length === 0 ? everywhere : algebra.union(everywhere, boxes(allow))
  return deny.length === 0 ? allowed : algebra.subtract(allowed, boxes(deny))
}

/** Groups that let in something else from one sender than from most, and what. Equal in length. */
interface Arrivals {
  readonly groups: ArrayLike<number> & Iterable<number>
  readonly ids: ArrayLike<TrafficId>
}

const arrivalsOf =
  (groups: readonly Group[]) =>
  (sender: number): Arrivals => {
    const found = groups.flatMap(({ into }, group) => {
      const id = into.at(sender)
      return id === into.rest ? [] : [{ group, id }]
    })
    return { groups: found.map(one => one.group), ids: found.map(one => one.id) }
  }

/** 128 MB of them. */
const MOST_ARRIVALS = 1 << 24

/** All of them side by side, by sender. null: they are too many. */
const arrivalsBySender = (groups: readonly Group[], { size }: BitAlgebra): ((sender: number) => Arrivals) | null => {
  const column = new Uint32Array(size)
  // Group by group first, then sorted by sender.
  const found = { senders: numbers(), ids: numbers() }
  const lasts = new Uint32Array(groups.length)
  const ends = new Uint32Array(size + 1)
  for (const [group, { into }] of groups.entries()) {
    const { rest } = into
    column.fill(rest)
    into.onto(column)
    for (const senders of into.told)
      forEachMember(senders, sender => {
        const id = column[sender] as TrafficId
        if (id === rest) return
        // Told of twice, it is listed once.
        column[sender] = rest
        ends[sender + 1] = (ends[sender + 1] as number) + 1
        found.senders.push(sender)
        found.ids.push(id)
      })
    lasts[group] = found.ids.length()
    if (found.ids.length() > MOST_ARRIVALS) return null
  }
  for (let sender = 0; sender < size; sender++)
    ends[sender + 1] = (ends[sender + 1] as number) + (ends[sender] as number)
  const [senders, ids] = [found.senders.all(), found.ids.all()]
  const all = { groups: new Uint32Array(ids.length), ids: new Uint32Array(ids.length) }
  const next = ends.slice()
  for (let group = 0, from = 0; group < groups.length; group++)
    for (const last = lasts[group] as number; from < last; from++) {
      const at = add(next, senders[from] as number)
      all.groups[at] = group
      all.ids[at] = ids[from] as TrafficId
    }
  return sender => {
    const [from, to] = [ends[sender], ends[sender + 1]]
    return { groups: all.groups.subarray(from, to), ids: all.ids.subarray(from, to) }
  }
}

/** A list that grows, without an object for each number. */
const numbers = () => {
  let held = new Uint32Array(1024)
  let length = 0
  return {
    push: (value: number): void => {
      if (length === held.length) {
        const larger = new Uint32Array(2 * length)
        larger.set(held)
        held = larger
      }
      held[length++] = value
    },
    length: (): number => length,
    all: (): Uint32Array => held.subarray(0, length),
  }
}

/** Gives the value before. */
const add = (counts: Uint32Array, at: number): number => {
  const before = counts[at] as number
  counts[at] = before + 1
  return before
}
