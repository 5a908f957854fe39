import { readFileSync, statSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import type { LoadedEstate } from '../app/load.ts'
import { RULES, scan, selectFindings } from '../app/scan.ts'
import type { FindingsResult } from '../model/finding.ts'
import type { Inventory } from '../model/inventory.ts'
import type { Profile } from '../model/profile.ts'
import { renderFindingsTable } from '../outputs/findings-table.ts'
import { renderJson } from '../outputs/json.ts'
import { exitCode, failsAt } from './exit-code.ts'
import { type Flags, readFlags } from './flags.ts'
import type { Io } from './io.ts'
import { complain, present, tableOptions } from './present.ts'
import { estateFor } from './sources.ts'
import { UsageError } from './usage-error.ts'

const OUTPUTS = ['table', 'json', 'yaml', 'markdown', 'sarif', 'junit', 'html']

/** `postern scan`: collect, compute, say what is wrong. */
export const scanVerb = async (argv: readonly string[], io: Io): Promise<number> => {
  if (argv.includes('--pr')) return (await import('./pr.ts')).prVerb(argv, io)
  const flags = readFlags(argv, OUTPUTS, io.env, io.clock)
  const baseline = flags.baseline === null ? new Set<string>() : readBaseline(flags.baseline)
  const loaded = await estateFor(flags, io)
  const profile = flags.cni === null ? null : (await import('./profile.ts')).profileOf(flags, 'scan')
  const { findings: all, inventory, undeclared } = scan(loaded, { now: flags.now, baseline, profile })
  const findings = selectFindings(all, loaded.estate, { namespaces: flags.namespaces, labels: flags.selector })
  complain(flags, io, findings.diagnostics, findings.coverage)
  if (undeclared !== null && undeclared.known > 0 && !flags.quiet)
    io.stderr.write(
      `note: no intent was read, so nothing is declared; ${undeclared.open} of ${undeclared.known} workloads may reach the web at most addresses: \`postern intent init\` drafts what is open\n`,
    )
  await present(flags, io, await rendered(findings, inventory, loaded, profile, flags, io))
  return exitCode(findings.diagnostics, findings.coverage, failsAt(findings.findings, flags.failOn), flags.strict)
}

const rendered = async (
  findings: FindingsResult,
  inventory: Inventory,
  loaded: LoadedEstate,
  profile: Profile | null,
  flags: Flags,
  io: Io,
): Promise<Iterable<string>> => {
  switch (flags.output) {
    case 'json':
      return renderJson(findings)
    case 'yaml':
      return (await import('../outputs/yaml.ts')).renderYaml(findings)
    case 'markdown':
      return (await import('../outputs/markdown.ts')).renderFindingsMarkdown(findings, { all: flags.all })
    case 'sarif': {
      const { VERSION } = await import('./version.ts')
      return (await import('../outputs/sarif.ts')).renderSarif(findings, RULES, {
        version: VERSION,
        filePrefix: prefixOf(flags),
      })
    }
    case 'junit':
      return (await import('../outputs/junit.ts')).renderJunit(findings, { threshold: flags.failOn })
    case 'html': {
      const { reportAssets } = await import('./assets.ts')
      const reach = await reachFor(loaded, findings, profile, flags)
      const declared = (await import('../app/declared-picture.ts')).declaredPicture(loaded.estate, flags.now, profile)
      const { renderHtml } = await import('../outputs/html.ts')
      return renderHtml(findings, inventory, RULES, reportAssets(), reach, declared)
    }
    default:
      return renderFindingsTable(findings, tableOptions(flags, io))
  }
}

/** What each workload can reach: only the report asks, so only the report loads what computes it. */
const reachFor = async (loaded: LoadedEstate, { findings }: FindingsResult, profile: Profile | null, flags: Flags) => {
  const { reachForReport } = await import('../app/report-reach.ts')
  return reachForReport(loaded, { ...flags, profile, findings })
}

/** Code scanning wants files relative to the repository: the one SOURCE as given stands in front. */
const prefixOf = (flags: Flags): string => {
  const [only, ...rest] = [...flags.positionals, ...flags.clusters.map(cluster => cluster.path)]
  if (only === undefined || rest.length > 0 || only === '-') return ''
  const isFolder = statSync(only, { throwIfNoEntry: false })?.isDirectory() === true
  // A finding's file is relative to its SOURCE: to the folder, or to the folder that a single file stands in.
  const path = relative('.', resolve(only, isFolder ? '.' : '..'))
    .split(sep)
    .join('/')
  return path === '' || path.startsWith('..') ? '' : `${path}/`
}

/** Fingerprints of an earlier `-o json`. Errors: UsageError when the file is no such thing. */
const readBaseline = (path: string): ReadonlySet<string> => {
  try {
    const earlier = JSON.parse(readFileSync(path, 'utf8')) as { findings?: readonly { fingerprint?: unknown }[] }
    if (!Array.isArray(earlier.findings)) throw new Error('it holds no `findings`')
    return new Set(
      earlier.findings.flatMap(finding => (typeof finding.fingerprint === 'string' ? [finding.fingerprint] : [])),
    )
  } catch (error) {
    throw new UsageError(
      `--baseline \`${path}\` cannot be used: ${(error as Error).message}: give the json of an earlier scan`,
    )
  }
}
