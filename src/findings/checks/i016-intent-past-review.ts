import type { Check } from '../check.ts'

/** Found by `intent-findings.ts`, since declarations belong to no cluster. */
export const intentPastReview: Check = {
  id: 'PST-I016',
  title: 'Declaration past its review',
  severity: 'low',
  why: 'Somebody promised to look at it again by a day that has passed. Needs change; lists only grow.',
  remedy: 'Review the entry and set the next day.',
  references: ['docs/intents.md'],
  *run() {},
}
