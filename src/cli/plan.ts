import { readFileSync, statSync } from 'node:fs'
import { basename, relative, resolve, sep } from 'node:path'
import { GUARDRAIL_RULES, plan } from '../app/plan.ts'
import type { PlanResult } from '../model/plan.ts'
import { exitCode, failsAt } from './exit-code.ts'
import { type Flags, readFlags } from './flags.ts'
import type { Io } from './io.ts'
import { complain, present, tableOptions } from './present.ts'
import { sourceArguments } from './sources.ts'
import { UsageError } from './usage-error.ts'

const OUTPUTS = ['table', 'json', 'yaml', 'markdown', 'sarif', 'junit', 'html']

/** `postern plan PLAN.json… [SOURCE…]`: exit 1 when a guardrail is broken, or cannot be decided. */
export const planVerb = async (argv: readonly string[], io: Io): Promise<number> => {
  const flags = readFlags(argv, OUTPUTS, io.env, io.clock)
  const baseline = flags.baseline === null ? new Set<string>() : readBaseline(flags.baseline)
  if (flags.positionals.length === 0)
    throw new UsageError('name a plan: `terraform show -json tfplan > plan.json`, then `postern plan plan.json`')
  if (flags.contexts !== 'current')
    throw new UsageError('plan reads files: save clusters with `postern snapshot`, and name the folder as a source')
  const result = plan(sourceArguments(flags, flags.positionals), { now: flags.now, baseline })
  if (result === null)
    throw new UsageError(
      'none of the sources is a plan: save the output of `terraform show -json tfplan`, which holds `planned_values`',
    )
  complain(flags, io, result.diagnostics, result.coverage)
  await present(flags, io, await rendered(result, flags, io))
  const code = exitCode(
    result.diagnostics,
    result.coverage,
    failsAt(
      result.guardrails.filter(({ verdict }) => verdict !== 'kept'),
      flags.failOn,
    ),
    flags.strict,
  )
  return code === 0 && flags.strict && result.unresolved.length > 0 ? 3 : code
}

const rendered = async (result: PlanResult, flags: Flags, io: Io): Promise<Iterable<string>> => {
  switch (flags.output) {
    case 'json':
      return (await import('../outputs/json.ts')).renderJson(result)
    case 'yaml':
      return (await import('../outputs/yaml.ts')).renderYaml(result)
    case 'markdown':
      return (await import('../outputs/plan-markdown.ts')).renderPlanMarkdown(result)
    case 'junit':
      return (await import('../outputs/plan-junit.ts')).renderPlanJunit(result, flags.failOn)
    case 'sarif': {
      const { VERSION } = await import('./version.ts')
      const { planFindings } = await import('../outputs/plan-findings.ts')
      const found = planFindings(result, GUARDRAIL_RULES)
      const placed = { ...found, findings: found.findings.map(one => ({ ...one, file: pathOf(one.file, flags) })) }
      return (await import('../outputs/sarif.ts')).renderSarif(placed, GUARDRAIL_RULES, {
        version: VERSION,
        filePrefix: '',
      })
    }
    case 'html': {
      const { reportAssets } = await import('./assets.ts')
      const { planFindings } = await import('../outputs/plan-findings.ts')
      const { renderHtml } = await import('../outputs/html.ts')
      return renderHtml(planFindings(result, GUARDRAIL_RULES), null, GUARDRAIL_RULES, reportAssets())
    }
    default:
      return (await import('../outputs/plan.ts')).renderPlanTable(result, tableOptions(flags, io))
  }
}

/** Code scanning wants files relative to the repository: a file is shown relative to the SOURCE that holds it. */
const pathOf = (file: string, { positionals, clusters }: Flags): string => {
  for (const source of [...positionals, ...clusters.map(({ path }) => path)]) {
    const isFolder = statSync(source, { throwIfNoEntry: false })?.isDirectory() === true
    if (!isFolder && basename(source) !== file) continue
    const path = relative('.', isFolder ? resolve(source, file) : resolve(source))
    if (!path.startsWith('..') && statSync(path, { throwIfNoEntry: false })?.isFile() === true)
      return path.split(sep).join('/')
  }
  return file
}

/** Fingerprints of an earlier `-o json`. Errors: UsageError when the file is no such thing. */
const readBaseline = (path: string): ReadonlySet<string> => {
  try {
    const earlier = JSON.parse(readFileSync(path, 'utf8')) as {
      guardrails?: readonly { fingerprint?: unknown; verdict?: unknown }[]
    }
    if (!Array.isArray(earlier.guardrails)) throw new Error('it holds no `guardrails`')
    return new Set(
      earlier.guardrails.flatMap(one =>
        typeof one?.fingerprint === 'string' && one.verdict !== 'kept' ? [one.fingerprint] : [],
      ),
    )
  } catch (error) {
    throw new UsageError(
      `--baseline \`${path}\` cannot be used: ${(error as Error).message}: give the json of an earlier plan`,
    )
  }
}
