import type { RuleDescription } from '../model/finding.ts'
import type { Check, CheckTexts } from './check.ts'
import { CHECKS_D } from './checks/d.ts'
import { CHECKS_I } from './checks/i.ts'
import { CHECKS_M } from './checks/m.ts'
import { CHECKS_N } from './checks/n.ts'
import { CHECKS_P } from './checks/p.ts'
import { CHECKS_R } from './checks/r.ts'
import { CHECKS_T } from './checks/t.ts'
import type { FabricCheck } from './fabric/check.ts'
import { CHECKS_A } from './fabric/checks/a.ts'
import { CHECKS_C } from './fabric/checks/c.ts'
import { CHECKS_S } from './fabric/checks/s.ts'
import { FABRIC_CHECKS_T } from './fabric/checks/t.ts'
import { GUARDRAILS } from './guardrails/g.ts'

/** What looks at one cluster. */
export const CLUSTER_CHECKS: readonly Check[] = [
  ...CHECKS_N,
  ...CHECKS_P,
  ...CHECKS_D,
  ...CHECKS_M,
  ...CHECKS_R,
  ...CHECKS_I,
  ...CHECKS_T,
]

/** What looks at the network under all of them. */
export const FABRIC_CHECKS: readonly FabricCheck[] = [...CHECKS_C, ...CHECKS_S, ...CHECKS_A, ...FABRIC_CHECKS_T]

/** Every check, in the order of ids. An id never changes its meaning; a check that goes leaves its number unused. */
export const CATALOGUE: readonly CheckTexts[] = [
  ...CHECKS_N,
  ...CHECKS_P,
  ...CHECKS_D,
  ...CHECKS_M,
  ...CHECKS_C,
  ...CHECKS_S,
  ...CHECKS_R,
  ...CHECKS_A,
  ...CHECKS_I,
  ...CHECKS_T,
  ...FABRIC_CHECKS_T,
]

/** Whatever has a page: checks of an estate, and guardrails on plans. */
export const PAGES: readonly CheckTexts[] = [...CATALOGUE, ...GUARDRAILS]

export const describe = ({ id, title, severity, why, remedy, references }: CheckTexts): RuleDescription => ({
  id,
  title,
  severity,
  why,
  remedy,
  references,
})
