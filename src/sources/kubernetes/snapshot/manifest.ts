import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Diagnostic, Gap } from '../../../model/coverage.ts'
import { field, flag, isObject, type Json, list, text } from '../../../model/json.ts'
import { isSafeName } from './safe-name.ts'

export const MANIFEST_FILE = 'postern-snapshot.json'
export const CLUSTERS_FOLDER = 'clusters'

/** What a snapshot says about itself. Shape: `postern.dev/snapshot/v1`. */
export interface SnapshotManifest {
  readonly schema: 'postern.dev/snapshot/v1'
  /** RFC 3339, as given to the run that wrote it. */
  readonly now: string
  /** False while it is being written, so also when that was interrupted. */
  readonly complete: boolean
  /** Sorted by name. */
  readonly clusters: readonly SnapshotCluster[]
  /** Reads that failed before a cluster was known: a kubeconfig, a context. */
  readonly gaps: readonly Gap[]
}

export interface SnapshotCluster {
  readonly name: string
  /** Its folder under `clusters/`. */
  readonly directory: string
  readonly context: string
  /** null when the server did not say. */
  readonly serverVersion: string | null
  readonly gaps: readonly Gap[]
}

/**
 * The manifest of a folder. `value` null without a diagnostic: no snapshot. A manifest that is broken, incomplete or
 * of another version is said to be so; names of folders that lead elsewhere are not followed.
 */
export const readSnapshotManifest = (
  directory: string,
): { readonly value: SnapshotManifest | null; readonly diagnostics: readonly Diagnostic[] } => {
  let content: string
  try {
    content = readFileSync(join(directory, MANIFEST_FILE), 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') return { value: null, diagnostics: [] }
    return { value: null, diagnostics: [diagnostic('error', `cannot be read: ${code}`)] }
  }
  let body: Json
  try {
    body = JSON.parse(content) as Json
  } catch {
    return { value: null, diagnostics: [diagnostic('error', 'is no JSON: take the snapshot again')] }
  }
  if (text(field(body, 'schema')) !== 'postern.dev/snapshot/v1') {
    return {
      value: null,
      diagnostics: [diagnostic('error', 'is no snapshot of a version that is known: take it again with this version')],
    }
  }
  const diagnostics: Diagnostic[] = []
  const complete = flag(field(body, 'complete'))
  if (!complete)
    diagnostics.push(diagnostic('error', 'the snapshot was interrupted and is not complete: take it again'))
  const clusters = list(field(body, 'clusters')).flatMap(entry => {
    const cluster = clusterOf(entry)
    if (cluster === null)
      diagnostics.push(
        diagnostic(
          'error',
          'holds a cluster without a name or with a folder that leads elsewhere: take the snapshot again',
        ),
      )
    return cluster === null ? [] : [cluster]
  })
  const gaps = list(field(body, 'gaps')).flatMap(gapOf)
  return {
    value: { schema: 'postern.dev/snapshot/v1', now: text(field(body, 'now')) ?? '', complete, clusters, gaps },
    diagnostics,
  }
}

/** Cluster names by folder, as the file reader asks for them. */
export const folderNamesOf = (manifest: SnapshotManifest): ReadonlyMap<string, string> =>
  new Map(manifest.clusters.map(cluster => [cluster.directory, cluster.name]))

const diagnostic = (severity: Diagnostic['severity'], message: string): Diagnostic => ({
  severity,
  file: MANIFEST_FILE,
  line: null,
  column: null,
  message,
})

const clusterOf = (entry: Json): SnapshotCluster | null => {
  const name = text(field(entry, 'name'))
  const directory = text(field(entry, 'directory'))
  if (!isObject(entry) || name === undefined || name === '' || directory === undefined || !isSafeName(directory))
    return null
  return {
    name,
    directory,
    context: text(field(entry, 'context')) ?? '',
    serverVersion: text(field(entry, 'serverVersion')) ?? null,
    gaps: list(field(entry, 'gaps')).flatMap(gapOf),
  }
}

const gapOf = (entry: Json): readonly Gap[] => {
  const why = text(field(entry, 'why'))
  if (why === undefined) return []
  return [
    {
      cluster: text(field(entry, 'cluster')) ?? null,
      resource: text(field(entry, 'resource')) ?? null,
      why,
      settledBy: text(field(entry, 'settledBy')) ?? '',
    },
  ]
}
