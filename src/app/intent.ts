import { declarationsFor, declarationsKey, holdsOn } from '../intent/declared.ts'
import { type Problem, type ProblemKind, problemsIn } from '../intent/problems.ts'
import { ownerOf } from '../inventory/owner.ts'
import type { Estate } from '../model/cluster.ts'
import type {
  DeclaredEntry,
  DeclaredIntent,
  DeclaredResult,
  DeclaredWorkload,
  LintProblem,
  LintResult,
} from '../model/declared.ts'
import type { Severity } from '../model/finding.ts'
import { idOf } from '../model/identity.ts'
import type { Allowance, EgressIntent, IntentSubject } from '../model/intent.ts'
import { compareText } from '../model/order.ts'
import { pathText } from '../model/provenance.ts'
import type { PodShape, Workload } from '../model/workload.ts'
import { printAddresses } from '../sets/address-text.ts'
import { printNamePattern } from '../sets/name-pattern.ts'
import { trafficElements } from '../sets/traffic-text.ts'
import type { LoadedEstate } from './load.ts'

/** How bad a problem is: what makes a document say less, or more, than its author thinks comes first. */
export const PROBLEM_SEVERITY: Readonly<Record<ProblemKind, Severity>> = {
  unreadable: 'high',
  'refers-to-nothing': 'high',
  expired: 'medium',
  unowned: 'medium',
  'past-review': 'low',
  unjustified: 'low',
  duplicate: 'low',
  overlapping: 'low',
}

/** What is wrong with the documents, whatever the clusters do. */
export const lintIntents = ({ estate, lineOf }: LoadedEstate, now: string): LintResult => ({
  schema: 'postern.dev/intent-lint/v1',
  now,
  documents: countsOf(estate),
  problems: problemsIn(estate.intents, dayOf(now))
    .map(
      ({ kind, document, at, says, remedy }: Problem): LintProblem => ({
        kind,
        severity: PROBLEM_SEVERITY[kind],
        object: idOf(document.ref).replace(/^-\//, ''),
        file: document.origin.file,
        line: lineOf(document.origin, at),
        path: pathText(at),
        says,
        remedy,
      }),
    )
    .sort(compareProblems),
  coverage: estate.coverage,
  diagnostics: estate.diagnostics,
})

/** As somebody reads the files. */
const compareProblems = (a: LintProblem, b: LintProblem): number =>
  compareText(a.file, b.file) ||
  (a.line ?? 0) - (b.line ?? 0) ||
  compareText(a.object, b.object) ||
  compareText(a.path, b.path) ||
  compareText(a.kind, b.kind) ||
  compareText(a.says, b.says)

/** Expiry is judged by the day. */
export const dayOf = (now: string): string => now.slice(0, 10)

const countsOf = ({ intents }: Estate): Readonly<Record<string, number>> => ({
  EgressIntent: intents.intents.length,
  ApprovedExit: intents.exits.length,
  Environment: intents.environments.length,
  EgressPattern: intents.patterns.length,
  PrivateEndpoint: intents.endpoints.length,
  Resolver: intents.resolvers.length,
})

/** The Declared as it adds up for each workload on a day, and what speaks of nobody who was read. */
export const showIntents = (
  { estate, lineOf }: LoadedEstate,
  now: string,
  wants: (workload: Workload) => boolean,
): DeclaredResult => {
  const today = dayOf(now)
  const { intents } = estate.intents
  const entryOf = (intent: EgressIntent, allowance: Allowance): DeclaredEntry => ({
    to: {
      names: allowance.names.map(printNamePattern),
      ranges: printAddresses(allowance.addresses),
      services: allowance.services,
      workloads: allowance.workloads,
      privateEndpoint: allowance.privateEndpoint,
    },
    traffic: trafficElements(allowance.traffic),
    via: allowance.via,
    owner: allowance.owner,
    justification: allowance.justification,
    reviewBy: allowance.reviewBy,
    expires: allowance.expires,
    intent: idOf(intent.ref),
    file: intent.origin.file,
    line: lineOf(intent.origin, allowance.at),
  })
  const spoken = new Set<EgressIntent>()
  const workloads = estate.clusters.flatMap(cluster =>
    cluster.workloads.filter(wants).flatMap(workload => {
      // Pods of one workload may differ in what an intent asks of them.
      const shapes = workload.pods.length === 0 ? [workload.shape] : workload.pods.map(pod => pod.shape)
      const byKey = Map.groupBy(
        shapes.map(shape => ({ shape, found: declarationsFor(estate.intents, workload, shape, today) })),
        ({ found }) => declarationsKey(found),
      )
      const owner = ownerOf(workload, cluster, estate.standard, workload.shape)?.owner ?? null
      return [...byKey.values()].map((same, _, all): DeclaredWorkload => {
        const [{ shape, found }] = same as [{ shape: PodShape; found: ReturnType<typeof declarationsFor> }]
        for (const { intent } of found) spoken.add(intent)
        return {
          id: idOf(workload.ref),
          variant: all.length === 1 ? null : `as ${shape.serviceAccount}`,
          owner,
          allow: found.map(({ intent, allowance }) => entryOf(intent, allowance)),
        }
      })
    }),
  )
  return {
    schema: 'postern.dev/declared/v1',
    now,
    workloads: workloads.toSorted((a, b) => compareText(a.id, b.id) || compareText(a.variant ?? '', b.variant ?? '')),
    others: intents
      .filter(intent => !spoken.has(intent))
      .map(
        (intent): DeclaredIntent => ({
          intent: idOf(intent.ref),
          file: intent.origin.file,
          line: lineOf(intent.origin, ['spec', 'from']),
          from: intent.from === null ? {} : writtenFrom(intent.from),
          allow: intent.allow.filter(one => holdsOn(one, today)).map(one => entryOf(intent, one)),
        }),
      ),
    coverage: estate.coverage,
    diagnostics: estate.diagnostics,
  }
}

const writtenFrom = (from: IntentSubject): Readonly<Record<string, readonly string[]>> => {
  const { kind: _, ...keys } = from
  return Object.fromEntries(
    Object.entries(keys).flatMap(([key, value]): readonly [string, readonly string[]][] =>
      value === null
        ? []
        : value instanceof Map
          ? value.size === 0
            ? []
            : [[key, [...(value as Map<string, string>)].map(([label, glob]) => `${label}=${glob}`)]]
          : [[key, value as readonly string[]]],
    ),
  )
}
