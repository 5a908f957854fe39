import { grantsOf } from '../inventory/access.ts'
import { hostUseOf } from '../inventory/host-privilege.ts'
import { clusterInventory } from '../inventory/inventory.ts'
import { ownerOf } from '../inventory/owner.ts'
import type { Estate } from '../model/cluster.ts'
import type { Finding, FindingsResult, FindingsSummary, Severity } from '../model/finding.ts'
import { SEVERITIES } from '../model/finding.ts'
import { idOf, keyOf } from '../model/identity.ts'
import type { ClusterInventory } from '../model/inventory.ts'
import { compareText } from '../model/order.ts'
import type { Profile } from '../model/profile.ts'
import type { Sourced } from '../model/provenance.ts'
import type { PodShape } from '../model/workload.ts'
import { CLUSTER_CHECKS } from './catalogue.ts'
import type { Check, ClusterView, Hit } from './check.ts'
import { exceptionFor, expiredExceptions } from './exceptions.ts'
import { fabricFindings } from './fabric/run.ts'
import type { FindOptions } from './find-options.ts'
import { fingerprintOf } from './fingerprint.ts'
import { intentFindings } from './intent-findings.ts'
import { HTTPS } from './known-traffic.ts'
import { type PossibleView, possibleView } from './possible-view.ts'
import { only } from './rule-reach.ts'

/** Runs every check over every cluster. The order of documents leaves no trace in the result. */
export const findIn = (
  estate: Estate,
  options: FindOptions,
): { result: FindingsResult; inventories: readonly ClusterInventory[]; undeclared: Undeclared | null } => {
  const views = estate.clusters.map(cluster =>
    viewOf(estate, cluster, options.now.slice(0, 10), options.profile ?? null),
  )
  const found = new Map<string, Finding>()
  const put = (finding: Finding): void => {
    // Two documents for one object may show the same thing twice; the earlier position stands.
    const known = found.get(finding.fingerprint)
    if (known === undefined || comparePosition(finding, known) < 0) found.set(finding.fingerprint, finding)
  }
  for (const view of views) {
    for (const check of CLUSTER_CHECKS) for (const hit of check.run(view)) put(toFinding(check, hit, view, options))
  }
  for (const finding of expiredExceptions(estate, options.now, options.lineOf)) put(finding)
  for (const finding of intentFindings(estate, options)) put(finding)
  for (const finding of fabricFindings(estate, options)) put(finding)
  const findings = [...found.values()].sort(compareFindings)
  return {
    result: {
      schema: 'postern.dev/findings/v1',
      now: options.now,
      findings,
      summary: summarise(findings, estate.clusters),
      coverage: estate.coverage,
      diagnostics: estate.diagnostics,
    },
    inventories: views.map(view => view.inventory),
    undeclared: estate.intents.intents.length > 0 || estate.clusters.length === 0 ? null : openIn(views),
  }
}

/** Where nothing is declared: how many workloads may reach most of the internet on the web port, and of how many that is known. */
export interface Undeclared {
  readonly open: number
  readonly known: number
}

const openIn = (views: readonly ClusterView[]): Undeclared => {
  const counts = views.flatMap(view => {
    const { signatures, mostly, zones } = view.possible()
    return signatures.map(signature => ({
      workloads: new Set(signature.subjects.map(({ workload }) => workload)).size,
      isOpen: mostly(signature, only(4, zones.internet), HTTPS),
    }))
  })
  const sum = (all: typeof counts): number => all.reduce((total, { workloads }) => total + workloads, 0)
  return { open: sum(counts.filter(({ isOpen }) => isOpen)), known: sum(counts) }
}

const viewOf = (
  estate: Estate,
  cluster: Estate['clusters'][number],
  today: string,
  profile: Profile | null,
): ClusterView => {
  const uses = cluster.workloads.map(hostUseOf)
  const inventory = clusterInventory(cluster, uses, estate)
  return {
    estate,
    cluster,
    today,
    uses,
    inventory,
    grants: grantsOf(cluster),
    hostEntries: new Map(inventory.hostPrivileged.map(entry => [entry.id, entry])),
    ownerOf: ownersIn(estate, cluster),
    possible: once(() => possibleView(cluster, profile)),
  }
}

const once = (make: () => PossibleView): (() => PossibleView) => {
  let made: PossibleView | null = null
  return () => {
    made ??= make()
    return made
  }
}

/** Who answers for an object, worked out once for each: many checks fire on the same one. */
const ownersIn = (estate: Estate, cluster: Estate['clusters'][number]): ((object: Sourced) => string | null) => {
  const shapeOf = new Map<Sourced, PodShape>(
    cluster.workloads.flatMap(workload =>
      [workload, ...workload.pods].map(object => [object, workload.shape] as const),
    ),
  )
  const owners = new Map<Sourced, string | null>()
  return object => {
    const known = owners.get(object)
    if (known !== undefined) return known
    const owner = ownerOf(object, cluster, estate.standard, shapeOf.get(object) ?? null)?.owner ?? null
    owners.set(object, owner)
    return owner
  }
}

const toFinding = (check: Check, hit: Hit, view: ClusterView, options: FindOptions): Finding => {
  const { object } = hit
  // A declaration belongs to no cluster; what it meets there is said of the cluster.
  const cluster = object.ref.cluster === '-' ? view.cluster.name : object.ref.cluster
  const fingerprint = fingerprintOf(check.id, cluster, keyOf(object.ref), hit.key)
  const exception = exceptionFor(view.estate.exceptions, check.id, object.ref, options.now)
  return {
    id: check.id,
    fingerprint,
    title: check.title,
    severity: hit.severity ?? check.severity,
    state: exception !== null ? 'accepted' : options.baseline.has(fingerprint) ? 'baseline' : 'open',
    cluster,
    object: idOf(object.ref),
    file: object.origin.file,
    line: options.lineOf(object.origin, hit.at),
    owner: hit.owner ?? view.ownerOf(object),
    why: hit.says,
    path: hit.path,
    witness: hit.witness,
    remedy: hit.remedy,
    references: check.references,
    exception,
  }
}

const compareFindings = (a: Finding, b: Finding): number =>
  SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
  compareText(a.cluster, b.cluster) ||
  compareText(a.object, b.object) ||
  compareText(a.id, b.id) ||
  compareText(a.fingerprint, b.fingerprint)

const comparePosition = (a: Finding, b: Finding): number => compareText(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0)

/** Counts of what is open, for the fleet and for each cluster. */
export const summarise = (findings: readonly Finding[], clusters: Estate['clusters']): FindingsSummary => {
  const open = findings.filter(finding => finding.state === 'open')
  return {
    open: bySeverity(open),
    accepted: findings.filter(finding => finding.state === 'accepted').length,
    baseline: findings.filter(finding => finding.state === 'baseline').length,
    clusters: clusters.map(cluster => ({
      cluster: cluster.name,
      workloads: cluster.workloads.length,
      open: bySeverity(open.filter(finding => finding.cluster === cluster.name)),
    })),
  }
}

const bySeverity = (findings: readonly Finding[]): Record<Severity, number> => {
  const counts: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 }
  for (const finding of findings) counts[finding.severity]++
  return counts
}
