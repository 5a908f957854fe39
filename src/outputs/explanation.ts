import type { Explanation } from '../model/explanation.ts'
import { penFor, type TableOptions } from './pen.ts'
import { wrap } from './wrap.ts'

/** A page for the terminal. */
export function* renderExplanation(
  explanation: Exclude<Explanation, { kind: 'unknown' }>,
  options: TableOptions,
): Iterable<string> {
  const pen = penFor(options)
  const width = Math.min(options.width, 100)
  const paragraph = (text: string): string => `${wrap(text, width).join('\n')}\n`
  if (explanation.kind === 'term') {
    yield `${pen.paint.bold(explanation.term)}\n\n${paragraph(explanation.means)}`
    return
  }
  const { id, title, severity, why, remedy, references } = explanation.rule
  yield `${pen.paint.bold(`${id}  ${title}`)}\n${pen.paint.severity(severity, severity)}\n\n`
  yield `${paragraph(why)}\n${pen.paint.bold('What to do')}\n${paragraph(remedy)}\n${pen.paint.bold('References')}\n`
  for (const reference of references) yield `${reference}\n`
}
