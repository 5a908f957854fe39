import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { parseLabelSelector, SelectorError } from '../app/label-selector.ts'
import type { Severity } from '../model/finding.ts'
import { SEVERITIES } from '../model/finding.ts'
import { UsageError } from './usage-error.ts'

const COMMON = {
  output: { type: 'string', short: 'o' },
  out: { type: 'string' },
  kubeconfig: { type: 'string' },
  context: { type: 'string', multiple: true },
  'all-contexts': { type: 'boolean' },
  namespace: { type: 'string', short: 'n', multiple: true },
  'all-namespaces': { type: 'boolean', short: 'A' },
  selector: { type: 'string', short: 'l' },
  cluster: { type: 'string', multiple: true },
  intent: { type: 'string', multiple: true },
  'fail-on': { type: 'string' },
  strict: { type: 'boolean' },
  baseline: { type: 'string' },
  pr: { type: 'boolean' },
  all: { type: 'boolean' },
  from: { type: 'string' },
  cni: { type: 'string' },
  compat: { type: 'string' },
  by: { type: 'string' },
  'no-relays': { type: 'boolean' },
  pivots: { type: 'boolean' },
  layers: { type: 'boolean' },
  now: { type: 'string' },
  quiet: { type: 'boolean', short: 'q' },
  'no-color': { type: 'boolean' },
  verbose: { type: 'boolean', short: 'v' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig

export interface Flags {
  readonly output: string
  readonly out: string | null
  readonly kubeconfig: string | null
  readonly contexts: readonly string[] | 'all' | 'current'
  readonly namespaces: readonly string[]
  readonly selector: string | null
  readonly clusters: readonly { readonly name: string; readonly path: string }[]
  readonly failOn: Severity | 'none'
  readonly strict: boolean
  readonly baseline: string | null
  /** Two sources, or a range of a Git repository, are a proposed change. */
  readonly pr: boolean
  /** Sources that belong to no cluster. */
  readonly intents: readonly string[]
  readonly all: boolean
  /** A workload's id or its last segments. */
  readonly from: string | null
  /** A profile's name: what the same documents do on another network plugin. */
  readonly cni: string | null
  readonly compat: 'np-guard' | null
  readonly by: 'workload' | 'class'
  readonly relays: boolean
  readonly pivots: boolean
  /** What each document alone holds closed. */
  readonly layers: boolean
  readonly now: string
  readonly quiet: boolean
  readonly color: boolean | null
  readonly verbose: boolean
  readonly help: boolean
  /** Paths, and whatever else stands without a flag. */
  readonly positionals: readonly string[]
}

/** Reads flags. Errors: UsageError for an unknown flag or a value outside its set. */
export const readFlags = (
  argv: readonly string[],
  outputs: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  clock: () => Date,
): Flags => {
  const { values, positionals } = parsed(argv)
  const output = values.output ?? outputs[0] ?? 'table'
  if (!outputs.includes(output))
    throw new UsageError(`\`${output}\` is no output here: choose one of ${outputs.join(', ')}`)
  const failOn = values['fail-on'] ?? 'high'
  if (failOn !== 'none' && !isSeverity(failOn))
    throw new UsageError(`\`${failOn}\` is no severity: --fail-on takes critical, high, medium, low or none`)
  return {
    output,
    out: values.out ?? null,
    kubeconfig: values.kubeconfig ?? null,
    contexts: values['all-contexts']
      ? 'all'
      : values.context
        ? values.context.flatMap(names => names.split(',')).filter(Boolean)
        : 'current',
    namespaces: values['all-namespaces']
      ? []
      : (values.namespace ?? []).flatMap(names => names.split(',')).filter(Boolean),
    selector: selectorOf(values.selector),
    clusters: [...(values.cluster ?? []), ...(values.intent ?? []).map(path => `=${path}`)].map(clusterArgument),
    failOn,
    strict: values.strict ?? false,
    baseline: values.baseline ?? null,
    pr: values.pr ?? false,
    intents: values.intent ?? [],
    all: values.all ?? false,
    from: values.from ?? null,
    cni: values.cni ?? null,
    compat: oneOf('compat', values.compat, ['np-guard'] as const),
    by: oneOf('by', values.by, ['workload', 'class'] as const) ?? 'workload',
    relays: !(values['no-relays'] ?? false),
    pivots: values.pivots ?? false,
    layers: values.layers ?? false,
    now: nowOf(values.now, clock),
    quiet: values.quiet ?? false,
    color: values['no-color'] || (env['NO_COLOR'] ?? '') !== '' ? false : null,
    verbose: values.verbose ?? false,
    help: values.help ?? false,
    positionals,
  }
}

const parsed = (argv: readonly string[]) => {
  try {
    return parseArgs({ args: [...argv], options: COMMON, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError(
      `${(error as Error).message.split('. ')[0]?.replace(/'/g, '`') ?? 'unreadable flags'}: see \`postern --help\``,
    )
  }
}

const oneOf = <T extends string>(flag: string, text: string | undefined, values: readonly T[]): T | null => {
  if (text === undefined) return null
  const found = values.find(value => value === text)
  if (found === undefined)
    throw new UsageError(`\`${text}\` is nothing that --${flag} takes: write ${values.join(' or ')}`)
  return found
}

const selectorOf = (text: string | undefined): string | null => {
  if (text === undefined) return null
  try {
    parseLabelSelector(text)
    return text
  } catch (error) {
    if (error instanceof SelectorError) throw new UsageError(error.message)
    throw error
  }
}

const isSeverity = (text: string): text is Severity => (SEVERITIES as readonly string[]).includes(text)

/** `NAME=PATH`; without a name the path names itself. */
const clusterArgument = (text: string): { name: string; path: string } => {
  const equals = text.indexOf('=')
  if (equals < 0 || equals === text.length - 1)
    throw new UsageError(`\`${text}\` names no path: write --cluster NAME=PATH`)
  return { name: text.slice(0, equals), path: text.slice(equals + 1) }
}

const nowOf = (text: string | undefined, clock: () => Date): string => {
  // Expiry is judged by the day, and the same input gives the same bytes all day.
  if (text === undefined) return clock().toISOString().slice(0, 10)
  if (
    !/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?$/.test(text) ||
    !isDay(text.slice(0, 10)) ||
    Number.isNaN(Date.parse(text))
  ) {
    throw new UsageError(`\`${text}\` is no RFC 3339 time: write 2026-11-20 or 2026-11-20T08:00:00Z`)
  }
  return text
}

/** Engines read 31 February as a day in March. */
const isDay = (text: string): boolean => {
  const milliseconds = Date.parse(text)
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(text)
}
