import { noPublicDefault } from './g001-no-public-default.ts'
import { approvedExits } from './g002-approved-exits.ts'
import { noPublicAddresses } from './g003-no-public-addresses.ts'
import { environmentsApart } from './g004-environments-apart.ts'
import { noPublicLoadBalancer } from './g005-no-public-load-balancer.ts'
import { waysAreTold } from './g006-ways-are-told.ts'
import type { Guardrail } from './guardrail.ts'

/** What a plan is judged by, in the order of ids. */
export const GUARDRAILS: readonly Guardrail[] = [
  noPublicDefault,
  approvedExits,
  noPublicAddresses,
  environmentsApart,
  noPublicLoadBalancer,
  waysAreTold,
]
