import type { Check } from '../check.ts'

/** Found by `intent-findings.ts`, since declarations belong to no cluster. */
export const intentRefersToNothing: Check = {
  id: 'PST-I013',
  title: 'Declaration that leans on something that is not there',
  severity: 'high',
  why: 'An exit, an endpoint, an environment, a Service or a workload is named, and nothing of that name is there. What should have gone through it, or to it, goes anywhere or nowhere.',
  remedy: 'Add what is named, or name something that is there.',
  references: ['docs/intents.md'],
  *run() {},
}
