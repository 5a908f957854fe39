import type { Check } from '../check.ts'

/** Found by `exceptions.ts`, since an exception belongs to no cluster. */
export const expiredException: Check = {
  id: 'PST-I010',
  title: 'Exception that expired or was never complete',
  severity: 'medium',
  why: 'An exception is a debt with a date. Past it, nobody has agreed to the risk any more, and the findings it covered are open again.',
  remedy: 'Renew it with owner, justification and a new date, or close what it accepted.',
  references: ['docs/exceptions.md'],
  *run() {},
}
