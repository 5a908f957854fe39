import { lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
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
 * back to one of its parents is entered once for each cluster. What cannot be read is a diagnostic, never silence;
 * `.git` and `node_modules` hold no estate and are not entered.
 */
export const discover = (
  sources: readonly SourceArgument[],
  folderNames: FolderNames,
  maxFiles = MAX_FILES,
): Discovery => {
  const files: FoundFile[] = []
  const diagnostics: Diagnostic[] = []
  let full = false
  const report = (severity: Diagnostic['severity'], file: string, message: string): void => {
    diagnostics.push({ severity, file, line: null, column: null, message })
  }

  for (const source of sources) {
    if (source.path === '-') {
      files.push({ path: '-', shown: '-', cluster: source.cluster ?? 'stdin' })
      continue
    }
    const root = resolve(source.path)
    const name = source.cluster ?? (basename(root) || 'root')
    const { stat, why } = look(root)
    if (stat === null) {
      report('error', source.path, why === NOTHING ? 'no such file or directory: check the path' : why)
    } else if (stat.isDirectory()) {
      const names = folderNames(root)
      const shownAt = (path: string): string => relative(root, path).split(sep).join('/')
      walk(root, {
        clusterAt: directory => clusterOf(`${shownAt(directory)}/.`, name, source.cluster, names),
        visit: path => {
          full ||= files.length >= maxFiles
          if (full) return false
          const shown = shownAt(path)
          files.push({ path, shown, cluster: clusterOf(shown, name, source.cluster, names) })
          return true
        },
        report: (severity, path, message) => report(severity, shownAt(path) || source.path, message),
      })
    } else {
      files.push({ path: root, shown: basename(root), cluster: name })
    }
  }
  if (full) {
    report(
      'error',
      sources.map(source => source.path).join(' '),
      `more than ${maxFiles} files: name a smaller folder; the rest was not read`,
    )
  }
  return { files, diagnostics }
}

const NOTHING = 'it went away, or its name is not UTF-8 text: rename it'

/** What stands at a path, links followed; else why nobody can tell. */
const look = (path: string): { readonly stat: Stats | null; readonly why: string } => {
  try {
    const stat = statSync(path, { throwIfNoEntry: false }) ?? null
    if (stat !== null) return { stat, why: '' }
    return { stat, why: lstatSync(path, { throwIfNoEntry: false }) ? 'a symbolic link to nothing' : NOTHING }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return { stat: null, why: code === 'ELOOP' ? 'a symbolic link that leads to itself' : `cannot be read: ${code}` }
  }
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

interface Walker {
  readonly clusterAt: (directory: string) => string
  /** False ends the walk. */
  readonly visit: (path: string) => boolean
  readonly report: (severity: Diagnostic['severity'], path: string, message: string) => void
}

const walk = (root: string, { clusterAt, visit, report }: Walker): void => {
  const seen = new Set<string>()
  const enter = (directory: string, parents: readonly string[]): boolean => {
    let real: string
    let entries: string[]
    try {
      real = realpathSync(directory)
      // Two clusters may link to one folder: each has it.
      const place = `${clusterAt(directory)}\0${real}`
      if (parents.includes(real) || seen.has(place)) return true
      seen.add(place)
      entries = readdirSync(directory).sort()
    } catch (error) {
      report('error', directory, `cannot be read: ${(error as NodeJS.ErrnoException).code ?? error}`)
      return true
    }
    if (parents.length > MAX_DIRECTORY_DEPTH) {
      report('error', directory, `more than ${MAX_DIRECTORY_DEPTH} folders deep: not read`)
      return true
    }
    for (const entry of entries) {
      if (entry === '.git' || entry === 'node_modules') continue
      const path = join(directory, entry)
      const { stat, why } = look(path)
      if (stat === null) {
        report('error', path, why)
      } else if (stat.isDirectory()) {
        if (!enter(path, [...parents, real])) return false
      } else if (!stat.isFile()) {
        report('warning', path, 'neither a file nor a folder: not read')
      } else if (!visit(path)) {
        return false
      }
    }
    return true
  }
  enter(root, [])
}
