/** What objects are, as ids name them. */
export type Noun =
  | 'network'
  | 'subnet'
  | 'firewall'
  | 'route'
  | 'router'
  | 'address'
  | 'instance'
  | 'vpn-tunnel'
  | 'vpn-gateway'
  | 'target-vpn-gateway'
  | 'interconnect'
  | 'forwarding-rule'
  | 'firewall-policy'
  | 'policy-route'
  | 'run'
  | 'function'
  | 'connector'
  | 'cluster'
  | 'project'

interface Kind {
  readonly noun: Noun
  readonly collection: string
}

const of = (noun: Noun, collection: string): Kind => ({ noun, collection })

/** By the word that an object of the API says of itself; null: its output does not name whose it is. */
export const KINDS: Readonly<Record<string, Kind | null>> = {
  'compute#network': of('network', 'networks'),
  'compute#subnetwork': of('subnet', 'subnetworks'),
  'compute#firewall': of('firewall', 'firewalls'),
  'compute#firewallPolicy': of('firewall-policy', 'firewallPolicies'),
  'compute#route': of('route', 'routes'),
  'compute#router': of('router', 'routers'),
  'compute#address': of('address', 'addresses'),
  'compute#instance': of('instance', 'instances'),
  'compute#vpnTunnel': of('vpn-tunnel', 'vpnTunnels'),
  'compute#vpnGateway': of('vpn-gateway', 'vpnGateways'),
  'compute#targetVpnGateway': of('target-vpn-gateway', 'targetVpnGateways'),
  'compute#interconnectAttachment': of('interconnect', 'interconnectAttachments'),
  'compute#forwardingRule': of('forwarding-rule', 'forwardingRules'),
  'networkconnectivity#policyBasedRoute': of('policy-route', 'policyBasedRoutes'),
  'compute#firewallPolicyRule': null,
  'compute#routerStatusResponse': null,
}

/** By the collection in an object’s own path. */
export const NAMED: Readonly<Record<string, Noun>> = {
  services: 'run',
  jobs: 'run',
  functions: 'function',
  connectors: 'connector',
  policyBasedRoutes: 'policy-route',
}

/** The rows of `support.md`. */
export const EVALUATED: readonly string[] = [
  ...Object.keys(KINDS).filter(kind => KINDS[kind] !== null),
  'container clusters',
  ...Object.keys(NAMED).filter(name => name !== 'policyBasedRoutes'),
  'projects',
  'effectiveFirewalls',
  'status',
]
export const NOT_EVALUATED: readonly string[] = Object.keys(KINDS).filter(kind => KINDS[kind] === null)
