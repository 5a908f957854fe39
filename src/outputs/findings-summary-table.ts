import { type Finding, type FindingsResult, SEVERITIES } from '../model/finding.ts'
import { count } from './count.ts'
import { grid } from './grid.ts'
import { INDENT, moreLine, OBJECTS_SHOWN, type Pen, rule } from './pen.ts'
import { terminalSafe } from './text-safety.ts'
import { hanging } from './wrap.ts'

/** What somebody signed for, and what was known before: listed, never shouted. */
export const settledLines = (findings: readonly Finding[], pen: Pen): readonly string[] => {
  const { paint, width } = pen
  const accepted = findings.filter(finding => finding.state === 'accepted')
  const baseline = findings.filter(finding => finding.state === 'baseline')
  const shown = pen.all ? accepted : accepted.slice(0, OBJECTS_SHOWN)
  const out: string[] = []
  if (accepted.length > 0) out.push(...rule('ACCEPTED', count(accepted.length, 'finding'), pen, paint.bold))
  for (const finding of shown) {
    out.push(...hanging(`${terminalSafe(finding.id)}  `, terminalSafe(finding.object), width))
    if (finding.exception === null) continue
    const { name, owner, expires, ticket, justification } = finding.exception
    const signed = [`${name}, by ${owner}`, `until ${expires}`, ...(ticket === null ? [] : [ticket]), justification]
    out.push(...hanging(`${INDENT}${INDENT}`, terminalSafe(signed.join(' · ')), width).map(paint.dim))
  }
  out.push(...moreLine(accepted.length - shown.length, pen))
  if (baseline.length === 0) return out
  if (out.length > 0) out.push('')
  out.push(...rule('BASELINE', `${count(baseline.length, 'finding')} known before`, pen, paint.bold))
  if (pen.all)
    for (const finding of baseline)
      out.push(...hanging(`${terminalSafe(finding.id)}  `, terminalSafe(finding.object), width))
  else out.push(paint.dim(`${INDENT}--all lists them`))
  return out
}

export const summaryLines = (result: FindingsResult, pen: Pen): readonly string[] => {
  const { summary } = result
  const open = SEVERITIES.reduce((sum, severity) => sum + summary.open[severity], 0)
  const bySeverity = SEVERITIES.filter(severity => summary.open[severity] > 0).map(
    severity => `${summary.open[severity]} ${severity}`,
  )
  const clusters = count(summary.clusters.length, 'cluster')
  const headline =
    result.coverage.objects === 0
      ? 'nothing was read, so nothing was judged'
      : result.findings.length === 0
        ? `no findings: no check fired on ${count(result.coverage.objects, 'object')} in ${clusters}`
        : `${open === 0 ? 'no open findings' : `${count(open, 'open finding')} (${bySeverity.join(', ')})`} in ${clusters}`
  const tail = [
    ...(summary.accepted > 0 ? [`${summary.accepted} accepted`] : []),
    ...(summary.baseline > 0 ? [`${summary.baseline} in the baseline`] : []),
    `expiry judged on ${terminalSafe(result.now)}`,
  ]
  const table =
    summary.clusters.length === 0
      ? []
      : grid(
          [
            { header: 'cluster' },
            { header: 'workloads', align: 'right' },
            ...SEVERITIES.map(severity => ({ header: severity, align: 'right' as const })),
          ],
          [
            ...summary.clusters.map(item => [
              terminalSafe(item.cluster),
              String(item.workloads),
              ...SEVERITIES.map(severity => numberOf(item.open[severity])),
            ]),
            ...besideClusters(result.findings),
          ],
          pen.width - INDENT.length,
          pen.paint.dim,
        ).map(line => INDENT + line)
  return [
    ...hanging(`SUMMARY  `, `${headline}, ${tail.join(', ')}`, pen.width).map((line, i) =>
      i === 0 ? line.replace('SUMMARY', pen.paint.bold('SUMMARY')) : line,
    ),
    ...table,
  ]
}

const numberOf = (count: number): string => (count === 0 ? '·' : String(count))

/** Networks, intents and what else belongs to no cluster. */
const besideClusters = (findings: readonly Finding[]): readonly (readonly string[])[] => {
  const open = findings.filter(({ cluster, state }) => cluster === '-' && state === 'open')
  return open.length === 0
    ? []
    : [
        [
          'in no cluster',
          '·',
          ...SEVERITIES.map(severity => numberOf(open.filter(one => one.severity === severity).length)),
        ],
      ]
}
