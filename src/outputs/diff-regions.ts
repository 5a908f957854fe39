import type { DiffResult, ExitChange, RegionChange } from '../model/diff.ts'
import type { Exit, ReachTarget } from '../model/reach.ts'
import { count } from './count.ts'
import { grid } from './grid.ts'
import { INDENT, moreLine, type Pen, rule } from './pen.ts'
import { targetText, trafficText, verdictText } from './reach-table.ts'
import { markdownText, terminalSafe } from './text-safety.ts'
import { hanging } from './wrap.ts'

/** The regions of one workload that were gained, or lost, the most severe first. */
export interface ChangedWorkload {
  readonly workload: string
  readonly variant: string | null
  readonly regions: readonly RegionChange[]
}

/** Where a region leads, the most severe first: what is furthest from the fleet and what gives credentials away. */
const SEVEREST = [
  'internet',
  'names',
  'metadata',
  'peer-network',
  'on-premises',
  'network',
  'private',
  'link-local',
  'resolver',
  'apiserver',
  'nodes',
  'service',
  'workloads',
  'class',
  'reserved',
]

const rankOf = (to: ReachTarget): number => {
  const rank = SEVEREST.indexOf(to.kind === 'addresses' ? to.zone : to.kind)
  return rank < 0 ? SEVEREST.length : rank
}

const VERDICTS = ['allowed', 'unknown', 'denied']

/** Sorting keeps the order of the result where two regions are as severe. */
const bySeverity = (a: RegionChange, b: RegionChange): number =>
  VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) || rankOf(a.to) - rankOf(b.to)

export const changedWorkloads = (regions: readonly RegionChange[]): readonly ChangedWorkload[] =>
  [...Map.groupBy(regions, ({ workload, variant }) => JSON.stringify([workload, variant])).values()]
    .flatMap((own): readonly ChangedWorkload[] => {
      const [first] = own
      return first === undefined
        ? []
        : [{ workload: first.workload, variant: first.variant, regions: own.toSorted(bySeverity) }]
    })
    .sort((a, b) => bySeverity(a.regions[0] as RegionChange, b.regions[0] as RegionChange))

/** Workloads and their regions that a reader is shown before asking for all. */
const WORKLOADS_SHOWN = 20
const REGIONS_SHOWN = 12
const RANGES_SHOWN = 3

export function* regionBlocks(
  title: string,
  mark: string,
  regions: readonly RegionChange[],
  pen: Pen,
): Iterable<string> {
  if (regions.length === 0) return
  yield `${pen.paint.bold(title)}\n`
  const workloads = changedWorkloads(regions)
  const shown = pen.all ? workloads : workloads.slice(0, WORKLOADS_SHOWN)
  for (const one of shown) yield `${workloadLines(one, mark, pen).join('\n')}\n`
  for (const line of moreLine(workloads.length - shown.length, pen)) yield `${line}\n`
  yield '\n'
}

/** Regions that stay and leave by another way. */
export function* exitBlock(changes: readonly ExitChange[], pen: Pen): Iterable<string> {
  if (changes.length === 0) return
  yield `${pen.paint.bold('OTHER WAY OUT')}\n`
  for (const change of changes)
    for (const line of hanging('~ ', exitText(change, pen.all ? Number.POSITIVE_INFINITY : RANGES_SHOWN), pen.width))
      yield `${line}\n`
  yield '\n'
}

const exitText = ({ workload, to, traffic, before, after }: ExitChange, ranges: number): string =>
  terminalSafe(
    `${workload}  ${targetText(to, ranges)}  ${trafficText(traffic)}  ${wayText(before)} → ${wayText(after)}`,
  )

const wayText = ({ kind, id }: Exit): string => (id === null ? kind : `${kind} ${id}`)

export const exitMarkdown = (changes: readonly ExitChange[]): readonly string[] =>
  changes.slice(0, ROWS_SHOWN).map(change => `- ${markdownText(exitText(change, RANGES_SHOWN))}\n`)

const workloadLines = ({ workload, variant, regions }: ChangedWorkload, mark: string, pen: Pen): readonly string[] => {
  const shown = pen.all ? regions : regions.slice(0, REGIONS_SHOWN)
  const ranges = pen.all ? Number.POSITIVE_INFINITY : RANGES_SHOWN
  const rows = shown.map(region => [
    mark,
    verdictText(region),
    targetText(region.to, ranges),
    trafficText(region.traffic),
  ])
  const columns = ['', 'VERDICT', 'TO', 'TRAFFIC'].map(header => ({ header }))
  const name = `${terminalSafe(workload)}${variant === null ? '' : ` (${terminalSafe(variant)})`}`
  return [
    ...rule(name, '', pen, text => text),
    ...grid(columns, rows, pen.width, pen.paint.dim),
    ...moreLine(regions.length - shown.length, pen),
    ...witnessLines(regions[0]?.witness ?? null, pen),
  ]
}

/** One packet that shows it, of the most severe region. */
const witnessLines = (witness: string | null, pen: Pen): readonly string[] =>
  witness === null ? [] : hanging(INDENT, terminalSafe(`for one: ${witness}`), pen.width).map(pen.paint.dim)

/** `3 regions gained by 2 workloads, 1 lost by 1 workload` */
export const regionSummary = ({ gained, lost }: Pick<DiffResult, 'gained' | 'lost'>): string => {
  const by = (regions: readonly RegionChange[]): string =>
    regions.length === 0 ? '' : ` by ${count(new Set(regions.map(region => region.workload)).size, 'workload')}`
  return gained.length + lost.length === 0
    ? 'no workload reaches more or less than before'
    : `${count(gained.length, 'region')} gained${by(gained)}, ${lost.length} lost${by(lost)}`
}

/** Forges cut a comment at some tens of thousands of characters. */
const ROWS_SHOWN = 100

export function* regionMarkdown(mark: string, regions: readonly RegionChange[]): Iterable<string> {
  const all = changedWorkloads(regions).flatMap(one => one.regions)
  for (const region of all.slice(0, ROWS_SHOWN)) {
    const cells = [
      mark,
      region.variant === null ? region.workload : `${region.workload} (${region.variant})`,
      targetText(region.to, RANGES_SHOWN),
      trafficText(region.traffic),
      verdictText(region),
      region.witness ?? '',
    ]
    yield `| ${cells.map(markdownText).join(' | ')} |\n`
  }
  if (all.length > ROWS_SHOWN) yield `| ${mark} | ${all.length - ROWS_SHOWN} more: \`-o json\` lists them | | | | |\n`
}
