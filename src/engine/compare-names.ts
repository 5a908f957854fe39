import type { Addresses } from '../sets/addresses.ts'
import { readNamePattern } from '../sets/name-pattern.ts'
import { type NameSet, nameSets } from '../sets/name-set.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import type { ClusterEngine } from './cluster-engine.ts'
import type { Entry } from './entries.ts'
import { everywhere, namedReachOf } from './names.ts'
import type { Stacks } from './verdict.ts'

const names = nameSets()

/** What one subject may send to names. */
export interface OtherNames {
  readonly regions: readonly { readonly patterns: readonly string[]; readonly traffic: TrafficId }[]
  /** Traffic that certainly passes to the whole internet: there a name adds nothing. */
  readonly everywhere: TrafficId
}

/** `translated` puts ids into the table in which they are compared. */
export const namesOf = (
  { table, spaces }: ClusterEngine,
  stacks: Stacks,
  internet: Addresses,
  translated: (id: TrafficId) => TrafficId,
): OtherNames => {
  const both = [everywhere(spaces.v4, stacks, internet, table), everywhere(spaces.v6, stacks, internet, table)] as const
  return {
    regions: namedReachOf(stacks, [spaces.v4, spaces.v6], internet, table)
      .filter(({ passing }) => passing.may !== table.empty)
      .map(({ patterns, passing }) => ({ patterns, traffic: translated(passing.may) })),
    everywhere: translated(table.intersect(both[0].must, both[1].must)),
  }
}

/**
 * What is left of a region of names when those of others are taken away. A pattern that another one includes is no more; one
 * that is wider is told whole, since what it holds beyond the other has no name of its own.
 */
export const namesBeyond = (table: TrafficTable, entry: Entry, others: readonly OtherNames[]): readonly Entry[] => {
  const { to } = entry
  if (to.kind !== 'names') return [entry]
  const left = others.map(other => other.everywhere).reduce(table.subtract, entry.traffic)
  const byTraffic = new Map<TrafficId, string[]>()
  for (const { patterns, traffic } of others.flatMap(other => other.regions))
    byTraffic.set(traffic, [...(byTraffic.get(traffic) ?? []), ...patterns])
  let pieces: readonly Piece[] = left === table.empty ? [] : [{ traffic: left, covering: [] }]
  for (const [traffic, patterns] of byTraffic) pieces = pieces.flatMap(piece => cut(table, piece, traffic, patterns))
  const kept = new Map<string, TrafficId>()
  for (const { traffic, covering } of pieces) {
    const patterns = to.patterns.filter(pattern => !isCovered(pattern, covering))
    const key = patterns.join(' ')
    if (patterns.length > 0) kept.set(key, table.union(kept.get(key) ?? table.empty, traffic))
  }
  return [...kept].map(([key, traffic]) => ({ ...entry, traffic, to: { ...to, patterns: key.split(' ') } }))
}

/** Traffic with the patterns that others have for all of it. */
interface Piece {
  readonly traffic: TrafficId
  readonly covering: readonly string[]
}

const cut = (
  table: TrafficTable,
  { traffic, covering }: Piece,
  by: TrafficId,
  patterns: readonly string[],
): readonly Piece[] =>
  [
    { traffic: table.intersect(traffic, by), covering: [...covering, ...patterns] },
    { traffic: table.subtract(traffic, by), covering },
  ].filter(piece => piece.traffic !== table.empty)

/** Not known is not covered: what may be more is told. */
const isCovered = (pattern: string, covering: readonly string[]): boolean =>
  covering.includes(pattern) || (covering.length > 0 && names.isSubset(setOf([pattern]), setOf(covering)) === 'yes')

const setOf = (patterns: readonly string[]): NameSet =>
  names.ofPatterns(
    patterns.flatMap(text => {
      const read = readNamePattern(text)
      return read.kind === 'refused' ? [] : [read.value]
    }),
  )
