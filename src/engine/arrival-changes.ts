import type { Relation } from '../sets/relation.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import type { Basis } from './basis.ts'
import { type Column, type Move, withMoves } from './pairs.ts'
import type { Certain } from './plain.ts'
import { isNode, type Sender } from './population.ts'
import { eachReading, isOne, mapPassing, type Passing, type Stacks, same } from './verdict.ts'

/** What other ingress policies at some destinations do to the row of a sender whose own policies stayed. */
export type ArrivalChanges = (
  sender: Sender,
  egress: Stacks,
  pairs: Passing<Relation<TrafficId>>,
) => Passing<Relation<TrafficId>>

/** Destinations with the same policies, and what these let in from one sender, before and now. */
interface Arrival {
  readonly members: readonly number[]
  readonly was: Passing<TrafficId>
  readonly into: Passing<TrafficId>
}

/** Rows change only where a destination lets in something else than before: the others stay the same object. */
export const arrivalChanges = (basis: Basis, before: readonly Stacks[], now: readonly Stacks[]): ArrivalChanges => {
  const { answers, table, selection, spaces } = basis
  const bySender = new Map<number | null, Arrival[]>()
  const arrives = (sender: number | null, arrival: Arrival): void => {
    const known = bySender.get(sender)
    if (known === undefined) bySender.set(sender, [arrival])
    else known.push(arrival)
  }
  for (const { old, made, members } of changedIn(before, now)) {
    const [was, is] = [answers.columnOf(old), answers.columnOf(made)]
    for (let sender = 0; sender < is.must.length; sender++)
      if (differAt(was, is, sender)) arrives(sender, { members, was: at(was, sender), into: at(is, sender) })
    arrives(null, { members, was: answers.fromNodes(old), into: answers.fromNodes(made) })
  }
  const idAt = (relation: Relation<TrafficId>, member: number): TrafficId =>
    spaces.pods.relations.idAt(relation, member)
  /** Where nothing is open at either end, which is most of the time: the row is one relation, and moves are all there is. */
  const plainly = (out: Certain, pairs: Relation<TrafficId>, arrivals: readonly Arrival[]): Relation<TrafficId> => {
    const moves: Move[] = []
    for (const { members, was, into } of arrivals)
      for (const member of members) {
        const leaves = out.at(member)
        const from = table.intersect(leaves, was.must)
        const to = table.intersect(leaves, into.must)
        if (from !== to) moves.push({ member, from, to })
      }
    return moves.length === 0 ? pairs : withMoves(pairs, moves, selection.bits)
  }
  return (sender, egress, pairs) => {
    const arrivals = bySender.get(isNode(sender) ? null : sender) ?? []
    if (arrivals.length === 0) return pairs
    const short =
      isOne(pairs) && arrivals.every(({ was, into }) => isOne(was) && isOne(into)) ? answers.certainOf(egress) : null
    if (short !== null) {
      const changed = plainly(short, pairs.must, arrivals)
      return changed === pairs.must ? pairs : same(changed)
    }
    const changes = arrivals.flatMap(({ members, into }) =>
      members.map(member => {
        const out = answers.at(egress, member)
        const both = (part: keyof Passing<unknown>): TrafficId => table.intersect(out[part], into[part])
        return { member, id: isOne(out) && isOne(into) ? same(both('must')) : eachReading(both) }
      }),
    )
    const changed = (part: keyof Passing<unknown>): Relation<TrafficId> => {
      return withMoves(
        pairs[part],
        changes.map(({ member, id }) => ({ member, from: idAt(pairs[part], member), to: id[part] })),
        selection.bits,
      )
    }
    return isOne(pairs) && changes.every(({ id }) => isOne(id)) ? same(changed('must')) : eachReading(changed)
  }
}

const differAt = (a: Passing<Column>, b: Passing<Column>, member: number): boolean =>
  a.must[member] !== b.must[member] ||
  a.lenient[member] !== b.lenient[member] ||
  a.may[member] !== b.may[member] ||
  a.written[member] !== b.written[member]

const at = (columns: Passing<Column>, member: number): Passing<TrafficId> =>
  mapPassing(columns, column => column[member] as TrafficId)

/** Destinations whose policies are others than before, by what they were and are. */
const changedIn = (
  before: readonly Stacks[],
  now: readonly Stacks[],
): readonly { readonly old: Stacks; readonly made: Stacks; readonly members: readonly number[] }[] => {
  const found = new Map<Stacks, Map<Stacks, number[]>>()
  for (const [member, made] of now.entries()) {
    const old = before[member] as Stacks
    if (old === made) continue
    const others = found.get(old) ?? new Map<Stacks, number[]>()
    found.set(old, others.set(made, [...(others.get(made) ?? []), member]))
  }
  return [...found].flatMap(([old, others]) => [...others].map(([made, members]) => ({ old, made, members })))
}
