import type { Check } from '../check.ts'

/** Found by `intent-findings.ts`, since declarations belong to no cluster. */
export const intentForNobody: Check = {
  id: 'PST-I019',
  title: 'Declaration that speaks of nobody',
  severity: 'low',
  why: 'No workload, or no node, that was read is one of those it names. It was written for something that is gone, or it is misspelt.',
  remedy: 'Name workloads or pools that are there, or remove it.',
  references: ['docs/intents.md'],
  *run() {},
}
