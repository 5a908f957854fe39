import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadEstate, type SourceArgument } from '../../src/app/load.ts'
import { scan } from '../../src/app/scan.ts'
import type { FindingsResult } from '../../src/model/finding.ts'

/**
 * The golden cases of the checks: one folder an id, `fires.yaml` and `look-alike.yaml` in each. A file says in its
 * leading comments what it shows, and `fires.yaml` what it expects:
 *
 *     # expect: NAMESPACE/Kind/NAME      one a finding; `-` is the namespace of a cluster-scoped object
 *     # expect: aws:NOUN/ID              an object of a cloud: output of a cloud's command line stands among the documents
 *     # severity: high                   of the expectation above it; absent: any
 *     # line: 12                         where the finding points, counted by hand; absent: anywhere
 */
export interface CaseFile {
  readonly path: string
  readonly text: string
  /** The leading comment before the first expectation, as one line. */
  readonly purpose: string
  readonly expectations: readonly Expectation[]
}

export interface Expectation {
  readonly object: string
  readonly severity: string | null
  readonly line: number | null
}

export const CASES = import.meta.dirname
export const CLUSTER = 'golden'
/** The day that expiry is judged on. */
export const NOW = '2026-06-01T12:00:00Z'

/** Folders that are there, whatever the catalogue says. */
export const caseFolders = (): readonly string[] =>
  readdirSync(CASES, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort()

export const readCase = (id: string, name: 'fires' | 'look-alike'): CaseFile | null => {
  const path = join(CASES, id, `${name}.yaml`)
  if (!existsSync(path)) return null
  const text = readFileSync(path, 'utf8')
  const comments = leadingComments(text)
  const firstExpectation = comments.findIndex(line => /^(expect|severity|line): /.test(line))
  return {
    path,
    text,
    purpose: (firstExpectation < 0 ? comments : comments.slice(0, firstExpectation)).join(' '),
    expectations: expectationsOf(firstExpectation < 0 ? [] : comments.slice(firstExpectation)),
  }
}

const leadingComments = (text: string): readonly string[] => {
  const lines = text.split('\n')
  const end = lines.findIndex(line => !line.startsWith('# '))
  return lines.slice(0, end).map(line => line.slice(2))
}

const expectationsOf = (lines: readonly string[]): readonly Expectation[] => {
  const found: Expectation[] = []
  for (const line of lines) {
    const [, key, value] = /^(expect|severity|line): (\S+)$/.exec(line) ?? []
    if (key === undefined || value === undefined) throw new Error(`not an expectation: ${line}`)
    if (key === 'expect') found.push({ object: value, severity: null, line: null })
    else {
      const last = found.pop()
      if (last === undefined) throw new Error(`${key} before the first expectation`)
      found.push(key === 'severity' ? { ...last, severity: value } : { ...last, line: Number(value) })
    }
  }
  return found
}

/** Files through the real pipeline, as `postern scan` runs it. */
export const scanFiles = (
  paths: readonly string[],
  { cluster = CLUSTER, now = NOW }: { cluster?: string; now?: string } = {},
): FindingsResult => {
  const sources: readonly SourceArgument[] = paths.map(path => ({ path, cluster }))
  return scan(loadEstate(sources), { now, baseline: new Set() }).findings
}
