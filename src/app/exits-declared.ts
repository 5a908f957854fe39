import { groupsIn, type Opening, openingsIn } from '../findings/declared-view.ts'
import { toldOpenings } from '../findings/openings.ts'
import { possibleView } from '../findings/possible-view.ts'
import type { Cluster, Estate } from '../model/cluster.ts'
import type { LinkState } from '../model/exits-map.ts'
import { idOf } from '../model/identity.ts'
import type { Profile } from '../model/profile.ts'
import type { ReachEntry, WorkloadReach } from '../model/reach.ts'
import { readRanges } from '../sets/address-text.ts'
import { bothFamilies } from '../sets/addresses.ts'
import { meetTraffic } from '../sets/traffic.ts'
import { readTraffic } from '../sets/traffic-text.ts'
import { sceneOf } from './declared-picture-ways.ts'

/**
 * Whether what a region lets leave is declared. The rows of one workload are judged together; of whom no group speaks, and where
 * an opening leads nowhere, nothing is judged.
 */
export const linkStatesIn = (
  estate: Estate,
  today: string,
  profile: Profile | null,
): ((row: WorkloadReach, entry: ReachEntry) => LinkState) => {
  const byId = new Map(estate.clusters.flatMap(cluster => [...openingsById(estate, cluster, today, profile)]))
  const known = new Map<Openings, Map<string, LinkState>>()
  return ({ id }, entry) => {
    const all = byId.get(id)
    if (all === undefined) return 'unjudged'
    const states = known.get(all) ?? new Map<string, LinkState>()
    known.set(all, states)
    const key = JSON.stringify([entry.to, entry.traffic])
    const state = states.get(key) ?? stateOf(all, entry)
    states.set(key, state)
    return state
  }
}

interface Openings {
  readonly told: readonly Opening[]
  readonly untold: readonly Opening[]
}

/** Workloads of the same groups have the same openings. */
const openingsById = (
  estate: Estate,
  cluster: Cluster,
  today: string,
  profile: Profile | null,
): ReadonlyMap<string, Openings> => {
  const scene = sceneOf(estate, cluster, possibleView(cluster, profile), today)
  const openings = openingsIn(scene.view)
  const found = groupsIn(estate, scene.view, today).flatMap(({ stacks, declared, subjects }, group) => {
    const all = openings(stacks, declared)
    const told = toldOpenings(all, scene.around).map(({ opening }) => opening)
    const made: Openings = { told, untold: all.filter(one => !told.includes(one)) }
    return subjects.map(({ workload }) => ({ id: idOf(workload.ref), group, made }))
  })
  const joined = new Map<string, Openings>()
  return new Map(
    [...Map.groupBy(found, ({ id }) => id)].map(([id, groups]) => {
      const key = [...new Set(groups.map(({ group }) => group))].join()
      const made = joined.get(key) ?? {
        told: groups.flatMap(one => one.made.told),
        untold: groups.flatMap(one => one.made.untold),
      }
      joined.set(key, made)
      return [id, made]
    }),
  )
}

const stateOf = ({ told, untold }: Openings, entry: ReachEntry): LinkState =>
  told.some(one => meets(one, entry)) ? 'undeclared' : untold.some(one => meets(one, entry)) ? 'unjudged' : 'declared'

const meets = ({ to, traffic }: Opening, entry: ReachEntry): boolean => {
  const carried = readTraffic(entry.traffic)
  if (carried.kind === 'refused') throw new Error(carried.why)
  if (!meetTraffic(traffic, carried.value)) return false
  const { to: end } = entry
  if (to.kind === 'names') return end.kind === 'names' && end.patterns.some(pattern => to.patterns.includes(pattern))
  if (end.kind !== 'addresses') return false
  const ranges = readRanges(end.ranges)
  if (ranges.kind === 'refused') throw new Error(ranges.why)
  return !bothFamilies.isEmpty(bothFamilies.intersect(ranges.value, to.addresses))
}
