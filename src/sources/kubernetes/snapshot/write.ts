import { lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Gap } from '../../../model/coverage.ts'
import type { LiveEvent } from '../live/event.ts'
import {
  CLUSTERS_FOLDER,
  MANIFEST_FILE,
  readSnapshotManifest,
  type SnapshotCluster,
  type SnapshotManifest,
} from './manifest.ts'
import { createResourceFile, type ResourceFile } from './resource-file.ts'
import { safeName } from './safe-name.ts'

export type SnapshotWritten =
  | { readonly kind: 'written'; readonly manifest: SnapshotManifest; readonly objects: number; readonly files: number }
  /** Nothing was read and nothing changed. */
  | { readonly kind: 'refused'; readonly message: string }
  /** Writing broke off (a full disk): what is there says of itself that it is not complete. */
  | { readonly kind: 'failed'; readonly message: string }

interface Draft {
  readonly name: string
  readonly directory: string
  context: string
  version: string | null
  readonly gaps: Gap[]
  readonly files: Map<string, ResourceFile>
}

/**
 * Writes what a live read gives into `directory`: a manifest, and for each cluster a folder with one `List` for each
 * resource. The folder must be absent, empty, or an earlier snapshot, which is replaced. Nothing is read before that
 * is settled. Files are for their owner alone (0600), folders too (0700).
 */
export const writeSnapshot = async (
  directory: string,
  events: AsyncIterable<LiveEvent>,
  now: string,
): Promise<SnapshotWritten> => {
  const refusal = await prepare(directory)
  if (refusal !== null) return { kind: 'refused', message: refusal }
  try {
    return await write(directory, events, now)
  } catch (error) {
    if (error instanceof Error && 'syscall' in error && 'path' in error) {
      return {
        kind: 'failed',
        message: `\`${String(error.path)}\` cannot be written: ${(error as NodeJS.ErrnoException).code}`,
      }
    }
    throw error
  }
}

const write = async (directory: string, events: AsyncIterable<LiveEvent>, now: string): Promise<SnapshotWritten> => {
  await writeManifest(directory, { schema: 'postern.dev/snapshot/v1', now, complete: false, clusters: [], gaps: [] })

  const drafts = new Map<string, Draft>()
  const draftOf = async (name: string): Promise<Draft> => {
    const known = drafts.get(name)
    if (known !== undefined) return known
    const draft: Draft = { name, directory: safeName(name), context: '', version: null, gaps: [], files: new Map() }
    drafts.set(name, draft)
    await mkdir(join(directory, CLUSTERS_FOLDER, draft.directory), { recursive: true, mode: 0o700 })
    return draft
  }
  const gaps: Gap[] = []
  for await (const event of events) {
    if (event.kind === 'gap' && event.gap.cluster === null) {
      gaps.push(event.gap)
      continue
    }
    const draft = await draftOf(event.kind === 'gap' ? (event.gap.cluster ?? '') : event.cluster)
    if (event.kind === 'gap') draft.gaps.push(event.gap)
    else if (event.kind === 'version') draft.version = event.version
    else if (event.kind === 'cluster')
      draft.context = draft.context === '' || event.context < draft.context ? event.context : draft.context
    else {
      const file =
        draft.files.get(event.resource) ??
        createResourceFile(join(directory, CLUSTERS_FOLDER, draft.directory, `${safeName(event.resource)}.json`))
      draft.files.set(event.resource, file)
      await file.add(event.body)
    }
  }

  let objects = 0
  let files = 0
  for (const draft of drafts.values()) {
    for (const file of draft.files.values()) {
      objects += await file.finish()
      files++
    }
  }
  const clusters = [...drafts.values()].map(clusterOf).sort((one, other) => compare(one.name, other.name))
  const manifest: SnapshotManifest = {
    schema: 'postern.dev/snapshot/v1',
    now,
    complete: true,
    clusters,
    gaps: gaps.sort(byResource),
  }
  await writeManifest(directory, manifest)
  return { kind: 'written', manifest, objects, files }
}

const clusterOf = (draft: Draft): SnapshotCluster => ({
  name: draft.name,
  directory: draft.directory,
  context: draft.context,
  serverVersion: draft.version,
  gaps: draft.gaps.sort(byResource),
})

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)
const byResource = (one: Gap, other: Gap): number =>
  compare(one.resource ?? '', other.resource ?? '') || compare(one.why, other.why)

const writeManifest = (directory: string, manifest: SnapshotManifest): Promise<void> =>
  writeFile(join(directory, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 })

/** Makes room; null when there is room, else why there is none. Deletes only folders that an earlier manifest names. */
const prepare = async (directory: string): Promise<string | null> => {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const entries = await readdir(directory)
    if (entries.length === 0) return null
    if (!entries.includes(MANIFEST_FILE))
      return `\`${directory}\` is not empty and holds no snapshot: name a new folder`
    const { value, diagnostics } = readSnapshotManifest(directory)
    if (value === null)
      return `\`${directory}/${MANIFEST_FILE}\` ${diagnostics[0]?.message ?? 'cannot be read'}: name a new folder`
    const clusters = join(directory, CLUSTERS_FOLDER)
    for (const path of [join(directory, MANIFEST_FILE), clusters]) {
      const stat = await lstat(path).catch(() => null)
      if (stat?.isSymbolicLink() === true) return `\`${path}\` is a symbolic link: name a new folder`
    }
    // An interrupted run names no clusters: its folders are those of nobody else, for only a snapshot lies here.
    const folders = value.complete
      ? value.clusters.map(cluster => cluster.directory)
      : await readdir(clusters).catch(() => [])
    for (const folder of folders) await rm(join(clusters, folder), { recursive: true, force: true })
    const left = await readdir(clusters).catch(() => [])
    return left.length === 0 ? null : `\`${clusters}\` holds \`${left[0]}\`, which no snapshot wrote: name a new folder`
  } catch (error) {
    return `\`${directory}\` cannot be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`
  }
}
