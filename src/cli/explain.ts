import { explain } from '../app/explain.ts'
import { renderExplanation } from '../outputs/explanation.ts'
import { readFlags } from './flags.ts'
import type { Io } from './io.ts'
import { present, tableOptions } from './present.ts'
import { UsageError } from './usage-error.ts'

/** `postern explain ID`: a finding's or a term's page. */
export const explainVerb = async (argv: readonly string[], io: Io): Promise<number> => {
  const flags = readFlags(argv, ['table'], io.env, io.clock)
  const [id, ...rest] = flags.positionals
  if (id === undefined || rest.length > 0) throw new UsageError('name one finding or term: `postern explain PST-N001`')
  const explanation = explain(id)
  if (explanation.kind === 'unknown') {
    const near =
      explanation.near.length > 0 ? `: did you mean ${explanation.near.map(name => `\`${name}\``).join(', ')}?` : ''
    throw new UsageError(`\`${id}\` is neither a finding nor a term${near}`)
  }
  await present(flags, io, renderExplanation(explanation, tableOptions(flags, io)))
  return 0
}
