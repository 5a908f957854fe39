import { type Finding, type FindingsResult, SEVERITIES, type Severity } from '../model/finding.ts'
import { count } from './count.ts'
import { coverageLines } from './coverage-table.ts'
import { displayWidth, padEnd } from './display-width.ts'
import { type FindingGroup, groupsOf, placeOf } from './finding-groups.ts'
import { settledLines, summaryLines } from './findings-summary-table.ts'
import { grid, naturalWidth } from './grid.ts'
import {
  block,
  INDENT,
  moreLine,
  OBJECTS_SHOWN,
  type Pen,
  PROSE_WIDTH,
  penFor,
  rule,
  type TableOptions,
} from './pen.ts'
import { terminalSafe } from './text-safety.ts'
import { hanging, wrap } from './wrap.ts'

/** The terminal's view: what is worst first, each check once with its objects, then the sum and what was not read. */
export function* renderFindingsTable(result: FindingsResult, options: TableOptions): Iterable<string> {
  const pen = penFor(options)
  const open = result.findings.filter(finding => finding.state === 'open')
  for (const severity of SEVERITIES) {
    const groups = groupsOf(open.filter(finding => finding.severity === severity))
    if (groups.length === 0) continue
    yield* block(severityHeading(severity, groups, pen))
    for (const group of groups) yield* block(groupLines(group, pen))
  }
  yield* block(settledLines(result.findings, pen))
  yield* block(summaryLines(result, pen))
  yield* block(coverageLines(result.coverage, result.diagnostics, pen))
}

const severityHeading = (severity: Severity, groups: readonly FindingGroup[], pen: Pen): readonly string[] => {
  const total = groups.reduce((sum, group) => sum + group.findings.length, 0)
  return rule(severity.toUpperCase(), count(total, 'finding'), pen, text => pen.paint.severity(severity, text))
}

const groupLines = (group: FindingGroup, pen: Pen): readonly string[] => {
  const { paint, width } = pen
  const shown = pen.all ? group.findings : group.findings.slice(0, OBJECTS_SHOWN)
  const more = group.findings.length - shown.length
  const [first] = group.findings
  const id = terminalSafe(group.id)
  const title = wrap(
    `${terminalSafe(group.title)} (${count(group.findings.length, 'object')})`,
    width - displayWidth(id) - 2,
  )
  const same = (pick: (finding: Finding) => string): boolean =>
    group.findings.every(finding => first !== undefined && pick(finding) === pick(first))
  const differ = !(same(finding => finding.why) && same(finding => finding.remedy))
  const eachSaysItsOwn = differ && pen.all
  return [
    ...title.map((line, i) =>
      i === 0
        ? `${paint.severity(group.severity, id)}  ${paint.bold(line)}`
        : `${' '.repeat(displayWidth(id) + 2)}${paint.bold(line)}`,
    ),
    ...(eachSaysItsOwn
      ? shown.flatMap(finding => [...objectLines([finding], pen), ...proseLines(finding, pen, '    ')])
      : objectLines(shown, pen)),
    ...moreLine(more, pen),
    ...(eachSaysItsOwn || first === undefined ? [] : proseLines(first, pen, INDENT)),
    ...(differ && !pen.all ? [paint.dim(`${INDENT}        (worded for the first object; --all words each)`)] : []),
  ]
}

const ownerOf = (finding: Finding): string => (finding.owner === null ? 'no owner' : terminalSafe(finding.owner))

const OBJECT_COLUMNS = [{ header: 'object' }, { header: 'owner' }, { header: 'witness' }, { header: 'where' }] as const

/** One line an object where that fits, else the object and its owner, and below them what proves it and where. */
const objectLines = (findings: readonly Finding[], pen: Pen): readonly string[] => {
  const { paint } = pen
  const room = pen.width - INDENT.length
  const stacked = Math.min(pen.width, PROSE_WIDTH) - INDENT.length
  const rows = findings.map(finding => [
    terminalSafe(finding.object),
    ownerOf(finding),
    finding.witness === null ? '' : terminalSafe(finding.witness),
    terminalSafe(placeOf(finding)),
  ])
  if (naturalWidth(OBJECT_COLUMNS, rows) <= room) {
    return grid(OBJECT_COLUMNS, rows, room, paint.dim).map(line => INDENT + line)
  }
  return rows.flatMap(([object = '', owner = '', witness = '', place = '']) => {
    const gap = stacked - displayWidth(object) - displayWidth(owner)
    const head =
      gap >= 2
        ? [`${INDENT}${object}${' '.repeat(gap)}${paint.dim(owner)}`]
        : [...hanging(INDENT, object, pen.width), ...hanging(INDENT + INDENT, owner, pen.width).map(paint.dim)]
    const details = [witness, place].filter(text => text !== '')
    const joined = details.join('  ·  ')
    const tail = displayWidth(joined) <= room - 2 && joined !== '' ? [joined] : details
    return [...head, ...tail.flatMap(text => hanging(INDENT + INDENT, text, pen.width)).map(paint.dim)]
  })
}

/** Text of the check itself may have line breaks; each line is wrapped for itself. */
const proseLines = (finding: Finding, pen: Pen, indent: string): readonly string[] => {
  const width = Math.min(pen.width, PROSE_WIDTH)
  const labelled = (label: string, text: string): readonly string[] =>
    text.split('\n').flatMap((line, i) => hanging(indent + padEnd(i === 0 ? label : '', 8), terminalSafe(line), width))
  return [...labelled('why', finding.why), ...labelled('remedy', finding.remedy)]
}
