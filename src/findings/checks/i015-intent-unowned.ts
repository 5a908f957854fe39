import type { Check } from '../check.ts'

/** Found by `intent-findings.ts`, since declarations belong to no cluster. */
export const intentUnowned: Check = {
  id: 'PST-I015',
  title: 'Declared egress that nobody answers for',
  severity: 'medium',
  why: 'An allowance without an owner is never reviewed, and nobody can say whether it is still needed.',
  remedy: 'Add `owner` to the entry: a team that can say whether it is needed.',
  references: ['docs/intents.md'],
  *run() {},
}
