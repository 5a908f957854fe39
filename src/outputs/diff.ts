import type { DiffResult, InventoryChange } from '../model/diff.ts'
import { count } from './count.ts'
import { exitBlock, exitMarkdown, regionBlocks, regionMarkdown, regionSummary } from './diff-regions.ts'
import { type Pen, penFor, type TableOptions } from './pen.ts'
import { markdownText, terminalSafe } from './text-safety.ts'
import { hanging } from './wrap.ts'

const MARK = { opens: '+', closes: '-', neutral: '~' } as const
const TITLE = { opens: 'OPENED', closes: 'CLOSED', neutral: 'CHANGED' } as const

const changeText = ({ before, after }: InventoryChange): string =>
  before === null ? (after ?? '') : after === null ? `was ${before}` : `${before} → ${after}`

/** The terminal's view: what opened first, each line with its sign. */
export function* renderDiffTable(result: DiffResult, options: TableOptions): Iterable<string> {
  const pen = penFor(options)
  const { changes, opened, closed } = result.inventory
  yield* regionBlocks('GAINED', MARK.opens, result.gained, pen)
  yield* inventoryBlock(changes, 'opens', pen)
  yield* exitBlock(result.exitChanged, pen)
  yield* regionBlocks('LOST', MARK.closes, result.lost, pen)
  yield* inventoryBlock(changes, 'closes', pen)
  yield* inventoryBlock(changes, 'neutral', pen)
  const summary = [
    regionSummary(result),
    changes.length === 0
      ? 'no difference in the inventory'
      : `${count(opened, 'way')} opened, ${closed} closed, ${count(changes.length, 'change')} in all`,
    ...result.unknowns.map(unknown => unknown.why),
  ]
  for (const text of summary) for (const line of hanging('', terminalSafe(text), pen.width)) yield `${line}\n`
}

function* inventoryBlock(
  changes: readonly InventoryChange[],
  effect: InventoryChange['effect'],
  pen: Pen,
): Iterable<string> {
  const group = changes.filter(change => change.effect === effect)
  if (group.length === 0) return
  yield `${pen.paint.bold(TITLE[effect])}\n`
  for (const change of group) {
    const label = `${MARK[effect]} ${change.kind} ${change.cluster === '' ? '' : `${change.cluster} `}${change.id}  `
    for (const line of hanging('', terminalSafe(`${label}${changeText(change)}`), pen.width)) yield `${line}\n`
  }
  yield '\n'
}

/** A comment for a pull request. */
export function* renderDiffMarkdown(result: DiffResult): Iterable<string> {
  const { changes, opened, closed } = result.inventory
  yield `**${markdownText(regionSummary(result))}; ${count(opened, 'way')} opened, ${closed} closed**\n\n`
  if (result.gained.length + result.lost.length > 0) {
    yield '| | workload | to | traffic | verdict | witness |\n| --- | --- | --- | --- | --- | --- |\n'
    yield* regionMarkdown(MARK.opens, result.gained)
    yield* regionMarkdown(MARK.closes, result.lost)
    yield '\n'
  }
  if (result.exitChanged.length > 0) yield `Other way out:\n\n${exitMarkdown(result.exitChanged).join('')}\n`
  if (changes.length > 0)
    yield '| | cluster | what | object | before | after |\n| --- | --- | --- | --- | --- | --- |\n'
  for (const change of changes) {
    const cells = [MARK[change.effect], change.cluster, change.kind, change.id, change.before ?? '', change.after ?? '']
    yield `| ${cells.map(cell => markdownText(cell)).join(' | ')} |\n`
  }
  for (const unknown of result.unknowns) yield `\n_${markdownText(unknown.why)}._\n`
}
