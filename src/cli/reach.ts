import { ReachQuestionError, reachOf } from '../app/reach-question.ts'
import type { ReachResult } from '../model/reach.ts'
import { renderCompactJson, renderJson } from '../outputs/json.ts'
import { renderReachTable } from '../outputs/reach-table.ts'
import { renderYaml } from '../outputs/yaml.ts'
import { exitCode } from './exit-code.ts'
import { readFlags } from './flags.ts'
import type { Io } from './io.ts'
import { complain, present, tableOptions } from './present.ts'
import { profileOf } from './profile.ts'
import { estateFor } from './sources.ts'
import { UsageError } from './usage-error.ts'

const OUTPUTS = ['table', 'wide', 'json', 'yaml']

/** `postern reach`: for each workload every destination, with traffic, way out and reason. */
export const reachVerb = async (argv: readonly string[], io: Io): Promise<number> => {
  const flags = readFlags(argv, OUTPUTS, io.env, io.clock)
  const profile = profileOf(flags, 'reach')
  if (flags.layers && flags.by === 'class')
    throw new UsageError('--layers tells of each workload: leave out --by class')
  const loaded = await estateFor(flags, io)
  try {
    const result = reachOf(loaded, { ...flags, profile })
    complain(flags, io, result.diagnostics, result.coverage)
    const chunks =
      flags.output === 'json'
        ? flags.by === 'class'
          ? renderCompactJson(result)
          : renderJson(result)
        : flags.output === 'yaml'
          ? renderYaml(result)
          : renderReachTable(result, { ...tableOptions(flags, io), wide: flags.output === 'wide' })
    await present(flags, io, chunks)
    const code = exitCode(result.diagnostics, result.coverage, false, flags.strict)
    return code === 0 && flags.strict && hasUnknown(result) ? 3 : code
  } catch (error) {
    if (error instanceof ReachQuestionError) throw new UsageError(error.message)
    throw error
  }
}

const hasUnknown = ({ workloads, classes = [] }: ReachResult): boolean =>
  [...workloads, ...classes].some(({ egress = [] }) => egress.some(entry => entry.verdict === 'unknown'))
