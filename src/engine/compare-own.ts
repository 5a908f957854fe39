import { bothFamilies } from '../sets/addresses.ts'
import type { Algebra } from '../sets/algebra.ts'
import type { Region } from '../sets/region.ts'
import type { ZoneMap } from '../sets/zones.ts'
import type { ClusterEngine, Row } from './cluster-engine.ts'
import { namesBeyond, type OtherNames } from './compare-names.ts'
import { type Entry, sharedEntries } from './entries.ts'
import { LOOPBACK } from './ground.ts'
import type { Subject } from './population.ts'
import type { MayRow } from './translate.ts'
import type { Passing } from './verdict.ts'

/** What others let pass, in the table of the row that is held against them. */
export interface Other extends MayRow {
  readonly names: OtherNames
  /** Whether its side knows where the API server is. */
  readonly knowsApiserver: boolean
}

/**
 * The regions of a row that nobody of the others has, as far as the sender's own policies decide: addresses, nodes, the API
 * server, names. Rules are held against rules: that an address was a pod's and is nobody's now opens nothing.
 */
export const ownBeyond = (
  engine: ClusterEngine,
  subject: Subject,
  row: Row,
  others: readonly Other[],
  zones: ZoneMap,
): readonly Entry[] => {
  const { table, spaces } = engine
  const reduced: Row = {
    ...row,
    v4: beyond<Region<4>>(
      spaces.v4.algebra,
      row.v4,
      others.map(other => other.v4),
    ),
    v6: beyond<Region<6>>(
      spaces.v6.algebra,
      row.v6,
      others.map(other => other.v6),
    ),
    ownNode: beyond(
      table,
      row.ownNode,
      others.map(other => other.ownNode),
    ),
    otherNode: beyond(
      table,
      row.otherNode,
      others.map(other => other.otherNode),
    ),
    apiserver: beyond(
      table,
      row.apiserver,
      others.flatMap(other => (other.knowsApiserver ? [other.apiserver] : [])),
    ),
  }
  return sharedEntries(engine, subject, reduced, zones).flatMap((entry): readonly Entry[] => {
    if (entry.verdict === 'denied') return []
    if (entry.to.kind === 'addresses') return outsideOf(entry)
    return entry.to.kind === 'names'
      ? namesBeyond(
          table,
          entry,
          others.map(other => other.names),
        )
      : [entry]
  })
}

/** Packets to the loopback leave no pod, and no policy changes that. */
const outsideOf = (entry: Entry): readonly Entry[] => {
  const { to } = entry
  if (to.kind !== 'addresses') return [entry]
  const addresses = bothFamilies.subtract(to.addresses, LOOPBACK)
  return bothFamilies.isEmpty(addresses) ? [] : [{ ...entry, to: { ...to, addresses } }]
}

/** What passes, without what passes elsewhere; the readings stay what they are. */
const beyond = <S>({ subtract, intersect }: Algebra<S>, of: Passing<S>, others: readonly S[]): Passing<S> => {
  const may = others.reduce(subtract, of.may)
  if (may === of.may) return of
  return {
    must: intersect(of.must, may),
    lenient: intersect(of.lenient, may),
    may,
    written: intersect(of.written, may),
  }
}

export const knowsApiserver = ({ ground }: ClusterEngine): boolean => !bothFamilies.isEmpty(ground.apiserver)
