import type { Coverage, Diagnostic } from '../model/coverage.ts'
import { FAMILIES, type Finding, type FindingsResult, type RuleDescription, type Severity } from '../model/finding.ts'
import { gapSubject } from './coverage-words.ts'
import { jsonChunks } from './json.ts'
import { fileUri } from './sarif-uri.ts'
import { visible } from './text-safety.ts'

export interface SarifOptions {
  readonly version: string
  /** Put in front of every file, so that it is relative to the repository's root: the SOURCE as given, or empty. */
  readonly filePrefix: string
}

type Level = 'error' | 'warning' | 'note'

const LEVEL: Readonly<Record<Severity, Level>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
}

/** Inside the bands by which code scanning names a severity: over 9, from 7, from 4, below. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '3.0',
  info: '0.0',
}

/** SARIF 2.1.0: one run, one result a finding, accepted and known ones as suppressed. */
export function* renderSarif(
  result: FindingsResult,
  rules: readonly RuleDescription[],
  options: SarifOptions,
): Iterable<string> {
  const described = rulesFor(result.findings, rules)
  const indexes = new Map(described.map((rule, i) => [rule.id, i]))
  yield* jsonChunks(
    {
      $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'Postern',
              semanticVersion: options.version,
              rules: described.map((rule, i) => ruleOf(rule, i < rules.length)),
            },
          },
          columnKind: 'utf16CodeUnits',
          invocations: [invocationOf(result, options)],
          results: resultsOf(result.findings, indexes, options),
        },
      ],
    },
    2,
  )
  yield '\n'
}

/** The catalogue, and after it a stand-in for each id that the catalogue does not describe. */
const rulesFor = (findings: readonly Finding[], rules: readonly RuleDescription[]): readonly RuleDescription[] => {
  const known = new Map(rules.map(rule => [rule.id, rule]))
  for (const finding of findings) if (!known.has(finding.id)) known.set(finding.id, finding)
  return [...known.values()]
}

/** A stand-in is worded by a finding, so it may hold names: plain text only. */
const ruleOf = (rule: RuleDescription, fromCatalogue: boolean): object => {
  const family = Object.entries(FAMILIES).find(([letter]) => rule.id.startsWith(`PST-${letter}`))
  const link = rule.references.find(reference => /^https?:\/\/[^\s"<>\\^`{|}]+$/.test(reference))
  const sources =
    rule.references.length === 0 ? '' : `\n\n${rule.references.map(reference => `- ${reference}`).join('\n')}`
  return {
    id: rule.id,
    name: pascalCase(rule.title),
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.why },
    help: {
      text: `${rule.why}\n\nRemedy: ${rule.remedy}${sources}`,
      ...(fromCatalogue ? { markdown: `**Why** ${rule.why}\n\n**Remedy** ${rule.remedy}${sources}` } : {}),
    },
    ...(link === undefined ? {} : { helpUri: link }),
    defaultConfiguration: { level: LEVEL[rule.severity] },
    properties: {
      'security-severity': SECURITY_SEVERITY[rule.severity],
      tags: ['security', 'egress', ...(family === undefined ? [] : [family[1]])],
    },
  }
}

/** The specification wants a name in PascalCase: `OrdinaryWorkloadOnTheHostNetwork`. */
const pascalCase = (title: string): string =>
  title
    .split(/[^\p{L}\p{N}]+/u)
    .map(word => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')

function* resultsOf(
  findings: readonly Finding[],
  indexes: ReadonlyMap<string, number>,
  options: SarifOptions,
): Iterable<object> {
  for (const finding of findings) {
    yield {
      ruleId: finding.id,
      ruleIndex: indexes.get(finding.id) ?? -1,
      level: LEVEL[finding.severity],
      message: { text: messageOf(finding) },
      locations: [
        {
          ...(finding.file === '' ? {} : { physicalLocation: placeAt(finding.file, finding.line, null, options) }),
          logicalLocations: [{ fullyQualifiedName: finding.object, kind: 'resource' }],
        },
      ],
      partialFingerprints: { 'postern/v1': finding.fingerprint },
      suppressions: suppressionsOf(finding),
      properties: {
        severity: finding.severity,
        'security-severity': SECURITY_SEVERITY[finding.severity],
        state: finding.state,
        cluster: finding.cluster,
        object: finding.object,
        owner: finding.owner,
        witness: finding.witness,
        path: finding.path,
      },
    }
  }
}

/** Viewers read `[text](target)` in a plain message as a link, so brackets of names are escaped. */
const messageOf = (finding: Finding): string => {
  const witness = finding.witness === null ? '' : ` (${finding.witness})`
  const text = `${finding.title}: ${finding.object}${witness}. ${finding.why}\nRemedy: ${finding.remedy}`
  return text
    .split('\n')
    .map(visible)
    .join('\n')
    .replace(/[\\[\]]/g, '\\$&')
}

const placeAt = (file: string, line: number | null, column: number | null, options: SarifOptions): object => ({
  artifactLocation: { uri: fileUri(options.filePrefix + file) },
  ...(line === null || line < 1
    ? {}
    : { region: { startLine: line, ...(column === null || column < 1 ? {} : { startColumn: column }) } }),
})

/** Empty says "not suppressed"; a list on some results only would leave the others undecided. */
const suppressionsOf = (finding: Finding): readonly object[] => {
  if (finding.state === 'open') return []
  if (finding.exception === null) {
    return [{ kind: 'external', status: 'accepted', justification: 'known from the baseline' }]
  }
  const { kind, name, owner, justification, ticket, expires } = finding.exception
  const signed = `${kind} ${name} by ${owner} until ${expires}${ticket === null ? '' : `, ${ticket}`}`
  return [{ kind: 'external', status: 'accepted', justification: `${signed}: ${justification}` }]
}

const invocationOf = (result: FindingsResult, options: SarifOptions): object => ({
  executionSuccessful: !result.diagnostics.some(diagnostic => diagnostic.severity === 'error'),
  toolExecutionNotifications: [
    ...result.diagnostics.map(diagnostic => diagnosticNotification(diagnostic, options)),
    ...gapNotifications(result.coverage),
  ],
  properties: { now: result.now },
})

const diagnosticNotification = (diagnostic: Diagnostic, options: SarifOptions): object => ({
  level: diagnostic.severity,
  message: { text: diagnostic.message },
  ...(diagnostic.file === ''
    ? {}
    : { locations: [{ physicalLocation: placeAt(diagnostic.file, diagnostic.line, diagnostic.column, options) }] }),
})

const gapNotifications = (coverage: Coverage): readonly object[] =>
  coverage.gaps.map(gap => ({
    level: 'warning',
    message: { text: `not read: ${gapSubject(gap)}: ${gap.why}; to settle: ${gap.settledBy}` },
  }))
