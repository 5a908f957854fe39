import { type BitAlgebra, countOf, forEachMember } from '../sets/bit-set.ts'
import type { Relation, RelationAlgebra } from '../sets/relation.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import { type Move, withMoves } from './pairs.ts'
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
  const about = (forMany ? groupsBySender(groups, bits) : null) ?? groupsAbout(groups, bits)
  const { intersect } = table
  const groupOf: Group[] = []
  for (const group of groups) for (const member of group.members) groupOf[member] = group
  const unruled = keptBy((rest: TrafficId) =>
    algebra.ofBoxes(
      [...Map.groupBy(groups, group => intersect(rest, group.into.rest))].map(([id, of]) => ({
        id,
        members: bits.of(of.flatMap(group => group.members)),
      })),
    ),
  )
  return (out, sender) => {
    const ruled = out.told.reduce(bits.union, bits.empty).slice()
    for (const number of about(sender))
      for (const member of (groups[number] as Group).members)
        ruled[member >>> 5] = (ruled[member >>> 5] as number) | (1 << (member & 31))
    const moves: Move[] = []
    forEachMember(ruled, member => {
      const { into } = groupOf[member] as Group
      const from = intersect(out.rest, into.rest)
      const sent = out.at(member)
      const to = sent === table.empty ? sent : intersect(sent, into.at(sender))
      if (from !== to) moves.push({ member, from, to })
    })
    return withMoves(unruled(out.rest), moves, bits)
  }
}

const keptBy = <K, V>(make: (key: K) => V): ((key: K) => V) => {
  const known = new Map<K, V>()
  return key => {
    const value = known.get(key) ?? make(key)
    known.set(key, value)
    return value
  }
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

/** For each sender the numbers of the groups with a rule about it. */
type GroupsAbout = (sender: number) => Iterable<number>

const groupsAbout = (groups: readonly Group[], { has }: BitAlgebra): GroupsAbout => {
  const told = groups.map(({ into }) => into.told)
  return sender => told.keys().filter(group => told[group]?.some(senders => has(senders, sender)))
}

/** 64 MB of them. */
const MOST_MENTIONS = 1 << 24

/** All of them side by side in one array; a group may stand there twice. null: they are too many. */
const groupsBySender = (groups: readonly Group[], { size }: BitAlgebra): GroupsAbout | null => {
  const told = groups.map(({ into }) => into.told)
  const total = told.flat().reduce((sum, senders) => sum + countOf(senders), 0)
  if (total > MOST_MENTIONS) return null
  const ends = new Uint32Array(size + 1)
  for (const senders of told.flat()) forEachMember(senders, sender => add(ends, sender + 1))
  for (let sender = 0; sender < size; sender++)
    ends[sender + 1] = (ends[sender + 1] as number) + (ends[sender] as number)
  const all = new Uint32Array(total)
  const next = ends.slice()
  for (const [group, sets] of told.entries())
    for (const senders of sets)
      forEachMember(senders, sender => {
        all[add(next, sender)] = group
      })
  return sender => all.subarray(ends[sender], ends[sender + 1])
}

/** Gives the value before. */
const add = (counts: Uint32Array, at: number): number => {
  const before = counts[at] as number
  counts[at] = before + 1
  return before
}
