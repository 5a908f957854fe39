import { type Traffic, traffics } from '../sets/traffic.ts'
import type { Rule } from './rule.ts'

/** What nobody wrote as a rule, as one: the end of a tier, isolation, a rule that stands in for others. */
export const ruleForAll = (action: Rule['action'], exact: Traffic, at: Rule['at']): Rule => ({
  action,
  peers: [{ kind: 'everything' }],
  traffic: { exact, named: [], maybe: traffics.empty },
  limit: null,
  at,
  doubt: null,
})
