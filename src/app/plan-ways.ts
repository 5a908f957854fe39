import type { Start } from '../engine/fabric/start.ts'
import type { Way } from '../engine/fabric/ways.ts'
import type { Exit } from '../model/reach.ts'
import type { Family } from '../sets/cidr.ts'
import { type Region, regions } from '../sets/region.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import { fabricWaysIn, type Partition } from './fabric-ways.ts'
import type { PlanSide } from './plan-sides.ts'

/** A part of what packets from one place do, that is another before and after. `way` is the one that is told. */
export interface WayChange<F extends Family> {
  readonly start: Start
  readonly kind: 'gained' | 'lost' | 'unclear'
  readonly region: Region<F>
  readonly way: Outcome
  /** The way of the other side. Of what leaves there, too, the way out counts. */
  readonly other: Outcome | null
}

export type Outcome = Pick<Way<Family>, 'verdict' | 'exit' | 'hops' | 'grounds' | 'unknowns'>

/**
 * What becomes possible, and what no longer is, for every place where packets may begin. What was open before counts as possible, as
 * does what is open after. `unclear`: it leaves as before for all that is known, and after the plan that is no longer certain.
 */
export const wayChangesIn = <F extends Family>(
  before: PlanSide,
  after: PlanSide,
  family: F,
  table: TrafficTable,
): readonly WayChange<F>[] => {
  const algebra = regions<F, TrafficId>(family, table)
  const ways = {
    before: fabricWaysIn(before.estate.fabric, family, table),
    after: fabricWaysIn(after.estate.fabric, family, table),
  }
  const keys = [...new Set([...before.starts.keys(), ...after.starts.keys()])]
  return keys.flatMap(key => {
    const [was, is] = [before.starts.get(key), after.starts.get(key)]
    const start = is ?? was
    if (start === undefined) return []
    const old = was === undefined ? null : ways.before.from(was).map(plainly)
    const now = is === undefined ? null : ways.after.from(is).map(plainly)
    const changes: WayChange<F>[] = []
    for (const way of (now ?? []).filter(isPossible)) {
      for (const { region, other } of overlaps(way, old)) {
        if (other === null || !isPossible(other)) changes.push({ start, kind: 'gained', region, way, other })
        else if (exitKey(before, other.exit) !== exitKey(after, way.exit))
          changes.push({ start, kind: 'gained', region, way, other })
        else if (way.verdict === 'unknown' && other.verdict === 'allowed')
          changes.push({ start, kind: 'unclear', region, way, other })
      }
    }
    for (const way of (old ?? []).filter(isPossible))
      for (const { region, other } of overlaps(way, now))
        if (other === null || !isPossible(other)) changes.push({ start, kind: 'lost', region, way, other })
    return changes
  })

  function overlaps(
    way: Way<F>,
    partition: Partition<F> | null,
  ): readonly { readonly region: Region<F>; readonly other: Way<F> | null }[] {
    if (partition === null) return [{ region: way.region, other: null }]
    return partition.flatMap(other => {
      const region = algebra.intersect(way.region, other.region)
      return algebra.isEmpty(region) ? [] : [{ region, other }]
    })
  }
}

/** What is denied but for something that is not told ends nobody knows where. */
const plainly = <F extends Family>(way: Way<F>): Way<F> =>
  way.verdict === 'unknown' && way.exit.kind === 'blackhole' ? { ...way, exit: { ...way.exit, kind: 'unknown' } } : way

const isPossible = ({ verdict }: Pick<Outcome, 'verdict'>): boolean => verdict !== 'denied'

const exitKey = (side: PlanSide, { kind, id }: Exit): string => `${kind} ${id === null ? '' : side.sameAs(id)}`

/** Whether another way was possible before: a change of the way out. */
export const isElsewhere = ({ kind, other }: Pick<WayChange<Family>, 'kind' | 'other'>): boolean =>
  kind === 'gained' && other !== null && isPossible(other)

/** Everything that a way and its counterpart name: hops, exits, and what decided. */
export const idsOnWays = ({
  way,
  other,
  start,
}: Pick<WayChange<Family>, 'way' | 'other' | 'start'>): ReadonlySet<string> =>
  new Set([
    start.of.id,
    ...[way, ...(other === null ? [] : [other])].flatMap(one => [
      ...one.hops.map(({ id }) => id),
      ...one.grounds.flatMap(({ of }) => (of === null ? [] : [of.id])),
      ...(one.exit.id === null ? [] : [one.exit.id]),
    ]),
  ])
