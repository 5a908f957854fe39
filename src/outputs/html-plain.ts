import { type Finding, type FindingsResult, SEVERITIES } from '../model/finding.ts'
import { count } from './count.ts'
import { coverageSentence } from './coverage-words.ts'
import { placeOf } from './finding-groups.ts'
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
