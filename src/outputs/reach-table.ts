import type {
  Because,
  Exit,
  Layer,
  ReachEntry,
  ReachResult,
  ReachTarget,
  TrafficText,
  WorkloadReach,
} from '../model/reach.ts'
import { coverageLines } from './coverage-table.ts'
import { grid } from './grid.ts'
import { block, INDENT, moreLine, type Pen, penFor, rule, type TableOptions } from './pen.ts'
import { terminalSafe } from './text-safety.ts'
import { wrap } from './wrap.ts'

export interface ReachTableOptions extends TableOptions {
  /** Reasons, too. */
  readonly wide: boolean
}

/** The terminal's view of what each workload can reach: a heading a workload, a line a region. */
export function* renderReachTable(result: ReachResult, options: ReachTableOptions): Iterable<string> {
  const pen = penFor(options)
  for (const workload of result.workloads) yield* block(workloadLines(workload, options.wide, pen))
  yield* block(coverageLines(result.coverage, result.diagnostics, pen))
}

const workloadLines = (workload: WorkloadReach, wide: boolean, pen: Pen): readonly string[] => {
  const { paint } = pen
  const variant = workload.variant === null ? '' : ` (${terminalSafe(workload.variant)})`
  const note = workload.hostNetwork ? 'host network' : ''
  const entries = workload.egress ?? []
  // What nobody can tell of a relay is mostly long and seldom asked for.
  const ways = workload.relayed ?? []
  const relayed = pen.all ? ways : ways.filter(entry => entry.verdict === 'allowed')
  const most = pen.all ? Number.POSITIVE_INFINITY : 3
  const isKnown = entries.some(({ exit }) => !UNTOLD_EXITS.includes(exit.kind))
  const line = (entry: ReachEntry, to: string): readonly string[] => [
    verdictText(entry),
    to,
    trafficText(entry.traffic),
    ...(isKnown ? [exitText(entry.exit)] : []),
  ]
  const rows = [
    ...entries.map(entry => line(entry, targetText(entry.to, most))),
    ...relayed.map(entry => line(entry, `${targetText(entry.to, most)} through ${relaysOf(entry)}`)),
  ]
  const columns = [
    { header: 'VERDICT' },
    { header: 'TO' },
    { header: 'TRAFFIC' },
    ...(isKnown ? [{ header: 'EXIT' }] : []),
  ]
  const reasons = wide ? entries.flatMap(entry => reasonLines(entry, pen)) : []
  return [
    ...rule(`${terminalSafe(workload.id)}${variant}`, note, pen, paint.bold),
    ...(rows.length === 0 ? [`${INDENT}nothing may leave`] : grid(columns, rows, pen.width, paint.dim)),
    ...moreLine(ways.length - relayed.length, pen),
    ...(workload.layers === undefined ? [] : layerLines(workload.layers, pen)),
    ...reasons,
  ]
}

const UNTOLD_EXITS: readonly Exit['kind'][] = ['unknown', 'in-cluster']

/** `nat nat-0ab as 203.0.113.7` */
export const exitText = ({ kind, id, sourceAddresses }: Exit): string => {
  if (UNTOLD_EXITS.includes(kind)) return ''
  const name = id === null ? '' : ` ${terminalSafe(id.slice(id.lastIndexOf('/') + 1))}`
  const seen = sourceAddresses.length === 0 ? '' : ` as ${listed(sourceAddresses, 3)}`
  return `${kind}${name}${seen}`
}

/** What one document alone holds closed. */
const layerLines = (layers: readonly Layer[], pen: Pen): readonly string[] => {
  const most = pen.all ? Number.POSITIVE_INFINITY : 1
  const rows = layers.flatMap(({ object, opens }) =>
    opens.map((entry, i) => [
      i === 0 ? terminalSafe(object) : '',
      targetText(entry.to, most),
      trafficText(entry.traffic),
    ]),
  )
  return rows.length === 0
    ? [`${INDENT}no document alone holds anything closed`]
    : ['', ...grid([{ header: 'WITHOUT' }, { header: 'OPENS' }, { header: 'TRAFFIC' }], rows, pen.width, pen.paint.dim)]
}

/** The relays of a way, in the order in which a packet meets them. */
export const relaysOf = ({ path }: Pick<ReachEntry, 'path'>): string =>
  path
    .filter(({ hop }) => hop === 'relay')
    .map(({ id }) => terminalSafe(id))
    .join(', then ')

export const verdictText = ({ verdict, enforcement }: Pick<ReachEntry, 'verdict' | 'enforcement'>): string =>
  enforcement === 'enforced' || enforcement === verdict ? verdict : `${verdict} (${enforcement})`

/** `internet 1.0.0.0-9.255.255.255 and 12 more` */
export const targetText = (to: ReachTarget, most: number): string => {
  switch (to.kind) {
    case 'addresses':
      return `${to.zone} ${listed(to.ranges, most)}`
    case 'names':
      return `names ${listed(to.patterns, most)}`
    case 'workloads':
      return `workloads ${listed(to.ids, most)}`
    case 'service':
      return `service ${terminalSafe(to.id)}`
    case 'nodes':
      return `${to.nodes === 'own' ? 'its own node' : 'other nodes'}`
    case 'apiserver':
      return 'kube-apiserver'
    case 'class':
      return `class ${to.id}`
  }
}

const listed = (items: readonly string[], most: number): string => {
  const more = items.length - most
  const shown = items.slice(0, most).map(terminalSafe).join(', ')
  return more > 0 ? `${shown} and ${more} more` : shown
}

/** `TCP 80,443; UDP all; ICMP 8/0` */
export const trafficText = (traffic: readonly TrafficText[]): string =>
  isEverything(traffic)
    ? 'everything'
    : traffic
        .map(({ protocol, ports, types }) => {
          const of = ports ?? types
          return of === undefined ? protocol : `${protocol} ${of === '1-65535' || of === '*' ? 'all' : of}`
        })
        .join('; ')

const isEverything = (traffic: readonly TrafficText[]): boolean =>
  traffic.length === 6 && traffic.every(({ ports = '1-65535', types = '*' }) => ports === '1-65535' && types === '*')

const reasonLines = (entry: ReachEntry, pen: Pen): readonly string[] => [
  ...wrap(`${INDENT}${verdictText(entry)} ${targetText(entry.to, 1)}:`, pen.width).map(pen.paint.dim),
  ...entry.because.flatMap(reason => wrap(`${INDENT}${INDENT}${becauseText(reason)}`, pen.width)),
]

/** `spec.egress[0] of c1/default/NetworkPolicy/web (np.yaml:12): egress rule allows` */
export const becauseText = ({ object, file, line, rule: path, says }: Because): string => {
  if (object === null) return says
  const place = file === null || file === '' ? '' : ` (${terminalSafe(file)}${line === null ? '' : `:${line}`})`
  return `${path === null || path === '' ? '' : `${path} of `}${terminalSafe(object)}${place}: ${says}`
}
