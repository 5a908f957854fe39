import type { Check } from '../check.ts'
import { prunedField } from './p001-pruned-field.ts'
import { noDefaultDeny } from './p002-no-default-deny.ts'
import { allowAllEgress } from './p003-allow-all-egress.ts'
import { openPort } from './p004-open-port.ts'
import { blockWithHoles } from './p005-block-with-holes.ts'
import { ipv6Forgotten } from './p006-ipv6-forgotten.ts'
import { metadataAllowed } from './p007-metadata-allowed.ts'
import { namesNeverLearned } from './p008-names-never-learned.ts'
import { namesTooWide } from './p009-names-too-wide.ts'
import { namesOnSharedHosting } from './p010-names-on-shared-hosting.ts'
import { policyInert } from './p011-policy-inert.ts'
import { notOnTheseNodes } from './p012-not-on-these-nodes.ts'
import { selectsNothing } from './p013-selects-nothing.ts'
import { mootAllowList } from './p014-moot-allow-list.ts'
import { decidesNothing } from './p015-decides-nothing.ts'
import { ambiguousPriority } from './p016-ambiguous-priority.ts'
import { openedBefore } from './p017-opened-before.ts'
import { opensAtStart } from './p018-opens-at-start.ts'
import { unclaimedRules } from './p019-unclaimed-rules.ts'
import { peerMatchesNothing } from './p020-peer-matches-nothing.ts'
import { peersMeantAsOne } from './p021-peers-meant-as-one.ts'
import { meaninglessPart } from './p022-meaningless-part.ts'
import { kindNotEnforced } from './p023-kind-not-enforced.ts'
import { aroundTheGateway } from './p024-around-the-gateway.ts'
import { setOfEverything } from './p025-set-of-everything.ts'
import { passOpens } from './p026-pass-opens.ts'
import { policyHitsHosts } from './p027-policy-hits-hosts.ts'
import { missingTier } from './p028-missing-tier.ts'

export const CHECKS_P: readonly Check[] = [
  prunedField,
  noDefaultDeny,
  allowAllEgress,
  openPort,
  blockWithHoles,
  ipv6Forgotten,
  metadataAllowed,
  namesNeverLearned,
  namesTooWide,
  namesOnSharedHosting,
  policyInert,
  notOnTheseNodes,
  selectsNothing,
  mootAllowList,
  decidesNothing,
  ambiguousPriority,
  openedBefore,
  opensAtStart,
  unclaimedRules,
  peerMatchesNothing,
  peersMeantAsOne,
  meaninglessPart,
  kindNotEnforced,
  aroundTheGateway,
  setOfEverything,
  passOpens,
  policyHitsHosts,
  missingTier,
]
