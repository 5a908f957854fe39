import type { Relation } from '../sets/relation.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import { arrivalChanges } from './arrival-changes.ts'
import type { Basis } from './basis.ts'
import { departureChanges } from './departure-changes.ts'
import { lazily } from './lazily.ts'
import { type Column, joinColumns, relationOf } from './pairs.ts'
import type { Certain } from './plain.ts'
import { plainRows } from './plain-rows.ts'
import { isNode, type Sender } from './population.ts'
import { eachReading, isOne, mapPassing, type Passing, type Stacks, same } from './verdict.ts'

/** What pods let each other do. */
export interface PodRows {
  /** Both ends are asked. */
  readonly pairsOf: (sender: Sender) => Passing<Relation<TrafficId>>
  /** Each end alone. */
  readonly sentBy: (sender: Sender) => Passing<Relation<TrafficId>>
  readonly takenFrom: (sender: Sender) => Passing<Relation<TrafficId>>
  readonly kept: KeptRows
}

/** Rows that the next engine may start from. */
export interface KeptRows {
  /** By identity. */
  readonly ingress: readonly Stacks[]
  /** Empty where nobody asked for rows to be kept. */
  readonly rows: Map<Sender, { readonly egress: Stacks; readonly pairs: Passing<Relation<TrafficId>> }>
}

export interface StacksAt {
  readonly egress: (sender: Sender) => Stacks
  readonly ingress: (identity: number) => Stacks
}

export const podRows = (basis: Basis, stacksAt: StacksAt, keeps: boolean, before: KeptRows | null): PodRows => {
  const { answers, table, selection, population, spaces } = basis
  const { bits } = selection
  const { relations } = spaces.pods
  // Destinations that the same ingress policies select are asked together.
  const ingress = population.identities.map(({ number }) => stacksAt.ingress(number))
  const groups = [...Map.groupBy(ingress.keys(), identity => ingress[identity] as Stacks)]
  const groupOf = new Uint32Array(bits.size)
  for (const [group, [, members]] of groups.entries()) for (const member of members) groupOf[member] = group
  // Where most rows stay as they were, the few others are not worth lists that make all of them quick.
  const forMany = !keeps || before === null
  /** null where one of the groups leaves something open. */
  const short = lazily(() => {
    const all = groups.flatMap(([of, members]) => {
      const into = answers.certainOf(of)
      return into === null ? [] : [{ into, members }]
    })
    return all.length === groups.length ? plainRows(all, table, bits, relations, forMany) : null
  })
  const shortFrom = (out: Certain | null, sender: Sender): Passing<Relation<TrafficId>> | null => {
    if (out === null || sender === null || isNode(sender)) return null
    const rows = short()
    return rows === null ? null : same(rows(out, sender))
  }
  /** What the other ends let in from one sender, by destination. */
  const columnFrom = (sender: Sender): Passing<Column> => {
    const each = groups.map(([of]) =>
      sender === null || isNode(sender) ? answers.fromNodes(of) : answers.at(of, sender),
    )
    const at = (part: keyof Passing<unknown>): Column =>
      new Uint32Array(bits.size).map((_, member) => (each[groupOf[member] as number] as Passing<TrafficId>)[part])
    return each.every(isOne) ? same(at('must')) : eachReading(at)
  }
  const whole = (sender: Sender): Passing<Relation<TrafficId>> => {
    const egress = stacksAt.egress(sender)
    const quick = shortFrom(answers.certainOf(egress), sender)
    if (quick !== null) return quick
    const [out, into] = [answers.columnOf(egress), columnFrom(sender)]
    const both = (part: keyof Passing<unknown>) => joinColumns(out[part], into[part], table, bits)
    return isOne(out) && isOne(into) ? same(both('must')) : eachReading(both)
  }
  const rows: KeptRows['rows'] = new Map()
  const arriving = before === null ? null : lazily(() => arrivalChanges(basis, before.ingress, ingress))
  const departing = before === null ? null : departureChanges(basis, before.ingress)
  /** From the row before; null where there is none that helps. */
  const changed = (sender: Sender, egress: Stacks): Passing<Relation<TrafficId>> | null => {
    const old = before?.rows.get(sender)
    if (old === undefined || arriving === null || departing === null) return null
    if (old.egress === egress) return arriving()(sender, egress, old.pairs)
    if (sender === null || isNode(sender)) return null
    const pairs = departing({ sender, was: old.egress, is: egress, pairs: old.pairs })
    return pairs === null ? null : arriving()(sender, egress, pairs)
  }
  const pairsOf = (sender: Sender): Passing<Relation<TrafficId>> => {
    if (!keeps) return whole(sender)
    const egress = stacksAt.egress(sender)
    const now = rows.get(sender)
    if (now !== undefined) return now.pairs
    const pairs = changed(sender, egress) ?? whole(sender)
    rows.set(sender, { egress, pairs })
    return pairs
  }
  return {
    pairsOf,
    sentBy: sender => answers.relationOf(stacksAt.egress(sender)),
    takenFrom: sender =>
      shortFrom(ANYTHING(table), sender) ?? mapPassing(columnFrom(sender), into => relationOf(into, bits)),
    kept: { ingress, rows },
  }
}

const ANYTHING = ({ full }: Basis['table']): Certain => ({
  rest: full,
  told: [],
  at: () => full,
  onto: () => undefined,
})
