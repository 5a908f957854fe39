import type { Coverage, CoverageNote, Diagnostic, Gap, SupportState } from './coverage.ts'
import { compareText } from './order.ts'

/** By file, line, object. */
export const compareNotes = (a: CoverageNote, b: CoverageNote): number =>
  compareText(a.file, b.file) ||
  (a.line ?? 0) - (b.line ?? 0) ||
  compareText(a.object ?? '', b.object ?? '') ||
  compareText(a.why, b.why)

const compareGaps = (a: Gap, b: Gap): number =>
  compareText(a.cluster ?? '', b.cluster ?? '') || compareText(a.resource ?? '', b.resource ?? '')

const compareDiagnostics = (a: Diagnostic, b: Diagnostic): number =>
  compareText(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0) || compareText(a.message, b.message)

export const inOrder = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] =>
  diagnostics.toSorted(compareDiagnostics)

export const coverageOf = (
  counts: Readonly<Record<SupportState, number>>,
  notes: readonly CoverageNote[],
  gaps: readonly Gap[],
): Coverage => ({
  objects: Object.values(counts).reduce((sum, n) => sum + n, 0),
  ...counts,
  notes: notes.toSorted(compareNotes),
  gaps: gaps.toSorted(compareGaps),
})

/** Of parts that share no object, and of what none of them lacks. */
export const coverageOfAll = (parts: readonly Coverage[], gaps: readonly Gap[]): Coverage => {
  const sum = (state: SupportState): number => parts.reduce((total, part) => total + part[state], 0)
  return coverageOf(
    {
      understood: sum('understood'),
      ignorable: sum('ignorable'),
      partly: sum('partly'),
      notImplemented: sum('notImplemented'),
      unrecognised: sum('unrecognised'),
    },
    parts.flatMap(({ notes }) => notes),
    [...gaps, ...parts.flatMap(part => part.gaps)],
  )
}
