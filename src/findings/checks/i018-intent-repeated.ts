import type { Check } from '../check.ts'

/** Found by `intent-findings.ts`, since declarations belong to no cluster. */
export const intentRepeated: Check = {
  id: 'PST-I018',
  title: 'Declaration that another one repeats',
  severity: 'low',
  why: 'Two entries for the same subjects, one of which says nothing that the other does not. Whoever removes one believes that the way is closed.',
  remedy: 'Keep one of them, the narrower one where it is enough.',
  references: ['docs/intents.md'],
  *run() {},
}
