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
]
