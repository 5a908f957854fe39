import type { Check } from '../check.ts'

/** Found by `intent-findings.ts`, since declarations belong to no cluster. */
export const intentUnjustified: Check = {
  id: 'PST-I017',
  title: 'Declared egress without a reason',
  severity: 'low',
  why: 'Without a reason nobody can tell later whether the need is gone.',
  remedy: 'Add `justification` to the entry: what breaks without it.',
  references: ['docs/intents.md'],
  *run() {},
}
