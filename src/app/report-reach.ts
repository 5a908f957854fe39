import type { Cluster } from '../model/cluster.ts'
import type { ExitsMap } from '../model/exits-map.ts'
import type { Finding } from '../model/finding.ts'
import { idOf } from '../model/identity.ts'
import { compareText } from '../model/order.ts'
import type { ReachResult } from '../model/reach.ts'
import type { Workload } from '../model/workload.ts'
import { linkStatesIn } from './exits-declared.ts'
import { exitsMapOf } from './exits-map.ts'
import { dayOf } from './intent.ts'
import { parseLabelSelector } from './label-selector.ts'
import type { LoadedEstate } from './load.ts'
import type { PossibleOptions } from './possible.ts'
import { reach } from './reach.ts'

export interface ReportReachOptions extends PossibleOptions {
  readonly namespaces: readonly string[]
  readonly selector: string | null
  /** Worst first: their objects are the last to be left out. */
  readonly findings: readonly Finding[]
  /** No bound. */
  readonly all: boolean
  /** On this day the exits are held against what is declared; without one they are not. */
  readonly now?: string
}

/**
 * A workload costs about as many steps as its cluster has workloads and Services, the ends that it is asked about: two million
 * are half a minute. Past them a report leaves workloads out, and names them. 14,000 workloads in clusters of 100 fit.
 */
export const REPORT_STEPS_MAX = 2_000_000

export interface ReportReach {
  readonly result: ReachResult
  readonly leftOut: readonly string[]
  readonly bounded: boolean
  readonly exits: ExitsMap
}

/** What each workload can reach, for a report: denied regions, too; as many workloads as the bound allows. */
export const reachForReport = (
  loaded: LoadedEstate,
  options: ReportReachOptions,
  most = REPORT_STEPS_MAX,
): ReportReach => {
  const { estate } = loaded
  const { chosen, leftOut } = chosenIn(estate.clusters, options, options.all ? Number.POSITIVE_INFINITY : most)
  const result = reach(loaded, { ...options, all: true, wants: ({ workload }) => chosen.has(workload) })
  const intents = options.now === undefined ? 0 : estate.intents.intents.length
  const exits = exitsMapOf(
    result.workloads,
    { networkWasRead: estate.fabric.interfaces.length > 0, intents, leftOut: leftOut.length },
    options.now === undefined || intents === 0 ? null : linkStatesIn(estate, dayOf(options.now), options.profile),
  )
  return { result, leftOut, bounded: !options.all, exits }
}

/** Workloads with findings first, worst first; then by id. */
const chosenIn = (
  clusters: readonly Cluster[],
  { namespaces, selector, findings }: ReportReachOptions,
  most: number,
): { readonly chosen: ReadonlySet<Workload>; readonly leftOut: readonly string[] } => {
  const carries = selector === null ? null : parseLabelSelector(selector)
  const rank = new Map([...new Set(findings.map(finding => finding.object))].map((id, i) => [id, i]))
  const wanted = clusters
    .flatMap(({ workloads, services }) =>
      workloads.map(workload => ({
        workload,
        id: idOf(workload.ref),
        steps: workloads.length + services.length,
      })),
    )
    .filter(
      ({ workload }) =>
        (namespaces.length === 0 || namespaces.includes(workload.namespace)) &&
        (carries === null || carries(workload.labels) || carries(workload.shape.labels)),
    )
    .sort((a, b) => (rank.get(a.id) ?? rank.size) - (rank.get(b.id) ?? rank.size) || compareText(a.id, b.id))
  const chosen = new Set<Workload>()
  const leftOut: string[] = []
  let left = most
  for (const { workload, id, steps } of wanted) {
    left -= steps
    if (left >= 0) chosen.add(workload)
    else leftOut.push(id)
  }
  return { chosen, leftOut: leftOut.sort(compareText) }
}
