import type { Check } from '../check.ts'

/** Found by `intent-findings.ts`, since declarations belong to no cluster. */
export const intentExpired: Check = {
  id: 'PST-I014',
  title: 'Declaration that expired',
  severity: 'medium',
  why: 'Past its last day an entry declares nothing. What policy still lets leave has no owner any more.',
  remedy: 'Renew the entry with a new day, or remove it and close what it allowed.',
  references: ['docs/intents.md'],
  *run() {},
}
