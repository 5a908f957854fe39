import type { Estate } from '../../model/cluster.ts'
import type { ExceptionRef } from '../../model/finding.ts'
import { globMatches } from '../../model/glob.ts'
import { compareText } from '../../model/order.ts'
import type { GuardrailResult, PlannedResource } from '../../model/plan.ts'
import { exceptionWhere } from '../exceptions.ts'
import { fingerprintOf } from '../fingerprint.ts'
import { GUARDRAILS } from './g.ts'
import { waysAreTold } from './g006-ways-are-told.ts'
import type { Guardrail, GuardrailHit, GuardrailView } from './guardrail.ts'

export interface GuardrailOptions {
  /** RFC 3339: what expires is judged by the day. */
  readonly now: string
  /** Fingerprints of findings that are known. */
  readonly baseline: ReadonlySet<string>
}

/** What each guardrail says of each resource that the plan changes and that it judges. By id, worst first, then by address. */
export const guardrailResults = (view: GuardrailView, options: GuardrailOptions): readonly GuardrailResult[] => {
  const results = resultsOf(view, options)
  const unresolved = results.filter(({ verdict, id }) => verdict === 'unresolved' && id !== waysAreTold.id)
  const said = new Set(unresolved.map(({ address }) => address))
  // That it is not told where packets go says nothing new where another guardrail could not be decided for it.
  return results.filter(({ id, address }) => id !== waysAreTold.id || !said.has(address))
}

const resultsOf = (view: GuardrailView, options: GuardrailOptions): readonly GuardrailResult[] =>
  GUARDRAILS.filter(({ applies }) => applies(view)).flatMap(guardrail => {
    const hits = [...guardrail.run(view)]
    const byAddress = Map.groupBy(
      hits.flatMap(hit => hit.addresses.map(address => ({ address, hit }))),
      ({ address }) => address,
    )
    const silent = new Set(hits.flatMap(({ addresses, besides }) => [...addresses, ...besides]))
    const resources = new Map(view.resources.map(one => [one.address, one]))
    const bad = [...byAddress].map(([address, same]) =>
      resultOf(
        guardrail,
        address,
        resources.get(address),
        same.map(({ hit }) => hit),
        view,
        options,
      ),
    )
    const kept = view.resources
      .filter(one => one.isChanged && guardrail.judges.has(one.type) && !silent.has(one.address))
      .map(one => keptBy(guardrail, one))
    return [...bad, ...kept].sort(
      (a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) || compareText(a.address, b.address),
    )
  })

const VERDICTS = ['broken', 'unresolved', 'kept']

/** Of several hits on one resource the worst counts, and all of that verdict are told. */
const resultOf = (
  guardrail: Guardrail,
  address: string,
  of: PlannedResource | undefined,
  hits: readonly GuardrailHit[],
  { after }: GuardrailView,
  { now, baseline }: GuardrailOptions,
): GuardrailResult => {
  const verdict = hits.some(hit => hit.verdict === 'broken') ? 'broken' : 'unresolved'
  const told = hits.filter(hit => hit.verdict === verdict)
  const first = told[0] as GuardrailHit
  const fingerprint = fingerprintOf(guardrail.id, '-', address, '')
  const exception = exceptionOn(after.view.estate, guardrail.id, address, now)
  return {
    id: guardrail.id,
    rule: guardrail.rule,
    address,
    verdict,
    severity: guardrail.severity,
    state: exception !== null ? 'accepted' : baseline.has(fingerprint) ? 'baseline' : 'open',
    file: of?.file ?? '',
    line: of?.line ?? null,
    why: [...new Set(told.map(({ says }) => says))].join('; '),
    concerns: [...new Set(told.flatMap(({ concerns }) => concerns))].sort(compareText),
    path: first.path,
    witness: first.witness,
    remedy: first.remedy,
    settledBy: first.settledBy,
    owner: null,
    fingerprint,
    exception,
  }
}

const keptBy = ({ id, rule, severity }: Guardrail, { address, file, line }: PlannedResource): GuardrailResult => ({
  id,
  rule,
  address,
  verdict: 'kept',
  severity,
  state: 'open',
  file,
  line,
  why: null,
  concerns: [],
  path: [],
  witness: null,
  remedy: null,
  settledBy: null,
  owner: null,
  fingerprint: fingerprintOf(id, '-', address, ''),
  exception: null,
})

/** An exception names the address of the resource. Resources of a plan have no cluster, namespace or kind that one could name. */
const exceptionOn = ({ exceptions }: Estate, id: string, address: string, now: string): ExceptionRef | null =>
  exceptionWhere(
    exceptions,
    ({ findings, objects, match }) =>
      findings.some(pattern => globMatches(pattern, id)) &&
      (objects.length === 0 || objects.some(pattern => globMatches(pattern, address))) &&
      [match.clusters, match.namespaces, match.kinds].every(({ length }) => length === 0) &&
      (match.names.length === 0 || match.names.some(pattern => globMatches(pattern, address))),
    now,
  )
