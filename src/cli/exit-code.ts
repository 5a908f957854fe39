import type { Coverage, Diagnostic } from '../model/coverage.ts'
import { type Finding, SEVERITIES, type Severity } from '../model/finding.ts'

/** The first that applies: 2 input rejected or not complete, 1 findings, 3 unknowns under `--strict`, 0. */
export const exitCode = (
  diagnostics: readonly Diagnostic[],
  coverage: Coverage,
  failing: boolean,
  strict: boolean,
): number => {
  const incomplete =
    diagnostics.some(diagnostic => diagnostic.severity === 'error') || coverage.gaps.some(gap => gap.resource === null)
  if (incomplete) return 2
  if (failing) return 1
  return strict && hasUnknowns(coverage) ? 3 : 0
}

const hasUnknowns = (coverage: Coverage): boolean => coverage.gaps.length > 0 || coverage.notImplemented > 0

/** Are there open findings at the threshold or worse? Accepted ones and those of the baseline do not count. */
export const failsAt = (
  findings: readonly (Pick<Finding, 'severity'> & { readonly state?: Finding['state'] })[],
  threshold: Severity | 'none',
): boolean =>
  threshold !== 'none' &&
  findings.some(
    finding =>
      (finding.state ?? 'open') === 'open' && SEVERITIES.indexOf(finding.severity) <= SEVERITIES.indexOf(threshold),
  )
