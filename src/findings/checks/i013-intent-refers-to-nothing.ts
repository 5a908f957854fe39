import type { Check } from '../check.ts'

/** Found by `intent-findings.ts`, since declarations belong to no cluster. */
export const intentRefersToNothing: Check = {
  id: 'PST-I013',
  title: 'Declaration that leans on something that is not there',
  severity: 'high',
  why: 'An exit, an endpoint or an environment is named, and no document of that name exists. What should have gone through it goes anywhere.',
  remedy: 'Add the document, or name one that is there.',
  references: ['docs/intents.md'],
  *run() {},
}
