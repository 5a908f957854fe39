import type { GuardrailResult, PlanResult, PlanUnresolved, PlanWay } from '../model/plan.ts'
import { count } from './count.ts'
import { coverageLines } from './coverage-table.ts'
import { block, INDENT, moreLine, type Pen, penFor, type TableOptions } from './pen.ts'
import { fewOf, headlineOf, leavesNetworks, placesText, shortId, sumOf, wayOutText } from './plan-words.ts'
import { targetText, trafficText } from './reach-table.ts'
import { terminalSafe } from './text-safety.ts'
import { hanging } from './wrap.ts'

const SHOWN = 12
const NAMES_SHOWN = 3

/** The terminal's view: guardrails that do not hold, then what opens, what closes and what is not told. */
export function* renderPlanTable(result: PlanResult, options: TableOptions): Iterable<string> {
  const pen = penFor(options)
  yield* block(guardrailLines(result.guardrails, pen))
  yield* block(wayLines('GAINED', '+', result.gained, pen))
  yield* block(wayLines('LOST', '-', result.lost, pen))
  yield* block(unresolvedLines(result.unresolved, pen))
  yield* block([
    ...hanging('', pen.paint.bold(headlineOf(result)), pen.width),
    ...hanging('', terminalSafe(`${sumOf(result)}; exceptions judged on ${result.now.slice(0, 10)}`), pen.width),
  ])
  yield* block(coverageLines(result.coverage, result.diagnostics, pen))
}

const MARK = { broken: '✗', unresolved: '?', kept: '✓' } as const

const guardrailLines = (all: readonly GuardrailResult[], pen: Pen): readonly string[] => {
  const bad = all.filter(({ verdict }) => verdict !== 'kept')
  const kept = all.length - bad.length
  if (all.length === 0) return []
  const shown = pen.all ? bad : bad.slice(0, SHOWN)
  return [
    pen.paint.bold('GUARDRAILS'),
    ...shown.flatMap(one => oneGuardrail(one, pen)),
    ...moreLine(bad.length - shown.length, pen),
    ...(kept > 0 ? [`${MARK.kept} kept by ${count(kept, 'resource')} that ${kept === 1 ? 'is' : 'are'} judged`] : []),
  ]
}

const oneGuardrail = (one: GuardrailResult, pen: Pen): readonly string[] => {
  const { id, verdict, severity, address, state, file, line, why, remedy, settledBy, witness } = one
  const place = file === '' ? '' : `  (${file}${line === null ? '' : `:${line}`})`
  const told = state === 'open' ? verdict : `${verdict}, ${state}`
  const say = (label: string, text: string | null): readonly string[] =>
    text === null || text === '' ? [] : hanging(`${INDENT}${label.padEnd(8)} `, terminalSafe(text), pen.width)
  const [head = '', ...rest] = hanging(
    `${MARK[verdict]} `,
    terminalSafe(`${id} ${severity}, ${told}: ${address}${place}`),
    pen.width,
  )
  return [
    pen.paint.severity(severity, head),
    ...rest,
    ...say('rule', one.rule),
    ...say('why', why),
    ...say('witness', witness),
    ...say('settle', settledBy),
    ...say('remedy', remedy),
  ]
}

const wayLines = (title: string, mark: string, ways: readonly PlanWay[], pen: Pen): readonly string[] => {
  if (ways.length === 0) return []
  const first = ways.filter(leavesNetworks)
  const sorted = [...first, ...ways.filter(way => !leavesNetworks(way))]
  const shown = pen.all ? sorted : sorted.slice(0, SHOWN)
  return [
    pen.paint.bold(title),
    ...shown.flatMap(way => oneWay(mark, way, pen)),
    ...moreLine(sorted.length - shown.length, pen),
  ]
}

const oneWay = (mark: string, way: PlanWay, pen: Pen): readonly string[] => {
  const most = pen.all ? Number.POSITIVE_INFINITY : NAMES_SHOWN
  const { to, traffic, verdict, exit, before, because, witness, clusters, from } = way
  const perhaps = verdict === 'unknown' ? 'perhaps ' : ''
  const instead = before === null ? '' : `, and no longer by ${wayOutText(before)}`
  const head = `${placesText(way)}: ${perhaps}${targetText(to, most)}, ${trafficText(traffic)}, by ${wayOutText(exit)}${instead}`
  const say = (label: string, text: string | null): readonly string[] =>
    text === null || text === ''
      ? []
      : hanging(`${INDENT}${label.padEnd(8)} `, terminalSafe(text), pen.width).map(pen.paint.dim)
  return [
    ...hanging(`${mark} `, terminalSafe(head), pen.width),
    ...say('from', fewOf(from.map(shortId), most)),
    ...say('clusters', fewOf(clusters, most)),
    ...say('because', fewOf(because, most)),
    ...say('witness', witness),
  ]
}

const unresolvedLines = (all: readonly PlanUnresolved[], pen: Pen): readonly string[] => {
  if (all.length === 0) return []
  const most = pen.all ? Number.POSITIVE_INFINITY : NAMES_SHOWN
  const shown = pen.all ? all : all.slice(0, SHOWN)
  return [
    pen.paint.bold('NOT TOLD'),
    ...shown.flatMap(({ address, why, settledBy, from }) => [
      ...hanging('? ', terminalSafe(`${address ?? fewOf(from.map(shortId), most)}: ${why}`), pen.width),
      ...hanging(`${INDENT}settle   `, terminalSafe(settledBy), pen.width).map(pen.paint.dim),
    ]),
    ...moreLine(all.length - shown.length, pen),
  ]
}
