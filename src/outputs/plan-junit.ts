import type { Diagnostic } from '../model/coverage.ts'
import { SEVERITIES, type Severity } from '../model/finding.ts'
import type { GuardrailResult, PlanResult } from '../model/plan.ts'
import { diagnosticPlace } from './coverage-words.ts'
import { placeOf } from './finding-groups.ts'
import { xmlAttribute as attribute, xmlText as text } from './text-safety.ts'

interface TestCase {
  readonly outcome: 'passed' | 'failure' | 'skipped' | 'error'
  readonly xml: string
}

/**
 * JUnit XML: a suite a guardrail, a case a resource that it judges. What could not be read is an error of the suite `input`; a plan of
 * which no guardrail says anything is one passed case, since an empty suite is an error to some servers.
 */
export function* renderPlanJunit(result: PlanResult, threshold: Severity | 'none'): Iterable<string> {
  const suites: (readonly [string, readonly TestCase[]])[] = [
    ...Map.groupBy(result.guardrails, ({ id, rule }) => `${id} ${rule}`),
  ].map(([name, all]) => [name, all.map(one => caseOf(name, one, threshold))])
  if (result.diagnostics.length > 0) suites.unshift(['input', result.diagnostics.map(inputCase)])
  if (suites.length === 0) suites.push(['guardrails', [testCase('passed', 'guardrails', 'nothing to judge', '')]])
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="postern plan" ${counts(suites.flatMap(([, cases]) => cases))} time="0">\n`
  for (const [name, cases] of suites) {
    yield `  <testsuite name="${attribute(name)}" ${counts(cases)} time="0">\n`
    for (const { xml } of cases) yield xml
    yield '  </testsuite>\n'
  }
  yield '</testsuites>\n'
}

const counts = (cases: readonly TestCase[]): string => {
  const of = (outcome: TestCase['outcome']): number => cases.filter(one => one.outcome === outcome).length
  return `tests="${cases.length}" failures="${of('failure')}" errors="${of('error')}" skipped="${of('skipped')}"`
}

const testCase = (outcome: TestCase['outcome'], suite: string, name: string, body: string): TestCase => ({
  outcome,
  xml: `    <testcase classname="${attribute(suite)}" name="${attribute(name)}" time="0"${body === '' ? '/>' : `>${body}</testcase>`}\n`,
})

const caseOf = (suite: string, one: GuardrailResult, threshold: Severity | 'none'): TestCase => {
  if (one.verdict === 'kept') return testCase('passed', suite, one.address, '')
  if (one.state !== 'open')
    return testCase('skipped', suite, one.address, `<skipped message="${attribute(signedFor(one))}"/>`)
  const fails = threshold !== 'none' && SEVERITIES.indexOf(one.severity) <= SEVERITIES.indexOf(threshold)
  const message = attribute(`${one.severity}: ${one.verdict}: ${one.rule}`)
  return fails
    ? testCase(
        'failure',
        suite,
        one.address,
        `<failure type="${one.severity}" message="${message}">${text(storyOf(one))}</failure>`,
      )
    : testCase('passed', suite, one.address, `<system-out>${text(storyOf(one))}</system-out>`)
}

const storyOf = (one: GuardrailResult): string =>
  [
    `${one.verdict}: ${one.why ?? ''}`,
    ...(one.witness === null ? [] : [`witness: ${one.witness}`]),
    ...(one.settledBy === null ? [] : [`to settle: ${one.settledBy}`]),
    ...(one.file === '' ? [] : [`where: ${placeOf(one)}`]),
    `remedy: ${one.remedy ?? ''}`,
    `fingerprint: ${one.fingerprint}`,
  ].join('\n')

const signedFor = ({ exception }: GuardrailResult): string =>
  exception === null
    ? 'known from the baseline'
    : `accepted: ${exception.name} by ${exception.owner} until ${exception.expires}: ${exception.justification}`

const inputCase = (item: Diagnostic): TestCase => {
  const message = attribute(item.message)
  return item.severity === 'error'
    ? testCase('error', 'input', diagnosticPlace(item), `<error type="input" message="${message}"/>`)
    : testCase('skipped', 'input', diagnosticPlace(item), `<skipped message="${message}"/>`)
}
