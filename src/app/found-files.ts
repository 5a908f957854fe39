import type { Diagnostic, Gap } from '../model/coverage.ts'
import { compareText } from '../model/order.ts'
import { discover, type FoundFile, type SourceArgument } from '../sources/files/discover.ts'
import { folderNamesOf, readSnapshotManifest } from '../sources/kubernetes/snapshot/manifest.ts'

/** What SOURCEs name before any of their files is opened: plain data. */
export interface FoundFiles {
  /** Sorted within each SOURCE. */
  readonly files: readonly FoundFile[]
  readonly diagnostics: readonly Diagnostic[]
  /** What the manifests of snapshots say was not read. */
  readonly gaps: readonly Gap[]
  /** What the manifests of snapshots say of API servers. */
  readonly versions: readonly { readonly cluster: string; readonly version: string }[]
}

export const findFiles = (sources: readonly SourceArgument[]): FoundFiles => {
  const told: Diagnostic[] = []
  const gaps: Gap[] = []
  const versions: { readonly cluster: string; readonly version: string }[] = []
  const { files, diagnostics } = discover(sources, root => {
    const { value: manifest, diagnostics: trouble } = readSnapshotManifest(root)
    told.push(...trouble)
    if (manifest === null) return null
    gaps.push(...manifest.gaps)
    for (const { name: cluster, gaps: theirs, serverVersion } of manifest.clusters) {
      gaps.push(...theirs)
      if (serverVersion !== null) versions.push({ cluster, version: serverVersion })
    }
    return folderNamesOf(manifest)
  })
  return { files, diagnostics: [...told, ...diagnostics], gaps, versions }
}

/** The same, cluster by cluster in the order of what their objects are called; what is said of no cluster stands in `rest`. */
export const byCluster = (
  found: FoundFiles,
): {
  readonly clusters: readonly FoundFiles[]
  readonly rest: FoundFiles
  /** Objects of one cluster may stand between those of another. */
  readonly interleave: boolean
} => {
  const names = new Set([
    ...found.files.map(({ cluster }) => cluster),
    ...found.gaps.flatMap(({ cluster }) => (cluster === null ? [] : [cluster])),
  ])
  const [files, gaps, versions] = [
    Map.groupBy(found.files, ({ cluster }) => cluster),
    Map.groupBy(found.gaps, ({ cluster }) => cluster),
    Map.groupBy(found.versions, ({ cluster }) => cluster),
  ]
  const inOrder = [...names].sort((a, b) => compareText(`${a}/`, `${b}/`))
  return {
    clusters: inOrder.map(name => ({
      files: files.get(name) ?? [],
      diagnostics: [],
      gaps: gaps.get(name) ?? [],
      versions: versions.get(name) ?? [],
    })),
    rest: { files: [], diagnostics: found.diagnostics, gaps: gaps.get(null) ?? [], versions: [] },
    interleave: inOrder.some((name, i) => inOrder[i + 1]?.startsWith(`${name}/`)),
  }
}
