import type { Coverage, Diagnostic, Gap } from '../model/coverage.ts'
import { visible } from '../outputs/text-safety.ts'
import type { Flags } from './flags.ts'
import { type Chunk, type Io, writeAll, writeFileChunks } from './io.ts'

export const tableOptions = (flags: Flags, io: Io) => ({
  width: Math.max(40, io.stdout.columns ?? (Number(io.env['COLUMNS']) || 80)),
  color: flags.color ?? (flags.out === null && io.stdout.isTTY === true),
  all: flags.all,
})

/** Data goes to standard output, or to the file that `--out` names. */
export const present = async (flags: Flags, io: Io, chunks: Iterable<Chunk>): Promise<void> => {
  if (flags.out === null) await writeAll(io.stdout, chunks)
  else writeFileChunks(flags.out, chunks)
}

/** Trouble with the input on standard error, once, whatever the output's format. */
export const complain = (flags: Flags, io: Io, diagnostics: readonly Diagnostic[], coverage: Coverage): void => {
  for (const { severity, file, line, column, message } of diagnostics) {
    if (flags.quiet && severity === 'warning') continue
    io.stderr.write(
      `${severity}: ${visible([file, line, column].filter(part => part !== null).join(':'))}: ${visible(message)}\n`,
    )
  }
  // A whole cluster that is missing ends with 2, and whoever sees that must read why.
  for (const gap of coverage.gaps) if (!flags.quiet || gap.resource === null) io.stderr.write(gapLine(gap))
}

/** What was not read, why, and what would settle it. */
export const gapLine = ({ cluster, resource, why, settledBy }: Gap): string => {
  const what = [cluster, resource].filter(part => part !== null).join(' ') || 'input'
  return `not read: ${visible(what)}: ${visible(why)}; ${visible(settledBy)}\n`
}
