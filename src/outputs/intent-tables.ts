import type { DeclaredEntry, DeclaredResult, LintResult } from '../model/declared.ts'
import { count } from './count.ts'
import { coverageLines } from './coverage-table.ts'
import { grid } from './grid.ts'
import { block, INDENT, type Pen, penFor, rule, type TableOptions } from './pen.ts'
import { trafficText } from './reach-table.ts'
import { terminalSafe } from './text-safety.ts'
import { wrap } from './wrap.ts'

/** Problems by file, as a linter prints them. */
export function* renderLint(result: LintResult, options: TableOptions): Iterable<string> {
  const pen = penFor(options)
  for (const [file, problems] of Map.groupBy(result.problems, problem => problem.file)) {
    yield* block([
      pen.paint.bold(terminalSafe(file)),
      ...problems.flatMap(({ line, severity, object, path, says, remedy }) => [
        ...wrap(`${line ?? '-'}  ${severity}  ${terminalSafe(object)} ${terminalSafe(path)}`, pen.width - 2).map(
          text => `${INDENT}${text}`,
        ),
        ...wrap(`${terminalSafe(says)}: ${terminalSafe(remedy)}`, pen.width - 4).map(
          text => `${INDENT}${INDENT}${text}`,
        ),
      ]),
    ])
  }
  const documents = Object.values(result.documents).reduce((sum, number) => sum + number, 0)
  const kinds = Object.entries(result.documents).flatMap(([kind, number]) =>
    number === 0 ? [] : [`${number} ${kind}`],
  )
  const read = documents === 0 ? 'No intent was read.' : `${count(documents, 'document')} read: ${kinds.join(', ')}.`
  const found = result.problems.length === 0 ? 'No problem.' : `${count(result.problems.length, 'problem')}.`
  yield* block(wrap(`${read} ${found}`, pen.width))
  yield* block(coverageLines(result.coverage, result.diagnostics, pen))
}

/** What is declared, by workload. */
export function* renderDeclared(result: DeclaredResult, options: TableOptions): Iterable<string> {
  const pen = penFor(options)
  for (const { id, variant, owner, allow } of result.workloads) {
    if (allow.length === 0 && !pen.all) continue
    const title = `${terminalSafe(id)}${variant === null ? '' : ` (${terminalSafe(variant)})`}`
    yield* block([...rule(title, terminalSafe(owner ?? 'no owner'), pen, pen.paint.bold), ...entries(allow, pen)])
  }
  for (const { intent, from, allow } of result.others) {
    const who = Object.entries(from).map(([key, values]) => `${key} ${values.join(', ')}`)
    yield* block([
      ...rule(terminalSafe(intent), 'speaks of nobody here', pen, pen.paint.bold),
      ...wrap(terminalSafe(who.length === 0 ? 'whom it speaks of cannot be read' : who.join('; ')), pen.width - 2).map(
        text => `${INDENT}${text}`,
      ),
      ...entries(allow, pen),
    ])
  }
  const silent = result.workloads.filter(({ allow }) => allow.length === 0).length
  if (silent > 0)
    yield* block(
      wrap(`Nothing is declared for ${count(silent, 'workload')}${pen.all ? '' : ' (--all lists them)'}.`, pen.width),
    )
  yield* block(coverageLines(result.coverage, result.diagnostics, pen))
}

const entries = (allow: readonly DeclaredEntry[], pen: Pen): readonly string[] =>
  allow.length === 0
    ? [`${INDENT}nothing`]
    : grid(
        [{ header: 'TO' }, { header: 'TRAFFIC' }, { header: 'VIA' }, { header: 'UNTIL' }, { header: 'INTENT' }],
        allow.map(entry => [
          terminalSafe(placesOf(entry).join(', ')),
          trafficText(entry.traffic),
          terminalSafe(entry.via ?? 'any'),
          entry.expires ?? entry.reviewBy ?? '-',
          terminalSafe(`${entry.file}${entry.line === null ? '' : `:${entry.line}`}`),
        ]),
        pen.width,
        pen.paint.dim,
      )

const placesOf = ({ to }: DeclaredEntry): readonly string[] => [
  ...to.names,
  ...to.ranges,
  ...to.services.map(service => `svc:${service}`),
  ...to.workloads,
  ...(to.privateEndpoint === null ? [] : [`endpoint ${to.privateEndpoint}`]),
]
