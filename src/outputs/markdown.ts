import { type Finding, type FindingsResult, SEVERITIES, type Severity } from '../model/finding.ts'
import { count } from './count.ts'
import { coverageSentence, diagnosticPlace, gapSubject, noteSubject, STATE_WORDS } from './coverage-words.ts'
import { type FindingGroup, groupsOf, placeOf } from './finding-groups.ts'
import { markdownCode, notAFormula, markdownProse as prose, markdownText as text } from './text-safety.ts'

/** For pull requests and wikis: GitHub's Markdown, with `details` for what is long. */

export interface MarkdownOptions {
  /** Every object and note instead of the first ones: a comment on a forge holds some 65,000 characters. */
  readonly all: boolean
}

const OBJECTS_SHOWN = 20
const NOTES_SHOWN = 20

/** A shape beside each word: colour alone says nothing to many readers. */
const MARK: Readonly<Record<Severity, string>> = {
  critical: '🟥',
  high: '🔶',
  medium: '🟡',
  low: '🔷',
  info: '⚪',
}

const code = (value: string): string => markdownCode(notAFormula(value))
const cell = (value: string): string => text(notAFormula(value))
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
const table = (headers: readonly string[], rows: readonly (readonly string[])[]): string =>
  rows.length === 0 ? '' : `${row(headers)}${row(headers.map(() => '---'))}${rows.map(row).join('')}\n`

const details = (summary: string, body: string): string =>
  body === '' ? '' : `<details><summary>${summary}</summary>\n\n${body}</details>\n\n`

export function* renderFindingsMarkdown(result: FindingsResult, options: MarkdownOptions): Iterable<string> {
  yield summary(result)
  for (const group of groupsOf(result.findings.filter(finding => finding.state === 'open')))
    yield openGroup(group, options)
  yield settled(result.findings, options)
  yield coverage(result, options)
}

const summary = ({
  summary: { open, accepted, baseline, clusters },
  coverage: { objects },
  now,
}: FindingsResult): string => {
  const total = SEVERITIES.reduce((sum, severity) => sum + open[severity], 0)
  const headline =
    objects === 0
      ? 'Nothing was read, so nothing was judged.'
      : total === 0
        ? `No open findings on ${count(objects, 'object')} in ${count(clusters.length, 'cluster')}.`
        : `**${count(total, 'open finding')}** in ${count(clusters.length, 'cluster')}.`
  const settledWords = accepted + baseline === 0 ? '' : ` ${accepted} accepted, ${baseline} in the baseline.`
  return `## Postern: ways out of the fleet\n\n${headline}${settledWords} Expiry judged on ${text(now)}.\n\n${table(
    ['Cluster', 'Workloads', ...SEVERITIES.map(severity => `${MARK[severity]} ${severity}`)],
    clusters.map(item => [
      code(item.cluster),
      String(item.workloads),
      ...SEVERITIES.map(severity => String(item.open[severity])),
    ]),
  )}`
}

const openGroup = (group: FindingGroup, { all }: MarkdownOptions): string => {
  const shown = all ? group.findings : group.findings.slice(0, OBJECTS_SHOWN)
  const more = group.findings.length - shown.length
  const objects = table(
    ['Object', 'Owner', 'Witness', 'Where'],
    shown.map(finding => [
      code(finding.object),
      finding.owner === null ? 'none' : cell(finding.owner),
      finding.witness === null ? '' : code(finding.witness),
      finding.file === '' ? '' : code(placeOf(finding)),
    ]),
  )
  const [first] = group.findings
  const heading = `### ${MARK[group.severity]} ${group.severity}: ${text(group.title)} (${text(group.id)})\n\n`
  const rest = more > 0 ? `+${more} more; the json output lists all.\n\n` : ''
  const prose = shown.every(finding => finding.why === first?.why && finding.remedy === first.remedy)
    ? first === undefined
      ? ''
      : proseOf(first)
    : details(
        'Why and remedy, object by object',
        shown.map(finding => `${code(finding.object)}\n\n${proseOf(finding)}`).join(''),
      )
  return `${heading}${objects}${rest}${prose}`
}

const proseOf = (finding: Finding): string =>
  `**Why:** ${prose(finding.why)}\n\n**Remedy:** ${prose(finding.remedy)}\n\n`

const settled = (findings: readonly Finding[], { all }: MarkdownOptions): string => {
  const list = (state: Finding['state']): readonly Finding[] => findings.filter(finding => finding.state === state)
  const accepted = list('accepted')
  const baseline = list('baseline')
  const shown = <T>(items: readonly T[]): readonly T[] => (all ? items : items.slice(0, OBJECTS_SHOWN))
  const rest = (items: readonly unknown[]): string =>
    items.length > shown(items).length
      ? `+${items.length - shown(items).length} more; the json output lists all.\n\n`
      : ''
  return [
    details(
      `${count(accepted.length, 'accepted finding')}`,
      table(
        ['Check', 'Object', 'Exception', 'Owner', 'Until', 'Justification'],
        shown(accepted).map(({ id, object, exception }) => [
          cell(id),
          code(object),
          exception === null
            ? ''
            : `${code(exception.name)}${exception.ticket === null ? '' : ` ${cell(exception.ticket)}`}`,
          cell(exception?.owner ?? ''),
          cell(exception?.expires ?? ''),
          cell(exception?.justification ?? ''),
        ]),
      ) + rest(accepted),
    ),
    details(
      `${count(baseline.length, 'finding')} known from the baseline`,
      table(
        ['Check', 'Object'],
        shown(baseline).map(({ id, object }) => [cell(id), code(object)]),
      ) + rest(baseline),
    ),
  ].join('')
}

const coverage = ({ coverage: read, diagnostics }: FindingsResult, { all }: MarkdownOptions): string => {
  const notes = all ? read.notes : read.notes.slice(0, NOTES_SHOWN)
  const more = read.notes.length - notes.length
  return [
    `### Coverage\n\n${coverageSentence(read)}.\n\n`,
    table(
      ['Not read', 'Why', 'To settle'],
      read.gaps.map(gap => [cell(gapSubject(gap)), prose(notAFormula(gap.why)), prose(notAFormula(gap.settledBy))]),
    ),
    table(
      ['Input', 'Where', 'What'],
      diagnostics.map(item => [item.severity, code(diagnosticPlace(item)), prose(notAFormula(item.message))]),
    ),
    details(
      count(read.notes.length, 'note'),
      table(
        ['Object', 'Where', 'State', 'Why'],
        notes.map(note => [
          code(noteSubject(note)),
          code(placeOf(note)),
          STATE_WORDS[note.state],
          prose(notAFormula(note.why)),
        ]),
      ) + (more > 0 ? `+${more} more; the json output lists all.\n\n` : ''),
    ),
  ].join('')
}
