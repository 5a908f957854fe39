import type { Family } from '../sets/cidr.ts'
import type { Region } from '../sets/region.ts'
import type { Relation } from '../sets/relation.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import type { Row } from './cluster-engine.ts'

/** The largest set that a row lets pass, by kind of destination. */
export interface MayRow {
  readonly v4: Region<4>
  readonly v6: Region<6>
  readonly pods: Relation<TrafficId>
  readonly ownNode: TrafficId
  readonly otherNode: TrafficId
  readonly apiserver: TrafficId
}

/** What two engines say can only be compared in one table: an id means nothing outside its own. */
export interface Translation {
  readonly id: (id: TrafficId) => TrafficId
  readonly may: (row: Row) => MayRow
}

/** Different traffic has different ids in both tables, so what is canonical in one is so in the other. */
export const translation = (from: TrafficTable, into: TrafficTable): Translation => {
  const known: TrafficId[] = []
  const id = (of: TrafficId): TrafficId => {
    known[of] ??= into.idOf(from.trafficOf(of))
    return known[of]
  }
  const region = <F extends Family>(of: Region<F>): Region<F> => ({ ...of, ids: Uint32Array.from(of.ids, id) })
  return {
    id,
    may: row => ({
      v4: region(row.v4.may),
      v6: region(row.v6.may),
      pods: new Map([...row.pods.may].map(([part, members]) => [id(part), members])),
      ownNode: id(row.ownNode.may),
      otherNode: id(row.otherNode.may),
      apiserver: id(row.apiserver.may),
    }),
  }
}
