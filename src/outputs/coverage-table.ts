import type { Coverage, Diagnostic } from '../model/coverage.ts'
import { count } from './count.ts'
import { coverageSentence, gapSubject, noteSubject, STATE_WORDS } from './coverage-words.ts'
import { INDENT, type Pen } from './pen.ts'
import { terminalSafe } from './text-safety.ts'
import { hanging } from './wrap.ts'

const NOTES_SHOWN = 3

/** What was read, what was not, and what was not fully understood: the end of every table. */
export const coverageLines = (coverage: Coverage, diagnostics: readonly Diagnostic[], pen: Pen): readonly string[] => {
  const { paint, width } = pen
  const errors = diagnostics.filter(item => item.severity === 'error').length
  const warnings = diagnostics.length - errors
  const notes = pen.all ? coverage.notes : coverage.notes.slice(0, NOTES_SHOWN)
  const more = coverage.notes.length - notes.length
  return [
    ...hanging('COVERAGE ', coverageSentence(coverage), width).map((line, i) =>
      i === 0 ? line.replace('COVERAGE', paint.bold('COVERAGE')) : line,
    ),
    ...(diagnostics.length === 0
      ? []
      : [`${INDENT}${count(errors, 'error')} and ${count(warnings, 'warning')} in the input, on standard error`]),
    ...coverage.gaps.flatMap(gap => [
      ...hanging(`${INDENT}not read  `, terminalSafe(`${gapSubject(gap)}: ${gap.why}`), width),
      ...hanging(`${INDENT}          `, terminalSafe(`to settle: ${gap.settledBy}`), width).map(paint.dim),
    ]),
    ...notes.flatMap(note =>
      hanging(
        `${INDENT}note      `,
        terminalSafe(`${noteSubject(note)}, ${STATE_WORDS[note.state]}: ${note.why}`),
        width,
      ).map(paint.dim),
    ),
    ...(more > 0
      ? [paint.dim(`${INDENT}+${more} more of ${count(coverage.notes.length, 'note')} (--all lists them)`)]
      : []),
  ]
}
