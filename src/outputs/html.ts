import { createHash } from 'node:crypto'
import type { DeclaredPicture } from '../model/declared-picture.ts'
import type { FindingsResult, RuleDescription } from '../model/finding.ts'
import type { Inventory } from '../model/inventory.ts'
import { plainExits, plainReach, plainSummary } from './html-plain.ts'
import { type ReachSection, reachDataOf } from './html-reach.ts'
import { jsonChunks } from './json.ts'
import { htmlText } from './text-safety.ts'

/** The texts of `REPORT_FILES`; `scripts` in that order. */
export interface ReportAssets {
  readonly template: string
  readonly css: string
  readonly scripts: readonly string[]
}

/** The files of `web/report` that the caller reads. The scripts share one scope, so their order is theirs. */
export const REPORT_FILES = {
  template: 'report.html',
  css: 'report.css',
  scripts: [
    'data.js',
    'dom.js',
    'severity.js',
    'table.js',
    'tabs.js',
    'list.js',
    'keys.js',
    'filters.js',
    'toolbar.js',
    'reach-data.js',
    'reach-filters.js',
    'reach-chain.js',
    'reach-regions.js',
    'reach.js',
    'declared-scenes.js',
    'declared.js',
    'exits-layout.js',
    'exits-picture.js',
    'exits.js',
    'finding.js',
    'findings.js',
    'overview.js',
    'facts.js',
    'edge.js',
    'inventory.js',
    'coverage.js',
    'report.js',
  ],
} as const

/**
 * One HTML file that works from disk and asks the network for nothing: its policy allows exactly this style and this
 * script, by hash. Data is JSON in elements that no browser runs. The same input gives the same bytes.
 */
export function* renderHtml(
  findings: FindingsResult,
  inventory: Inventory | null,
  rules: readonly RuleDescription[],
  assets: ReportAssets,
  /** null: not asked for. */
  section: ReachSection | null = null,
  declared: DeclaredPicture | null = null,
): Iterable<string> {
  const open = findings.findings.filter(finding => finding.state === 'open').map(finding => finding.object)
  const reach = section === null ? null : reachDataOf(section, open)
  const css = closedBy('</style', assets.css)
  const js = closedBy('</script', `'use strict';\n{\n${assets.scripts.join('\n')}\n}\n`)
  const fills: Readonly<Record<string, () => Iterable<string>>> = {
    csp: () => [policy(css, js)],
    title: () => [htmlText(titleOf(findings))],
    style: () => ['<style>', css, '</style>'],
    script: () => ['<script>', js, '</script>'],
    plain: () => plainSummary(findings),
    'plain-reach': () => (section === null ? [] : plainReach(section)),
    'plain-exits': () => (section?.exits === undefined ? [] : plainExits(section.exits)),
    data: () => dataElements({ findings, inventory, rules, reach, declared, exits: section?.exits ?? null }),
  }
  const parts = assets.template.split(/%%([\w-]+)%%/)
  for (const [i, part] of parts.entries()) {
    if (i % 2 === 0) {
      yield part
      continue
    }
    const fill = fills[part]
    if (fill === undefined) throw new Error(`the report's template has an unknown place \`${part}\``)
    yield* fill()
  }
}

const titleOf = ({ summary }: FindingsResult): string =>
  `Postern: ${summary.clusters.length === 1 ? (summary.clusters[0]?.cluster ?? '') : `${summary.clusters.length} clusters`}`

/** An asset that ended its own element would put the rest of itself on the page. */
const closedBy = (end: string, asset: string): string => {
  if (asset.toLowerCase().includes(end)) throw new Error(`a file of the report contains \`${end}\``)
  return asset
}

const policy = (css: string, js: string): string =>
  [
    "default-src 'none'",
    `style-src ${hashOf(css)}`,
    `script-src ${hashOf(js)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')

/** Browsers hash an element's text after reading it, so line ends must be plain. */
const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

function* dataElements(data: Readonly<Record<string, object | null>>): Iterable<string> {
  for (const [name, value] of Object.entries(data)) {
    yield `<script type="application/json" id="data-${name}">`
    if (value === null) yield 'null'
    else for (const chunk of jsonChunks(value, 0)) yield chunk.replaceAll('<', '\\u003c')
    yield '</script>\n'
  }
}
