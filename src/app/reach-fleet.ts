import { statSync } from 'node:fs'
import { declaredMeshOf, type MeshMember, membershipOf } from '../inventory/cluster-mesh.ts'
import type { Estate } from '../model/cluster.ts'
import type { Coverage, Diagnostic } from '../model/coverage.ts'
import { coverageOfAll, inOrder } from '../model/coverage-order.ts'
import type { Environment } from '../model/intent.ts'
import { compareText } from '../model/order.ts'
import type { ReachResult } from '../model/reach.ts'
import { apart, Rendered, type WrittenItems } from '../outputs/rendered.ts'
import { byCluster, type FoundFiles, findFiles } from './found-files.ts'
import type { SourceArgument } from './load.ts'
import { NO_SUCH_WORKLOAD, type ReachQuestion, ReachQuestionError } from './reach-question.ts'
import { inWorkers } from './workers.ts'

/** What every thread is told at its start: plain data. */
export interface FleetQuestion {
  readonly question: ReachQuestion
  /** Of the JSON; 0 is the compact form. */
  readonly indent: 0 | 2
}

/** What a thread answers of one cluster: plain data. */
export interface ClusterReach {
  /** Those of one cluster stand together in the whole. */
  readonly workloads: WrittenItems['bytes']
  /** Those of a fleet stand in the order of their ids, which are hashes. */
  readonly classes: WrittenItems & { readonly ids: readonly string[] }
  readonly coverage: Coverage
  readonly diagnostics: readonly Diagnostic[]
  readonly hasUnknown: boolean
  readonly members: readonly MeshMember[]
  readonly environments: readonly Environment[]
  readonly speaksOfFleet: boolean
  /** It holds documents of the networks under clusters, which need not be of this one. */
  readonly hasFabric: boolean
}

/** A `ReachResult` whose rows are written, those of a cluster in one piece. */
export interface WrittenReach extends Omit<ReachResult, 'workloads' | 'classes'> {
  readonly workloads: readonly Rendered[]
  readonly classes?: readonly Rendered[]
}

/** Fewer bytes are read and answered before the threads would have begun. */
const WORTH_THREADS = 48 * 1024 * 1024

/**
 * `reach` of a large fleet, each cluster read, answered and written by itself, on all processors: no more than one cluster a thread
 * is in memory. Rendered, it is the same bytes as of `reachOf`. Null where the fleet has to be known as a whole: a row that
 * speaks of other clusters, documents about the fleet in several places, input that can be read only once; and where it is too
 * small to be worth it. Errors: as `reachOf`.
 */
export const reachOfFleet = async (
  sources: readonly SourceArgument[],
  asked: FleetQuestion,
  worth = WORTH_THREADS,
): Promise<{ readonly result: WrittenReach; readonly leavesOpen: boolean } | null> => {
  if (asked.question.compat !== null) return null
  const found = findFiles(sources)
  const { clusters, rest, interleave } = byCluster(found)
  if (clusters.length < 2 || interleave || !canBeReadAgain(found, worth)) return null
  const parts = await inWorkers<FoundFiles, ClusterReach>(WORKER, asked, clusters)
  if (!isSumOfParts(parts)) return null
  const { from, by } = asked.question
  const workloads = parts.flatMap(part => (part.workloads.length === 0 ? [] : [new Rendered(part.workloads)]))
  if (from !== null && workloads.length === 0) throw new ReachQuestionError(NO_SUCH_WORKLOAD(from))
  const result: WrittenReach = {
    schema: 'postern.dev/reach/v1',
    workloads,
    ...(by === 'class' ? { classes: classesOf(parts, asked.indent) } : {}),
    coverage: coverageOfAll(
      parts.map(part => part.coverage),
      rest.gaps,
    ),
    diagnostics: inOrder([...rest.diagnostics, ...parts.flatMap(part => part.diagnostics)]),
  }
  return { result, leavesOpen: parts.some(part => part.hasUnknown) }
}

const classesOf = (parts: readonly ClusterReach[], indent: FleetQuestion['indent']): readonly Rendered[] =>
  parts
    .flatMap(({ classes }) => apart(classes, indent).map((item, n) => ({ item, id: classes.ids[n] as string })))
    .sort((a, b) => compareText(a.id, b.id))
    .map(({ item }) => item)

// Beside this file as a source, and beside the chunk that holds this file in the build.
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './reach-worker.ts' : './reach-worker.js', import.meta.url)

/** Regular files, of `worth` bytes at least. What went away in between is for the reader to say. */
const canBeReadAgain = ({ files }: FoundFiles, worth: number): boolean => {
  let bytes = 0
  for (const { path } of files) {
    const stat = path === '-' ? null : statSync(path, { throwIfNoEntry: false })
    if (stat?.isFile() !== true) return false
    bytes += stat.size
  }
  return bytes >= worth
}

/** Whether the estate holds documents about the fleet, which are compared with each other. */
export const speaksOfFleet = ({ exceptions, standard, intents }: Estate): boolean =>
  exceptions.length > 0 || standard !== null || Object.values(intents).some(documents => documents.length > 0)

export const hasFabric = ({ fabric: { networks, subnets, interfaces } }: Estate): boolean =>
  [networks, subnets, interfaces].some(objects => objects.length > 0)

const isSumOfParts = (parts: readonly ClusterReach[]): boolean => {
  if (parts.filter(part => part.speaksOfFleet).length > 1 || parts.some(part => part.hasFabric)) return false
  const declared = declaredMeshOf(parts.flatMap(part => part.environments))
  const members = parts.flatMap(part => part.members)
  return !members.some(one => members.some(other => other !== one && membershipOf(one, other, declared).isSettled))
}
