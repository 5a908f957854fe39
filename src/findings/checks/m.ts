import type { Check } from '../check.ts'
import { meshAllowsAny } from './m001-mesh-allows-any.ts'
import { sidecarAllowsAny } from './m002-sidecar-allows-any.ts'
import { scopeWithoutSidecars } from './m003-scope-without-sidecars.ts'
import { captureExcluded } from './m004-capture-excluded.ts'
import { injectionRefused } from './m005-injection-refused.ts'
import { wildcardServiceEntry } from './m006-wildcard-service-entry.ts'
import { resolutionNone } from './m007-resolution-none.ts'
import { partialEgressGateway } from './m008-partial-egress-gateway.ts'
import { skipVerify } from './m009-skip-verify.ts'
import { noProxyTooWide } from './m010-no-proxy-too-wide.ts'
import { proxyForHttpOnly } from './m011-proxy-for-http-only.ts'
import { outsideProxy } from './m012-outside-proxy.ts'
import { openProxy } from './m013-open-proxy.ts'
import { proxyOrder } from './m014-proxy-order.ts'
import { allowListShared } from './m015-allow-list-shared.ts'
import { proxyConfigAccess } from './m016-proxy-config-access.ts'
import { sidecarUser } from './m017-sidecar-user.ts'
import { proxyPatch } from './m018-proxy-patch.ts'
import { meshAlone } from './m019-mesh-alone.ts'
import { proxyBypass } from './m020-proxy-bypass.ts'

export const CHECKS_M: readonly Check[] = [
  meshAllowsAny,
  sidecarAllowsAny,
  scopeWithoutSidecars,
  captureExcluded,
  injectionRefused,
  wildcardServiceEntry,
  resolutionNone,
  partialEgressGateway,
  skipVerify,
  noProxyTooWide,
  proxyForHttpOnly,
  outsideProxy,
  openProxy,
  proxyOrder,
  allowListShared,
  proxyConfigAccess,
  sidecarUser,
  proxyPatch,
  meshAlone,
  proxyBypass,
]
