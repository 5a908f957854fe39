import type { Check } from '../check.ts'
import { hostNetwork } from './n001-host-network.ts'
import { privileged } from './n002-privileged.ts'
import { capabilities } from './n003-capabilities.ts'
import { hostNamespaces } from './n004-host-namespaces.ts'
import { hostPath } from './n005-host-path.ts'
import { hostPort } from './n006-host-port.ts'
import { nodePort } from './n007-node-port.ts'
import { publicByDefault } from './n008-public-load-balancer.ts'
import { publicSensitivePort } from './n009-public-sensitive-port.ts'
import { externalIps } from './n010-external-ips.ts'
import { externalName } from './n011-external-name.ts'
import { serviceOutside } from './n012-service-outside.ts'
import { ephemeralContainer } from './n013-ephemeral-container.ts'
import { hostProcess } from './n014-host-process.ts'
import { tunnel } from './n015-tunnel.ts'
import { rbacHostPods } from './n016-rbac-host-pods.ts'
import { rbacExec } from './n017-rbac-exec.ts'
import { rbacNetworkPolicy } from './n018-rbac-network-policy.ts'
import { namespaceAdmitsHost } from './n019-namespace-admits-host.ts'
import { admissionAuditOnly } from './n020-admission-audit-only.ts'
import { twoCnis } from './n021-two-cnis.ts'
import { policyNotEnforced } from './n022-policy-not-enforced.ts'
import { hostFirewallOff } from './n023-host-firewall-off.ts'
import { egressGatewayBroken } from './n024-egress-gateway-broken.ts'
import { felixOpens } from './n025-felix-opens.ts'
import { notMasqueraded } from './n026-not-masqueraded.ts'
import { nodePublicAddress } from './n027-node-public-address.ts'
import { fetchAndRun } from './n028-fetch-and-run.ts'
import { miner } from './n029-miner.ts'
import { secondaryNetwork } from './n030-secondary-network.ts'
import { apiProxy } from './n031-api-proxy.ts'
import { rbacExpose } from './n032-rbac-expose.ts'
import { everybody } from './n033-everybody.ts'
import { internalNodePorts } from './n034-internal-node-ports.ts'
import { nodeIdentity } from './n035-node-identity.ts'
import { rbacEscalate } from './n036-rbac-escalate.ts'
import { foreignDialect } from './n037-foreign-dialect.ts'
import { endpointsElsewhere } from './n038-endpoints-elsewhere.ts'
import { engineFailsOpen } from './n039-engine-fails-open.ts'
import { hostEndpointClosed } from './n040-host-endpoint-closed.ts'
import { nodeWithoutHostEndpoint } from './n041-node-without-host-endpoint.ts'
import { failsafePorts } from './n042-failsafe-ports.ts'
import { hostPolicyNotForwarded } from './n043-host-policy-not-forwarded.ts'

export const CHECKS_N: readonly Check[] = [
  hostNetwork,
  privileged,
  capabilities,
  hostNamespaces,
  hostPath,
  hostPort,
  nodePort,
  publicByDefault,
  publicSensitivePort,
  externalIps,
  externalName,
  serviceOutside,
  ephemeralContainer,
  hostProcess,
  tunnel,
  rbacHostPods,
  rbacExec,
  rbacNetworkPolicy,
  namespaceAdmitsHost,
  admissionAuditOnly,
  twoCnis,
  policyNotEnforced,
  hostFirewallOff,
  egressGatewayBroken,
  felixOpens,
  notMasqueraded,
  nodePublicAddress,
  fetchAndRun,
  miner,
  secondaryNetwork,
  apiProxy,
  rbacExpose,
  everybody,
  internalNodePorts,
  nodeIdentity,
  rbacEscalate,
  foreignDialect,
  endpointsElsewhere,
  engineFailsOpen,
  hostEndpointClosed,
  nodeWithoutHostEndpoint,
  failsafePorts,
  hostPolicyNotForwarded,
]
