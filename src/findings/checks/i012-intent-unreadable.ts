import type { Check } from '../check.ts'

/** Found by `intent-findings.ts`, since declarations belong to no cluster. */
export const intentUnreadable: Check = {
  id: 'PST-I012',
  title: 'Declaration that cannot be read',
  severity: 'high',
  why: 'What the schema of its kind refuses declares nothing: a misspelt key must not declare more than its author meant. Whatever it was to allow is undeclared until it is mended.',
  remedy: 'Write it as the schema says; editors follow it by `$schema`, and `postern intent lint` names each place.',
  references: ['docs/intents.md'],
  *run() {},
}
