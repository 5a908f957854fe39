import type { Answer, AnswerPart, Stage, StageName } from '../model/answer.ts'
import { coverageLines } from './coverage-table.ts'
import { block, INDENT, type Pen, penFor, rule, type TableOptions } from './pen.ts'
import { becauseText, exitText, relaysOf, targetText, trafficText, verdictText } from './reach-table.ts'
import { terminalSafe } from './text-safety.ts'
import { wrap } from './wrap.ts'

/** An answer as one would tell a colleague: the verdict, then each stage in the order in which a packet meets it. */
export function* renderAnswer(answer: Answer, options: TableOptions): Iterable<string> {
  const pen = penFor(options)
  const head = `${terminalSafe(answer.from)} → ${terminalSafe(answer.to)}`
  yield* block(rule(head, '', pen, pen.paint.bold))
  yield* block(wrap(`${verdictSentence(answer)}${exitSentence(answer)}`, pen.width))
  if (answer.parts.length > 1) yield* block(answer.parts.flatMap(part => partLines(part, pen)))
  yield* block(answer.stages.flatMap((stage, i) => stageLines(stage, i + 1, pen)))
  yield* block(openingLines(answer, pen))
  yield* block(
    answer.relays.length === 0
      ? []
      : [
          pen.paint.bold('Through another workload'),
          ...answer.relays.flatMap(way =>
            indented(`${verdictText(way)}: ${trafficText(way.traffic)} through ${relaysOf(way)}`, pen),
          ),
        ],
  )
  yield* block(
    answer.unknowns.length === 0
      ? []
      : [
          pen.paint.bold('What would settle what is open'),
          ...answer.unknowns.flatMap(({ why, settledBy }) =>
            indented(`${terminalSafe(why)}: ${terminalSafe(settledBy)}`, pen),
          ),
        ],
  )
  if (pen.all) yield* block(coverageLines(answer.coverage, answer.diagnostics, pen))
}

const verdictSentence = ({ verdict, enforcement, witness, parts }: Answer): string => {
  const how = enforcement === 'enforced' || verdict === 'mixed' || enforcement === verdict ? '' : ` (${enforcement})`
  const example = witness === null ? '' : `, as in ${terminalSafe(witness)}`
  switch (verdict) {
    case 'allowed':
      return `Allowed${how}${example}.`
    case 'denied':
      return `Denied${how}${example}.`
    case 'mixed':
      return `Mixed: the ${parts.length} parts of the question have different answers.`
    case 'unknown':
      return `Unknown${how}${example}.`
  }
}

/** By which way out, and whom the world sees. */
const exitSentence = ({ verdict, exit }: Answer): string => {
  if (verdict === 'denied' || exit.id === null) return ''
  const seen = exit.sourceAddresses.length === 0 ? '' : `, seen as ${exit.sourceAddresses.map(terminalSafe).join(', ')}`
  return ` By ${exit.kind} ${terminalSafe(exit.id)}${seen}.`
}

/** How many changes away the denied question is from being open. */
const openingLines = ({ verdict, openedBy, stages }: Answer, pen: Pen): readonly string[] => {
  if (verdict !== 'denied') return []
  if (openedBy.length === 0)
    return stages.some(({ because }) => because.some(({ object }) => object !== null))
      ? wrap('No single policy holds this: without any one of them it stays denied.', pen.width)
      : []
  return [
    pen.paint.bold('One change away'),
    ...openedBy.flatMap(({ object, verdict: then }) =>
      indented(`without ${terminalSafe(object)} the answer is ${then}`, pen),
    ),
  ]
}

const partLines = (part: AnswerPart, pen: Pen): readonly string[] => {
  const variant = part.variant === null ? '' : `${terminalSafe(part.variant)}: `
  const exit = part.verdict === 'denied' ? '' : exitText(part.exit)
  const by = exit === '' ? '' : `, by ${exit}`
  return indented(`${verdictText(part)}: ${variant}${trafficText(part.traffic)} to ${targetText(part.to, 2)}${by}`, pen)
}

const QUESTION: Readonly<Record<StageName, string>> = {
  'pod-policy': 'May it leave the pod?',
  'peer-policy': 'Does the other end let it in?',
  mesh: 'Would the mesh let it through?',
  node: 'What does the node do with it?',
  fabric: 'Which way does the network take?',
  return: 'Does the answer find its way back?',
}

const WORD: Readonly<Record<Stage['verdict'], string>> = {
  allowed: 'yes',
  denied: 'no',
  unknown: 'unknown',
  'not-assessed': 'not assessed',
  symmetric: 'the same way',
  asymmetric: 'another way',
}

const stageLines = ({ stage, verdict, because, hops }: Stage, number: number, pen: Pen): readonly string[] => [
  `${number}. ${QUESTION[stage]} ${pen.paint.bold(WORD[verdict])}`,
  ...(hops.length === 0 ? [] : indented(hops.map(({ id }) => terminalSafe(id)).join(' → '), pen)),
  ...because.flatMap(reason => indented(becauseText(reason), pen)),
]

const indented = (text: string, pen: Pen): readonly string[] =>
  wrap(text, pen.width - 3).map(line => `${INDENT} ${line}`)
