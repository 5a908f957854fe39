import type { FabricCheck } from '../check.ts'
import { publicNode } from './c001-public-node.ts'
import { defaultToInternet } from './c002-default-to-internet.ts'
import { ipv6Around } from './c003-ipv6-around.ts'
import { disguisedDefault } from './c004-disguised-default.ts'
import { blackhole } from './c005-blackhole.ts'
import { partElsewhere } from './c006-part-elsewhere.ts'
import { unapprovedExit } from './c007-unapproved-exit.ts'
import { natInAnotherZone } from './c008-nat-in-another-zone.ts'
import { zonesDiffer } from './c009-zones-differ.ts'
import { mainTableLeadsOut } from './c010-main-table-leads-out.ts'
import { openGroup } from './c011-open-group.ts'
import { defaultGroup } from './c012-default-group.ts'
import { openEndpoint } from './c013-open-endpoint.ts'
import { environmentsMeet } from './c014-environments-meet.ts'
import { hubJoinsAll } from './c015-hub-joins-all.ts'
import { unusedGateway } from './c016-unused-gateway.ts'
import { metadataForPods } from './c017-metadata-for-pods.ts'
import { excludedFromBlock } from './c018-excluded-from-block.ts'
import { groupLetsAllOut } from './c019-group-lets-all-out.ts'
import { storageByInternet } from './c020-storage-by-internet.ts'
import { lentAddress } from './c021-lent-address.ts'
import { balancerAsExit } from './c022-balancer-as-exit.ts'
import { takesForwarded } from './c023-takes-forwarded.ts'
import { natForSome } from './c024-nat-for-some.ts'
import { ownBeforeNat } from './c025-own-before-nat.ts'
import { openFirewall } from './c026-open-firewall.ts'
import { unusedHub } from './c027-unused-hub.ts'
import { unfilteredEndpoint } from './c028-unfiltered-endpoint.ts'
import { endpointNotThere } from './c029-endpoint-not-there.ts'

export const CHECKS_C: readonly FabricCheck[] = [
  publicNode,
  defaultToInternet,
  ipv6Around,
  disguisedDefault,
  blackhole,
  partElsewhere,
  unapprovedExit,
  natInAnotherZone,
  zonesDiffer,
  mainTableLeadsOut,
  openGroup,
  defaultGroup,
  openEndpoint,
  environmentsMeet,
  hubJoinsAll,
  unusedGateway,
  metadataForPods,
  excludedFromBlock,
  groupLetsAllOut,
  storageByInternet,
  lentAddress,
  balancerAsExit,
  takesForwarded,
  natForSome,
  ownBeforeNat,
  openFirewall,
  unusedHub,
  unfilteredEndpoint,
  endpointNotThere,
]
