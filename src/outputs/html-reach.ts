import type { ExitsMap } from '../model/exits-map.ts'
import type { Hop } from '../model/finding.ts'
import { compareText } from '../model/order.ts'
import type {
  Because,
  Enforcement,
  Exit,
  ReachEntry,
  ReachResult,
  ReachTarget,
  TrafficText,
  Unknown,
  Verdict,
  WorkloadReach,
} from '../model/reach.ts'
import { runsText } from './runs.ts'

/**
 * The Possible as the report embeds it: everything that repeats stands once in a table, and is named by its place there.
 * Rows are shared by content, so workloads that reach the same cost one row; what differs by workload only (where its packets
 * come from, its node) stands with the workload.
 */
export interface ReachData {
  /** Ids of workloads, sorted, so that a set of them is a few runs. */
  readonly ids: readonly string[]
  /** By id, then variant. */
  readonly workloads: readonly ReachDataWorkload[]
  readonly rows: readonly { readonly egress: readonly number[]; readonly relayed: readonly number[] }[]
  /** Target, traffic, state, and a packet: ` -> 1.1.1.1:443/TCP` where it comes from the workload's `source`. */
  readonly regions: readonly (readonly [number, number, number, string | null])[]
  readonly targets: readonly ReachDataTarget[]
  readonly traffics: readonly (readonly TrafficText[])[]
  readonly states: readonly ReachDataState[]
  readonly because: readonly Because[]
  readonly unknowns: readonly Unknown[]
  /** Ids of workloads whose regions are not in the file: the report names them and says how to ask. */
  readonly leftOut: readonly string[]
}

export interface ReachDataWorkload {
  readonly id: number
  readonly variant: string | null
  readonly cluster: string
  readonly namespace: string
  readonly account: string
  readonly hostNetwork: boolean
  readonly pods: number
  readonly source: string | null
  readonly node: string | null
  readonly row: number
}

export type ReachDataTarget =
  | Exclude<ReachTarget, { readonly kind: 'workloads' | 'class' }>
  /** `3-8,11` in `ids`. */
  | { readonly kind: 'workloads'; readonly ids: string }

/** Why a region is as it is, and where it leaves; regions with one state are explained together. */
export interface ReachDataState {
  readonly verdict: Verdict
  readonly enforcement: Enforcement
  /** A node without an id is the workload's own. */
  readonly path: readonly Hop[]
  readonly exit: Exit
  readonly because: readonly number[]
  readonly unknowns: readonly number[]
}

/** What the caller computed, and what it did not. */
export interface ReachSection {
  readonly result: ReachResult
  readonly leftOut: readonly string[]
  /** false: everything, however large the file becomes. */
  readonly bounded: boolean
  /** Absent: no map is drawn. */
  readonly exits?: ExitsMap
}

/** Past this the file would be a burden to open: workloads that do not fit are left out, and named. */
export const REACH_CHARACTERS_MAX = 20_000_000

/** Packs a result. When the room ends, whole workloads are left out: those that are not in `first`, then the last of it. */
export const reachDataOf = (
  { result, leftOut, bounded }: ReachSection,
  first: readonly string[],
  room = bounded ? REACH_CHARACTERS_MAX : Number.POSITIVE_INFINITY,
): ReachData => {
  const targets = tableOf<ReachDataTarget>()
  const traffics = tableOf<readonly TrafficText[]>()
  const states = tableOf<ReachDataState>()
  const because = tableOf<Because>()
  const unknowns = tableOf<Unknown>()
  const regions = tableOf<ReachData['regions'][number]>()
  const rows = tableOf<ReachData['rows'][number]>()
  const tables = [targets, traffics, states, because, unknowns, regions, rows]
  const membersOf = new Map((result.classes ?? []).map(one => [one.id, one.workloads]))
  const egressOf = egressIn(result)
  const ids = allIds(result, egressOf)
  const place = new Map(ids.map((id, i) => [id, i]))

  const targetOf = (to: ReachTarget): ReachDataTarget => {
    if (to.kind !== 'workloads' && to.kind !== 'class') return to
    const members = to.kind === 'workloads' ? to.ids : (membersOf.get(to.id) ?? [])
    return { kind: 'workloads', ids: runsText(members.map(id => place.get(id) as number)) }
  }
  const stateOf = (entry: ReachEntry, node: string | null): ReachDataState => ({
    verdict: entry.verdict,
    enforcement: entry.enforcement,
    path: entry.path.map(hop => (hop.hop === 'node' && hop.id === node ? { ...hop, id: '' } : hop)),
    exit: entry.exit,
    because: entry.because.map(because.put),
    unknowns: entry.unknowns.map(unknowns.put),
  })
  const pack = (workload: WorkloadReach): ReachDataWorkload => {
    const egress = egressOf(workload)
    const relayed = workload.relayed ?? []
    const all = [...egress, ...relayed]
    const source = all.flatMap(entry => entry.witness?.split(' -> ')[0] ?? [])[0] ?? null
    const node = all.flatMap(entry => entry.path.filter(hop => hop.hop === 'node'))[0]?.id ?? null
    const region = (entry: ReachEntry): number =>
      regions.put([
        targets.put(targetOf(entry.to)),
        traffics.put(entry.traffic),
        states.put(stateOf(entry, node)),
        entry.witness?.startsWith(`${source} -> `) ? entry.witness.slice(source?.length) : entry.witness,
      ])
    const row = rows.put({ egress: egress.map(region), relayed: relayed.map(region) })
    const { variant, cluster, namespace, serviceAccount: account, hostNetwork, pods } = workload
    return {
      id: place.get(workload.id) as number,
      variant,
      cluster,
      namespace,
      account,
      hostNetwork,
      pods,
      source,
      node,
      row,
    }
  }

  const packed: ReachDataWorkload[] = []
  const dropped: string[] = []
  let used = ids.reduce((sum, id) => sum + id.length + 3, 0)
  for (const workload of ranked(result.workloads, first)) {
    if (used + tables.reduce((sum, table) => sum + table.characters(), 0) >= room) {
      dropped.push(workload.id)
      continue
    }
    const one = pack(workload)
    used += JSON.stringify(one).length + 1
    packed.push(one)
  }
  return {
    ids,
    workloads: packed.sort((a, b) => a.id - b.id || compareText(a.variant ?? '', b.variant ?? '')),
    rows: rows.items,
    regions: regions.items,
    targets: targets.items,
    traffics: traffics.items,
    states: states.items,
    because: because.items,
    unknowns: unknowns.items,
    leftOut: [...new Set([...leftOut, ...dropped])].sort(compareText),
  }
}

const ranked = (workloads: readonly WorkloadReach[], first: readonly string[]): readonly WorkloadReach[] => {
  const ranks = new Map([...new Set(first)].map((id, i) => [id, i]))
  const rank = ({ id }: WorkloadReach): number => ranks.get(id) ?? ranks.size
  return workloads.toSorted((a, b) => rank(a) - rank(b) || compareText(a.id, b.id))
}

/** The regions of a workload, wherever the result keeps them. */
export const egressIn = ({ classes = [] }: ReachResult) => {
  const byClass = new Map(classes.map(one => [one.id, one.egress]))
  return (workload: WorkloadReach): readonly ReachEntry[] => {
    const egress = workload.egress ?? byClass.get(workload.class)
    if (egress === undefined) throw new Error(`\`${workload.id}\` has no regions, and neither has its class`)
    return egress
  }
}

const allIds = (
  { workloads, classes = [] }: ReachResult,
  egressOf: (workload: WorkloadReach) => readonly ReachEntry[],
): readonly string[] => {
  const ids = new Set(classes.flatMap(one => one.workloads))
  for (const workload of workloads) {
    ids.add(workload.id)
    for (const { to } of [...egressOf(workload), ...(workload.relayed ?? [])])
      if (to.kind === 'workloads') for (const id of to.ids) ids.add(id)
  }
  return [...ids].sort(compareText)
}

/** Values by content, each once, and how many characters they take. */
const tableOf = <T extends object>() => {
  const items: T[] = []
  const byText = new Map<string, number>()
  // The same object comes again and again: its text need not be made each time.
  const seen = new WeakMap<T, number>()
  let characters = 0
  const put = (value: T): number => {
    const known = seen.get(value)
    if (known !== undefined) return known
    const text = JSON.stringify(value)
    const at = byText.get(text) ?? items.length
    if (at === items.length) {
      items.push(value)
      byText.set(text, at)
      characters += text.length + 1
    }
    seen.set(value, at)
    return at
  }
  return { items, put, characters: () => characters }
}
