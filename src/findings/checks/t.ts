import type { Check } from '../check.ts'
import { flowLogsOff } from './t001-flow-logs-off.ts'
import { dnsLogOff } from './t002-dns-log-off.ts'
import { meshLogOff } from './t003-mesh-log-off.ts'
import { telemetryDisabled } from './t004-telemetry-disabled.ts'
import { proxyLogOff } from './t005-proxy-log-off.ts'
import { telemetryLeaves } from './t006-telemetry-leaves.ts'

export const CHECKS_T: readonly Check[] = [
  flowLogsOff,
  dnsLogOff,
  meshLogOff,
  telemetryDisabled,
  proxyLogOff,
  telemetryLeaves,
]
