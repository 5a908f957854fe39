import type { RuleDescription } from '../model/finding.ts'
import type { Check } from './check.ts'
import { CHECKS_D } from './checks/d.ts'
import { CHECKS_I } from './checks/i.ts'
import { CHECKS_M } from './checks/m.ts'
import { CHECKS_N } from './checks/n.ts'
import { CHECKS_P } from './checks/p.ts'
import { CHECKS_R } from './checks/r.ts'
import { CHECKS_T } from './checks/t.ts'

/** Every check, in the order of ids. An id never changes its meaning; a check that goes leaves its number unused. */
export const CATALOGUE: readonly Check[] = [
  ...CHECKS_N,
  ...CHECKS_P,
  ...CHECKS_D,
  ...CHECKS_M,
  ...CHECKS_R,
  ...CHECKS_I,
  ...CHECKS_T,
]

export const describe = ({ id, title, severity, why, remedy, references }: Check): RuleDescription => ({
  id,
  title,
  severity,
  why,
  remedy,
  references,
})
