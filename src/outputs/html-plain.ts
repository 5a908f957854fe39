import type { ExitsMap, MapExit } from '../model/exits-map.ts'
import { type Finding, type FindingsResult, SEVERITIES } from '../model/finding.ts'
import type { ReachEntry, Verdict, WorkloadReach } from '../model/reach.ts'
import { count } from './count.ts'
import { coverageSentence } from './coverage-words.ts'
import { placeOf } from './finding-groups.ts'
import { egressIn, type ReachSection } from './html-reach.ts'
import { notAFormula, htmlText as text } from './text-safety.ts'

/** The findings as plain HTML: what a reader without script, a text browser or `grep` finds in the report. */

const cell = (value: string): string => `<td>${text(notAFormula(value))}</td>`
const head = (headers: readonly string[]): string =>
  `<thead><tr>${headers.map(header => `<th scope="col">${text(header)}</th>`).join('')}</tr></thead>\n`

export function* plainSummary(result: FindingsResult): Iterable<string> {
  const { summary, findings, coverage, now } = result
  const open = SEVERITIES.reduce((sum, severity) => sum + summary.open[severity], 0)
  yield '<h1>Ways out of the fleet</h1>\n'
  yield `<p>${count(open, 'open finding')}, ${summary.accepted} accepted, ${summary.baseline} in the baseline. Expiry judged on ${text(now)}.</p>\n`
  yield `<table>\n<caption>Clusters</caption>\n${head(['Cluster', 'Workloads', ...SEVERITIES])}<tbody>\n`
  for (const item of summary.clusters) {
    yield `<tr>${cell(item.cluster)}<td>${item.workloads}</td>${SEVERITIES.map(severity => `<td>${item.open[severity]}</td>`).join('')}</tr>\n`
  }
  yield '</tbody>\n</table>\n'
  yield findings.length === 0
    ? `<p>No check fired.</p>\n`
    : `<table>\n<caption>Findings</caption>\n${head(HEADERS)}<tbody>\n`
  for (const finding of findings) yield findingRow(finding)
  if (findings.length > 0) yield '</tbody>\n</table>\n'
  yield `<p>${text(coverageSentence(coverage))}; ${count(coverage.gaps.length, 'read')} did not happen.</p>\n`
}

const HEADERS = ['Severity', 'Check', 'State', 'Object', 'Owner', 'Where', 'What', 'Why', 'Remedy']

const findingRow = (finding: Finding): string =>
  `<tr>${[
    finding.severity,
    finding.id,
    finding.state,
    finding.object,
    finding.owner ?? 'none',
    placeOf(finding),
    finding.title,
    finding.why,
    finding.remedy,
  ]
    .map(cell)
    .join('')}</tr>\n`

/** A line a workload; a browser without script need not lay out more. */
const PLAIN_WORKLOADS_MAX = 1000

/** What each workload can reach, in short: the regions with their reasons need script, or `postern reach`. */
export function* plainReach({ result, leftOut }: ReachSection): Iterable<string> {
  const shown = result.workloads.slice(0, PLAIN_WORKLOADS_MAX)
  const egressOf = egressIn(result)
  if (shown.length > 0) {
    yield `<table>\n<caption>What each workload can reach</caption>\n${head(['Workload', 'Allowed', 'Not known', 'Denied'])}<tbody>\n`
    for (const workload of shown) yield reachRow(workload, [...egressOf(workload), ...(workload.relayed ?? [])])
    yield '</tbody>\n</table>\n'
  }
  const missing = result.workloads.length - shown.length + leftOut.length
  if (missing > 0)
    yield `<p>${count(missing, 'workload')} left out here: ask <code>postern reach --from ID</code>.</p>\n`
}

/** The map of exits, of each cluster by namespace. */
export function* plainExits({ exits, scenes, networkWasRead }: ExitsMap): Iterable<string> {
  const links = scenes.flatMap(({ cluster, sources, links: own }) =>
    cluster === null ? [] : own.map(link => ({ ...link, from: `${cluster}/${sources[link.source]?.name ?? ''}` })),
  )
  if (links.length > 0) {
    yield `<table>\n<caption>Ways out of the fleet</caption>\n${head(['From', 'Way out', 'The world sees', 'Workloads', 'Declared'])}<tbody>\n`
    for (const { from, exit, workloads, state } of links.slice(0, PLAIN_WORKLOADS_MAX)) {
      const to = exits[exit]
      const seen = to?.addresses.join(', ') ?? ''
      yield `<tr>${[from, exitText(to), seen, String(workloads), state ?? 'not held against intents'].map(cell).join('')}</tr>\n`
    }
    yield '</tbody>\n</table>\n'
  }
  if (links.length > PLAIN_WORKLOADS_MAX)
    yield `<p>${count(links.length - PLAIN_WORKLOADS_MAX, 'line')} of this table left out.</p>\n`
  if (!networkWasRead)
    yield '<p>No document of the network under the clusters was read: saved output of the cloud’s own command line, or a Terraform plan or state, would tell where packets leave.</p>\n'
}

const exitText = (exit: MapExit | undefined): string =>
  exit === undefined || exit.kind === 'unknown'
    ? 'not known'
    : [exit.kind.replaceAll('-', ' '), exit.id ?? (exit.cluster === null ? '' : `of ${exit.cluster}`)].join(' ').trim()

const reachRow = ({ id, variant }: WorkloadReach, entries: readonly ReachEntry[]): string => {
  const placesOf = (verdict: Verdict): string => {
    const places = new Map<string, number>()
    for (const { to, verdict: own } of entries) {
      if (own !== verdict) continue
      const place = to.kind === 'addresses' ? to.zone : PLACES[to.kind]
      places.set(place, (places.get(place) ?? 0) + (to.kind === 'workloads' ? to.ids.length : 1))
    }
    return [...places].map(([place, n]) => (COUNTED.has(place) ? `${place} (${n})` : place)).join(', ')
  }
  const name = variant === null ? id : `${id} (${variant})`
  return `<tr>${[name, placesOf('allowed'), placesOf('unknown'), placesOf('denied')].map(cell).join('')}</tr>\n`
}

const COUNTED = new Set(['workloads', 'services'])

const PLACES = {
  names: 'names',
  workloads: 'workloads',
  service: 'services',
  nodes: 'nodes',
  apiserver: 'kube-apiserver',
  class: 'workloads',
} as const
