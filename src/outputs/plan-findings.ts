import type { Finding, FindingsResult, RuleDescription, Severity } from '../model/finding.ts'
import { SEVERITIES } from '../model/finding.ts'
import type { GuardrailResult, PlanResult } from '../model/plan.ts'

/** Guardrails that do not hold as findings: what the renderers of findings show of a plan. The object is the resource’s address. */
export const planFindings = (result: PlanResult, rules: readonly RuleDescription[]): FindingsResult => {
  const findings = result.guardrails.filter(({ verdict }) => verdict !== 'kept').map(one => findingOf(one, rules))
  const open = findings.filter(({ state }) => state === 'open')
  return {
    schema: 'postern.dev/findings/v1',
    now: result.now,
    findings,
    summary: {
      open: Object.fromEntries(
        SEVERITIES.map(severity => [severity, open.filter(one => one.severity === severity).length]),
      ) as Record<Severity, number>,
      accepted: findings.filter(({ state }) => state === 'accepted').length,
      baseline: findings.filter(({ state }) => state === 'baseline').length,
      clusters: [],
    },
    coverage: result.coverage,
    diagnostics: result.diagnostics,
  }
}

const findingOf = (one: GuardrailResult, rules: readonly RuleDescription[]): Finding => {
  const rule = rules.find(({ id }) => id === one.id)
  const settle = one.settledBy === null ? '' : `; to settle it: ${one.settledBy}`
  return {
    id: one.id,
    fingerprint: one.fingerprint,
    title: rule?.title ?? one.rule,
    severity: one.severity,
    state: one.state,
    cluster: '-',
    object: one.address,
    file: one.file,
    line: one.line,
    owner: one.owner,
    why: `${one.verdict === 'unresolved' ? 'cannot be decided: ' : ''}${one.why ?? ''}${settle}`,
    path: one.path,
    witness: one.witness,
    remedy: one.remedy ?? '',
    references: rule?.references ?? [],
    exception: one.exception,
  }
}
