import { snapshot } from '../app/snapshot.ts'
import { visible } from '../outputs/text-safety.ts'
import { readFlags } from './flags.ts'
import type { Io } from './io.ts'
import { gapLine } from './present.ts'
import { progressOn } from './sources.ts'
import { UsageError } from './usage-error.ts'

/** `postern snapshot --out DIR`: live clusters into files, read-only, secrets taken out. */
export const snapshotVerb = async (argv: readonly string[], io: Io): Promise<number> => {
  const flags = readFlags(argv, ['table'], io.env, io.clock)
  if (flags.out === null) throw new UsageError('name the folder to write: `postern snapshot --out DIR`')
  if (flags.positionals.length > 0) throw new UsageError('a snapshot is of live clusters: name them with --context')
  const request = { kubeconfig: flags.kubeconfig, contexts: flags.contexts }
  const written = await snapshot(flags.out, request, flags.now, progressOn(flags, io))
  if (written.kind !== 'written') {
    io.stderr.write(`postern snapshot: ${visible(written.message)}\n`)
    return 2
  }
  const { manifest, objects, files } = written
  const gaps = [...manifest.gaps, ...manifest.clusters.flatMap(cluster => cluster.gaps)]
  for (const gap of gaps) io.stderr.write(gapLine(gap))
  io.stdout.write(
    `${objects} objects of ${manifest.clusters.length} clusters in ${files} files under ${visible(flags.out)}\n`,
  )
  return gaps.some(gap => gap.resource === null) ? 2 : 0
}
