import { can } from '../app/can.ts'
import { QuestionError } from '../app/target.ts'
import type { Answer } from '../model/answer.ts'
import { renderAnswer } from '../outputs/answer-table.ts'
import { renderJson } from '../outputs/json.ts'
import { renderYaml } from '../outputs/yaml.ts'
import { exitCode } from './exit-code.ts'
import { readFlags } from './flags.ts'
import type { Io } from './io.ts'
import { complain, present, tableOptions } from './present.ts'
import { profileOf } from './profile.ts'
import { estateFor } from './sources.ts'
import { UsageError } from './usage-error.ts'

const OUTPUTS = ['table', 'json', 'yaml']

/** `postern can FROM TO`: one question, every stage. Exit 1 when denied or mixed, 3 when unknown. */
export const canVerb = async (argv: readonly string[], io: Io): Promise<number> => {
  const flags = readFlags(argv, OUTPUTS, io.env, io.clock)
  const [from, to, ...sources] = flags.positionals
  if (from === undefined || to === undefined) throw new UsageError('name both ends: `postern can FROM TO [SOURCE…]`')
  const profile = profileOf(flags, 'can')
  const loaded = await estateFor(flags, io, sources)
  // A question that names nothing may do so because of what could not be read.
  complain(flags, io, loaded.estate.diagnostics, loaded.estate.coverage)
  const answer = asked(() =>
    can(loaded, from, to, { profile, compat: flags.compat, relays: flags.relays, pivots: flags.pivots }),
  )
  const chunks =
    flags.output === 'json'
      ? renderJson(answer)
      : flags.output === 'yaml'
        ? renderYaml(answer)
        : renderAnswer(answer, tableOptions(flags, io))
  await present(flags, io, chunks)
  return exitOf(answer)
}

const asked = (question: () => Answer): Answer => {
  try {
    return question()
  } catch (error) {
    if (error instanceof QuestionError) throw new UsageError(error.message)
    throw error
  }
}

const exitOf = ({ diagnostics, coverage, verdict }: Answer): number =>
  exitCode(diagnostics, coverage, verdict === 'denied' || verdict === 'mixed', false) || (verdict === 'unknown' ? 3 : 0)
