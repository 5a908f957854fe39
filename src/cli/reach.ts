import { reachOfFleet, type WrittenReach } from '../app/reach-fleet.ts'
import { hasUnknown, type ReachQuestion, ReachQuestionError, reachOf } from '../app/reach-question.ts'
import type { ReachResult } from '../model/reach.ts'
import { renderCompactJson, renderJson } from '../outputs/json.ts'
import { renderReachTable } from '../outputs/reach-table.ts'
import { renderWithRendered } from '../outputs/rendered.ts'
import { renderYaml } from '../outputs/yaml.ts'
import { exitCode } from './exit-code.ts'
import { type Flags, readFlags } from './flags.ts'
import type { Chunk, Io } from './io.ts'
import { complain, present, tableOptions } from './present.ts'
import { profileOf } from './profile.ts'
import { estateFor, filesIn } from './sources.ts'
import { UsageError } from './usage-error.ts'

const OUTPUTS = ['table', 'wide', 'json', 'yaml']

/** `postern reach`: for each workload every destination, with traffic, way out and reason. */
export const reachVerb = async (argv: readonly string[], io: Io): Promise<number> => {
  const flags = readFlags(argv, OUTPUTS, io.env, io.clock)
  const question = questionIn(flags)
  if (flags.layers && flags.by === 'class')
    throw new UsageError('--layers tells of each workload: leave out --by class')
  try {
    const { result, chunks, leavesOpen } = await answered(flags, question, io)
    complain(flags, io, result.diagnostics, result.coverage)
    await present(flags, io, chunks)
    const code = exitCode(result.diagnostics, result.coverage, false, flags.strict)
    return code === 0 && flags.strict && leavesOpen ? 3 : code
  } catch (error) {
    if (error instanceof ReachQuestionError) throw new UsageError(error.message)
    throw error
  }
}

const questionIn = (flags: Flags): ReachQuestion => {
  const { compat, by, namespaces, selector, from, all, relays, pivots, layers } = flags
  return { profile: profileOf(flags, 'reach'), compat, by, namespaces, selector, from, all, relays, pivots, layers }
}

interface Answered {
  readonly result: ReachResult | WrittenReach
  readonly chunks: Iterable<Chunk>
  /** Whether a verdict is unknown. */
  readonly leavesOpen: boolean
}

const answered = async (flags: Flags, question: ReachQuestion, io: Io): Promise<Answered> => {
  const { output, by } = flags
  // Rows that many share are long, and for machines.
  const indent = by === 'class' ? 0 : 2
  const sources = filesIn(flags)
  const fleet = output === 'json' && sources !== null ? await reachOfFleet(sources, { question, indent }) : null
  if (fleet !== null) return { ...fleet, chunks: renderWithRendered(fleet.result, indent) }
  const result = reachOf(await estateFor(flags, io), question)
  const chunks = (): Iterable<string> => {
    if (output === 'json') return indent === 0 ? renderCompactJson(result) : renderJson(result)
    if (output === 'yaml') return renderYaml(result)
    return renderReachTable(result, { ...tableOptions(flags, io), wide: output === 'wide' })
  }
  return { result, chunks: chunks(), leavesOpen: flags.strict && hasUnknown(result) }
}
