import type { DiffResult, InventoryChange } from '../model/diff.ts'
import { count } from './count.ts'
import { penFor, type TableOptions } from './pen.ts'
import { markdownText, terminalSafe } from './text-safety.ts'
import { hanging } from './wrap.ts'

const MARK = { opens: '+', closes: '-', neutral: '~' } as const

const changeText = ({ before, after }: InventoryChange): string =>
  before === null ? (after ?? '') : after === null ? `was ${before}` : `${before} → ${after}`

/** The terminal's view: what opened first, each line with its sign. */
export function* renderDiffTable(result: DiffResult, options: TableOptions): Iterable<string> {
  const pen = penFor(options)
  const { changes, opened, closed } = result.inventory
  for (const effect of ['opens', 'closes', 'neutral'] as const) {
    const group = changes.filter(change => change.effect === effect)
    if (group.length === 0) continue
    yield `${pen.paint.bold(effect === 'opens' ? 'OPENED' : effect === 'closes' ? 'CLOSED' : 'CHANGED')}\n`
    for (const change of group) {
      const label = `${MARK[effect]} ${change.kind} ${change.cluster === '' ? '' : `${change.cluster} `}${change.id}  `
      for (const line of hanging('', terminalSafe(`${label}${changeText(change)}`), options.width)) yield `${line}\n`
    }
    yield '\n'
  }
  yield changes.length === 0
    ? 'no difference in the inventory\n'
    : `${count(opened, 'way')} opened, ${closed} closed, ${count(changes.length, 'change')} in all\n`
  for (const unknown of result.unknowns) yield `not assessed: ${unknown.why}\n`
}

/** A comment for a pull request. */
export function* renderDiffMarkdown(result: DiffResult): Iterable<string> {
  const { changes, opened, closed } = result.inventory
  yield `**${count(opened, 'way')} opened, ${closed} closed**\n\n`
  if (changes.length > 0)
    yield '| | cluster | what | object | before | after |\n| --- | --- | --- | --- | --- | --- |\n'
  for (const change of changes) {
    const cells = [MARK[change.effect], change.cluster, change.kind, change.id, change.before ?? '', change.after ?? '']
    yield `| ${cells.map(cell => markdownText(cell)).join(' | ')} |\n`
  }
  for (const unknown of result.unknowns) yield `\n_Not assessed: ${markdownText(unknown.why)}._\n`
}
