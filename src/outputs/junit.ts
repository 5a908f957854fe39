import type { Coverage, Diagnostic } from '../model/coverage.ts'
import { type Finding, type FindingsResult, SEVERITIES, type Severity } from '../model/finding.ts'
import { diagnosticPlace, gapSubject } from './coverage-words.ts'
import { placeOf } from './finding-groups.ts'
import { xmlAttribute as attribute, xmlText as text } from './text-safety.ts'

export interface JunitOptions {
  /** Open findings at this severity or worse are failures; `none`: nothing fails. The verb's `--fail-on`. */
  readonly threshold: Severity | 'none'
}

type Outcome = 'passed' | 'failure' | 'skipped' | 'error'

interface TestCase {
  readonly suite: string
  readonly name: string
  readonly outcome: Outcome
  readonly xml: string
}

/**
 * JUnit XML as CI servers read it: a suite a cluster, a case a check and object. A cluster without findings is one
 * passed case, since an empty suite is an error to some servers. What could not be read is an error or skipped in
 * the suite `input`, never absent.
 */
export function* renderJunit(result: FindingsResult, options: JunitOptions): Iterable<string> {
  const suites = suitesOf(result, options)
  const all = suites.flatMap(([, cases]) => cases)
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="postern" ${counts(all)} time="0">\n`
  for (const [name, cases] of suites) {
    yield `  <testsuite name="${attribute(name)}" ${counts(cases)} time="0">\n`
    for (const item of cases) yield item.xml
    yield '  </testsuite>\n'
  }
  yield '</testsuites>\n'
}

const suitesOf = (
  result: FindingsResult,
  options: JunitOptions,
): readonly (readonly [string, readonly TestCase[]])[] => {
  const suites = new Map<string, TestCase[]>()
  const add = (item: TestCase): void => {
    const suite = suites.get(item.suite)
    if (suite === undefined) suites.set(item.suite, [item])
    else suite.push(item)
  }
  for (const item of inputCases(result.diagnostics, result.coverage)) add(item)
  const found = Map.groupBy(result.findings, finding => finding.cluster)
  for (const { cluster } of result.summary.clusters) {
    if (!found.has(cluster)) add(testCase(cluster, cluster, 'no findings', 'passed', ''))
  }
  for (const finding of result.findings) add(findingCase(finding, options))
  return [...suites].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

const counts = (cases: readonly TestCase[]): string => {
  const of = (outcome: Outcome): number => cases.filter(item => item.outcome === outcome).length
  return `tests="${cases.length}" failures="${of('failure')}" errors="${of('error')}" skipped="${of('skipped')}"`
}

const testCase = (suite: string, className: string, name: string, outcome: Outcome, body: string): TestCase => ({
  suite,
  name,
  outcome,
  xml: `    <testcase classname="${attribute(className)}" name="${attribute(name)}" time="0"${body === '' ? '/>' : `>${body}</testcase>`}\n`,
})

const findingCase = (finding: Finding, { threshold }: JunitOptions): TestCase => {
  const outcome = outcomeOf(finding, threshold)
  const message = `${finding.severity}: ${finding.title}`
  const body =
    outcome === 'failure'
      ? `<failure type="${attribute(finding.severity)}" message="${attribute(message)}">${text(storyOf(finding))}</failure>`
      : outcome === 'skipped'
        ? `<skipped message="${attribute(signedFor(finding))}"/>`
        : `<system-out>${text(`${message}\n${storyOf(finding)}`)}</system-out>`
  return testCase(
    finding.cluster,
    `${finding.cluster}.${finding.id}`,
    `${finding.title}: ${finding.object}`,
    outcome,
    body,
  )
}

const outcomeOf = (finding: Finding, threshold: Severity | 'none'): Outcome => {
  if (finding.state !== 'open') return 'skipped'
  if (threshold === 'none') return 'passed'
  return SEVERITIES.indexOf(finding.severity) <= SEVERITIES.indexOf(threshold) ? 'failure' : 'passed'
}

const storyOf = (finding: Finding): string =>
  [
    `object: ${finding.object}`,
    `owner: ${finding.owner ?? 'none'}`,
    ...(finding.file === '' ? [] : [`where: ${placeOf(finding)}`]),
    ...(finding.witness === null ? [] : [`witness: ${finding.witness}`]),
    `why: ${finding.why}`,
    `remedy: ${finding.remedy}`,
    `fingerprint: ${finding.fingerprint}`,
  ].join('\n')

const signedFor = ({ exception }: Finding): string =>
  exception === null
    ? 'known from the baseline'
    : `accepted: ${exception.name} by ${exception.owner} until ${exception.expires}: ${exception.justification}`

const inputCases = (diagnostics: readonly Diagnostic[], coverage: Coverage): readonly TestCase[] => [
  ...diagnostics.map(item =>
    item.severity === 'error'
      ? testCase(
          'input',
          'input',
          diagnosticPlace(item),
          'error',
          `<error type="input" message="${attribute(item.message)}"/>`,
        )
      : testCase('input', 'input', diagnosticPlace(item), 'skipped', `<skipped message="${attribute(item.message)}"/>`),
  ),
  ...coverage.gaps.map(gap =>
    testCase(
      'input',
      'input',
      `not read: ${gapSubject(gap)}`,
      'skipped',
      `<skipped message="${attribute(`${gap.why}; to settle: ${gap.settledBy}`)}"/>`,
    ),
  ),
]
