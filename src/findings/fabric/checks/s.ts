import type { FabricCheck } from '../check.ts'
import { leavesByProvider } from './s001-leaves-by-provider.ts'
import { halfPinned } from './s002-half-pinned.ts'
import { pinnedUnapproved } from './s003-pinned-unapproved.ts'
import { copiesDiffer } from './s004-copies-differ.ts'
import { publicRouteNoAddress } from './s005-public-route-no-address.ts'
import { pinnedLetsAllOut } from './s006-pinned-lets-all-out.ts'

export const CHECKS_S: readonly FabricCheck[] = [
  leavesByProvider,
  halfPinned,
  pinnedUnapproved,
  copiesDiffer,
  publicRouteNoAddress,
  pinnedLetsAllOut,
]
