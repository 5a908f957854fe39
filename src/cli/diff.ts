import { diff } from '../app/diff.ts'
import { renderDiffMarkdown, renderDiffTable } from '../outputs/diff.ts'
import { renderJson } from '../outputs/json.ts'
import { renderYaml } from '../outputs/yaml.ts'
import { exitCode } from './exit-code.ts'
import { readFlags } from './flags.ts'
import type { Io } from './io.ts'
import { complain, present, tableOptions } from './present.ts'
import { profileOf } from './profile.ts'
import { UsageError } from './usage-error.ts'

const OUTPUTS = ['table', 'json', 'yaml', 'markdown']

/** `postern diff BEFORE AFTER`: exit 1 when a region was gained or something stands open that did not. */
export const diffVerb = async (argv: readonly string[], io: Io): Promise<number> => {
  const flags = readFlags(argv, OUTPUTS, io.env, io.clock)
  const [before, after, ...rest] = flags.positionals
  if (before === undefined || after === undefined || rest.length > 0)
    throw new UsageError('name two sources: `postern diff BEFORE AFTER`')
  const profile = profileOf(flags, 'reach')
  const result = diff(before, after, { profile, compat: flags.compat })
  const { before: left, after: right } = result.coverage
  const coverage = {
    ...right,
    gaps: [...left.gaps, ...right.gaps],
    notImplemented: left.notImplemented + right.notImplemented,
  }
  complain(flags, io, result.diagnostics, coverage)
  const chunks =
    flags.output === 'json'
      ? renderJson(result)
      : flags.output === 'yaml'
        ? renderYaml(result)
        : flags.output === 'markdown'
          ? renderDiffMarkdown(result)
          : renderDiffTable(result, tableOptions(flags, io))
  await present(flags, io, chunks)
  const opened = result.gained.length > 0 || result.inventory.opened > 0
  return exitCode(result.diagnostics, coverage, opened, flags.strict)
}
