import type { GuardrailResult, PlanResult, PlanWay } from '../model/plan.ts'
import { count } from './count.ts'
import { placeOf } from './finding-groups.ts'
import {
  fewOf,
  headlineOf,
  isOpenResult,
  leavesNetworks,
  placesText,
  shortId,
  sumOf,
  wayOutText,
} from './plan-words.ts'
import { targetText, trafficText } from './reach-table.ts'
import { markdownCode, markdownProse, markdownText, notAFormula } from './text-safety.ts'

/** Rows of each part that a comment shows; a forge takes some 65,000 characters. */
const ROWS_SHOWN = 40
const NAMES_SHOWN = 3

/** A comment for a pull request: which guardrails do not hold, then what opens and closes. */
export function* renderPlanMarkdown(result: PlanResult): Iterable<string> {
  const { guardrails, gained, lost, unresolved, diagnostics } = result
  const open = guardrails.filter(isOpenResult)
  const settled = guardrails.filter(one => one.verdict !== 'kept' && one.state !== 'open')
  const kept = guardrails.filter(({ verdict }) => verdict === 'kept').length
  yield `### ${markdownText(headlineOf(result))}\n\n`
  for (const { file, message } of diagnostics) yield `🔶 ${markdownText(`${file}: ${message}`)}\n\n`
  yield* guardrailPart('🔶 Guardrails that do not hold', open)
  const [leaving, inside] = [gained.filter(leavesNetworks), gained.filter(way => !leavesNetworks(way))]
  yield* wayPart('🔶 Opens', leaving)
  yield* wayPart('🟢 Closes', lost)
  if (unresolved.length > 0) {
    yield '**🟡 Not told by the plan**\n\n'
    yield row(['resource', 'what', 'to settle'])
    yield row(['---', '---', '---'])
    for (const { address, from, why, settledBy } of unresolved.slice(0, ROWS_SHOWN))
      yield row([code(address ?? fewOf(from.map(shortId), NAMES_SHOWN)), prose(why), prose(settledBy)])
    yield more(unresolved.length)
  }
  if (inside.length > 0)
    yield `<details><summary>${count(inside.length, 'way')} inside networks and to services of the provider</summary>\n\n${[...wayPart('', inside)].join('')}</details>\n\n`
  if (settled.length > 0)
    yield `<details><summary>${count(settled.length, 'guardrail')} accepted or known</summary>\n\n${[...guardrailPart('', settled)].join('')}</details>\n\n`
  yield `_${markdownText(`${sumOf(result)}; guardrails kept: ${kept}. Judged on ${result.now.slice(0, 10)}: ${result.plans.join(', ')}.`)}_\n`
}

function* guardrailPart(title: string, results: readonly GuardrailResult[]): Iterable<string> {
  if (results.length === 0) return
  if (title !== '') yield `**${title}**\n\n`
  yield row(['guardrail', 'resource', 'verdict', 'why', 'remedy', 'where'])
  yield row(['---', '---', '---', '---', '---', '---'])
  for (const one of results.slice(0, ROWS_SHOWN)) {
    const settle = one.settledBy === null ? '' : `; to settle: ${one.settledBy}`
    yield row([
      `${cell(one.id)} ${cell(one.rule)}`,
      code(one.address),
      one.state === 'open' ? one.verdict : `${one.verdict}, ${one.state}`,
      prose(`${one.why ?? ''}${settle}`),
      prose(one.remedy ?? ''),
      one.file === '' ? '' : code(placeOf(one)),
    ])
  }
  yield more(results.length)
}

function* wayPart(title: string, ways: readonly PlanWay[]): Iterable<string> {
  if (ways.length === 0) return
  if (title !== '') yield `**${title}**\n\n`
  yield row(['from', 'to', 'traffic', 'way out', 'before', 'because', 'witness'])
  yield row(['---', '---', '---', '---', '---', '---', '---'])
  for (const way of ways.slice(0, ROWS_SHOWN))
    yield row([
      `${cell(placesText(way))}: ${cell(fewOf([...way.from.map(shortId), ...way.clusters], NAMES_SHOWN))}`,
      `${way.verdict === 'unknown' ? 'perhaps ' : ''}${cell(targetText(way.to, NAMES_SHOWN))}`,
      cell(trafficText(way.traffic)),
      cell(wayOutText(way.exit)),
      way.before === null ? '' : cell(wayOutText(way.before)),
      cell(fewOf(way.because, NAMES_SHOWN)),
      way.witness === null ? '' : code(way.witness),
    ])
  yield more(ways.length)
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
const more = (all: number): string => (all > ROWS_SHOWN ? `\n${all - ROWS_SHOWN} more are in the json.\n\n` : '\n')
const cell = (text: string): string => markdownText(notAFormula(text))
const code = (text: string): string => markdownCode(notAFormula(text))
const prose = (text: string): string => markdownProse(notAFormula(text))
