import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { basename, join, relative, resolve, sep } from 'node:path'
import type { Diagnostic } from '../../model/coverage.ts'

/** One SOURCE as the user gave it. */
export interface SourceArgument {
  /** A path, or `-` for standard input. */
  readonly path: string
  /** The name given by `--cluster NAME=PATH`; null: the path's last segment. */
  readonly cluster: string | null
}

export interface FoundFile {
  /** Absolute path; `-` for standard input. */
  readonly path: string
  /** As shown: relative to the SOURCE as given. */
  readonly shown: string
  readonly cluster: string
}

export interface Discovery {
  readonly files: readonly FoundFile[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Files one run reads at most; more than any estate we know, fewer than a mistaken `/`. */
export const MAX_FILES = 200_000
const MAX_DIRECTORY_DEPTH = 64

/** Names clusters by folder for a SOURCE that says so itself (a snapshot); null for every other SOURCE. */
export type FolderNames = (sourceDirectory: string) => ReadonlyMap<string, string> | null

/**
 * Lists the files of the given SOURCEs, sorted, each once, with the cluster each belongs to. A folder that links
 * back to one of its parents is entered once. What cannot be read is a diagnostic, never silence.
 */
export const discover = (sources: readonly SourceArgument[], folderNames: FolderNames): Discovery => {
  const files: FoundFile[] = []
  const diagnostics: Diagnostic[] = []
  const trouble = (file: string, message: string): void => {
    diagnostics.push({ severity: 'error', file, line: null, column: null, message })
  }

  for (const source of sources) {
    if (source.path === '-') {
      files.push({ path: '-', shown: '-', cluster: source.cluster ?? 'stdin' })
      continue
    }
    const root = resolve(source.path)
    const name = source.cluster ?? (basename(root) || 'root')
    const stat = statSync(root, { throwIfNoEntry: false })
    if (!stat) {
      trouble(source.path, 'no such file or directory: check the path')
    } else if (stat.isDirectory()) {
      const names = folderNames(root)
      walk(
        root,
        path => {
          if (files.length >= MAX_FILES) return false
          const shown = relative(root, path).split(sep).join('/')
          files.push({ path, shown, cluster: clusterOf(shown, name, source.cluster, names) })
          return true
        },
        (path, message) => trouble(relative(root, path) || source.path, message),
      )
    } else {
      files.push({ path: root, shown: basename(root), cluster: name })
    }
  }
  if (files.length >= MAX_FILES) {
    trouble(
      sources.map(source => source.path).join(' '),
      `more than ${MAX_FILES} files: name a smaller folder; the rest was not read`,
    )
  }
  return { files, diagnostics }
}

/** `clusters/NAME/…` inside a SOURCE is cluster NAME; everything else belongs to the SOURCE's own cluster. */
const clusterOf = (
  shown: string,
  own: string,
  given: string | null,
  names: ReadonlyMap<string, string> | null,
): string => {
  if (given !== null) return given
  const [first, folder, ...rest] = shown.split('/')
  if (first !== 'clusters' || folder === undefined || rest.length === 0) return own
  return names?.get(folder) ?? folder
}

const walk = (
  root: string,
  visit: (path: string) => boolean,
  trouble: (path: string, message: string) => void,
): void => {
  const seen = new Set<string>()
  const enter = (directory: string, depth: number): boolean => {
    let real: string
    let entries: string[]
    try {
      real = realpathSync(directory)
      if (seen.has(real)) return true
      seen.add(real)
      entries = readdirSync(directory).sort()
    } catch (error) {
      trouble(directory, `cannot be read: ${(error as NodeJS.ErrnoException).code ?? error}`)
      return true
    }
    if (depth > MAX_DIRECTORY_DEPTH) {
      trouble(directory, `more than ${MAX_DIRECTORY_DEPTH} folders deep: not read`)
      return true
    }
    for (const entry of entries) {
      if (entry === '.git' || entry === 'node_modules') continue
      const path = join(directory, entry)
      const stat = statSync(path, { throwIfNoEntry: false })
      if (!stat) {
        if (lstatSync(path, { throwIfNoEntry: false })) trouble(path, 'a symbolic link to nothing')
      } else if (stat.isDirectory()) {
        if (!enter(path, depth + 1)) return false
      } else if (stat.isFile()) {
        if (!visit(path)) return false
      }
    }
    return true
  }
  enter(root, 0)
}
