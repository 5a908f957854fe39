import { forEachMember } from '../sets/bit-set.ts'
import type { Relation } from '../sets/relation.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import type { Basis } from './basis.ts'
import { type Move, withMoves } from './pairs.ts'
import type { Certain } from './plain.ts'
import { isOne, type Passing, type Stacks, same } from './verdict.ts'

/** A row before, by what its sender's own policies were and are. */
interface Departure {
  readonly sender: number
  readonly was: Stacks
  readonly is: Stacks
  readonly pairs: Passing<Relation<TrafficId>>
}

/**
 * What other egress policies do to the row of a sender, asked of the ingress policies `before`. null where the row has to be worked
 * out anew: something is open, or the policies say something else of everybody.
 */
export const departureChanges =
  ({ answers, table, selection: { bits } }: Basis, before: readonly Stacks[]) =>
  ({ sender, was, is, pairs }: Departure): Passing<Relation<TrafficId>> | null => {
    const [old, now] = [answers.certainOf(was), answers.certainOf(is)]
    if (old === null || now === null || old.rest !== now.rest || !isOne(pairs)) return null
    const moves: Move[] = []
    for (const member of toldBy([old, now])) {
      const [left, leaves] = [old.at(member), now.at(member)]
      if (left === leaves) continue
      const into = answers.certainOf(before[member] as Stacks)
      if (into === null) return null
      const arrives = into.at(sender)
      moves.push({ member, from: table.intersect(left, arrives), to: table.intersect(leaves, arrives) })
    }
    return moves.some(({ from, to }) => from !== to) ? same(withMoves(pairs.must, moves, bits)) : pairs
  }

/** Each once. */
const toldBy = (all: readonly Certain[]): ReadonlySet<number> => {
  const members = new Set<number>()
  for (const told of new Set(all.flatMap(one => one.told))) forEachMember(told, member => members.add(member))
  return members
}
