import type { Check } from '../check.ts'
import { defaultServiceAccount } from './i001-default-service-account.ts'
import { noOwner } from './i002-no-owner.ts'
import { barePod } from './i003-bare-pod.ts'
import { indistinguishable } from './i004-indistinguishable.ts'
import { namespaceLabels } from './i005-namespace-labels.ts'
import { labelNamespaces } from './i006-label-namespaces.ts'
import { trustedLabel } from './i007-trusted-label.ts'
import { twoOwners } from './i008-two-owners.ts'
import { workloadLabels } from './i009-workload-labels.ts'
import { expiredException } from './i010-expired-exception.ts'
import { nameStandard } from './i011-name-standard.ts'
import { intentUnreadable } from './i012-intent-unreadable.ts'
import { intentRefersToNothing } from './i013-intent-refers-to-nothing.ts'
import { intentExpired } from './i014-intent-expired.ts'
import { intentUnowned } from './i015-intent-unowned.ts'
import { intentPastReview } from './i016-intent-past-review.ts'
import { intentUnjustified } from './i017-intent-unjustified.ts'
import { intentRepeated } from './i018-intent-repeated.ts'
import { intentForNobody } from './i019-intent-for-nobody.ts'
import { undeclaredEgress } from './i020-undeclared.ts'
import { declaredBroken } from './i021-declared-broken.ts'
import { widerThanPolicy } from './i022-wider-than-policy.ts'
import { baselineMissing } from './i023-baseline-missing.ts'
import { anotherWay } from './i024-another-way.ts'
import { outsidePattern } from './i025-outside-pattern.ts'
import { nodesNotHeld } from './i026-nodes-not-held.ts'

export const CHECKS_I: readonly Check[] = [
  defaultServiceAccount,
  noOwner,
  barePod,
  indistinguishable,
  namespaceLabels,
  labelNamespaces,
  trustedLabel,
  twoOwners,
  workloadLabels,
  expiredException,
  nameStandard,
  intentUnreadable,
  intentRefersToNothing,
  intentExpired,
  intentUnowned,
  intentPastReview,
  intentUnjustified,
  intentRepeated,
  intentForNobody,
  undeclaredEgress,
  declaredBroken,
  widerThanPolicy,
  baselineMissing,
  anotherWay,
  outsidePattern,
  nodesNotHeld,
]
