import { lintIntents, showIntents } from '../app/intent.ts'
import { parseLabelSelector } from '../app/label-selector.ts'
import { renderDrafts } from '../outputs/intent-draft.ts'
import { renderDeclared, renderLint } from '../outputs/intent-tables.ts'
import { renderJson } from '../outputs/json.ts'
import { renderYaml } from '../outputs/yaml.ts'
import { exitCode, failsAt } from './exit-code.ts'
import { type Flags, readFlags } from './flags.ts'
import type { Io } from './io.ts'
import { complain, present, tableOptions } from './present.ts'
import { estateFor } from './sources.ts'
import { UsageError } from './usage-error.ts'

const OUTPUTS = ['table', 'json', 'yaml']

/** `postern intent init|lint|show`: the Declared, drafted, checked, and as it adds up. */
export const intentVerb = async ([what, ...argv]: readonly string[], io: Io): Promise<number> => {
  switch (what) {
    case 'lint':
      return lint(readFlags(argv, OUTPUTS, io.env, io.clock), io)
    case 'show':
      return show(readFlags(argv, OUTPUTS, io.env, io.clock), io)
    case 'init':
      return init(readFlags(argv, ['yaml', 'json'], io.env, io.clock), io)
    default:
      throw new UsageError(
        `${what === undefined ? 'nothing' : `\`${what}\``} is no part of intent: write init, lint or show`,
      )
  }
}

const lint = async (flags: Flags, io: Io): Promise<number> => {
  const result = lintIntents(await estateFor(flags, io), flags.now)
  complain(flags, io, result.diagnostics, result.coverage)
  await present(
    flags,
    io,
    rendered(flags, result, () => renderLint(result, tableOptions(flags, io))),
  )
  return exitCode(result.diagnostics, result.coverage, failsAt(result.problems, flags.failOn), flags.strict)
}

const init = async (flags: Flags, io: Io): Promise<number> => {
  const { draftIntents } = await import('../app/intent-init.ts')
  const result = draftIntents(await estateFor(flags, io), flags.now)
  complain(flags, io, result.diagnostics, result.coverage)
  await present(flags, io, flags.output === 'json' ? renderJson(result) : renderDrafts(result))
  return exitCode(result.diagnostics, result.coverage, false, flags.strict)
}

const show = async (flags: Flags, io: Io): Promise<number> => {
  const carries = flags.selector === null ? null : parseLabelSelector(flags.selector)
  const result = showIntents(
    await estateFor(flags, io),
    flags.now,
    ({ namespace, labels, shape }) =>
      (flags.namespaces.length === 0 || flags.namespaces.includes(namespace)) &&
      (carries === null || carries(labels) || carries(shape.labels)),
  )
  complain(flags, io, result.diagnostics, result.coverage)
  await present(
    flags,
    io,
    rendered(flags, result, () => renderDeclared(result, tableOptions(flags, io))),
  )
  return exitCode(result.diagnostics, result.coverage, false, flags.strict)
}

const rendered = ({ output }: Flags, result: object, table: () => Iterable<string>): Iterable<string> =>
  output === 'json' ? renderJson(result) : output === 'yaml' ? renderYaml(result) : table()
