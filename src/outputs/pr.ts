import type { DeclaredChange, OwnedChange, ProposedChange } from '../model/pr.ts'
import type { ReachTarget } from '../model/reach.ts'
import { count } from './count.ts'
import { targetText, trafficText } from './reach-table.ts'
import { markdownCode, markdownText, notAFormula } from './text-safety.ts'

/** Rows of each part that a comment shows; a forge takes some 65,000 characters. */
const ROWS_SHOWN = 40

/** A comment for a pull request: what opens that nobody declared comes first. */
export function* renderProposedChange(result: ProposedChange): Iterable<string> {
  const { undeclared, declared, withdrawn, inside, closed, intents } = result
  yield `### ${headline(result)}\n\n`
  if (intents === 0 && undeclared.length > 0)
    yield 'No intent was read, so nothing is declared; `postern intent init` drafts what is open.\n\n'
  yield* part('🔶 Opens, and nobody declared it', undeclared, change => [ownerText(change)], ['owner'])
  yield* part('🔶 Stays open, and is declared no longer', withdrawn, change => [ownerText(change)], ['owner'])
  yield* part('🔷 Opens as declared', declared, change => [cell(change.intents.join(', '))], ['declared by'])
  yield* part('🟢 Closes', closed, change => [ownerText(change)], ['owner'])
  if (inside.length > 0)
    yield `<details><summary>${count(inside.length, 'way')} open inside the cluster</summary>\n\n${[
      ...part('', inside, change => [ownerText(change)], ['owner']),
    ].join('')}</details>\n\n`
  yield `_Judged on ${markdownText(result.now.slice(0, 10))}: ${markdownText(result.before)} → ${markdownText(result.after)}. By which way it leaves from the node on was not assessed._\n`
}

const headline = ({ undeclared, declared, withdrawn, closed, inside }: ProposedChange): string =>
  undeclared.length > 0
    ? `${count(undeclared.length, 'way')} out that nobody declared`
    : withdrawn.length > 0
      ? `${count(withdrawn.length, 'way')} out that nobody declares any longer`
      : opens({ declared, closed, inside })

const opens = ({ declared, closed, inside }: Pick<ProposedChange, 'declared' | 'closed' | 'inside'>): string =>
  declared.length > 0
    ? `${count(declared.length, 'way')} out, all declared`
    : closed.length > 0
      ? `Nothing opens; ${count(closed.length, 'way')} out or inside close`
      : inside.length > 0
        ? 'Nothing opens toward the outside'
        : 'Nothing opens and nothing closes'

/** A dash of our own is no formula of somebody else’s. */
const ownerText = ({ owner }: OwnedChange): string => (owner === null ? '-' : cell(owner))

const cell = (text: string): string => markdownText(notAFormula(text))

function* part<T extends OwnedChange | DeclaredChange>(
  title: string,
  changes: readonly T[],
  more: (change: T) => readonly string[],
  headers: readonly string[],
): Iterable<string> {
  if (changes.length === 0) return
  if (title !== '') yield `**${title}**\n\n`
  const columns = ['workload', 'to', 'traffic', ...headers, 'witness']
  yield `| ${columns.join(' | ')} |\n| ${columns.map(() => '---').join(' | ')} |\n`
  for (const change of changes.slice(0, ROWS_SHOWN)) {
    const { workload, variant, to, traffic, verdict, witness } = change
    const who = variant === null ? workload : `${workload} (${variant})`
    const cells = [
      cell(who),
      `${verdict === 'unknown' ? 'perhaps ' : ''}${placeText(to)}`,
      cell(trafficText(traffic)),
      ...more(change),
      witness === null ? '' : markdownCode(notAFormula(witness)),
    ]
    yield `| ${cells.join(' | ')} |\n`
  }
  if (changes.length > ROWS_SHOWN) yield `\n${changes.length - ROWS_SHOWN} more are in the json.\n`
  yield '\n'
}

const placeText = (to: ReachTarget): string => cell(targetText(to, 3))
