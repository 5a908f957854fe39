import { estateAt } from '../app/diff.ts'
import { proposedChange } from '../app/pr.ts'
import { renderJson } from '../outputs/json.ts'
import { renderProposedChange } from '../outputs/pr.ts'
import { renderYaml } from '../outputs/yaml.ts'
import { exitCode } from './exit-code.ts'
import { type Flags, readFlags } from './flags.ts'
import { checkedOut, isRange } from './git-range.ts'
import type { Io } from './io.ts'
import { complain, present } from './present.ts'
import { profileOf } from './profile.ts'
import { UsageError } from './usage-error.ts'

/** `postern scan --pr BASE HEAD`, or a Git range: exit 1 when something opens that nobody declared, or stays open and is declared no longer. */
export const prVerb = async (argv: readonly string[], io: Io): Promise<number> => {
  const flags = readFlags(argv, ['markdown', 'json', 'yaml'], io.env, io.clock)
  const [first = '', second, ...rest] = flags.positionals
  if (isRange(first)) {
    const paths = flags.positionals.slice(1)
    const { before, after, name, remove } = checkedOut(first, paths)
    try {
      return await judged(flags, io, { ...before, name }, { ...after, name })
    } finally {
      remove()
    }
  }
  if (second === undefined || rest.length > 0)
    throw new UsageError(
      'name two sources or a range: `postern scan --pr BASE HEAD`, `postern scan --pr main..HEAD PATH`',
    )
  return judged(flags, io, { path: first, shown: first, name: second }, { path: second, shown: second, name: second })
}

interface Side {
  readonly path: string
  readonly shown: string
  /** What a folder of one cluster's manifests is called. */
  readonly name: string
}

const judged = async (flags: Flags, io: Io, before: Side, after: Side): Promise<number> => {
  const profile = profileOf(flags, 'reach')
  const estate = ({ path, shown, name }: Side) => estateAt(path, name, flags.intents, shown)
  const result = proposedChange(estate(before), estate(after), { profile, compat: flags.compat, now: flags.now })
  const coverage = { ...result.coverage.after, gaps: [...result.coverage.before.gaps, ...result.coverage.after.gaps] }
  complain(flags, io, result.diagnostics, coverage)
  const chunks =
    flags.output === 'json'
      ? renderJson(result)
      : flags.output === 'yaml'
        ? renderYaml(result)
        : renderProposedChange(result)
  await present(flags, io, chunks)
  return exitCode(result.diagnostics, coverage, result.undeclared.length + result.withdrawn.length > 0, flags.strict)
}
