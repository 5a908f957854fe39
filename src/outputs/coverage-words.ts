import type { Coverage, CoverageNote, Diagnostic, Gap } from '../model/coverage.ts'
import { count } from './count.ts'
import { placeOf } from './finding-groups.ts'

/** Coverage in words, the same words in every output. Texts are as read: the renderer makes them safe. */

export const coverageSentence = (coverage: Coverage): string =>
  `${count(coverage.objects, 'object')} read: ${coverage.understood} understood, ${coverage.ignorable} safely ignorable, ` +
  `${coverage.partly} partly understood, ${coverage.notImplemented} not implemented, ${coverage.unrecognised} unrecognised`

export const STATE_WORDS = {
  understood: 'understood',
  ignorable: 'safely ignorable',
  partly: 'partly understood',
  notImplemented: 'not implemented',
  unrecognised: 'unrecognised',
} as const satisfies Record<CoverageNote['state'], string>

export const gapSubject = (gap: Gap): string =>
  gap.resource === null
    ? gap.cluster === null
      ? 'input'
      : `${gap.cluster}, the whole cluster`
    : `${gap.cluster === null ? '' : `${gap.cluster}, `}${gap.resource}`

export const noteSubject = (note: CoverageNote): string => note.object ?? note.file

export const diagnosticPlace = (diagnostic: Diagnostic): string =>
  `${placeOf(diagnostic)}${diagnostic.line !== null && diagnostic.column !== null ? `:${diagnostic.column}` : ''}`
