import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { UsageError } from './usage-error.ts'

/** `main..feature`, `main...feature`: what the second has, against the first or against where they parted. */
const RANGE = /^(?<base>[^\s:~^?*[\\]*?[^.\s])(?<dots>\.{2,3})(?<head>[^.\s][^\s]*)?$/

export const isRange = (text: string): boolean => RANGE.test(text) && !text.startsWith('-') && !text.startsWith('.')

interface CheckedOut {
  readonly before: { readonly path: string; readonly shown: string }
  readonly after: { readonly path: string; readonly shown: string }
  readonly name: string
  /** The folders are of this run only. */
  readonly remove: () => void
}

/** Both ends of a range as folders, as far as the paths go; the working tree is not touched. Errors: UsageError. */
export const checkedOut = (range: string, paths: readonly string[]): CheckedOut => {
  const { base = '', dots = '..', head = 'HEAD' } = RANGE.exec(range)?.groups ?? {}
  if (paths.length > 1) throw new UsageError('name one path of the repository, or none')
  const [path = '.'] = paths
  const from = dots === '...' ? git(['merge-base', base, head]).trim() : base
  const folder = mkdtempSync(join(tmpdir(), 'postern-range-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  try {
    return {
      before: { path: unpacked(from, path, join(folder, 'before')), shown: base },
      after: { path: unpacked(head, path, join(folder, 'after')), shown: head },
      name: basename(resolve(path)),
      remove,
    }
  } catch (error) {
    remove()
    throw error
  }
}

const MOST_BYTES = 2 ** 31 - 1

const git = (args: readonly string[]): string => gitBytes(args).toString('utf8')

const gitBytes = (args: readonly string[]): Buffer => {
  const { status, stdout, stderr, error } = spawnSync('git', args, { maxBuffer: MOST_BYTES })
  if (error !== undefined) throw new UsageError(`git cannot be run: ${error.message}`)
  if (status !== 0)
    throw new UsageError(`git ${args[0]} failed: ${stderr.toString('utf8').trim().split('\n')[0] ?? ''}`)
  return stdout
}

/** The files of a revision below a path; a path that is not there is an empty folder. */
const unpacked = (revision: string, path: string, folder: string): string => {
  mkdirSync(folder, { recursive: true })
  const commit = git(['rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`]).trim()
  const prefix = git(['rev-parse', '--show-prefix']).trim()
  const tree = `${commit}:${path === '.' ? prefix : join(prefix, path)}`
  if (spawnSync('git', ['cat-file', '-e', tree]).status !== 0) return folder
  const archive = gitBytes(['archive', '--format=tar', tree])
  const { status, stderr, error } = spawnSync('tar', ['-x', '-C', folder], { input: archive })
  if (error !== undefined || status !== 0)
    throw new UsageError(
      `the files of ${revision} cannot be unpacked: ${error?.message ?? stderr.toString('utf8').trim()}`,
    )
  return folder
}
