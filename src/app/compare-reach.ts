import { type Change, compareClusters } from '../engine/compare.ts'
import type { Entry } from '../engine/entries.ts'
import type { ExitChange, RegionChange } from '../model/diff.ts'
import { compareText } from '../model/order.ts'
import { reasonsIn } from './because.ts'
import { changeWriter } from './change-writer.ts'
import { compareExits } from './compare-exits.ts'
import type { LoadedEstate } from './load.ts'
import { type Possible, type PossibleOptions, possibleIn } from './possible.ts'
import type { StageReasons } from './reasons.ts'

export interface ReachChanges {
  readonly gained: readonly RegionChange[]
  readonly lost: readonly RegionChange[]
  readonly exitChanged: readonly ExitChange[]
}

/** The Possible of two estates, held against each other cluster by cluster; clusters are known by name. */
export const compareReach = (before: LoadedEstate, after: LoadedEstate, options: PossibleOptions): ReachChanges => {
  const old = byName(possibleIn(before.estate, options))
  const now = byName(possibleIn(after.estate, options))
  const gained: RegionChange[] = []
  const lost: RegionChange[] = []
  const exitChanged: ExitChange[] = []
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const [left, right] = [old.get(name) ?? null, now.get(name) ?? null]
    const changes = compareClusters(left, right)
    if (right !== null) for (const change of worded(right, after, changes.gained)) gained.push(change)
    if (left !== null) for (const change of worded(left, before, changes.lost)) lost.push(change)
    if (left !== null && right !== null) exitChanged.push(...compareExits(left, right))
  }
  return {
    gained: gained.sort(compareChanges),
    lost: lost.sort(compareChanges),
    exitChanged: exitChanged.sort(compareExitChanges),
  }
}

const byName = (all: readonly Possible[]): ReadonlyMap<string, Possible> =>
  new Map(all.map(possible => [possible.engine.cluster.name, possible]))

/** Regions that several subjects share are explained once. */
const worded = (possible: Possible, { lineOf }: LoadedEstate, changes: readonly Change[]): readonly RegionChange[] => {
  const reasons = reasonsIn(possible.engine, lineOf)
  const write = changeWriter(possible)
  const known = new Map<Entry, StageReasons>()
  return changes.flatMap(change => {
    const { subject, entry } = change
    const why = known.get(entry) ?? reasons(subject, entry)
    known.set(entry, why)
    return write(change, why)
  })
}

const KINDS = ['addresses', 'names', 'apiserver', 'nodes', 'service', 'workloads', 'class']

export const compareChanges = (a: RegionChange, b: RegionChange): number =>
  compareText(a.workload, b.workload) ||
  compareText(a.variant ?? '', b.variant ?? '') ||
  KINDS.indexOf(a.to.kind) - KINDS.indexOf(b.to.kind) ||
  compareText(keyOf(a), keyOf(b))

const compareExitChanges = (a: ExitChange, b: ExitChange): number =>
  compareText(a.workload, b.workload) ||
  compareText(a.variant ?? '', b.variant ?? '') ||
  compareText(
    JSON.stringify([firstOf(a.to), a.traffic, a.before, a.after]),
    JSON.stringify([firstOf(b.to), b.traffic, b.before, b.after]),
  )

const keyOf = ({ to, traffic, verdict, enforcement }: RegionChange): string =>
  JSON.stringify([firstOf(to), verdict, enforcement, traffic])

const firstOf = (to: RegionChange['to']): unknown => {
  switch (to.kind) {
    case 'addresses':
      return [to.zone, to.ranges[0]]
    case 'names':
      return to.patterns
    case 'workloads':
      return to.ids[0]
    default:
      return to
  }
}
