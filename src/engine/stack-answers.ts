import type { Profile } from '../model/profile.ts'
import type { BitAlgebra } from '../sets/bit-set.ts'
import type { Region } from '../sets/region.ts'
import type { Relation } from '../sets/relation.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import { certainByOrder, orderedIn } from './ordered.ts'
import { type Column, columnsOf } from './pairs.ts'
import { type Certain, certainByPlain, certainByRelation, plainAt, plainColumn, plainOf } from './plain.ts'
import { sentTo } from './plain-rows.ts'
import type { Spaces } from './spaces.ts'
import { isOne, mapPassing, type Passing, passing, type Stacks, same } from './verdict.ts'

/** What a stack lets pass, each answer worked out once for each stack. */
export interface StackAnswers {
  /** Where the other end has no policy to ask. */
  readonly egressOf: (of: Stacks) => OwnPassing
  /** What certainly passes to or from each identity; null where something is open. */
  readonly certainOf: (of: Stacks) => Certain | null
  /** To or from each identity, in two forms. */
  readonly relationOf: (of: Stacks) => Passing<Relation<TrafficId>>
  readonly columnOf: (of: Stacks) => Passing<Column>
  /** The same for one identity alone. */
  readonly at: (of: Stacks, identity: number) => Passing<TrafficId>
  /** From pods on the host network, wherever they are. */
  readonly fromNodes: (of: Stacks) => Passing<TrafficId>
}

export interface OwnPassing {
  readonly v4: Passing<Region<4>>
  readonly v6: Passing<Region<6>>
  readonly ownNode: Passing<TrafficId>
  readonly otherNode: Passing<TrafficId>
  readonly apiserver: Passing<TrafficId>
}

/** Members up to which the ingress of every group is held as an array: 4,000 of them take 64 MB. */
const MOST_COLUMNS = 4000

export const stackAnswers = (spaces: Spaces, table: TrafficTable, bits: BitAlgebra, profile: Profile): StackAnswers => {
  const plain = byStacks(of => plainOf(of, spaces.pods.certainBoxes, table, bits))
  /** Where something is open, a relation over all pods in the four readings. */
  const related = byStacks(of => passing(spaces.pods, of))
  /** One array for each set of policies is quick to ask, and past some thousands of pods too much to hold. */
  const heldColumns = byStacks(of => columnsOf(related(of), bits.size))
  const ordered = orderedIn(spaces.pods.certainBoxes, table, bits)
  const places = new Uint32Array(bits.size)
  return {
    certainOf: byStacks(of => {
      const short = plain(of)
      if (short !== null) return certainByPlain(short, table)
      const inOrder = ordered(of)
      if (inOrder !== null) return certainByOrder(inOrder, table, places)
      const all = related(of)
      return isOne(all) ? certainByRelation(all.must, bits) : null
    }),
    egressOf: byStacks(of => ({
      v4: passing(spaces.v4, of),
      v6: passing(spaces.v6, of),
      ownNode: ownNodeBy(profile.ownNode, () => passing(spaces.ownNode, of), table),
      otherNode: passing(spaces.otherNode, of),
      apiserver: passing(spaces.apiserver, of),
    })),
    relationOf: of => {
      const short = plain(of)
      return short === null ? related(of) : same(sentTo(short, bits, spaces.pods.relations))
    },
    columnOf: of => {
      const short = plain(of)
      return short === null ? columnsOf(related(of), bits.size) : same(plainColumn(short, bits, table))
    },
    at: (of, identity) => {
      const short = plain(of)
      if (short !== null) return same(plainAt(short, identity, table))
      return bits.size <= MOST_COLUMNS
        ? mapPassing(heldColumns(of), column => column[identity] as TrafficId)
        : mapPassing(related(of), relation => spaces.pods.relations.idAt(relation, identity))
    },
    // Which node a host-network pod is on, and so which pods are its neighbours, is open.
    fromNodes: byStacks(of =>
      eitherNode(
        table,
        ownNodeBy(profile.fromOwnNode, () => passing(spaces.ownNode, of), table),
        passing(spaces.otherNode, of),
      ),
    ),
  }
}

const byStacks = <T>(make: (of: Stacks) => T): ((of: Stacks) => T) => {
  const answers = new WeakMap<Stacks, { readonly value: T }>()
  return of => {
    const before = answers.get(of)
    if (before !== undefined) return before.value
    const value = make(of)
    answers.set(of, { value })
    return value
  }
}

const eitherNode = (
  { union, intersect }: TrafficTable,
  own: Passing<TrafficId>,
  other: Passing<TrafficId>,
): Passing<TrafficId> => ({
  must: intersect(own.must, other.must),
  lenient: intersect(own.lenient, other.lenient),
  may: union(own.may, other.may),
  written: intersect(own.written, other.written),
})

const ownNodeBy = (
  word: Profile['ownNode'],
  policy: () => Passing<TrafficId>,
  { full }: TrafficTable,
): Passing<TrafficId> =>
  word === 'allowed' ? same(full) : word === 'policy' ? policy() : { ...policy(), lenient: full, may: full }
