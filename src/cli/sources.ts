import type { SourceArgument } from '../app/load.ts'
import { type LoadedEstate, loadEstate } from '../app/load.ts'
import type { LiveRequest } from '../app/load-live.ts'
import type { Flags } from './flags.ts'
import type { Io } from './io.ts'

/** The estate that a command line names: its SOURCEs, or live clusters where it names none. */
export const estateFor = async (
  flags: Flags,
  io: Io,
  paths: readonly string[] = flags.positionals,
): Promise<LoadedEstate> => {
  const owners = flags.compat === 'np-guard' ? 'direct' : 'topmost'
  const files = filesIn(flags, paths)
  if (files !== null) return loadEstate(files, owners)
  const sources = sourceArguments(flags, paths)
  const request: LiveRequest = { kubeconfig: flags.kubeconfig, contexts: flags.contexts }
  const { loadLive } = await import('../app/load-live.ts')
  return loadLive(request, sources, progressOn(flags, io), owners)
}

/** The SOURCEs of a command line that asks no live cluster; null where it does. */
export const filesIn = (
  flags: Flags,
  paths: readonly string[] = flags.positionals,
): readonly SourceArgument[] | null => {
  const sources = sourceArguments(flags, paths)
  return sources.length > 0 && flags.contexts === 'current' ? sources : null
}

export const sourceArguments = (flags: Flags, paths: readonly string[]): readonly SourceArgument[] => [
  ...paths.map(path => ({ path, cluster: null })),
  ...flags.clusters.map(({ name, path }) => ({ path, cluster: name === '' ? null : name })),
]

/** A line that is drawn over itself, on a terminal only; what must be said stands on lines of its own. */
export const progressOn = (flags: Flags, io: Io) => ({
  line: (text: string): void => {
    if (!flags.quiet && io.stderr.isTTY === true) io.stderr.write(`\r\u001b[2K${text}`)
  },
  say: (text: string): void => {
    const clear = io.stderr.isTTY === true && !flags.quiet ? '\r\u001b[2K' : ''
    if (!flags.quiet) io.stderr.write(`${clear}${text}\n`)
  },
  columns: io.stderr.columns ?? 80,
})
