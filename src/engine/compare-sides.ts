import type { ZoneMap } from '../sets/zones.ts'
import type { ClusterEngine, Row } from './cluster-engine.ts'
import { type Destinations, destinationsIn, workloadColumn } from './compare-pods.ts'
import type { Entry } from './entries.ts'
import type { Column } from './pairs.ts'
import type { Subject } from './population.ts'
import { type ServiceNeeds, serviceNeeds } from './service-index.ts'
import { type MayRow, type Translation, translation } from './translate.ts'
import type { Stacks } from './verdict.ts'

/** One cluster at one time. */
export interface Side {
  readonly engine: ClusterEngine
  readonly zones: ZoneMap
}

/** One side with what is worked out once for it, to be held against the other. */
export interface Stand extends Side {
  readonly destinations: Destinations
  /** Into the table of the other side. */
  readonly away: Translation
  /** Asked for where something differs only. */
  readonly needs: () => ReadonlyMap<string, ServiceNeeds | null>
  readonly numberOf: (stacks: Stacks) => number
  /** What is told already of stacks, by their numbers on both sides. */
  readonly ownBeyond: Map<string, readonly Entry[]>
}

export const standOf = (side: Side | null, other: Side | null, ids: readonly string[]): Stand | null => {
  if (side === null) return null
  const { table } = side.engine
  const destinations = destinationsIn(side.engine, ids)
  const numbers = new Map<Stacks, number>()
  let needs: ReadonlyMap<string, ServiceNeeds | null> | null = null
  return {
    ...side,
    destinations,
    away: translation(table, (other ?? side).engine.table),
    needs: () => {
      needs ??= serviceNeeds(destinations)
      return needs
    },
    numberOf: stacks => {
      const known = numbers.get(stacks) ?? numbers.size
      numbers.set(stacks, known)
      return known
    },
    ownBeyond: new Map(),
  }
}

/** A subject on its side, with its row in both tables. */
export interface Standing {
  readonly stand: Stand
  readonly subject: Subject
  readonly row: Row
  readonly stacks: Stacks
  readonly column: Column
  readonly away: MayRow
  readonly awayColumn: Column
}

export const standingOn =
  (stand: Stand | null, other: Stand | null) =>
  (subject: Subject): readonly Standing[] => {
    if (stand === null) return []
    const { engine, destinations, away } = stand
    const row = engine.rowOf(subject)
    const translated = away.may(row)
    return [
      {
        stand,
        subject,
        row,
        stacks: engine.stacksOf(subject, 'egress'),
        column: workloadColumn(destinations, row.pods.may, engine.table),
        away: translated,
        awayColumn: workloadColumn(destinations, translated.pods, (other ?? stand).engine.table),
      },
    ]
  }
